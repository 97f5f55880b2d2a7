//! The only orchestrator: it has a file read, fitted, scored and reported on by shards, wherever those run.
//!
//! A *shard* ([`Shard`]) owns a range of the file's bytes and answers [`Request`]s about the rows that begin in it. The
//! job ([`load`], [`run`], [`view`], …) asks shards, merges their [`Reply`]s and decides what to ask next. A [`Host`]
//! carries requests to shards: plain web workers in a browser, threads natively ([`ThreadHost`]). An [`Outlet`] is what
//! a shard has of the world: it reports progress there, lets the platform breathe, hears of cancellation and writes.
//!
//! Runs of both detectors on the same rows are compared by [`agree`] and [`compare()`].
//!
//! The first shard also does what is done once: it tells the layout, keeps the row sample, fits and ranks.

mod compare;
mod error;
mod host;
mod job;
mod message;
mod opening;
mod progress;
mod shard;
mod threads;
mod training;

pub use compare::{agree, compare};
pub use error::EngineError;
pub use host::{Host, Outlet, Piece};
pub use job::{
    Dataset, Detector, Options, Outcome, Trained, anomalies_above, assign, export, export_rejected, generate,
    importance, judge, judge_all, load, read, rows, run, stability, view,
};
pub use message::{Export, Reply, Request};
pub use opening::{Limits, Opened, Outlook, open};
pub use progress::{Meter, Progress, Stage};
pub use shard::Shard;
pub use threads::{Input, ThreadHost};
pub use training::{train, train_on_cpu};
