//! What the examples that are measured beside others share: rows, and natively the clock.

use ndarray::{Array2, ShapeBuilder};

/// Rows as a file has them, in the layout of a shard.
#[allow(dead_code, reason = "not all of the examples make rows up")]
pub fn by_column(values: Vec<f32>, features: usize) -> Array2<f32> {
    let by_row = Array2::from_shape_vec((values.len() / features, features), values).unwrap();
    let mut rows = Array2::zeros(by_row.raw_dim().f());
    rows.assign(&by_row);
    rows
}

/// Makes rows up, a value by its place, and writes them to the file: `ROWS FEATURES FILE` of the command line.
#[allow(dead_code, reason = "not all of the examples make rows up")]
#[cfg(not(target_arch = "wasm32"))]
pub fn rows(value: impl Fn(usize) -> f32) -> Array2<f32> {
    use std::{env::args, fs};

    let number = |place| args().nth(place).and_then(|text| text.parse::<usize>().ok()).unwrap();
    let (rows, features) = (number(1), number(2));
    let values: Vec<f32> = (0..rows * features).map(value).collect();
    fs::write(args().nth(3).unwrap(), bytemuck::cast_slice::<f32, u8>(&values)).unwrap();
    by_column(values, features)
}

/// The shortest of several runs, in seconds; what `prepare` does is not timed.
#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_methods, reason = "native only")]
pub fn best<T, R>(runs: usize, prepare: impl Fn() -> T, work: impl Fn(T) -> R) -> f64 {
    use std::{hint::black_box, time::Instant};

    let seconds = (0..runs).map(|_| {
        let given = prepare();
        let start = Instant::now();
        drop(black_box(work(given)));
        start.elapsed().as_secs_f64()
    });
    seconds.fold(f64::INFINITY, f64::min)
}
