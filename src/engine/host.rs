//! The two sides of the line between a job and its shards.

use super::{EngineError, Progress, Reply, Request};
use crate::train::{News, TrainingJob, TrainingResult};

/// A part of what is read as one file.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<W> {
    /// A file that was given, by its number.
    Input(usize),
    /// What a shard unpacked.
    Written(W),
}

/// Carries requests to shards.
pub trait Host {
    /// What a shard wrote: bytes natively, a blob in a browser.
    type Written;

    /// Shards there are; at least one.
    fn shards(&self) -> usize;

    /// Names of the files that were given.
    fn inputs(&self) -> Vec<String>;

    /// Has all shards read these, one after the other, as their file from now on.
    fn join(&self, pieces: Vec<Piece<Self::Written>>);

    /// Has an autoencoder trained, beside the shards.
    fn train(&self, job: TrainingJob) -> impl Future<Output = Result<TrainingResult, EngineError>>;

    /// Asks a shard and waits for its reply, with what it wrote meanwhile.
    fn ask(&self, shard: usize, request: Request) -> impl Future<Output = Result<(Reply, Self::Written), EngineError>>;
}

/// What a shard has of the world.
pub trait Outlet {
    /// Reports progress and lets the platform do other things.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] if the job is to end here.
    fn tick(&self, progress: Progress) -> impl Future<Output = Result<(), EngineError>>;

    /// Tells how an epoch of training went.
    fn tell(&self, _news: News) {}

    /// Takes bytes of a file that is being written.
    fn write(&self, bytes: &[u8]);
}
