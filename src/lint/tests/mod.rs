mod leaks;
mod relations;
mod wide;

use std::io::Cursor;

use super::*;
use crate::{
    ingest::{Choices, Layout, RecordReader, TableBuilder},
    table::{Field, Kind as Cells, Profiler, SmallestKeys, row_hash},
};

/// A column of a table that is made by a test.
struct Made {
    name: String,
    role: Role,
    values: Values,
}

enum Values {
    Numbers(Vec<f32>),
    Texts(Vec<String>),
}

/// A column of numbers, one a row; NaN where there is none.
fn numbers(name: &str, role: Role, rows: u64, value: impl Fn(u64) -> f64) -> Made {
    Made { name: name.into(), role, values: Values::Numbers((0..rows).map(|row| value(row) as f32).collect()) }
}

/// A column of texts, one a row; empty where there is none.
fn texts(name: &str, role: Role, rows: u64, value: impl Fn(u64) -> String) -> Made {
    Made { name: name.into(), role, values: Values::Texts((0..rows).map(value).collect()) }
}

/// The lints of a table that holds these columns, all of it sampled.
fn lints_of(columns: &[Made]) -> Vec<Lint> {
    let field = |column: &Made| {
        let cells = if matches!(column.values, Values::Numbers(_)) { Cells::Number } else { Cells::Text };
        Field::new(column.name.clone(), cells, column.role)
    };
    let schema = Schema { fields: columns.iter().map(field).collect() };
    let rows = columns.first().map_or(0, |column| match &column.values {
        Values::Numbers(values) => values.len(),
        Values::Texts(values) => values.len(),
    });
    let mut profiler = Profiler::new(&schema);
    profiler.begin_block(&(0..rows as u64).map(|row| row * 100).collect::<Vec<_>>());
    let mut bits = Vec::new();
    for (place, (column, field)) in columns.iter().zip(&schema.fields).enumerate() {
        bits.push(match &column.values {
            Values::Numbers(values) => {
                profiler.add_numbers(place, values.as_slice().into());
                values.iter().map(|value| value.to_bits()).collect()
            }
            Values::Texts(values) if field.storage() == Storage::Category => {
                let key =
                    |text: &String| if text.is_empty() { MISSING_KEY } else { crate::table::text_key(text.as_bytes()) };
                let keys: Vec<u32> = values.iter().map(key).collect();
                profiler.add_keys(place, &keys);
                for (text, &key) in values.iter().zip(&keys).filter(|(text, _)| !text.is_empty()) {
                    profiler.count_text(place, key, || text.clone());
                }
                keys
            }
            Values::Texts(_) => Vec::new(),
        });
    }
    lint(&schema, &profiler.finish(), &RowSample::new(rows, bits))
}

/// Noise: a whole number below `below`, a stream per column.
fn noise(stream: u64, row: u64, below: u64) -> u64 {
    row_hash(stream, row) % below
}

/// The lints of a file, by the names of their columns.
fn lints(text: &str) -> Vec<(Kind, String, String, Amount)> {
    let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
    let mut reader = RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, 4096).expect("seeks");
    let mut builder = TableBuilder::new(&layout);
    while let Some(record) = reader.next_record().expect("reads") {
        builder.push(&record);
    }
    let (table, profile, _) = builder.finish(0);
    let mut keeper = SmallestKeys::new(100_000, layout.schema.width());
    for block in &table.blocks {
        keeper.offer(block, block.offsets.iter().map(|&offset| row_hash(1, offset)));
    }
    let name =
        |column: Option<usize>| column.map_or("", |column| layout.schema.fields[column].name.as_str()).to_owned();
    lint(&layout.schema, &profile, &keeper.into_sample())
        .into_iter()
        .map(|lint| (lint.kind, name(lint.column), name(lint.other), lint.amount))
        .collect()
}

fn table(header: &str, row: impl Fn(u64) -> String) -> String {
    let rows: String = (0..400).map(|n| row(n) + "\n").collect();
    format!("{header}\n{rows}")
}

#[test]
fn a_clean_table_has_none() {
    let text = table("Flow.Duration,Bytes,Protocol", |n| format!("{},{},{}", n * n % 977, n * 7 % 391, 6 + n % 2 * 11));
    assert_eq!(lints(&text), []);
}

