//! Why a job ended without a result.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{detect::autoencoder::TrainError, features::FeatureError, ingest::IngestError, numeric::grouped::count};

/// Why a job ended without a result, in words for the person who started it.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum EngineError {
    /// The file cannot be used.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// Its columns cannot be compared.
    #[error(transparent)]
    Features(#[from] FeatureError),
    /// The detector refused its parameters or data.
    #[error("The detector could not be fitted: {0}")]
    Detector(String),
    /// Rows of a file cannot be compared with those of the baseline.
    #[error("The baseline cannot be used: {0}.")]
    Baseline(String),
    /// A saved detector cannot be opened, or not be used for this file.
    #[error("The model cannot be used: {0}.")]
    Model(String),
    /// A detector cannot be saved.
    #[error("The detector cannot be saved: {0}.")]
    Unsaved(String),
    /// The rule for the threshold refused its number.
    #[error("The threshold could not be chosen: {0}.")]
    Rule(String),
    /// Somebody asked for that.
    #[error("Cancelled.")]
    Cancelled,
    /// It does not fit in memory.
    #[error(
        "The file is too large for this browser: a worker would need about {} MB of memory and may use \
         {}. Split the file, or leave out columns.",
        count(*needed_mb),
        count(*budget_mb)
    )]
    TooLarge {
        /// Megabytes that a worker would need.
        needed_mb: u64,
        /// Megabytes that it may use.
        budget_mb: u64,
    },
    /// What was to be written does not fit where it can be kept.
    #[error(
        "There is no room for what is to be written: {reason}. Nothing was lost. Free space on the disk, or clear what is \
         stored here, and try again."
    )]
    NoRoom {
        /// What is full or refused, as part of a sentence.
        reason: String,
    },
    /// A shard stopped, and what it held of the file is gone with it. Only hosts say so, which know.
    #[error(
        "A background worker stopped ({reason}), and the flows that it held are gone with it. The file itself is as it \
         was: open it again."
    )]
    RowsLost {
        /// What is known of the cause.
        reason: String,
    },
    /// A worker stopped that held nothing, or did not start.
    #[error("A background worker stopped ({reason}). Nothing was lost; try again.")]
    WorkerDied {
        /// What is known of the cause.
        reason: String,
    },
    /// A shard was asked for something it cannot have yet, or answered something else.
    #[error("Internal error: {0}. Please report it.")]
    Protocol(String),
}

impl From<TrainError> for EngineError {
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::Cancelled => Self::Cancelled,
            error => Self::Detector(error.to_string()),
        }
    }
}
