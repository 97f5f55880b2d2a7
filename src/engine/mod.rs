//! The only orchestrator: it has a file read, fitted, scored and reported on by shards, wherever those run.
//!
//! A *shard* ([`Shard`]) owns a range of the file's bytes and answers [`Request`]s about the rows that begin in it. The
//! job ([`load`], [`run`], [`export`], …) asks shards, merges their [`Reply`]s and decides what to ask next. What is asked
//! about ranked rows is a [`Query`], and [`ask_all`] merges its answers. A [`Host`]
//! carries requests to shards: plain web workers in a browser, threads natively ([`ThreadHost`]). An [`Outlet`] is what
//! a shard has of the world: it reports progress there, lets the platform breathe, hears of cancellation and writes.
//!
//! Runs of both detectors on the same rows are compared by [`agree`] and [`compare()`].
//!
//! The first shard also does what is done once: it tells the layout, keeps the row sample, fits and ranks.

mod error;
mod grouping;
mod host;
mod job;
mod message;
mod progress;
mod queries;
mod query;
mod shard;
mod threads;
mod training;

pub use error::EngineError;
pub use host::{Host, Outlet, Piece};
pub use job::{
    Baseline, Crowd, Dataset, First, Fitted, Found, Limits, Opened, Outcome, Outlook, Trained, agree, apply, assign,
    bind, compare, export, export_rejected, fit, fit_on, generate, judge, judge_all, learn, load, open, open_baseline,
    open_first, other_roles, read, read_model, run, save, similar, stability, table, table_by, without, write_model,
    write_model_for,
};
pub use message::{Among, Compared, DataRequest, Export, ExportRequest, FitRequest, Reply, Request, ScoreRequest};
pub use progress::{Meter, Progress, Stage};
pub use queries::*;
pub use query::{Merge, Query, Sent, ask_all};
pub use shard::Shard;
use shard::{KeptRows, Passing, TOPS, Visitor};
pub use threads::{Input, ThreadHost};
pub use training::{train, train_on_cpu};

pub use crate::model::{Baselined, Detector, Normal, Options};
