//! The autoencoder by itself, to be measured beside others: `node scripts/bench/autoencoder.mjs` runs it natively and, as
//! WebAssembly, in Chromium.
//!
//! `cargo run --release --example autoencoder -- ROWS FEATURES FILE` makes rows up, writes them to the file (f32, row by
//! row), and prints the best of several times.

#![allow(clippy::unwrap_used, reason = "a measurement may panic")]

use std::ops::ControlFlow;

use flowsift::detect::autoencoder::{At, Cpu, Network, Params, Training};
use futures_util::FutureExt;
use ndarray::{Array2, ArrayView2, ShapeBuilder};

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
#[allow(clippy::disallowed_methods, reason = "native only")]
fn main() {
    use std::{env::args, fs, hint::black_box, time::Instant};

    let number = |place| args().nth(place).and_then(|text| text.parse::<usize>().ok()).unwrap();
    let value = |place: usize| (place.wrapping_mul(2_654_435_761) % 1_000) as f32 / 1_000.0;
    let (rows, features) = (number(1), number(2));
    let values: Vec<f32> = (0..rows * features).map(value).collect();
    fs::write(args().nth(3).unwrap(), bytemuck::cast_slice::<f32, u8>(&values)).unwrap();
    let rows = by_column(values, features);

    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    let best = |run: &mut dyn FnMut()| (0..5).map(|_| time(run)).fold(f64::INFINITY, f64::min);
    let step = |batch: usize| {
        let epoch = || {
            let mut given = Some(training(rows.view(), batch));
            time(&mut || _ = black_box(train(given.take().unwrap())))
        };
        (0..3).map(|_| epoch()).fold(f64::INFINITY, f64::min) / rows.nrows().div_ceil(batch) as f64
    };
    let (few, many) = (step(32), step(1_024));
    let network = train(training(rows.view(), 1_024));
    let scoring = best(&mut || _ = black_box(network.score(rows.view())));
    let mean = network.score(rows.view()).iter().sum::<f64>() / rows.nrows() as f64;
    println!(r#"{{ "few": {few}, "many": {many}, "score": {scoring}, "mean": {mean} }}"#);
}

/// The layout of a shard.
fn by_column(values: Vec<f32>, features: usize) -> Array2<f32> {
    let by_row = Array2::from_shape_vec((values.len() / features, features), values).unwrap();
    let mut rows = Array2::zeros(by_row.raw_dim().f());
    rows.assign(&by_row);
    rows
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
        prepared: Option<Training>,
        network: Option<Network>,
    }

    #[wasm_bindgen]
    impl Bench {
        /// Takes rows as the file has them.
        #[wasm_bindgen(constructor)]
        pub fn new(values: Vec<f32>, features: usize) -> Self {
            Self { rows: by_column(values, features), prepared: None, network: None }
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
