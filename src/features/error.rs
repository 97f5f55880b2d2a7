//! Why no plan could be made.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::numeric::grouped::count;

/// Why no plan could be made.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum FeatureError {
    /// All columns were left out.
    #[error(
        "No column is left to compare flows by: all {} are constant, duplicates, identifiers, addresses, times or labels.",
        count(*columns as u64)
    )]
    NoFeatures {
        /// Columns of the file.
        columns: usize,
    },
}
