//! How a file's records are written.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Dialect;

/// How the text of a file is cut into records and these into cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Cells between delimiters, records on lines of their own (or over several, inside quotes).
    Delimited(Dialect),
    /// A JSON object per line; the cells are the values at these paths, such as `id.orig_h`, one per column.
    JsonLines(Arc<Vec<String>>),
}

impl Default for Format {
    fn default() -> Self {
        Self::Delimited(Dialect::default())
    }
}

impl Format {
    /// The dialect to read with, and to write results in: that of the file, or a plain CSV's where it has none.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Delimited(dialect) => *dialect,
            Self::JsonLines(_) => Dialect::default(),
        }
    }
}
