//! About files to write.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    model::{Runtimes, Saved},
    report::{Cells, Filter, Marks, Selection, Typical},
};

/// How results are to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Of which rows.
    pub filter: Filter,
    /// Which of them.
    pub selection: Selection,
    /// How their cells are written.
    pub cells: Cells,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// With the ranks that both detectors gave, and that by both together; only behind [`agree`](crate::engine::agree).
    pub both: bool,
    /// What is usual in each column, for the reasons.
    pub typical: Vec<Typical>,
    /// What is said of rows; where nothing is, there are no columns for it.
    pub marks: Arc<Marks>,
}

impl Export {
    /// The row with this rank is an anomaly.
    pub fn flags(&self, rank: u32) -> bool {
        u64::from(rank) <= self.anomalies
    }

    /// The row with this rank, in the group of this number, is written.
    pub fn wants(&self, rank: u32, group: u8) -> bool {
        self.selection == Selection::All || self.flags(rank) || group > 0
    }
}

/// What is to be written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ExportRequest {
    /// Write results.
    Results {
        /// How.
        export: Arc<Export>,
        /// Begin with the header line.
        header: bool,
    },
    /// Write a saved detector.
    Model(Box<Saved>, Runtimes),
    /// Count the lines of the shard's part of the file.
    CountLines,
    /// Write the rows that were left out and the cells that were not understood.
    Rejected {
        /// Lines before the shard's first record.
        line: u64,
        /// Begin with the header line.
        header: bool,
    },
}
