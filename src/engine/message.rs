//! What jobs ask and shards answer.

use std::{ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    detect::{
        Model,
        isolation_forest::{IsolationForest, Params, Stability},
        summary::{ShardRanks, Summary},
        threshold::{Rule, Threshold},
    },
    evaluate::agreement::Agreement,
    explain::Importance,
    features::{FeaturePlan, Treatment},
    ingest::{Choices, Container, Encoding, Findings, Layout},
    lint::Lint,
    report::{Cells, ConsensusRow, RankedRow, Selection, Typical, View, ViewQuery},
    table::{Hashes, Profile, RowSample, Schema},
    train::{TrainingJob, TrainingResult},
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
    /// With the ranks that both detectors gave, and that by both together; only behind [`super::agree`].
    pub both: bool,
    /// What is usual in each column, for the reasons.
    pub typical: Vec<Typical>,
}

impl Export {
    /// The row with this rank is an anomaly.
    pub fn flags(&self, rank: u32) -> bool {
        u64::from(rank) <= self.anomalies
    }

    /// The row with this rank is written.
    pub fn wants(&self, rank: u32) -> bool {
        self.selection == Selection::All || self.flags(rank)
    }
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
    /// Tell what a file that was given is packed in, and how its text is encoded if it is not packed.
    Examine {
        /// The file's number.
        input: usize,
    },
    /// Write the plain UTF-8 text of a file that was given.
    Unpack {
        /// The file's number.
        input: usize,
        /// What it is packed in.
        container: Container,
        /// The number of the archive's entry.
        entry: usize,
        /// Its encoding, if the user said it.
        encoding: Option<Encoding>,
        /// Bytes that may come out.
        budget: u64,
    },
    /// Tell the layout of the files that were joined.
    Sniff {
        /// What the user said about it.
        choices: Choices,
        /// The files' names.
        names: Vec<String>,
    },
    /// Read the records that begin in `range`.
    Parse {
        /// The file's layout.
        layout: Arc<Layout>,
        /// Bytes.
        range: Range<u64>,
        /// Where the first record begins, if that is known.
        begin: Option<u64>,
        /// Bytes of memory that the rows may take; past them, they are dropped and read again when they are needed.
        budget: u64,
        /// Rows of the file's largest sample, and the seed of all samples.
        sample: (usize, u64),
    },
    /// Drop the rows: others have no room for theirs.
    DropRows,
    /// Use these names and roles from now on; what is stored does not change.
    Assign(Arc<Schema>),
    /// Give the smallest hashes of the shard's rows.
    Draw {
        /// How many.
        rows: usize,
    },
    /// Give the rows with hashes up to `cutoff`.
    Sample {
        /// The largest hash of the sample.
        cutoff: u64,
    },
    /// Keep a shard's part of the sample, behind those that came before. (First shard only, as the next three.)
    KeepSample {
        /// The part.
        part: RowSample,
        /// It is the first, and replaces what there was.
        first: bool,
    },
    /// Say how many rows the sample has.
    CountSample,
    /// Say what is usual in each column, and what is noteworthy.
    Describe {
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Fit plan and detector on the sample.
    Fit {
        /// How to treat columns.
        treatment: Treatment,
        /// The detector's parameters.
        params: Params,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Fit the plan and give the sample's features. (First shard only.)
    Prepare {
        /// How to treat columns.
        treatment: Treatment,
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
    /// Train an autoencoder. (Of a worker beside the shards.)
    Train(Box<TrainingJob>),
    /// Score all rows, and keep plan and detector to give reasons.
    Score {
        /// The plan.
        plan: Arc<FeaturePlan>,
        /// The fitted detector.
        model: Model,
    },
    /// Order all rows by score. (First shard only.)
    Rank(
        /// The shards' scores, in file order.
        Vec<Scores>,
    ),
    /// Keep the ranks of the shard's rows.
    KeepRanks(Ranks),
    /// The same as [`Request::Rank`], of summaries. (First shard only.)
    RankSummaries(
        /// The shards' summaries, in file order.
        Vec<Summary>,
    ),
    /// Keep where the shard's rows stand.
    KeepShardRanks(Box<ShardRanks>),
    /// Apply rules to the scores of all rows. (First shard only.)
    Judge {
        /// The rules.
        rules: Vec<Rule>,
        /// Scores of the file's first rows, for the rules that ask for them.
        calibration: Scores,
    },
    /// Give the scores of the shard's first rows, at most so many.
    FirstScores(u64),
    /// Weigh the features in what made the rows with these ranks stand out.
    Weigh(Range<u32>),
    /// Fit again with other seeds and compare the sample's highest-scoring rows. (First shard only.)
    Refit {
        /// The detector's parameters.
        params: Params,
        /// Rows of the sample to compare.
        top: usize,
        /// Other seeds.
        others: usize,
    },
    /// Count the rows that score above this.
    CountAbove(f64),
    /// Give the ranks that both detectors gave the shard's rows.
    PairRanks,
    /// Correlate and join the rankings. (First shard only.)
    Agree(
        /// The shards' ranks by either detector, in file order.
        Vec<[Ranks; 2]>,
    ),
    /// Keep the ranks that the shard's rows have by both detectors together.
    KeepConsensus(Ranks),
    /// Count what both detectors flag, and list some rows.
    Compare {
        /// Rows that each flags: so many of its highest.
        flagged: [u64; 2],
        /// Rows of each that are compared besides, the highest.
        highest: u64,
        /// Rows to give as well, by their ranks by both together.
        ranks: Range<u32>,
    },
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
    /// Count the lines of the shard's part of the file.
    CountLines,
    /// Write the rows that were left out and the cells that were not understood.
    ExportRejected {
        /// Lines before the shard's first record.
        line: u64,
        /// Begin with the header line.
        header: bool,
    },
}

/// What a shard answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// It is done, or written.
    Done,
    /// To [`Request::Examine`].
    Examined(Container, Encoding),
    /// To [`Request::Unpack`].
    Unpacked(Encoding),
    /// To [`Request::Sniff`].
    Sniffed {
        /// The layout.
        layout: Arc<Layout>,
        /// What is odd about the header.
        findings: Findings,
        /// The first rows.
        preview: Vec<Vec<String>>,
        /// About how many bytes of memory a row takes.
        row_bytes: f64,
    },
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
        /// The rows are held in memory.
        held: bool,
    },
    /// To [`Request::Draw`].
    Drawn(Hashes),
    /// To [`Request::Sample`].
    Sampled(RowSample),
    /// To [`Request::Describe`]: what is usual, per column, and what is noteworthy.
    Described(Vec<Typical>, Vec<Lint>),
    /// To [`Request::Fit`].
    Fitted(Arc<FeaturePlan>, Arc<IsolationForest>),
    /// To [`Request::Prepare`].
    Prepared {
        /// The plan.
        plan: Arc<FeaturePlan>,
        /// Rows of the sample.
        rows: usize,
        /// Their features, feature by feature.
        #[serde(with = "crate::table::packed")]
        values: Vec<f32>,
    },
    /// To [`Request::Train`].
    TrainingResult(Box<TrainingResult>),
    /// To [`Request::Score`] and [`Request::FirstScores`].
    Scored(Scores),
    /// To [`Request::Score`], where the rows are not held.
    Summarised(Summary),
    /// To [`Request::RankSummaries`].
    RankedSummaries {
        /// Per shard.
        shard_ranks: Vec<ShardRanks>,
        /// Least score.
        low: f64,
        /// Greatest score.
        high: f64,
    },
    /// To [`Request::Rank`].
    Ranked {
        /// Per shard.
        ranks: Vec<Ranks>,
        /// Least score.
        low: f64,
        /// Greatest score.
        high: f64,
    },
    /// To [`Request::Judge`]: a verdict per rule.
    Judged(Vec<Threshold>),
    /// To [`Request::Weigh`].
    Weighed(Importance),
    /// To [`Request::Refit`].
    Refitted(Stability),
    /// To [`Request::CountAbove`], [`Request::CountLines`] and [`Request::CountSample`].
    Counted(u64),
    /// To [`Request::PairRanks`].
    Paired([Ranks; 2]),
    /// To [`Request::Agree`].
    Agreed {
        /// Ranks by both together, per shard.
        consensus: Vec<Ranks>,
        /// Spearman's correlation of the rankings, if there is one.
        correlation: Option<f64>,
    },
    /// To [`Request::Compare`].
    Compared(Agreement, Vec<ConsensusRow>),
    /// To [`Request::View`].
    Viewed(View),
    /// To [`Request::Rows`].
    Listed(Vec<RankedRow>),
}
