//! A fitted detector of any kind.

use std::sync::Arc;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{autoencoder::Network, isolation_forest::IsolationForest};

/// What rows are scored with. Cheap to clone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Model {
    /// Isolated soon is unusual.
    IsolationForest(Arc<IsolationForest>),
    /// Badly given back is unusual.
    Autoencoder(Arc<Network>),
}

impl Model {
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
