//! A fitted detector of any kind.

use std::sync::Arc;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{autoencoder::Network, isolation_forest::IsolationForest};

/// Which algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Method {
    /// Isolated soon is unusual.
    IsolationForest,
    /// Badly given back is unusual.
    Autoencoder,
}

impl Method {
    /// All of them, in the order in which they are listed and compared.
    pub const ALL: [Self; 2] = [Self::IsolationForest, Self::Autoencoder];

    /// Its scores are reconstruction errors: they have no natural bound, and spread over powers of ten.
    #[must_use]
    pub fn scores_are_errors(self) -> bool {
        match self {
            Self::IsolationForest => false,
            Self::Autoencoder => true,
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::IsolationForest => Self::Autoencoder,
            Self::Autoencoder => Self::IsolationForest,
        }
    }
}

/// What rows are scored with. Cheap to clone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Model {
    /// Isolated soon is unusual.
    IsolationForest(Arc<IsolationForest>),
    /// Badly given back is unusual.
    Autoencoder(Arc<Network>),
}

impl Model {
    /// Which kind it is.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::IsolationForest(_) => Method::IsolationForest,
            Self::Autoencoder(_) => Method::Autoencoder,
        }
    }

    /// One score per row of `x` (rows × features); higher is more anomalous.
    ///
    /// # Panics
    /// If `x` has another number of columns than the model has features.
    #[must_use]
    pub fn score(&self, x: ArrayView2<'_, f32>) -> Vec<f64> {
        match self {
            Self::IsolationForest(forest) => forest.score(x),
            Self::Autoencoder(network) => network.score(x),
        }
    }
}
