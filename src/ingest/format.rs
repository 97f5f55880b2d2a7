//! How a file's records are written.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Dialect;

/// How the text of a file is cut into records and these into cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Cells between delimiters, records on lines of their own (or over several, inside quotes).
    Delimited(Dialect),
    /// A JSON object per line.
    JsonLines(Arc<JsonFields>),
}

/// What becomes of the objects of a file of JSON lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JsonFields {
    /// The path of each column's values, such as `id.orig_h`.
    pub paths: Vec<String>,
    /// Only objects whose `event_type` is `flow` or `netflow` are rows: Suricata writes all its events to one file.
    pub flows_only: bool,
}

impl JsonFields {
    /// Most of the paths of either are the other's, too: which ones occur depends on what happened.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let shared = self.paths.iter().filter(|path| other.paths.contains(path)).count();
        self.flows_only == other.flows_only && shared * 2 > self.paths.len().max(other.paths.len())
    }
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

    /// The dialect that says where records end: a JSON object does at the end of its line, whatever its quotes.
    pub(super) fn framing(&self) -> Dialect {
        match self {
            Self::Delimited(dialect) => *dialect,
            Self::JsonLines(_) => Dialect { quote: Dialect::NO_QUOTE, ..Dialect::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_of_one_kind_are_alike_whatever_happened() {
        let fields = |paths: &[&str], flows_only| JsonFields {
            paths: paths.iter().map(|&path| path.to_owned()).collect(),
            flows_only,
        };
        let night = fields(&["ts", "id.orig_h", "proto"], false);
        assert!(night.is_like(&fields(&["proto", "ts", "id.orig_h", "service"], false)));
        assert!(!night.is_like(&fields(&["ts", "query", "answers"], false)));
        assert!(!night.is_like(&fields(&["ts", "id.orig_h", "proto"], true)));
    }
}
