//! JSON, as lines and as a document: what another reader takes for JSON gives the values that it reads.
#![no_main]

use std::io::Cursor;

use flowsift::ingest::{Format, JsonFields, RecordReader, Unpacker};
use flowsift_fuzz::memory::within;
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (lines, text) = within((16 << 20) + 256 * input.len(), || (read_lines(input), unpack(input)));
    for (line, cell) in lines {
        let Ok(Value::Object(members)) = serde_json::from_slice(line) else { continue };
        let cell = cell.expect("another reader takes the line for an object");
        if let Some(Value::String(text)) = members.get("a") {
            assert_eq!(cell, text.as_bytes());
        }
    }
    // Two of its kinds are read in other ways: flows in tuples, and these line ends, with which captures begin.
    let other = input.windows(12).any(|key| key == b"\"flowTuples\"") || input.starts_with(b"\n\r\r\n");
    match serde_json::from_slice(input) {
        Ok(Value::Array(records)) if records.first().is_some_and(Value::is_object) && !other => {
            let text = text.expect("another reader takes the file for an array of objects");
            let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
            let read: Vec<Value> = lines.map(|line| serde_json::from_slice(line).expect("a value")).collect();
            assert_eq!(read, records);
        }
        _ => {}
    }
});

/// Every line, and its value at `a`; `None` if it is no object.
fn read_lines(input: &[u8]) -> Vec<(&[u8], Option<Vec<u8>>)> {
    let paths = ["a", "b.c", "event_type"].map(str::to_owned).to_vec();
    let format = Format::JsonLines(JsonFields { paths, flows_only: false }.into());
    let mut reader = RecordReader::new(Cursor::new(input), 0, &format, 64).expect("memory");
    let mut lines = Vec::new();
    while let Some(record) = reader.next_record().expect("memory") {
        let from = record.offset as usize;
        let cell = record.rejected.is_none().then(|| record.cell(0).to_vec());
        lines.push((&input[from..from + record.raw.len()], cell));
    }
    lines
}

/// The input as lines, if it is a document.
fn unpack(input: &[u8]) -> Option<Vec<u8>> {
    let mut unpacker = Unpacker::new(input, None, u64::MAX);
    let mut text = Vec::new();
    while unpacker.next_piece(&mut text).ok()? {}
    Some(text)
}
