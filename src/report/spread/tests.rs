use super::*;
use crate::{
    report::Scale,
    table::{Column, Kind, Role, text_key},
};

fn block() -> Block {
    let numbers = [0.0, 1.0, 9.5, 10.0, f32::NAN, f32::INFINITY];
    let keys = ["tcp", "udp", "tcp", "icmp", "tcp"].map(|text| text_key(text.as_bytes()));
    Block {
        offsets: (0..6).collect(),
        columns: vec![
            Column::of_numbers(&numbers),
            Column::of_keys(&[keys.as_slice(), &[MISSING_KEY]].concat()),
            Column::of_numbers(&[53.0, 53.0, 443.0, 53.0, 8.0, f32::NAN]),
        ],
    }
}

fn cuts() -> Vec<Cut> {
    let value = |text: &str, rows| (text_key(text.as_bytes()), rows, text.to_owned());
    let texts = Counts::of(vec![value("tcp", 3), value("udp", 1), value("icmp", 1)]);
    let ports = Counts::of(vec![(53, 3, String::new()), (443, 1, String::new()), (MISSING_KEY, 9, String::new())]);
    let cut = |column, parts| Cut { column, parts };
    vec![cut(0, Parts::Stretches(vec![1.0, 5.0, 10.0])), cut(1, values(&texts)), cut(2, values(&ports))]
}

#[test]
fn each_row_is_in_one_part_of_each_column() {
    let (block, cuts) = (block(), cuts());
    let mut by_row = SpreadCount::new(&cuts);
    (0..6).for_each(|row| by_row.add(&block, row));
    let counts = by_row.finish().counts;
    assert_eq!(counts[0], [1, 1, 1, 1, 2]);
    // The commonest first; of equally common ones, either.
    assert_eq!((counts[1][0], counts[1][1], counts[1][2], counts[1][3], counts[1][4]), (3, 1, 1, 0, 1));
    assert_eq!(counts[2], [3, 1, 1, 1], "53, 443, others, missing");
    let mut by_block = SpreadCount::new(&cuts);
    (0..cuts.len()).for_each(|place| by_block.add_block(&block, place));
    let whole = by_block.finish();
    assert_eq!(whole.counts, counts);
    let mut twice = whole.clone();
    twice.merge(&whole);
    assert_eq!(twice.counts[0], [2, 2, 2, 2, 4]);
}

#[test]
fn parts_end_at_values_that_can_be_read() {
    let axis = Axis { column: 0, scale: Scale::Linear, low: 0.0, high: 7.0 };
    let Parts::Stretches(ends) = stretches(&axis) else { panic!("numbers have stretches") };
    assert_eq!((ends.len(), ends[0], ends[11]), (PARTS - 1, 0.292, 3.5));
    let log = Axis { scale: Scale::SignedLog, low: -2.0, high: 9.0, ..axis };
    let Parts::Stretches(ends) = stretches(&log) else { panic!("numbers have stretches") };
    assert!(ends.is_sorted() && ends[0] < 0.0 && ends[PARTS - 2] > 1e8, "{ends:?}");
    // Where three digits do not tell them apart, more do; and where 32 bits do not, there are fewer parts.
    let narrow = Axis { scale: Scale::Linear, low: 100_000.0, high: 100_100.0, ..axis };
    let Parts::Stretches(ends) = stretches(&narrow) else { panic!("numbers have stretches") };
    assert!(ends.len() == PARTS - 1 && ends.windows(2).all(|pair| pair[0] < pair[1]), "{ends:?}");
    let one = Axis { low: 1e8, high: 1e8 + 16.0, ..narrow };
    let Parts::Stretches(ends) = stretches(&one) else { panic!("numbers have stretches") };
    assert!(ends.len() < PARTS - 1 && ends.windows(2).all(|pair| pair[0] < pair[1]), "{ends:?}");
}

#[test]
fn times_addresses_and_single_values_have_no_parts() {
    let profile = |min: f64, max: f64| ColumnProfile {
        missing: 0,
        unreadable: 0,
        infinite: 0,
        min,
        max,
        exact: [0, 0],
        negative: 0,
        minus_ones: 0,
        day_first: 0,
        month_first: 0,
        fingerprint: 0,
        counts: None,
    };
    let cut = |kind, role, max| Cut::new(0, &Field::new("a", kind, role), &profile(4.0, max), &Typical::default());
    assert_eq!(cut(Kind::Text, Role::Ip, 5.0), None);
    assert_eq!(cut(Kind::Number, Role::Measure, 4.0), None);
    assert_eq!(cut(Kind::Number, Role::Measure, 5.0).map(|cut| cut.parts()), Some(PARTS));
}

#[test]
fn unlike_is_what_would_have_to_move() {
    assert_eq!(unlike(&[1, 1], &[50, 50]), 0.0);
    assert_eq!(unlike(&[0, 3], &[10, 0]), 1.0);
    assert!((unlike(&[3, 1], &[50, 50]) - 0.25).abs() < 1e-12);
    assert_eq!(unlike(&[0, 0], &[10, 0]), 0.0);
}
