//! What can be wrong: with the parameters, with the training, with weights that come from elsewhere.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A parameter that no autoencoder can be trained with.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ParamsError {
    /// Something must be in between, and not too much.
    #[error("an autoencoder needs 1 to 8 hidden layers, not {0}")]
    Layers(usize),
    /// A layer must have units, and not too many.
    #[error("a hidden layer has 1 to 1024 units, not {0}")]
    Units(usize),
    /// There must be one.
    #[error("training takes at least one epoch")]
    NoEpochs,
    /// A step must see rows, and memory is limited.
    #[error("a batch has 1 to 65536 rows, not {0}")]
    Batch(usize),
    /// A step size must be one.
    #[error("the learning rate must be above 0 and at most 1, not {0}")]
    LearningRate(f64),
    /// No epoch is always better.
    #[error("early stopping waits for at least one epoch")]
    NoPatience,
    /// A share must be one.
    #[error("the share of rows to train on must be above 0 and at most 1, not {0}")]
    TrainShare(f64),
    /// Most rows must train.
    #[error("the share of rows that validate must be between 0 and 0.5, not {0}")]
    ValidationShare(f64),
    /// Something of the input must remain.
    #[error("the share of values masked by noise must be between 0 and 0.9, not {0}")]
    Noise(f64),
    /// Most rows must remain.
    #[error("the share of rows that an epoch leaves out must be between 0 and 0.5, not {0}")]
    Trim(f64),
}

/// Why training gave no network.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum TrainError {
    /// There must be a row to train on.
    #[error("there are no rows to train the autoencoder on")]
    NoRows,
    /// The matrix has no columns.
    #[error("there are no features to train the autoencoder on")]
    NoFeatures,
    /// A value is infinite or missing; the feature plan fills such values before they get here.
    #[error("the value in row {row}, feature {column} (both from 0) is not a finite number")]
    NotFinite {
        /// Row of the value, from 0.
        row: usize,
        /// Column of the value, from 0.
        column: usize,
    },
    /// The loss is infinite or no number.
    #[error("the training diverged; try a lower learning rate")]
    Diverged,
    /// The device failed or cannot be trusted.
    #[error("{0}")]
    Device(String),
    /// The progress callback asked to stop.
    #[error("the training was cancelled")]
    Cancelled,
}

/// Why weights from elsewhere are no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NetworkError {
    /// An autoencoder has an input, something in between, and as many outputs as inputs.
    #[error("these layers are not an autoencoder's")]
    Layers,
    /// There are too many or too few.
    #[error("the layers need {needed} weights, not {found}")]
    Weights {
        /// Weights that the layers need.
        needed: usize,
        /// Weights there are.
        found: usize,
    },
    /// A weight is infinite or no number.
    #[error("weight {0} (from 0) is not a finite number")]
    NotFinite(usize),
    /// What is said of its errors is about other features, or no number.
    #[error("the network's fences are of features that rows do not have, or its limit is no number")]
    Calibration,
}
