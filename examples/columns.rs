//! The reader by itself, asked for what other readers are asked for: `node scripts/bench/parsing.mjs` runs it natively and, as
//! WebAssembly, in Chromium.
//!
//! A file's number columns become plain vectors of f32. What the file is like is told beforehand, text columns are left
//! out, and nothing is counted, profiled or kept for later: `examples/parse.rs` times all that.
//!
//! `cargo run --release --example columns -- FILE SHARDS [RUNS]` prints one line of JSON: the rows, the sum of all finite
//! numbers and the seconds of each run.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

use std::{ops::Range, sync::Arc};

use flowsift::{
    ingest::{Choices, Layout, RecordReader, Source, TableBuilder, split},
    table::{Kind, Role},
};

/// As the page's shards read.
const SLICE: usize = 8 << 20;
const STRIDE: u64 = 1 << 20;

/// The layout of the file with this head, all text columns left out.
fn told(head: &[u8], file_bytes: u64) -> Layout {
    let (mut layout, _) = Layout::sniff(head, file_bytes, &Choices::default()).unwrap();
    let mut schema = (*layout.schema).clone();
    schema.fields.iter_mut().filter(|field| field.kind == Kind::Text).for_each(|field| field.role = Role::Identifier);
    layout.schema = Arc::new(schema);
    layout
}

/// The number columns of the rows that begin in a part of a file.
struct Part {
    /// Where the first row begins, and the first one behind the part.
    extent: Range<u64>,
    columns: Vec<Vec<f32>>,
}

/// Reads part `shard` of `shards`.
async fn read<S: Source>(mut source: S, layout: &Layout, (shard, shards): (usize, usize)) -> Part {
    let range = split::ranges(layout.data_start, layout.file_bytes, shards).swap_remove(shard);
    source.expect(range.clone());
    if let Some(arrival) = source.arriving(range.start..range.start + STRIDE) {
        arrival.await;
    }
    let width = layout.schema.width();
    let begin = match shard {
        0 => range.start,
        _ => split::guess_start(&mut source, range.start, &layout.format, width).unwrap(),
    };
    let mut reader = RecordReader::new(source, begin, &layout.format, SLICE).unwrap();
    let mut builder = TableBuilder::unprofiled(layout);
    let fields = layout.schema.fields.iter().enumerate();
    let numeric: Vec<usize> =
        fields.filter(|(_, field)| field.kind == Kind::Number).map(|(column, _)| column).collect();
    // A little more than likely, so that none has to move.
    let room = layout.estimated_rows() as usize / shards * 17 / 16;
    let mut columns: Vec<Vec<f32>> = numeric.iter().map(|_| Vec::with_capacity(room)).collect();
    let mut unpack = |blocks: Vec<flowsift::table::Block>| {
        for block in &blocks {
            for (out, &column) in columns.iter_mut().zip(&numeric) {
                block.columns[column].map(|number| number, f32::from_bits, out);
            }
        }
    };
    let mut pause_at = begin;
    let end = loop {
        let next = reader.next_offset().unwrap();
        if next >= pause_at {
            pause_at = next + STRIDE;
            unpack(builder.take_blocks());
            if let Some(arrival) = reader.arriving(STRIDE as usize) {
                arrival.await;
            }
        }
        if next >= range.end {
            break next;
        }
        match reader.next_record().unwrap() {
            Some(record) => builder.push(&record),
            None => break next,
        }
    };
    unpack(builder.finish(reader.lines()).0.blocks);
    Part { extent: begin..end, columns }
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_methods, reason = "native only")]
fn main() {
    use std::{fs::File, io::Read, thread, time::Instant};

    use flowsift::ingest::HEAD_BYTES;
    use futures_executor::block_on;

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, shards) = (&arguments[0], arguments[1].parse::<usize>().unwrap());
    let runs = arguments.get(2).map_or(1, |runs| runs.parse::<usize>().unwrap());
    let bytes = std::fs::metadata(path).unwrap().len();
    let mut head = Vec::new();
    File::open(path).unwrap().take(HEAD_BYTES as u64).read_to_end(&mut head).unwrap();
    let layout = &told(&head, bytes);

    let (mut parts, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        parts.clear();
        let start = Instant::now();
        parts = thread::scope(|scope| {
            let read = |shard| move || block_on(read(File::open(path).unwrap(), layout, (shard, shards)));
            let threads: Vec<_> = (0..shards).map(|shard| scope.spawn(read(shard))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        seconds.push(start.elapsed().as_secs_f64());
    }
    assert!(
        parts.windows(2).all(|pair| pair[0].extent.end == pair[1].extent.start),
        "no row is lost between two parts"
    );
    let rows: usize = parts.iter().map(|part| part.columns[0].len()).sum();
    let finite = parts.iter().flat_map(|part| part.columns.iter().flatten()).filter(|value| value.is_finite());
    let sum: f64 = finite.map(|&value| f64::from(value)).sum();
    println!(r#"{{"rows": {rows}, "sum": {sum}, "seconds": {seconds:?}}}"#);
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// The same for JavaScript, which keeps the time.
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod wasm {
    use super::*;
    use flowsift::web::FileSource;
    use js_sys::{Array, Float32Array};
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::Blob;

    #[wasm_bindgen]
    pub struct Reader {
        file: Blob,
        layout: Layout,
    }

    #[wasm_bindgen]
    impl Reader {
        /// Tells what the file with this head is like.
        #[wasm_bindgen(constructor)]
        pub fn new(file: Blob, head: &[u8]) -> Self {
            let layout = told(head, file.size() as u64);
            Self { file, layout }
        }

        /// Part `shard` of `shards`: where it begins, where the next one does, and its columns.
        pub async fn read(&self, shard: usize, shards: usize) -> Array {
            let source = FileSource::new(self.file.clone()).unwrap();
            let Part { extent, columns } = read(source, &self.layout, (shard, shards)).await;
            let columns: Array = columns.iter().map(|column| Float32Array::from(column.as_slice())).collect();
            Array::of3(&(extent.start as f64).into(), &(extent.end as f64).into(), &columns)
        }
    }
}
