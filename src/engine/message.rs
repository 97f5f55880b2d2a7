//! What jobs ask and shards answer.

use std::{ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    detect::{
        isolation_forest::{IsolationForest, Params},
        threshold::{Rule, Threshold},
    },
    features::{FeaturePlan, Mode},
    ingest::{Choices, Findings, Layout},
    report::{Cells, RankedRow, Selection, Typical, View, ViewQuery},
    table::{Profile, RowSample, SampleKeys},
};

/// Scores of a shard's rows, in file order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores(#[serde(with = "crate::table::packed")] pub Vec<f64>);

/// Ranks of a shard's rows, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranks(#[serde(with = "crate::table::packed")] pub Vec<u32>);

/// How results are to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Which rows.
    pub selection: Selection,
    /// How their cells are written.
    pub cells: Cells,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// What is usual in each column, for the reasons.
    pub typical: Vec<Typical>,
}

/// What a job asks a shard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Write a synthetic file.
    Generate {
        /// Rows.
        rows: u64,
        /// Seed.
        seed: u64,
    },
    /// Tell the file's layout.
    Sniff {
        /// What the user said about it.
        choices: Choices,
    },
    /// Read the records that begin in `range`.
    Parse {
        /// The file's layout.
        layout: Arc<Layout>,
        /// Bytes.
        range: Range<u64>,
        /// Where the first record begins, if that is known.
        begin: Option<u64>,
        /// Bytes of memory that the rows may take.
        budget: u64,
    },
    /// Draw sample keys.
    Draw {
        /// Seed.
        seed: u64,
        /// Keys at most.
        capacity: usize,
    },
    /// Give the rows with hashes up to `cutoff`.
    Sample {
        /// Seed.
        seed: u64,
        /// The largest hash of the sample.
        cutoff: u64,
    },
    /// Keep a shard's part of the sample, behind those that came before. (First shard only, as the next two.)
    KeepSample {
        /// The part.
        part: RowSample,
        /// It is the first, and replaces what there was.
        first: bool,
    },
    /// Say what is usual in each column.
    Describe {
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Fit plan and detector on the sample.
    Fit {
        /// How to treat columns.
        mode: Mode,
        /// The detector's parameters.
        params: Params,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Score all rows, and keep plan and detector to give reasons.
    Score {
        /// The plan.
        plan: Arc<FeaturePlan>,
        /// The detector.
        forest: Arc<IsolationForest>,
    },
    /// Order all rows by score and choose a threshold. (First shard only.)
    Rank {
        /// The shards' scores, in file order.
        scores: Vec<Scores>,
        /// How to choose.
        rule: Rule,
    },
    /// Keep the ranks of the shard's rows.
    KeepRanks(Ranks),
    /// Count the rows that score above this.
    CountAbove(f64),
    /// Make a view.
    View(ViewQuery),
    /// Give the rows with these ranks.
    Rows(Range<u32>),
    /// Write results.
    Export {
        /// How.
        export: Arc<Export>,
        /// Begin with the header line.
        header: bool,
    },
}

/// What a shard answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// It is done, or written.
    Done,
    /// To [`Request::Sniff`]: the layout and what is odd about the header.
    Sniffed(Arc<Layout>, Findings),
    /// To [`Request::Parse`].
    Parsed {
        /// Where the first record began.
        begin: u64,
        /// Where the first record behind the range begins.
        end: u64,
        /// Statistics of the rows.
        profile: Profile,
        /// What is odd about them.
        findings: Findings,
    },
    /// To [`Request::Draw`].
    Drawn(SampleKeys),
    /// To [`Request::Sample`].
    Sampled(RowSample),
    /// To [`Request::Describe`]: one per column.
    Described(Vec<Typical>),
    /// To [`Request::Fit`].
    Fitted(Arc<FeaturePlan>, Arc<IsolationForest>),
    /// To [`Request::Score`].
    Scored(Scores),
    /// To [`Request::Rank`].
    Ranked {
        /// Per shard.
        ranks: Vec<Ranks>,
        /// The verdict.
        threshold: Threshold,
        /// Least score.
        low: f64,
        /// Greatest score.
        high: f64,
    },
    /// To [`Request::CountAbove`].
    Counted(u64),
    /// To [`Request::View`].
    Viewed(View),
    /// To [`Request::Rows`].
    Listed(Vec<RankedRow>),
}
