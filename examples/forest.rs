//! The isolation forest by itself, to be measured beside others: `node scripts/bench/forest.mjs` runs it natively and, as
//! WebAssembly, in Chromium.
//!
//! `cargo run --release --example forest -- ROWS FEATURES FILE` makes rows up, writes them to the file (f32, row by row),
//! and prints the best of several times.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

use std::ops::ControlFlow;

use flowsift::{
    detect::isolation_forest::{IsolationForest, Params},
    explain,
};
use ndarray::{Array2, ArrayView2, ShapeBuilder};

/// Values in 0..1 with a heavy tail, from a fixed formula (SplitMix64); as columns, the layout of a shard.
#[cfg(not(target_arch = "wasm32"))]
fn rows(rows: usize, features: usize) -> Array2<f32> {
    let mut state = 1_u64;
    Array2::from_shape_simple_fn((rows, features).f(), || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let unit = ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32;
        unit * unit * unit
    })
}

fn fit(rows: ArrayView2<'_, f32>) -> IsolationForest {
    let params = Params::default().check().unwrap();
    params.fit(rows, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_methods, reason = "native only")]
fn main() {
    use std::{env::args, fs, hint::black_box, time::Instant};

    let number = |place| args().nth(place).and_then(|text| text.parse().ok()).unwrap();
    let rows = rows(number(1), number(2));
    let bytes: Vec<u8> = rows.iter().flat_map(|value| value.to_le_bytes()).collect();
    fs::write(args().nth(3).unwrap(), bytes).unwrap();

    let best = |run: &mut dyn FnMut()| {
        let seconds = (0..9).map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        });
        seconds.fold(f64::INFINITY, f64::min)
    };
    let forest = fit(rows.view());
    let fitting = best(&mut || _ = black_box(fit(rows.view())));
    let scoring = best(&mut || _ = black_box(forest.score(rows.view())));
    let row = rows.row(0).to_vec();
    let explaining = best(&mut || _ = black_box(explain::contributions(&forest, &row)));
    let mean = forest.score(rows.view()).iter().sum::<f64>() / rows.nrows() as f64;
    println!(r#"{{ "fit": {fitting}, "score": {scoring}, "explain": {explaining}, "mean": {mean} }}"#);
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// The same for JavaScript, which keeps the time.
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod wasm {
    use super::*;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    pub struct Bench {
        rows: Array2<f32>,
        forest: IsolationForest,
    }

    #[wasm_bindgen]
    impl Bench {
        /// Takes rows as the file has them.
        #[wasm_bindgen(constructor)]
        pub fn new(values: Vec<f32>, features: usize) -> Self {
            let by_row = Array2::from_shape_vec((values.len() / features, features), values).unwrap();
            let mut rows = Array2::zeros(by_row.raw_dim().f());
            rows.assign(&by_row);
            let forest = fit(rows.view());
            Self { rows, forest }
        }

        pub fn fit(&mut self) {
            self.forest = fit(self.rows.view());
        }

        /// The mean score.
        pub fn score(&self) -> f64 {
            self.forest.score(self.rows.view()).iter().sum::<f64>() / self.rows.nrows() as f64
        }

        /// The sum of what the features of a row contribute.
        pub fn explain(&self, row: usize) -> f64 {
            explain::contributions(&self.forest, &self.rows.row(row).to_vec()).iter().sum()
        }
    }
}
