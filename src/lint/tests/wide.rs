//! As many columns as a file may have.

use super::*;

const COLUMNS: u64 = 4_096;
const ROWS: u64 = 1_024;

/// Noise of two sizes, so that the sums of two columns come near to a third.
fn cell(stream: u64, row: u64, below: u64) -> f64 {
    noise(stream, row, below * (1 + stream % 2)) as f64
}

/// What can be computed of that many columns of noise, some of which are replaced.
fn derived(below: u64, replaced: Vec<(usize, Made)>) -> Vec<(usize, usize, Relation)> {
    let column = |stream| numbers(&format!("c{stream}"), Role::Measure, ROWS, move |row| cell(stream, row, below));
    let mut columns: Vec<Made> = (0..COLUMNS).map(column).collect();
    replaced.into_iter().for_each(|(place, column)| columns[place] = column);
    let found = lints_of(&columns);
    found.into_iter().filter_map(|lint| Some((lint.column?, lint.other?, lint.relation?))).collect()
}

#[test]
fn three_columns_of_thousands_are_found() {
    let below = 100_000;
    let made = |name: &str, value: &dyn Fn(u64) -> f64| numbers(name, Role::Measure, ROWS, value);
    let found = derived(
        below,
        vec![
            (4_000, made("sum", &|row| cell(17, row, below) + cell(3_000, row, below))),
            (1_234, made("square", &|row| cell(4_095, row, below).powi(2))),
            (2_000, made("eightfold", &|row| 8.0 * cell(5, row, below))),
        ],
    );
    assert_eq!(
        found,
        [
            (2_000, 5, Relation::Power { factor: 8.0, exponent: Exponent::One }),
            (4_000, 17, Relation::Sum(3_000)),
            (4_095, 1_234, Relation::Power { factor: 1.0, exponent: Exponent::Half }),
        ]
    );
}

#[test]
fn thousands_of_columns_of_small_numbers_say_nothing() {
    assert_eq!(derived(3, Vec::new()), []);
}

#[test]
fn thousands_of_columns_are_looked_at_in_small_steps() {
    let column = |stream| numbers(&format!("c{stream}"), Role::Measure, 64, move |row| noise(stream, row, 900) as f64);
    let fields = (0..COLUMNS).map(|stream| Field::new(format!("c{stream}"), Cells::Number, Role::Measure)).collect();
    let schema = Schema { fields };
    let mut profiler = Profiler::new(&schema);
    profiler.begin_block(&(0..64).collect::<Vec<_>>());
    let bits = (0..COLUMNS).map(|stream| {
        let Values::Numbers(values) = column(stream).values else { unreachable!("they are numbers") };
        profiler.add_numbers(stream as usize, values.as_slice().into());
        values.iter().map(|value| value.to_bits()).collect()
    });
    let sample = RowSample::new(64, bits.collect());
    let profile = profiler.finish();
    let mut linting = Linting::new(&schema, &profile, &sample);
    let mut steps = 1;
    while linting.look() {
        steps += 1;
    }
    assert_eq!((steps, linting.steps()), (4 * COLUMNS as usize, steps));
    assert!(!linting.look(), "nothing is left");
    assert_eq!(linting.finish(), lint(&schema, &profile, &sample));
}
