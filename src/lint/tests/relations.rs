//! Quantities that can be computed from others, and those that only look like it.

use super::*;

const ROWS: u64 = 2_000;

fn measure(name: &str, value: impl Fn(u64) -> f64) -> Made {
    numbers(name, Role::Measure, ROWS, value)
}

/// What can be computed: the column, from which, how, and in how many rows it is something else.
fn derived(columns: &[Made]) -> Vec<(usize, usize, Relation, Amount)> {
    let told = |lint: Lint| {
        let Lint { kind, column, other, relation, amount, .. } = lint;
        (kind == Kind::Derived).then_some((column?, other?, relation?, amount))
    };
    lints_of(columns).into_iter().filter_map(told).collect()
}

fn times(factor: f64, exponent: Exponent) -> Relation {
    Relation::Power { factor, exponent }
}

const ALL: Amount = Amount::Rows(0);

/// Spread over five powers of ten.
fn wide(row: u64) -> f64 {
    libm::exp10(noise(1, row, 1 << 20) as f64 / f64::from(1 << 20) * 5.0)
}

#[test]
fn multiples_are_told_with_their_factor() {
    let found = derived(&[
        measure("Bytes", wide),
        measure("KBytes", |row| wide(row) / 1_000.0),
        measure("Charged", |row| wide(row) * 1.234_567_89),
        measure("Lost", |row| -8.0 * wide(row)),
    ]);
    let expected = [(1, 0.001), (2, 1.23457), (3, -8.0)];
    assert_eq!(found, expected.map(|(column, factor)| (column, 0, times(factor, Exponent::One), ALL)));
}

#[test]
fn squares_and_roots_are_told_as_such() {
    let (std, variance) = (|row| (wide(row) - 1.0).round(), |row| (wide(row) - 1.0).round().powi(2));
    assert_eq!(
        derived(&[measure("Std", std), measure("Variance", variance)]),
        [(1, 0, times(1.0, Exponent::Two), ALL)]
    );
    assert_eq!(
        derived(&[measure("Variance", variance), measure("Std", std)]),
        [(1, 0, times(1.0, Exponent::Half), ALL)]
    );
    assert_eq!(
        derived(&[measure("Speed", std), measure("Energy", |row| 0.5 * variance(row))]),
        [(1, 0, times(0.5, Exponent::Two), ALL)]
    );
    // A root is never below zero, though the squares are the same.
    let signed = |row| if row % 2 == 0 { wide(row) } else { -wide(row) };
    assert_eq!(derived(&[measure("Variance", |row| wide(row) * wide(row)), measure("Signed", signed)]), []);
    assert_eq!(
        derived(&[measure("Signed", signed), measure("Variance", |row| wide(row) * wide(row))]),
        [(1, 0, times(1.0, Exponent::Two), ALL)]
    );
}

#[test]
fn numbers_may_be_rounded_to_six_digits() {
    let rounded = |value: f64| format!("{value:.5e}").parse::<f64>().unwrap();
    let found =
        derived(&[measure("Std", |row| rounded(wide(row))), measure("Variance", |row| rounded(wide(row) * wide(row)))]);
    assert_eq!(found, [(1, 0, times(1.0, Exponent::Two), ALL)]);
    let four = |value: f64| format!("{value:.3e}").parse::<f64>().unwrap();
    assert_eq!(derived(&[measure("Bytes", wide), measure("Rounded", |row| four(wide(row)))]), []);
}

#[test]
fn columns_that_equal_others_but_for_a_few_rows() {
    const MANY: u64 = 6_000;
    let mean = |row| noise(1, row, 1_460) as f64;
    let of = |wrong: u64| {
        let other = move |row| if row % (MANY / wrong) == 7 { 9.5 } else { mean(row) };
        let flag = |row| u8::from(noise(2, row, 10) == 0);
        let other_flag = move |row| if row % (MANY / wrong) == 7 { 1 - flag(row) } else { flag(row) };
        derived(&[
            numbers("Mean", Role::Measure, MANY, mean),
            numbers("Average", Role::Measure, MANY, other),
            numbers("SYN", Role::Measure, MANY, move |row| flag(row).into()),
            numbers("FIN", Role::Measure, MANY, move |row| other_flag(row).into()),
        ])
    };
    // Of the 600 flows or so with a flag, five would be too many.
    assert_eq!(of(5), [(1, 0, Relation::Equal, Amount::Rows(5))]);
    assert_eq!(of(20), []);
}

