//! Fitting, scoring and explaining 100,000 rows × 81 features, the width of the Unicauca flows:
//! `cargo bench --bench isolation_forest`. Other libraries on the same rows: `node scripts/bench/forest.mjs`.

use std::hint::black_box;
use std::ops::ControlFlow;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flowsift::detect::isolation_forest::{IsolationForest, Params};
use flowsift::detect::rank::ranks;
use flowsift::explain::Explainer;
use ndarray::{Array2, Axis, ShapeBuilder};

const ROWS: usize = 100_000;
const FEATURES: usize = 81;

/// Values in 0..1 with a heavy tail, from a fixed formula (SplitMix64); as columns, the layout of a shard.
fn rows() -> Array2<f32> {
    let mut state = 1_u64;
    Array2::from_shape_simple_fn((ROWS, FEATURES).f(), || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let unit = ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32;
        unit * unit * unit
    })
}

fn fit(rows: &Array2<f32>, params: Params) -> IsolationForest {
    let params = params.check().expect("the parameters are valid");
    params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).expect("the values are finite")
}

fn isolation_forest(criterion: &mut Criterion) {
    let columns = rows();
    let by_row = columns.as_standard_layout().into_owned();
    let forest = fit(&columns, Params::default());
    // Too large to be decided by blocks: its rows walk.
    let large = fit(&columns, Params { sample_size: 1_024, ..Params::default() });
    let planes = fit(&columns, Params { extension: 1, ..Params::default() });

    let mut group = criterion.benchmark_group("100,000 x 81");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("fit", |bencher| bencher.iter(|| black_box(fit(&columns, Params::default()))));
    group.bench_function("score, by column", |bencher| bencher.iter(|| black_box(forest.score(columns.view()))));
    group.bench_function("score, by row", |bencher| bencher.iter(|| black_box(forest.score(by_row.view()))));
    group.bench_function("score, samples of 1,024", |bencher| bencher.iter(|| black_box(large.score(columns.view()))));
    let (some, _) = columns.view().split_at(Axis(0), ROWS / 10);
    group.throughput(Throughput::Elements(ROWS as u64 / 10));
    group.bench_function("score, planes of 2 features", |bencher| bencher.iter(|| black_box(planes.score(some))));
    group.finish();

    let mut group = criterion.benchmark_group("reasons");
    let row = by_row.row(0).to_vec();
    let explainer = Explainer::new(&forest);
    group.bench_function("of the first row", |bencher| {
        bencher.iter(|| black_box(Explainer::new(&forest).contributions(&row)))
    });
    group.bench_function("of the next row", |bencher| bencher.iter(|| black_box(explainer.contributions(&row))));
    group.finish();

    let mut group = criterion.benchmark_group("4,000,000 scores");
    group.sample_size(10);
    let scores: Vec<f64> = rows().iter().take(4_000_000).map(|value| f64::from(*value)).collect();
    group.bench_function("ranks", |bencher| bencher.iter(|| black_box(ranks(&scores))));
    group.finish();
}

criterion_group!(benches, isolation_forest);
criterion_main!(benches);
