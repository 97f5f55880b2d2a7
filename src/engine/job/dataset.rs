//! A file that was read.

use std::sync::Arc;

use super::sample;
use crate::{
    engine::Export,
    ingest::{Findings, Layout},
    lint::Lint,
    report::{Cells, Filter, Selection, Typical},
    table::Profile,
};

/// A file that was read and is held by the shards.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What kind of file it is.
    pub layout: Arc<Layout>,
    /// Exact statistics of all its rows.
    pub profile: Arc<Profile>,
    /// What is usual in each column.
    pub typical: Arc<Vec<Typical>>,
    /// What is noteworthy about its columns and rows.
    pub lints: Arc<Vec<Lint>>,
    /// Everything odd in it.
    pub findings: Findings,
    /// Rows that columns were described by: all there are, or a sample.
    pub described_rows: usize,
    /// The rows are in memory; if not, they are read again when they are needed.
    pub held: bool,
    /// Lines before the first row.
    pub header_lines: u64,
}

impl Dataset {
    /// How these of its rows are written as they are, where those of rank 1 to `anomalies` are the anomalies.
    pub fn export(&self, selection: Selection, anomalies: u64) -> Export {
        Export {
            filter: Filter::default(),
            selection,
            cells: Cells::AsTheyAre,
            anomalies,
            both: false,
            typical: self.typical.to_vec(),
            marks: Arc::default(),
        }
    }

    /// Rows that the detector is fitted on.
    pub fn sample_rows(&self) -> u64 {
        self.profile.rows.min(sample::sample_rows(&self.layout.schema) as u64)
    }
}
