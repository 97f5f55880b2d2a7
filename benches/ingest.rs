//! One shard reading 50 MB of the project's own sample into columns, profile included: `cargo bench --bench ingest`.

use std::{hint::black_box, io::Cursor};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flowsift::{
    ingest::{Choices, HEAD_BYTES, Layout, RecordReader, TableBuilder},
    sample::Flows,
    table::Table,
};

const ROWS: u64 = 104_000;
/// What a shard asks of its source at a time.
const SLICE: usize = 8 << 20;

fn flows() -> Vec<u8> {
    let mut flows = Flows::new(ROWS, 42);
    let mut text = Vec::new();
    while flows.write(&mut text, usize::MAX) {}
    text
}

fn reader<'a>(text: &'a [u8], layout: &Layout) -> RecordReader<Cursor<&'a [u8]>> {
    RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, SLICE).expect("memory can seek")
}

fn table(text: &[u8], layout: &Layout) -> Table {
    let mut reader = reader(text, layout);
    let mut builder = TableBuilder::new(layout);
    while let Some(record) = reader.next_record().expect("memory can be read") {
        builder.push(&record);
    }
    builder.finish(reader.lines()).0
}

fn records(text: &[u8], layout: &Layout) -> usize {
    let mut reader = reader(text, layout);
    let mut cells = 0;
    while let Some(record) = reader.next_record().expect("memory can be read") {
        cells += record.width();
    }
    cells
}

fn ingest(criterion: &mut Criterion) {
    let text = flows();
    let head = &text[..HEAD_BYTES];
    let (layout, _) = Layout::sniff(head, text.len() as u64, &Choices::default()).expect("the sample is a table");

    let mut group = criterion.benchmark_group("50 MB of flows, one shard");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("records", |bencher| bencher.iter(|| black_box(records(&text, &layout))));
    group.bench_function("table", |bencher| bencher.iter(|| black_box(table(&text, &layout))));
    group.finish();
}

criterion_group!(benches, ingest);
criterion_main!(benches);
