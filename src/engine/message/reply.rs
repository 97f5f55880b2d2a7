//! What shards answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Among, Ranks, Scores};
use crate::{
    context::{Clock, Sieve, Traces},
    detect::{
        Model,
        autoencoder::Network,
        groups::{Edge, Groups, Near, Reference},
        isolation_forest::Stability,
        summary::{ShardRanks, Summary},
        threshold::Threshold,
    },
    engine::queries::AnyAnswer,
    features::{FeaturePlan, Points, Space},
    ingest::{Container, Encoding, Findings, Layout},
    lint::Lint,
    model::{Learned, Population, Saved},
    report::{GroupFacts, Typical},
    table::{Hashes, Profile, RowSample},
    train::TrainingResult,
};

/// What a shard answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reply {
    /// It is done, or written.
    Done,
    /// To `DataRequest::Examine`.
    Examined(Container, Encoding),
    /// To `DataRequest::Unpack`.
    Unpacked(Encoding),
    /// To `DataRequest::Sniff`.
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
    /// To `DataRequest::Parse`.
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
    /// To `DataRequest::Draw`.
    Drawn(Hashes),
    /// To `DataRequest::Sample`.
    Sampled(RowSample),
    /// To `DataRequest::Describe`: what is usual, per column, and what is noteworthy.
    Described(Vec<Typical>, Vec<Lint>),
    /// To `FitRequest::Forest` and `FitRequest::Nearest`.
    Fitted(Arc<FeaturePlan>, Model),
    /// To `FitRequest::Prepare`.
    Prepared {
        /// The plan.
        plan: Arc<FeaturePlan>,
        /// Rows of the sample.
        rows: usize,
        /// Their features, feature by feature.
        #[serde(with = "crate::table::packed")]
        values: Vec<f32>,
    },
    /// To `FitRequest::Train`.
    TrainingResult(Box<TrainingResult>),
    /// To `ScoreRequest::Score` and `ScoreRequest::FirstScores`.
    Scored(Scores),
    /// To `ScoreRequest::Score`, where the rows are not held.
    Summarised(Summary),
    /// To `ScoreRequest::RankSummaries`.
    RankedSummaries {
        /// Per shard.
        shard_ranks: Vec<ShardRanks>,
        /// Least score.
        low: f64,
        /// Greatest score.
        high: f64,
    },
    /// To `ScoreRequest::Rank`.
    Ranked {
        /// Per shard.
        ranks: Vec<Ranks>,
        /// Least score.
        low: f64,
        /// Greatest score.
        high: f64,
    },
    /// To `ScoreRequest::Judge`: a verdict per rule.
    Judged(Vec<Threshold>),
    /// To `FitRequest::Calibrate`.
    Calibrated(Arc<Network>),
    /// To `FitRequest::Space`.
    Space(Arc<Space>),
    /// To `ScoreRequest::Points`.
    Points {
        /// Of the rows that were drawn by chance.
        drawn: Points,
        /// Of the highest-scoring of the others.
        highest: Points,
    },
    /// To `FitRequest::Reference`.
    Reference(Arc<Space>, Arc<Reference>),
    /// To `FitRequest::Compare`.
    Near(Near),
    /// To `FitRequest::Join`.
    Joined(Vec<Edge>),
    /// To `FitRequest::Group`.
    Grouped(Arc<Groups>),
    /// To `FitRequest::Clock`.
    Clock(Option<Clock>),
    /// To `FitRequest::Apart`: features with the share of the other rows that are alike there, per burst.
    Apart(Vec<Vec<(u32, f64)>>),
    /// To `ScoreRequest::Sift`.
    Sifted(Sieve),
    /// To `ScoreRequest::Trace`.
    Traced(Traces),
    /// To `ScoreRequest::Assign`: what is true of the rows that are among the same groups and bursts.
    Assigned(Vec<(Among, GroupFacts)>),
    /// To `FitRequest::Learn`.
    Learned(Box<Learned>),
    /// To `FitRequest::Populate`.
    Population(Box<Population>),
    /// To `FitRequest::OpenModel`.
    Model(Box<Saved>),
    /// To `FitRequest::Refit`.
    Refitted(Stability),
    /// To `ExportRequest::CountLines` and `DataRequest::CountSample`.
    Counted(u64),
    /// To `ScoreRequest::PairRanks`.
    Paired([Ranks; 2]),
    /// To `ScoreRequest::Agree`.
    Agreed {
        /// Ranks by both together, per shard.
        consensus: Vec<Ranks>,
        /// Spearman's correlation of the rankings, if there is one.
        correlation: Option<f64>,
    },
    /// To `Request::Ask`.
    Answer(AnyAnswer),
}
