//! A lesson from beginning to end.

use std::ops::ControlFlow;

use ndarray::{ArrayView2, ShapeBuilder};

use super::{
    Device, DevicePreference, TrainingJob, TrainingResult,
    choose::{Choice, choose},
};
use crate::{
    detect::autoencoder::{At, Cpu, Learner, Network, TrainError, Training},
    engine::{Progress, Stage},
};

/// What is said while training.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// What computes.
    pub device: Device,
    /// How far it is.
    pub at: At<'a>,
}

impl Note<'_> {
    /// Rows that were trained on, of all in all epochs.
    #[must_use]
    pub fn progress(&self, job: &TrainingJob) -> Progress {
        let At { epochs, rows, epoch_rows } = self.at;
        let done = (epochs.len() * epoch_rows + rows) as u64;
        let total = (job.params.params().epochs * epoch_rows) as u64;
        Progress { stage: Stage::Training, done, total, rows: done }
    }
}

/// Trains on the device that is wished for or found best. `gpu` makes a learner on the GPU that begins with these weights
/// and takes steps of this size, or says why there is none; `now` tells milliseconds; `tick` is awaited every few tens of
/// milliseconds.
///
/// If the GPU fails or its loss is no number, the processor carries on from the weights after the last whole epoch.
///
/// # Errors
/// [`TrainError`] if the rows cannot be trained on, the training diverges on the processor, or `tick` ends it.
pub async fn train<G: Learner>(
    job: &TrainingJob,
    mut gpu: impl AsyncFnMut(&Network, f64) -> Result<G, String>,
    now: impl Fn() -> f64,
    mut tick: impl AsyncFnMut(Note<'_>) -> ControlFlow<()>,
) -> Result<TrainingResult, TrainError> {
    let features = job.values.len().checked_div(job.rows).ok_or(TrainError::NoRows)?;
    let x = ArrayView2::from_shape((job.rows, features).f(), &job.values)
        .map_err(|error| TrainError::Device(error.to_string()))?;
    let mut training = Training::new(job.params.clone(), x)?;
    let rate = job.params.params().learning_rate;
    let choice = match job.preference {
        DevicePreference::Cpu => Choice::cpu("as chosen"),
        preference => {
            let start = training.network().clone();
            choose(&training, preference, &mut async || gpu(&start, rate).await, &now).await
        }
    };
    let mut device = choice.device;
    let mut warning = None;
    if device == Device::WebGpu {
        let start = training.network().clone();
        let result = match gpu(&start, rate).await {
            Ok(mut learner) => training.run(&mut learner, async |at: At<'_>| tick(Note { device, at }).await).await,
            Err(reason) => Err(TrainError::Device(reason)),
        };
        match result {
            Err(error @ (TrainError::Device(_) | TrainError::Diverged)) => {
                let failure = match error {
                    TrainError::Device(reason) => reason,
                    _ => "its loss was no number".to_owned(),
                };
                warning = Some(format!(
                    "The GPU failed while training ({failure}). The CPU carried on from the last whole epoch."
                ));
                device = Device::Cpu;
            }
            other => other?,
        }
    }
    if device == Device::Cpu {
        let mut learner = Cpu::new(training.network().clone(), rate);
        training.run(&mut learner, async |at: At<'_>| tick(Note { device, at }).await).await?;
    }
    let (network, history) = training.finish();
    Ok(TrainingResult { network, history, device, why: choice.why, warning })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_executor::block_on;

    use super::*;
    use crate::detect::autoencoder::{Batch, Params};

    /// A device that is like the processor but for what it is told to do.
    struct Odd {
        cpu: Cpu,
        steps: usize,
        fails_at: usize,
        with: fn() -> Result<f64, TrainError>,
    }

    impl Learner for Odd {
        fn step(&mut self, batch: &Batch) -> Result<(), TrainError> {
            self.steps += 1;
            self.cpu.step(batch)
        }

        async fn loss(&mut self) -> Result<f64, TrainError> {
            let loss = self.cpu.loss().await;
            if self.steps >= self.fails_at { (self.with)() } else { loss }
        }

        async fn evaluate(&mut self, batch: &Batch) -> Result<f64, TrainError> {
            self.cpu.evaluate(batch).await
        }

        async fn network(&mut self) -> Result<Network, TrainError> {
            self.cpu.network().await
        }
    }

    fn job(preference: DevicePreference) -> TrainingJob {
        let params = Params { epochs: 4, batch_size: 20, hidden: vec![3], patience: None, ..Params::recommended() };
        let values = (0..1_000).map(|place| ((place * 37) % 11) as f32 / 5.0 - 1.0).collect();
        TrainingJob { params: params.check().unwrap(), preference, rows: 200, values }
    }

    fn result(
        preference: DevicePreference,
        fails_at: usize,
        with: fn() -> Result<f64, TrainError>,
        step: f64,
    ) -> TrainingResult {
        // A clock that goes on while the processor is timed, and `step` as fast before, while the GPU is.
        let (looks, time) = (Cell::new(0), Cell::new(0.0));
        let now = || {
            looks.set(looks.get() + 1);
            time.set(time.get() + if looks.get() <= 2 { step } else { 1.0 });
            time.get()
        };
        let gpu = async |network: &Network, rate: f64| {
            Ok(Odd { cpu: Cpu::new(network.clone(), rate), steps: 0, fails_at, with })
        };
        block_on(train(&job(preference), gpu, now, async |_: Note<'_>| ControlFlow::Continue(()))).unwrap()
    }

    const NEVER: usize = usize::MAX;

    #[test]
    fn the_faster_device_is_taken_and_why_is_said() {
        let fast = result(DevicePreference::Fastest, NEVER, || Ok(0.0), 0.5);
        assert_eq!((fast.device, fast.warning), (Device::WebGpu, None));
        assert!(fast.why.contains("the CPU takes"), "{}", fast.why);
        let slow = result(DevicePreference::Fastest, NEVER, || Ok(0.0), 2.0);
        assert_eq!(slow.device, Device::Cpu);
        assert!(slow.why.contains("the GPU takes"), "{}", slow.why);
        assert_eq!(result(DevicePreference::Gpu, NEVER, || Ok(0.0), 2.0).device, Device::WebGpu);
        // Whoever computes, the weights are the same here.
        assert_eq!(fast.network, slow.network);
        let wished = result(DevicePreference::Cpu, 0, || Ok(0.0), 0.1);
        assert_eq!((wished.device, wished.why.as_str()), (Device::Cpu, "as chosen"));
    }

    #[test]
    fn a_gpu_that_computes_something_else_is_not_used() {
        for with in [|| Ok(0.5), || Ok(f64::NAN), || Err(TrainError::Device("it is lost".into()))] {
            let other = result(DevicePreference::Gpu, 5, with, 0.1);
            assert_eq!(other.device, Device::Cpu);
            assert!(other.why.contains("GPU"), "{}", other.why);
        }
    }

    #[test]
    fn a_gpu_that_fails_is_left_for_the_processor() {
        for (with, said) in [
            ((|| Ok(f64::NAN)) as fn() -> Result<f64, TrainError>, "no number"),
            (|| Err(TrainError::Device("it is lost".into())), "it is lost"),
        ] {
            // Past the self-test's 8 steps and the trial's 18, in the third of four epochs of 9 steps.
            let failed = result(DevicePreference::Gpu, 20, with, 0.1);
            assert_eq!(failed.device, Device::Cpu);
            assert!(failed.warning.unwrap().contains(said));
            assert_eq!(failed.history.epochs.len(), 4);
            assert!(failed.history.epochs.iter().all(|epoch| epoch.training.is_finite()));
        }
    }

    #[test]
    fn no_gpu_is_no_failure() {
        let none = async |_: &Network, _: f64| Err::<Odd, _>("this browser has no WebGPU".to_owned());
        let result = block_on(train(
            &job(DevicePreference::Fastest),
            none,
            || 0.0,
            async |_: Note<'_>| ControlFlow::Continue(()),
        ))
        .unwrap();
        assert_eq!((result.device, result.why.as_str()), (Device::Cpu, "this browser has no WebGPU"));
        let ended =
            block_on(train(&job(DevicePreference::Cpu), none, || 0.0, async |_: Note<'_>| ControlFlow::Break(())));
        assert_eq!(ended, Err(TrainError::Cancelled));
    }
}
