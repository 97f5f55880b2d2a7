//! Times a step of training, an epoch and scoring, natively: `cargo run --release --example autoencoder [-- burn]`.
//!
//! With the feature `trainer` also by burn on the processor.
#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods, reason = "a native measurement")]

use std::time::Instant;

use flowsift::detect::autoencoder::{Batch, Cpu, Learner, Network, Params};
use futures_executor::block_on;
use ndarray::{Array2, ShapeBuilder};

const FEATURES: usize = 81;

fn value(place: usize) -> f32 {
    ((place.wrapping_mul(2_654_435_761)) % 1_000) as f32 / 1_000.0
}

fn time(name: &str, learner: &mut impl Learner, rows: usize) {
    let values: Vec<f32> = (0..rows * FEATURES).map(value).collect();
    let batch = Batch { rows, target: values.clone(), input: values };
    let steps = (200_000 / rows).max(20);
    for timed in [false, true] {
        let started = Instant::now();
        for _ in 0..steps {
            learner.step(&batch).expect("steps");
        }
        block_on(learner.loss()).expect("a loss");
        let step = started.elapsed().as_secs_f64() / steps as f64;
        if timed {
            println!(
                "{name}, batch {rows}: {:.3} ms a step, {:.3} s for 72,000 rows",
                step * 1e3,
                step * 72_000.0 / rows as f64
            );
        }
    }
}

fn main() {
    let params = Params::classic();
    let network = Network::initial(FEATURES, &params.hidden, params.activation, 1);
    for rows in [32, 128, 1_024] {
        time("own loops", &mut Cpu::new(network.clone(), 1e-3), rows);
        #[cfg(feature = "trainer")]
        time(
            "burn on the processor",
            &mut flowsift::train::burn::Burn::new(&network, 1e-3, &burn::tensor::Device::flex()),
            rows,
        );
    }
    let x = Array2::from_shape_fn((200_000, FEATURES).f(), |(row, feature)| value(row * 7 + feature * 13));
    for _ in 0..2 {
        let started = Instant::now();
        let scores = network.score(x.view());
        println!("scoring: {:.3} µs a row ({})", started.elapsed().as_secs_f64() * 1e6 / x.nrows() as f64, scores[5]);
    }
}
