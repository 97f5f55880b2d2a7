use std::io::Cursor;

use super::*;
use crate::{
    ingest::{Choices, RecordReader, TableBuilder},
    table::Schema,
};

const FLOWS: &str = "Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Total Bytes,Note\n\
                     10.0.2.9,50000,192.0.2.15,21,6,12:30:05,16777217,Ångström\n\
                     10.0.3.9,50001,192.0.2.15,2121,17,12:30:06,16777216,a b\n\
                     2001:db8::1,50002,2001:db8::2,21,6,12:31:05,0.1,\n";

fn layout() -> Layout {
    layout_of(FLOWS)
}

fn layout_of(flows: &str) -> Layout {
    Layout::sniff(flows.as_bytes(), flows.len() as u64, &Choices::default()).expect("a table").0
}

/// The rows that pass, from 1, and whether text was read to tell.
fn kept(text: &str) -> (Vec<u32>, bool) {
    kept_of(FLOWS, text)
}

fn kept_of(flows: &str, text: &str) -> (Vec<u32>, bool) {
    let layout = layout_of(flows);
    let filter = Filter::parse(text, &layout.schema).expect("a filter");
    let mut builder = TableBuilder::new(&layout);
    let mut reader = RecordReader::new(Cursor::new(flows), layout.data_start, &layout.format, 64).expect("seeks");
    while let Some(record) = reader.next_record().expect("reads") {
        builder.push(&record);
    }
    let block = builder.finish(0).0.blocks.remove(0);
    let mut reader = RecordReader::new(Cursor::new(flows), layout.data_start, &layout.format, 64).expect("seeks");
    let (mut rows, mut read) = (Vec::new(), false);
    for place in 0..block.rows() {
        let rank = place as u32 + 1;
        let row = RankedCells {
            block: &block,
            place,
            score: 0.9 - f64::from(rank) / 10.0,
            rank,
            group: rank as u8,
            anomalies: 1,
        };
        let record = reader.next_record().expect("reads").expect("a row");
        let passes = filter.passes(row).unwrap_or_else(|| {
            read = true;
            filter.passes_as_text(row, &record, &layout)
        });
        rows.extend(passes.then_some(rank));
    }
    (rows, read)
}

#[test]
fn rows_pass_by_text_columns_numbers_scores_and_ranks() {
    let cases: [(&str, &[u32]); 41] = [
        ("", &[1, 2, 3]),
        ("192.0.2.15", &[1, 2]),
        ("ÅNGSTRÖM", &[1]),
        ("\"a b\"", &[2]),
        ("note=\"A b\"", &[2]),
        ("note=a", &[]),
        ("note:a", &[2]),
        ("-note=\"\"", &[1, 2]),
        ("src=10.0.2.9", &[1]),
        ("-ångström", &[2, 3]),
        ("dstport:21", &[1, 3]),
        ("\"Dst Port\":21", &[1, 3]),
        ("port:21", &[1, 3]),
        ("port:2121 proto:17", &[2]),
        ("src:10.0.2.0/24", &[1]),
        ("src:10.0.2.9", &[1]),
        ("ip:2001:db8::/32", &[3]),
        ("ip:10.0.0.0/8 -src:10.0.2.9", &[2]),
        ("src:10.0.", &[1, 2]),
        ("total_bytes>16777216", &[1]),
        ("total_bytes>\"16.7 MB\"", &[1, 2]),
        ("total_bytes<2KiB", &[3]),
        ("total_bytes>=16777216", &[1, 2]),
        ("total_bytes=16777217", &[1]),
        ("total_bytes:16777216", &[2]),
        ("total_bytes:0.1", &[3]),
        ("totalbytes>16M", &[1, 2]),
        ("totalbytes<0.1", &[]),
        ("totalbytes<=0.1", &[3]),
        ("score>0.65", &[1, 2]),
        ("rank<=2 port:21", &[1]),
        ("is:anomaly", &[1]),
        ("is:ordinary", &[2, 3]),
        ("12:30:0", &[1, 2]),
        ("time>12:30:05", &[2, 3]),
        ("timestamp<=12:30:06", &[1, 2]),
        ("time=12:31:05", &[3]),
        ("src:10.0.2.9/31", &[1]),
        ("inside:\"Total Bytes (signed log) / dst port (linear): 1 / 1; 1 / 9000; 100M / 9000; 100M / 1\"", &[1, 2]),
        (
            "-inside:\"Total Bytes (log) / time (linear): 1 / 12:30:05.5; 1 / 12:31:00; 100M / 12:31:00; 100M / 12:30:05.5\"",
            &[1, 3],
        ),
        (
            "inside:\"Total Bytes (log) / time (linear): 0.01 / 45065.5; 1 / 45065.5; 1 / 45064.5; 0.01 / 45064.5\"",
            &[3],
        ),
    ];
    for (text, rows) in cases {
        assert_eq!(kept(text).0, rows, "{text}");
    }
}

#[test]
fn text_is_read_only_where_it_can_say_more_than_what_is_stored() {
    for text in ["totalbytes>100", "port:21", "score>0.5 rank<3", "is:anomaly", "src:10.0.2.9", "time>12:30:05"] {
        assert!(!kept(text).1, "{text}");
    }
    for text in ["totalbytes>16777216", "totalbytes<0.1", "192"] {
        assert!(kept(text).1, "{text}");
    }
}

#[test]
fn what_cannot_be_understood_is_said() {
    let schema: &Schema = &layout().schema;
    let error = |text: &str| Filter::parse(text, schema).expect_err(text);
    assert_eq!(error("prot:6"), FilterError::NoColumn("prot".into()));
    assert_eq!(error("note>5"), FilterError::NoNumbers("note".into()));
    assert_eq!(error("score>high"), FilterError::NoNumber("high".into()));
    assert_eq!(error("totalbytes>"), FilterError::Unfinished("totalbytes".into()));
    assert_eq!(error("is:odd"), FilterError::NoState("odd".into()));
    assert_eq!(error("\"a b"), FilterError::OpenQuote);
    assert_eq!(error("score>inf"), FilterError::NoNumber("inf".into()));
}

#[test]
fn what_is_missing_is_outside_of_every_outline() {
    let flows = "id,a,b\nx,1,1\ny,,1\nz,1,inf\n";
    let square = "inside:\"a (linear) / b (linear): 0 / 0; 9 / 0; 9 / 9; 0 / 9\"";
    assert_eq!(kept_of(flows, square), (vec![1], false));
    assert_eq!(kept_of(flows, &format!("-{square}")).0, [2, 3]);
}

#[test]
fn a_number_is_inside_whatever_stands_beside_it_in_its_block() {
    // 16,777,217 is rounded beside a fraction, and kept as it is beside whole numbers.
    for other in ["0.5", "3"] {
        let flows = format!("id,a,b\nx,16777217,1\ny,{other},1\nz,7,2\n");
        let around = "inside:\"a (linear) / b (linear): 16777216.5 / 0; 16777218 / 0; 16777218 / 9; 16777216.5 / 9\"";
        assert_eq!(kept_of(&flows, around), (vec![], false), "{other}");
        assert_eq!(kept_of(&flows, &around.replace("16777216.5", "16777215.5")).0, [1], "{other}");
    }
}
