//! Training as a worker does it: with progress, news of epochs and cancellation.

use std::{cell::Cell, ops::ControlFlow};

use super::{EngineError, Outlet, Reply};
use crate::{
    detect::autoencoder::{Cpu, Learner, Network},
    train::{self, News, Note, TrainingJob},
};

/// Answers [`FitRequest::Train`](super::FitRequest::Train); `gpu` and `now` as in [`train::train`].
///
/// # Errors
/// [`EngineError`]
pub async fn train<G: Learner>(
    job: &TrainingJob,
    gpu: impl AsyncFnMut(&Network, f64) -> Result<G, String>,
    now: impl Fn() -> f64,
    outlet: &impl Outlet,
) -> Result<Reply, EngineError> {
    let told = Cell::new(0);
    let tick = async |note: Note<'_>| {
        for (number, &epoch) in note.at.epochs.iter().enumerate().skip(told.get()) {
            outlet.tell(News { number, epoch, device: note.device });
            told.set(number + 1);
        }
        match outlet.tick(note.progress(job)).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    Ok(Reply::TrainingResult(Box::new(train::train(job, gpu, now, tick).await?)))
}

/// The same on the processor alone.
///
/// # Errors
/// [`EngineError`]
pub async fn train_on_cpu(job: &TrainingJob, why: &str, outlet: &impl Outlet) -> Result<Reply, EngineError> {
    let none = async |_: &Network, _: f64| Err::<Cpu, _>(why.to_owned());
    train(job, none, || 0.0, outlet).await
}