#[test]
fn constants_duplicates_and_multiples() {
    let text = table("Bulk,Bytes,Subflow.Bytes,KBytes,Packets", |n| {
        let bytes = 1_000_000 + n * n * 31 % 900_000;
        format!("0,{bytes},{bytes},{},{}", bytes as f64 / 1_000.0, n * 7 % 391)
    });
    let found = lints(&text);
    assert_eq!(found[0], (Kind::Duplicate, "Subflow.Bytes".into(), "Bytes".into(), Amount::Rows(400)));
    assert_eq!((found[1].0, found[1].1.as_str(), found[1].2.as_str()), (Kind::Derived, "KBytes", "Bytes"));
    assert_eq!(found[2], (Kind::Constant, "Bulk".into(), String::new(), Amount::Rows(400)));
    assert_eq!(found.len(), 3);
}

#[test]
fn names_for_the_same_thing() {
    let text = table("L7Protocol,ProtocolName,Bytes,Class,Label", |n| {
        let app = ["HTTP", "DNS", "SSL", "NTP"][(n * n % 7 % 4) as usize];
        let code = [7, 5, 91, 9][(n * n % 7 % 4) as usize];
        let attack = n % 3 == 0;
        format!("{code},{app},{},{},{}", n * 7 % 391, if attack { "bad" } else { "good" }, u8::from(attack))
    });
    let found = lints(&text);
    let has = |kind, column: &str, other: &str| {
        found.iter().any(|lint| (lint.0, &*lint.1, &*lint.2) == (kind, column, other))
    };
    assert!(has(Kind::Renamed, "ProtocolName", "L7Protocol"), "{found:?}");
}

#[test]
fn a_label_in_disguise() {
    let text = table("State,Bytes,Label", |n| {
        let attack = n % 3 == 0;
        format!("{},{},{}", if attack { "X" } else { "Y" }, n * 7 % 1_201, u8::from(attack))
    });
    assert_eq!(lints(&text), [(Kind::LabelInDisguise, "State".into(), "Label".into(), Amount::Rows(400))]);
}

#[test]
fn sentinels_infinities_and_tails() {
    let text = table("Init_Win,Rate,Bytes,Signed", |n| {
        let rate = if n % 10 == 0 { "Infinity".to_owned() } else { (n * 13 % 97).to_string() };
        let bytes = if n == 3 { 900_000_000 } else { n * 17 % 301 };
        format!("{},{rate},{bytes},{}", if n % 4 == 0 { -1 } else { (n * 5 % 211) as i64 }, (n % 9) as i64 - 4)
    });
    assert_eq!(
        lints(&text),
        [
            (Kind::MinusOne, "Init_Win".into(), String::new(), Amount::Rows(100)),
            (Kind::Infinite, "Rate".into(), String::new(), Amount::Rows(40)),
            (Kind::Skewed, "Bytes".into(), String::new(), Amount::Rows(1)),
        ]
    );
}

#[test]
fn two_units_in_one_column() {
    let text = table("Flow Duration,Bytes", |n| {
        let seconds = 1 + n * 7 % 50;
        format!("{},{}", if n % 5 == 0 { seconds * 1_000_000 } else { seconds }, n * 17 % 301)
    });
    let found = lints(&text);
    assert!(found.contains(&(Kind::MixedUnits, "Flow Duration".into(), String::new(), Amount::Rows(80))), "{found:?}");
}

#[test]
fn what_is_counted_is_counted_in_all_rows() {
    // The sample is of 100,000 rows at most.
    let rows: String = (0..120_000u64)
        .map(|n| {
            format!("{},{},{}\n", n % 30_000 * 7, n % 30_000, if n % 1_000 == 7 { -1 } else { 5 + (n % 3) as i64 })
        })
        .collect();
    let found = lints(&format!("Bytes,Packets,Window\n{rows}"));
    let amount = |kind| found.iter().find(|lint| lint.0 == kind).map(|lint| lint.3);
    assert_eq!(amount(Kind::MinusOne), Some(Amount::Rows(120)));
    assert_eq!(amount(Kind::RepeatedRows), Some(Amount::Rows(90_000)));
}

#[test]
fn rows_that_repeat() {
    let text =
        table("Flow.ID,Bytes,Packets,Port", |n| format!("flow-{n},{},{},{}", n % 100 * 37 % 101, n % 100, n % 4));
    assert_eq!(lints(&text), [(Kind::RepeatedRows, String::new(), String::new(), Amount::Rows(300))]);
}