#[test]
fn sums_are_told_with_their_parts() {
    let part = |stream| move |row| noise(stream, row, 1_000) as f64;
    let found = derived(&[
        measure("Fwd Packets", part(1)),
        measure("Other", part(3)),
        measure("Bwd Packets", part(2)),
        measure("Total Packets", move |row| part(1)(row) + part(2)(row)),
    ]);
    assert_eq!(found, [(3, 0, Relation::Sum(2), ALL)]);
    // Wherever the sum stands, it is the sum that is told of.
    let found = derived(&[
        measure("Total", move |row| part(1)(row) + part(2)(row)),
        measure("Fwd", part(1)),
        measure("Bwd", part(2)),
    ]);
    assert_eq!(found, [(0, 1, Relation::Sum(2), ALL)]);
}

#[test]
fn sums_with_missing_values_and_zeros() {
    let part =
        |stream| move |row| if noise(stream, row, 3) == 0 { 0.0 } else { noise(stream + 10, row, 100_000) as f64 };
    let gap = |stream, value: f64, row| if noise(stream, row, 10) == 0 { f64::NAN } else { value };
    let of = |tail: f64| {
        derived(&[
            measure("Fwd", move |row| gap(5, part(1)(row), row)),
            measure("Bwd", move |row| gap(6, part(2)(row), row)),
            measure("Total", move |row| gap(7, part(1)(row) + part(2)(row) * tail, row)),
            measure("Noise", move |row| gap(8, part(3)(row), row)),
        ])
    };
    assert_eq!(of(1.0), [(2, 0, Relation::Sum(1), ALL)]);
    assert_eq!(of(1.01), []);
}

#[test]
fn multiples_with_missing_values() {
    let gap = |stream, value: f64, row| if noise(stream, row, 10) == 0 { f64::NAN } else { value };
    let found = derived(&[
        measure("Bytes", move |row| gap(5, wide(row), row)),
        measure("KBytes", move |row| gap(6, wide(row) / 1_000.0, row)),
    ]);
    assert_eq!(found, [(1, 0, times(0.001, Exponent::One), ALL)]);
}

#[test]
fn what_is_nearly_so_is_not_told() {
    let part = |stream| move |row| 1.0 + noise(stream, row, 1_000) as f64;
    let nothing = |columns: &[Made]| assert_eq!(derived(columns), [], "{}", columns.last().unwrap().name);
    nothing(&[measure("Bytes", wide), measure("with headers", |row| wide(row) + 14.0)]);
    nothing(&[
        measure("Bytes", wide),
        measure("one in a thousand more", |row| wide(row) * (1.0 + noise(2, row, 2) as f64 / 1e3)),
    ]);
    nothing(&[measure("Std", wide), measure("a power of 1.9", |row| libm::pow(wide(row), 1.9))]);
    nothing(&[
        measure("a", part(1)),
        measure("b", part(2)),
        measure("sum and a bit", move |row| part(1)(row) + part(2)(row) + 1.0),
    ]);
    // The second hardly matters: any other would do as well.
    let small = |row| noise(2, row, 100) as f64 / 1e5;
    nothing(&[measure("a", part(1)), measure("small", small), measure("sum", move |row| part(1)(row) + small(row))]);
    // Seconds since 1970, of two events.
    let time = |stream| move |row| 1_700_000_000.0 + row as f64 * 3_000.0 + noise(stream, row, 1_000) as f64;
    nothing(&[measure("begin", time(1)), measure("end", time(2))]);
    // Unusual in few rows, and in the same ones.
    let odd = |row: u64| row % 200 == 3;
    nothing(&[
        measure("x", move |row| if odd(row) { 5.0 } else { 1.0 }),
        measure("y", move |row| if odd(row) { 9.0 } else { 1.0 }),
    ]);
    nothing(&[
        measure("x", move |row| if odd(row) { 5.0 } else { 0.0 }),
        measure("y", move |row| if odd(row) { 9.0 } else { 0.0 }),
    ]);
}

#[test]
fn noise_of_small_numbers_adds_up_to_nothing() {
    for below in [2, 3, 5, 20] {
        let columns: Vec<Made> =
            (0..80).map(|stream| measure(&format!("c{stream}"), move |row| noise(stream, row, below) as f64)).collect();
        assert_eq!(derived(&columns), [], "{below}");
        // Nearly always one or two.
        let columns: Vec<Made> = (0..80)
            .map(|stream| {
                measure(&format!("c{stream}"), move |row| {
                    (1 + stream % 2 + u64::from(noise(stream, row, 60) == 0)) as f64
                })
            })
            .collect();
        assert_eq!(derived(&columns), [], "{below}");
    }
}
