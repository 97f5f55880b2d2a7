//! The choice of a device, by trying.

use super::{Device, DevicePreference};
use crate::detect::autoencoder::{Batch, Cpu, Learner, TrainError, Training};

/// Steps of the self-test.
const TEST_STEPS: usize = 8;
/// Rows of the self-test.
const TEST_ROWS: usize = 64;
/// How much the losses of two devices may differ in the self-test, relative to the loss. Sums in another order differ by
/// 10⁻⁶; a wrong kernel by much more.
pub(super) const TOLERANCE: f64 = 1e-3;
/// Steps before the clock runs: a GPU compiles its programs for them.
const WARM_UP: usize = 2;
/// Steps of the trial.
const TRIAL_STEPS: usize = 16;

/// A device and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The device.
    pub device: Device,
    /// Why, in a sentence.
    pub why: String,
}

impl Choice {
    pub(super) fn cpu(why: impl Into<String>) -> Self {
        Self { device: Device::Cpu, why: why.into() }
    }
}

/// Tries the GPU beside the processor: it must give the same losses, and, unless it is wished for, be faster.
pub(super) async fn choose<G: Learner>(
    training: &Training,
    preference: DevicePreference,
    open: &mut impl AsyncFnMut() -> Result<G, String>,
    now: &impl Fn() -> f64,
) -> Choice {
    match try_gpu(training, preference, open, now).await {
        Ok(choice) => choice,
        Err(reason) => Choice::cpu(reason),
    }
}

async fn try_gpu<G: Learner>(
    training: &Training,
    preference: DevicePreference,
    open: &mut impl AsyncFnMut() -> Result<G, String>,
    now: &impl Fn() -> f64,
) -> Result<Choice, String> {
    let params = training.params().params();
    let cpu = || Cpu::new(training.network().clone(), params.learning_rate);
    let failed = |error: TrainError| format!("the GPU failed its test ({error})");

    let batch = training.first_rows(TEST_ROWS);
    let (mut gpu, mut reference) = (open().await?, cpu());
    for _ in 0..TEST_STEPS {
        let (is, expected) =
            (one(&mut gpu, &batch).await.map_err(failed)?, one(&mut reference, &batch).await.map_err(failed)?);
        // Not turned around: a loss that is not a number is not near.
        let near = (is - expected).abs() <= TOLERANCE * expected;
        if !near {
            return Err("the GPU computed something else than the CPU".into());
        }
    }
    if preference == DevicePreference::Gpu {
        return Ok(Choice { device: Device::WebGpu, why: "as chosen; it computes what the CPU does".into() });
    }

    let batch = training.first_rows(params.batch_size);
    let theirs = trial(&mut open().await?, &batch, now).await.map_err(failed)?;
    let ours = trial(&mut cpu(), &batch, now).await.map_err(failed)?;
    let (device, than) = if theirs < ours { (Device::WebGpu, "the CPU") } else { (Device::Cpu, "the GPU") };
    let (fast, slow) = if theirs < ours { (theirs, ours) } else { (ours, theirs) };
    Ok(Choice { device, why: format!("{fast:.2} ms per step, {than} takes {slow:.2} ms") })
}

async fn one(learner: &mut impl Learner, batch: &Batch) -> Result<f64, TrainError> {
    learner.step(batch)?;
    learner.loss().await
}

/// Milliseconds of a step.
async fn trial(learner: &mut impl Learner, batch: &Batch, now: &impl Fn() -> f64) -> Result<f64, TrainError> {
    for _ in 0..WARM_UP {
        one(learner, batch).await?;
    }
    let started = now();
    for _ in 0..TRIAL_STEPS {
        learner.step(batch)?;
    }
    learner.loss().await?;
    Ok((now() - started) / TRIAL_STEPS as f64)
}
