//! A fitted detector of any kind.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{autoencoder::Network, isolation_forest::IsolationForest, nearest::Nearest};
use crate::{
    features::{Binding, FeaturePlan},
    table::Block,
};

/// Which algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Method {
    /// Isolated soon is unusual.
    IsolationForest,
    /// Badly given back is unusual.
    Autoencoder,
    /// Far from all that is known is unusual.
    Nearest,
}

impl Method {
    /// All of them, in the order in which they are listed and compared.
    pub const ALL: [Self; 3] = [Self::IsolationForest, Self::Autoencoder, Self::Nearest];

    /// The one that it is compared with if nobody asks for another.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::IsolationForest => Self::Autoencoder,
            Self::Autoencoder | Self::Nearest => Self::IsolationForest,
        }
    }
}

/// What rows are scored with. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Model {
    /// Isolated soon is unusual.
    IsolationForest(Arc<IsolationForest>),
    /// Badly given back is unusual.
    Autoencoder(Arc<Network>),
    /// Far from all that is known is unusual.
    Nearest(Arc<Nearest>),
}

impl Model {
    /// Which kind it is.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::IsolationForest(_) => Method::IsolationForest,
            Self::Autoencoder(_) => Method::Autoencoder,
            Self::Nearest(_) => Method::Nearest,
        }
    }

    /// One score per row of a block, by the features of the plan that the model was fitted with; higher is more anomalous.
    ///
    /// # Panics
    /// If the plan has another number of features than the model.
    #[must_use]
    pub fn score(&self, plan: &FeaturePlan, block: &Block) -> Vec<f64> {
        match self {
            Self::IsolationForest(forest) => forest.score(plan.apply(block).view()),
            Self::Autoencoder(network) => network.score(plan.apply(block).view()),
            Self::Nearest(nearest) => nearest.score(block),
        }
    }

    /// The same model for another file; the plan that it was fitted with must be of columns that are bound.
    #[must_use]
    pub fn bound(&self, plan: &FeaturePlan, binding: &Binding) -> Option<Self> {
        match self {
            Self::Nearest(nearest) => Some(Self::Nearest(Arc::new(nearest.bound(plan, binding)?))),
            // They know of features alone, which are the same.
            Self::IsolationForest(_) | Self::Autoencoder(_) => Some(self.clone()),
        }
    }
}

/// What a model expected in a cell's place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Expected {
    /// So much, in the column's own units.
    Amount(f64),
    /// This text.
    Text(String),
}
