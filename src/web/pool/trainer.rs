//! The worker that trains autoencoders, beside the shards.

use std::rc::Rc;

use super::{
    WebHost,
    start::start,
    worker::{Program, WorkerHandle},
};
use crate::{
    engine::{EngineError, FitRequest, Host, Reply},
    train::{DevicePreference, TrainingJob, TrainingResult},
    web::gpu::has_webgpu,
};

impl WebHost {
    /// Trains on the device that is preferred, and on the processor if the GPU's worker stops.
    pub(super) async fn train_beside(&self, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        let program = if job.preference != DevicePreference::Cpu && has_webgpu() {
            Program::GpuTrainer
        } else {
            Program::Trainer
        };
        match self.train_by(program, job.clone()).await {
            Err(EngineError::WorkerDied { reason }) if program == Program::GpuTrainer => {
                let mut result =
                    self.train_by(Program::Trainer, TrainingJob { preference: DevicePreference::Cpu, ..job }).await?;
                result.why = "the GPU's worker stopped".into();
                result.warning = Some(format!(
                    "The worker that uses the GPU stopped ({reason}). The processor trained from the beginning."
                ));
                Ok(result)
            }
            Err(EngineError::WorkerDied { reason }) => {
                Err(EngineError::Detector(format!("the worker that trains stopped ({reason}); run it again")))
            }
            result => result,
        }
    }

    async fn train_by(&self, program: Program, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        // One of the other kind ends here.
        let old = self.pool.trainer.take();
        let fits = |worker: &Rc<WorkerHandle>| worker.program == program && !worker.is_dead();
        let trainer = match old.filter(fits) {
            Some(trainer) => trainer,
            None => start(&self.pool, self.shards(), program).await?,
        };
        self.pool.trainer.replace(Some(Rc::clone(&trainer)));
        // While it started, the job may have been given up.
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        match self.ask_worker(&trainer, FitRequest::Train(Box::new(job)).into()).await?.0 {
            Reply::TrainingResult(result) => Ok(*result),
            _ => Err(EngineError::Protocol("it learned something else".into())),
        }
    }
}
