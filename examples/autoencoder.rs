//! The autoencoder by itself, to be measured beside others: `node scripts/bench/autoencoder.mjs` runs it natively and, as
//! WebAssembly, in Chromium.
//!
//! `cargo run --release --example autoencoder -- ROWS FEATURES FILE` makes rows up, writes them to the file (f32, row by
//! row), and prints the best of several times.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

mod measure;

use std::ops::ControlFlow;

use flowsift::detect::autoencoder::{At, Cpu, Network, Params, Training};
use futures_util::FutureExt;
use ndarray::ArrayView2;

/// The original's network and optimiser, an epoch on all rows, without validation.
fn training(rows: ArrayView2<'_, f32>, batch: usize) -> Training {
    let params = Params {
        epochs: 1,
        batch_size: batch,
        train_share: 1.0,
        validation_share: 0.0,
        patience: None,
        ..Params::classic()
    };
    Training::new(params.check().unwrap(), rows).unwrap()
}

/// Trains to the end, on this thread, and gives the network.
fn train(mut training: Training) -> Network {
    let rate = training.params().params().learning_rate;
    let mut learner = Cpu::new(training.network().clone(), rate);
    let ran = training.run(&mut learner, async |_: At<'_>| ControlFlow::Continue(()));
    // The processor never waits.
    ran.now_or_never().unwrap().unwrap();
    training.finish().0
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use measure::best;

    let rows = measure::rows(|place| (place.wrapping_mul(2_654_435_761) % 1_000) as f32 / 1_000.0);
    let step = |batch| best(3, || training(rows.view(), batch), train) / rows.nrows().div_ceil(batch) as f64;
    let (few, many) = (step(32), step(1_024));
    let network = train(training(rows.view(), 1_024));
    let scoring = best(5, || rows.view(), |rows| network.score(rows));
    let mean = network.score(rows.view()).iter().sum::<f64>() / rows.nrows() as f64;
    println!(r#"{{ "few": {few}, "many": {many}, "score": {scoring}, "mean": {mean} }}"#);
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
        prepared: Option<Training>,
        network: Option<Network>,
    }

    #[wasm_bindgen]
    impl Bench {
        /// Takes rows as the file has them.
        #[wasm_bindgen(constructor)]
        pub fn new(values: Vec<f32>, features: usize) -> Self {
            Self { rows: measure::by_column(values, features), prepared: None, network: None }
        }

        pub fn prepare(&mut self, batch: usize) {
            self.prepared = Some(training(self.rows.view(), batch));
        }

        /// Trains an epoch as prepared.
        pub fn train(&mut self) {
            self.network = self.prepared.take().map(train);
        }

        /// The mean score.
        pub fn score(&self) -> f64 {
            self.network.as_ref().unwrap().score(self.rows.view()).iter().sum::<f64>() / self.rows.nrows() as f64
        }
    }
}
