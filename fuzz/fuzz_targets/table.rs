//! A whole file: unpacked, sniffed and read. Several shards find the rows and say of them what one does.
#![no_main]

use std::io::Cursor;

use flowsift::{
    ingest::{Choices, Container, Findings, HEAD_BYTES, Layout, Packed, Record, TableBuilder, Unpacker},
    table::{Profile, Table},
};
use flowsift_fuzz::{memory::within, options, shards};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (file, cuts) = options(input);
    within((24 << 20) + 512 * file.len(), || {
        let Some(text) = unpack(file) else { return };
        let head = &text[..text.len().min(HEAD_BYTES)];
        let Ok((mut layout, _)) = Layout::sniff(head, text.len() as u64, &Choices::default()) else { return };
        let (start, end) = (layout.data_start, text.len() as u64);
        layout.totals.extend(layout.find_totals(&mut Cursor::new(&text), start..end).expect("memory"));
        let (rows, profile, findings) = read(&text, &layout, &shards::ranges(start, end, [0; 4]));
        let (others, other_profile, other_findings) = read(&text, &layout, &shards::ranges(start, end, cuts));
        assert_eq!(others, rows);
        assert_eq!(other_profile, profile);
        assert_eq!(other_findings, findings);
        assert_eq!(profile.rows, rows.len() as u64);
    });
});

/// The text inside, if that is not much.
fn unpack(file: &[u8]) -> Option<Vec<u8>> {
    let container = Container::of(file, &mut Cursor::new(file)).ok()?;
    let mut packed = Packed::open(Cursor::new(file), &container, 0).ok()?;
    let mut unpacker = Unpacker::new(packed.contents().ok()?, None, 1 << 18);
    let mut text = Vec::new();
    while unpacker.next_piece(&mut text).ok()? {}
    Some(text)
}

/// Every row: where it begins, and the bits of its cells.
type Rows = Vec<(u64, Vec<Option<u32>>)>;

/// What the shards that read these ranges say, merged.
fn read(text: &[u8], layout: &Layout, ranges: &[std::ops::Range<u64>]) -> (Rows, Profile, Findings) {
    let mut all = (Rows::new(), Profile::new(&layout.schema), Findings::default());
    let width = layout.schema.width();
    let take = |builder: &mut Builder, record: &Record<'_>| {
        builder.0.get_or_insert_with(|| TableBuilder::new(layout)).push(record);
    };
    for part in shards::read(text, &layout.format, (width, 1 << 16), ranges, take) {
        let builder = part.found.0.unwrap_or_else(|| TableBuilder::new(layout));
        let (table, profile, findings) = builder.finish(part.lines);
        all.0.extend(rows(&table));
        all.1.merge(profile);
        all.2.merge(findings);
    }
    all
}

#[derive(Default)]
struct Builder(Option<TableBuilder>);

fn rows(table: &Table) -> Rows {
    let mut rows = Rows::new();
    for block in &table.blocks {
        for (row, &offset) in block.offsets.iter().enumerate() {
            let cells = block.columns.iter().map(|column| column.bits_at(row));
            rows.push((offset, cells.collect()));
        }
    }
    rows
}
