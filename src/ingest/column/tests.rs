use std::io::Cursor;

use crate::{
    ingest::{Choices, Layout, RecordReader, TableBuilder},
    table::{Column, Host, MISSING_WHOLE, Profile, Table},
};

fn read(text: &str) -> (Layout, Table, Profile) {
    let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
    let mut reader = RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, 4096).expect("seeks");
    let mut builder = TableBuilder::new(&layout);
    while let Some(record) = reader.next_record().expect("reads") {
        builder.push(&record);
    }
    let (table, profile, _) = builder.finish(0);
    (layout, table, profile)
}

/// The exact cells of a column.
fn exact(table: &Table, column: usize) -> Vec<i64> {
    let (cells, _) = table.blocks[0].columns[column].exact().expect("exact cells");
    let mut all = Vec::new();
    cells.map(|cell| cell, &mut all);
    all
}

#[test]
fn large_whole_numbers_are_kept_as_they_are_written() {
    let row = |n: i64| {
        let big = 9_007_199_254_740_993 + n;
        format!("{},{},{big},{},2.0e7,{}\n", 16_777_216 + n, -99_999_999 - n, 20_000_000, if n == 3 { "" } else { "5" })
    };
    let rows: String = (0..60).map(row).collect();
    let (_, table, profile) = read(&format!("octets,offset,counter,same,power,bytes\n{rows}"));
    assert_eq!(exact(&table, 0), (0..60).map(|n| 16_777_216 + n).collect::<Vec<i64>>());
    assert_eq!(exact(&table, 1), (0..60).map(|n| -99_999_999 - n).collect::<Vec<i64>>());
    assert_eq!(exact(&table, 2)[1], 9_007_199_254_740_994);
    assert_eq!(exact(&table, 4)[0], 20_000_000, "whole in any notation");
    assert!(matches!(table.blocks[0].columns[5], Column::Number(_)), "small ones need no more than floats");
    let stats = &profile.columns;
    assert_eq!((stats[0].min, stats[0].max), (16_777_216.0, 16_777_275.0));
    assert_eq!((stats[1].min, stats[1].max), (-100_000_058.0, -99_999_999.0));
    assert_eq!(stats[2].exact, [9_007_199_254_740_993, 9_007_199_254_741_052]);
    assert_eq!(
        stats.iter().map(|stats| stats.is_constant()).collect::<Vec<_>>(),
        [false, false, false, true, true, false]
    );
    assert_eq!(stats[3].fingerprint, stats[4].fingerprint);
}

#[test]
fn whole_numbers_that_floats_would_take_for_one_another_are_told_apart() {
    let rows: String = (0..60).map(|n| format!("{},{},16777217\n", 33_554_432 + n % 2, 33_554_433 - n % 2)).collect();
    let (_, _, profile) = read(&format!("octets,packets,bytes\n{rows}"));
    let [a, b, c] = [0, 1, 2].map(|column: usize| &profile.columns[column]);
    assert_ne!(a.fingerprint, b.fingerprint);
    assert!(!a.is_constant() && a.varies() && c.is_constant());
    assert_eq!((c.min, c.max), (16_777_217.0, 16_777_217.0));
    // 33,554,433 and 33,554,432 are one 32-bit float.
    assert_eq!(profile.repeats.count(60), (58, true));
}

#[test]
fn what_a_cell_is_does_not_depend_on_the_others_of_its_block() {
    let whole = |n: i64| format!("{},{}\n", 16_777_217 + n, n);
    let alone: String = (0..60).map(whole).collect();
    let (_, table, first) = read(&format!("octets,packets\n{alone}"));
    assert!(matches!(table.blocks[0].columns[0], Column::Whole(_)));
    let (_, table, mixed) = read(&format!("octets,packets\n{alone}0.5,60\n"));
    assert!(matches!(table.blocks[0].columns[0], Column::Number(_)), "one is no whole number");
    assert_eq!(mixed.columns[0].max, first.columns[0].max);
    assert_eq!(mixed.columns[0].exact, first.columns[0].exact);
}

#[test]
fn rejected_rows_leave_the_others_in_their_places() {
    let rows: String = (0..40)
        .map(|n| format!("{},{n}\n", if n == 31 { "x,y".into() } else { format!("{},1", 20_000_001 + n) }))
        .collect();
    let (_, table, _) = read(&format!("octets,packets,flows\n{}", rows.replace("x,y,", "oops,oops,oops")));
    let kept: Vec<i64> = (0..40).filter(|n| *n != 31).map(|n| 20_000_001 + n).collect();
    assert_eq!(exact(&table, 0), kept);
}

#[test]
fn points_in_time_are_exact_in_every_style() {
    let start = 1_700_000_000_000_000_000i64;
    let text = |n: i64| format!("2023-11-14 22:13:{:02}.{:09}", 20 + n % 40, 123_456_789 + n);
    let row = |n: i64| {
        format!(
            "{}.{:06},{},{},{n}\n",
            1_700_000_000 + n,
            n * 7,
            start + n,
            if n == 5 { "".to_owned() } else { text(n) }
        )
    };
    let rows: String = (0..40).map(row).collect();
    let (layout, table, profile) = read(&format!("ts,first_seen_ns,time,bytes\n{rows}"));
    assert_eq!(exact(&table, 0)[9], start + 9_000_063_000, "{:?}", layout.schema);
    assert_eq!(exact(&table, 1)[1], start + 1);
    assert_eq!(exact(&table, 2)[3], start + 3_123_456_792);
    assert_eq!(exact(&table, 2)[5], MISSING_WHOLE);
    assert_eq!(profile.columns[1].exact, [start, start + 39]);
    assert_eq!((profile.columns[2].missing, profile.columns[2].unreadable), (1, 0));
    assert!(!profile.columns[1].is_constant(), "forty nanoseconds are forty times");
}

#[test]
fn addresses_are_exact_and_compared_by_their_networks() {
    let rows: String = (0..60)
        .map(|n| format!("10.0.0.{},{},{n}\n", n % 50, if n == 7 { "255.255.255.255" } else { "10.0.0.9" }))
        .collect();
    let (_, table, profile) = read(&format!("src_ip,dst_ip,bytes\n{rows}"));
    let Column::Address(hosts) = &table.blocks[0].columns[0] else { panic!("addresses") };
    assert_eq!(hosts.at(17), Host::read(b"10.0.0.17"));
    assert_eq!(profile.columns[0].counts.as_ref().map(|counts| counts.len()), Some(1), "networks are counted");
    assert_eq!(profile.columns[1].missing, 0, "a broadcast is an address");
    assert_ne!(profile.columns[0].fingerprint, profile.columns[1].fingerprint);
}
