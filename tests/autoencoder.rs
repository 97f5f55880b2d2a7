//! The autoencoder: it learns, ends when it should, and gives the same everywhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::ops::ControlFlow;

use flowsift::detect::autoencoder::{Activation, At, Batch, Cpu, Learner, Network, Params, TrainError, Training};
use futures_executor::block_on;
use ndarray::Array2;

/// Rows on a curve in 8 dimensions, all values within ±1; the last `odd` ones are off it.
fn rows(rows: usize, odd: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, 8), |(row, feature)| {
        let place = ((row * 7919) % 1_000) as f32 / 500.0 - 1.0;
        let on =
            [place, -place, place * place, 0.5 * place, 1.0 - place * place, 0.25, place.abs(), -0.5 * place][feature];
        if row + odd >= rows { -on - 0.5 } else { on }
    })
}

fn params() -> Params {
    Params {
        hidden: vec![8, 3, 8],
        epochs: 30,
        batch_size: 32,
        learning_rate: 0.01,
        patience: Some(5),
        ..Params::recommended()
    }
}

fn trained(params: Params, rows: &Array2<f32>) -> Training {
    let mut training = Training::new(params.check().unwrap(), rows.view()).unwrap();
    let mut cpu = Cpu::new(training.network().clone(), training.params().params().learning_rate);
    block_on(training.run(&mut cpu, async |_: At<'_>| ControlFlow::Continue(()))).unwrap();
    training
}

#[test]
fn it_learns_what_is_usual_and_errs_on_what_is_not() {
    for activation in [Activation::Relu, Activation::Tanh] {
        let (network, history) = trained(Params { activation, ..params() }, &rows(2_000, 0)).finish();
        let (first, last) = (history.epochs[0], history.epochs[history.kept]);
        assert!(last.validation.unwrap() < 0.1 * first.training, "{first:?} {last:?}");
        let scores = network.score(rows(2_000, 20).view());
        let most = scores[..1_980].iter().copied().fold(0.0, f64::max);
        let least = scores[1_980..].iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least > 2.0 * most, "{activation:?}: {most} {least}");
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_gives_others() {
    let rows = rows(500, 5);
    let weights = |seed| trained(Params { seed, noise: 0.2, epochs: 3, ..params() }, &rows).finish();
    assert_eq!(weights(1), weights(1));
    assert_ne!(weights(1).0, weights(2).0);
}

#[test]
fn trimmed_training_never_learns_a_group_of_rare_rows() {
    // A twentieth of the rows are alike and far from the rest.
    let rows = rows(2_000, 100);
    let params = Params { epochs: 60, patience: None, ..params() };
    let errors = |trim| {
        let (network, history) = trained(Params { trim, ..params.clone() }, &rows).finish();
        assert_eq!((history.trained_rows, history.validation_rows), (1_800, 200));
        let scores = network.score(rows.view());
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        (mean(&scores[..1_900]), mean(&scores[1_900..]))
    };
    let (all, trimmed) = (errors(0.0), errors(0.1));
    assert!(all.1 < 10.0 * all.0, "learned: {all:?}");
    assert!(trimmed.1 > 100.0 * trimmed.0, "not learned: {trimmed:?}");
}

#[test]
fn classic_trains_to_the_end_on_its_share_of_the_rows() {
    let rows = rows(1_000, 0);
    let (network, history) = trained(Params { epochs: 4, ..Params::classic() }, &rows).finish();
    assert_eq!(network.widths(), [8, 16, 8, 16, 8]);
    assert_eq!((history.trained_rows, history.validation_rows), (720, 80));
    assert_eq!((history.epochs.len(), history.kept, history.early), (4, 3, false));
}

#[test]
fn it_ends_early_and_keeps_the_best_weights() {
    let rows = rows(300, 0);
    let params = Params { epochs: 500, patience: Some(3), learning_rate: 0.03, ..params() };
    let (network, history) = trained(params, &rows).finish();
    assert!(history.early && history.epochs.len() < 500);
    assert_eq!(history.kept + 4, history.epochs.len());
    let best = history.epochs[history.kept].validation.unwrap();
    assert!(history.epochs.iter().all(|epoch| epoch.validation.unwrap() >= best * (1.0 - 1e-4)));
    // The validation rows are the last of a shuffled order, so of all rows the error is about the same.
    let mean = network.score(rows.view()).iter().sum::<f64>() / 300.0;
    assert!(mean < 3.0 * best + 1e-3, "{mean} {best}");
}

#[test]
fn it_can_be_cancelled_and_carried_on_by_another_learner() {
    let rows = rows(500, 0);
    let checked = Params { patience: None, epochs: 6, ..params() }.check().unwrap();
    let mut training = Training::new(checked, rows.view()).unwrap();
    let mut cpu = Cpu::new(training.network().clone(), 0.01);
    let stop = async |at: At<'_>| if at.epochs.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    assert_eq!(block_on(training.run(&mut cpu, stop)), Err(TrainError::Cancelled));
    let mut cpu = Cpu::new(training.network().clone(), 0.01);
    block_on(training.run(&mut cpu, async |_: At<'_>| ControlFlow::Continue(()))).unwrap();
    let (_, history) = training.finish();
    assert_eq!(history.epochs.len(), 6);
    assert!(history.epochs[5].training < history.epochs[0].training);
}

/// Fails after some steps.
struct Failing(Cpu, usize, f64);

impl Learner for Failing {
    fn step(&mut self, batch: &Batch) -> Result<(), TrainError> {
        self.1 = self.1.saturating_sub(1);
        self.0.step(batch)
    }

    async fn loss(&mut self) -> Result<f64, TrainError> {
        let loss = self.0.loss().await?;
        Ok(if self.1 == 0 { self.2 } else { loss })
    }

    async fn evaluate(&mut self, batch: &Batch) -> Result<f64, TrainError> {
        self.0.evaluate(batch).await
    }

    async fn network(&mut self) -> Result<Network, TrainError> {
        self.0.network().await
    }
}

#[test]
fn a_loss_that_is_none_ends_it_and_the_epochs_before_still_stand() {
    let rows = rows(320, 0);
    for none in [f64::NAN, f64::INFINITY] {
        // Nine steps an epoch: the 25th is in the third.
        let checked = Params { epochs: 10, trim: 0.0, ..params() }.check().unwrap();
        let mut training = Training::new(checked, rows.view()).unwrap();
        let start = training.network().clone();
        let mut failing = Failing(Cpu::new(start.clone(), 0.01), 25, none);
        let failed = block_on(training.run(&mut failing, async |_: At<'_>| ControlFlow::Continue(())));
        assert_eq!(failed, Err(TrainError::Diverged));
        assert_ne!(training.network(), &start);
        assert_eq!(training.finish().1.epochs.len(), 2);
    }
}

#[test]
fn what_cannot_be_trained_on_is_refused() {
    let refused = |rows: &Array2<f32>| Training::new(params().check().unwrap(), rows.view()).err().unwrap();
    assert_eq!(refused(&Array2::zeros((0, 3))), TrainError::NoRows);
    assert_eq!(refused(&Array2::zeros((3, 0))), TrainError::NoFeatures);
    let mut rows = rows(20, 0);
    rows[[7, 2]] = f32::INFINITY;
    assert_eq!(refused(&rows), TrainError::NotFinite { row: 7, column: 2 });
    // One row is enough.
    let (_, history) = trained(Params { epochs: 2, ..params() }, &rows.select(ndarray::Axis(0), &[0])).finish();
    assert_eq!((history.trained_rows, history.validation_rows), (1, 0));
}

/// The weights as a number to compare: FNV-1a of their bits.
fn fingerprint(network: &Network) -> u64 {
    network
        .values()
        .iter()
        .flat_map(|value| value.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn weights_are_the_same_on_every_platform() {
    // `tests/browser` compares wasm with the scores of the native build; this pins the native one, whatever the compiler.
    for (trim, expected) in [(0.0, "bcbdf8f8f1cf694e"), (0.1, "81b5e844e332dfba")] {
        let (network, _) = trained(Params { epochs: 3, noise: 0.1, trim, ..params() }, &rows(500, 5)).finish();
        assert_eq!(format!("{:016x}", fingerprint(&network)), expected);
    }
}
