//! Why no plan could be made.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why no plan could be made.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum FeatureError {
    /// All columns were left out.
    #[error(
        "No column is left to compare flows by: all {columns} are constant, duplicates, identifiers, addresses, times \
         or labels."
    )]
    NoFeatures {
        /// Columns of the file.
        columns: usize,
    },
}
