//! The hierarchy of groups by itself, to be measured beside others: `node scripts/bench/groups.mjs`.
//!
//! `cargo run --release --example groups -- CSV ROWS FILE` compares the first rows of a file of flows, writes where they lie to
//! the other file (f32, row by row), and prints the best of several times.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

mod measure;

use std::{env::args, fs};

use flowsift::{
    detect::groups::{self, Params},
    features::{FeaturePlan, Mode, Points, Space, Treatment, UNIT},
    ingest::{Choices, Layout, RecordReader, TableBuilder},
    table::SmallestKeys,
};

/// The first rows of a file as points.
fn points(path: &str, rows: usize) -> (Space, Points) {
    let text = fs::read(path).unwrap();
    let (layout, _) = Layout::sniff(&text[..text.len().min(1 << 20)], text.len() as u64, &Choices::default()).unwrap();
    let mut reader =
        RecordReader::new(std::io::Cursor::new(&text), layout.data_start, &layout.format, 1 << 20).unwrap();
    let mut builder = TableBuilder::new(&layout);
    for _ in 0..rows {
        let Some(record) = reader.next_record().unwrap() else { break };
        builder.push(&record);
    }
    let (table, profile, _) = builder.finish(reader.lines());
    let mut keeper = SmallestKeys::up_to(u64::MAX, layout.schema.width());
    table.blocks.iter().for_each(|block| keeper.offer(block, block.offsets.iter().copied()));
    let sample = keeper.into_sample();
    let treatment = Treatment::from(Mode::Recommended);
    let plan = FeaturePlan::fit(treatment, &layout.schema, &profile, &sample).unwrap();
    let space = Space::of(&plan, &sample, &layout.schema);
    let mut points = space.empty();
    for block in &table.blocks {
        (0..block.rows()).for_each(|row| space.push(&mut points, block, row));
    }
    (space, points)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let (space, points) = points(&args().nth(1).unwrap(), args().nth(2).unwrap().parse().unwrap());
    let features = space.features();
    let place = |&place: &i16| f32::from(place) / f32::from(UNIT);
    let places: Vec<f32> =
        (0..points.rows()).flat_map(|row| points.places(row)[..features].iter().map(place)).collect();
    fs::write(args().nth(3).unwrap(), bytemuck::cast_slice::<f32, u8>(&places)).unwrap();
    let find = || groups::find(Params::default().check().unwrap(), space.clone(), &points);
    let found = find().groups.len();
    let seconds = measure::best(5, || (), |()| find());
    println!(r#"{{ "rows": {}, "features": {features}, "groups": {found}, "fit": {seconds} }}"#, points.rows());
}

#[cfg(target_arch = "wasm32")]
fn main() {}
