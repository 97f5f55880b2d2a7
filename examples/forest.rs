//! The isolation forest by itself, to be measured beside others: `node scripts/bench/forest.mjs` runs it natively and, as
//! WebAssembly, in Chromium.
//!
//! `cargo run --release --example forest -- ROWS FEATURES FILE` makes rows up, writes them to the file (f32, row by row),
//! and prints the best of several times.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

mod measure;

use std::ops::ControlFlow;

use flowsift::{
    detect::isolation_forest::{IsolationForest, Params},
    explain,
};
use ndarray::ArrayView2;

fn fit(rows: ArrayView2<'_, f32>) -> IsolationForest {
    let params = Params::default().check().unwrap();
    params.fit(rows, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use measure::best;

    let rows = measure::rows(heavy_tailed);
    let forest = fit(rows.view());
    let fitting = best(9, || rows.view(), fit);
    let scoring = best(9, || rows.view(), |rows| forest.score(rows));
    let row = rows.row(0).to_vec();
    let explaining = best(9, || &row, |row| explain::contributions(&forest, row));
    let mean = forest.score(rows.view()).iter().sum::<f64>() / rows.nrows() as f64;
    println!(r#"{{ "fit": {fitting}, "score": {scoring}, "explain": {explaining}, "mean": {mean} }}"#);
}

/// In 0..1, by the SplitMix64 formula.
#[cfg(not(target_arch = "wasm32"))]
fn heavy_tailed(place: usize) -> f32 {
    let mut z = (place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let unit = ((z ^ (z >> 31)) >> 40) as f32 / (1 << 24) as f32;
    unit * unit * unit
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// The same for JavaScript, which keeps the time.
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod wasm {
    use super::*;
    use ndarray::Array2;
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
            let rows = measure::by_column(values, features);
            let forest = fit(rows.view());
            Self { rows, forest }
        }

        /// Rows that are scored with another's `forest`.
        pub fn fitted(values: Vec<f32>, features: usize, forest: &[u8]) -> Self {
            Self { rows: measure::by_column(values, features), forest: postcard::from_bytes(forest).unwrap() }
        }

        pub fn forest(&self) -> Vec<u8> {
            postcard::to_allocvec(&self.forest).unwrap()
        }

        pub fn fit(&mut self) {
            self.forest = fit(self.rows.view());
        }

        pub fn score(&self) -> Vec<f64> {
            self.forest.score(self.rows.view())
        }

        /// The sum of what the features of a row contribute.
        pub fn explain(&self, row: usize) -> f64 {
            explain::contributions(&self.forest, &self.rows.row(row).to_vec()).iter().sum()
        }
    }
}
