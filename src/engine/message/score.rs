//! About scores, and ranks made of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    context::{Bursts, Clock, Ends, Frequent},
    detect::{
        Model,
        groups::Groups,
        summary::{ShardRanks, Summary},
        threshold::Rule,
    },
    features::{FeaturePlan, Space},
};

/// Scores of a shard's rows, in file order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores(#[serde(with = "crate::table::packed")] pub Vec<f64>);

/// Ranks of a shard's rows, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranks(#[serde(with = "crate::table::packed")] pub Vec<u32>);

/// Which rows are compared with each other, to find groups: some by chance, and the highest-scoring.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Those with hashes up to this.
    pub cutoff: u64,
    /// And those of rank 1 to this.
    pub highest: u32,
}

/// Which run is meant: while one is under way, the last one still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhichRun {
    /// The one that is shown.
    Shown,
    /// The one that is being made.
    Next,
}

/// What is asked about scores.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ScoreRequest {
    /// Score all rows, and keep plan and detector to give reasons. This begins the next run.
    Score {
        /// The plan.
        plan: Arc<FeaturePlan>,
        /// The fitted detector.
        model: Model,
        /// Count how many rows everybody has at most, where rows say whose they are, for [`ScoreRequest::Sift`]; of so many in the
        /// whole file.
        count: Option<(Ends, u64)>,
    },
    /// Order all rows by score. (First shard only.)
    Rank(
        /// The shards' scores, in file order.
        Vec<Scores>,
    ),
    /// Keep the ranks of the shard's rows.
    KeepRanks(Ranks),
    /// The same as [`ScoreRequest::Rank`], of summaries. (First shard only.)
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
        /// Of which run.
        run: WhichRun,
    },
    /// Give the scores of the shard's first rows.
    FirstScores {
        /// At most so many.
        rows: u64,
        /// Of which run.
        run: WhichRun,
    },
    /// Say where some of the next run's rows lie.
    Points {
        /// In which space.
        space: Arc<Space>,
        /// Which rows.
        compared: Compared,
    },
    /// Say how many rows everybody has at most, as counted while they were scored.
    Sift,
    /// Say when the rows were of those who have many.
    Trace {
        /// Where rows say whose they are, and when.
        ends: Ends,
        /// What cuts time into parts.
        clock: Arc<Clock>,
        /// Who may have many.
        frequent: Arc<Frequent>,
    },
    /// Say which groups and bursts rows of the next run are among, and what is true of these.
    Assign {
        /// The groups.
        groups: Arc<Groups>,
        /// Bursts, which may share rows.
        bursts: Option<Arc<Bursts>>,
        /// The rows that the groups were found among.
        compared: Compared,
        /// What cuts time into parts, where there is some.
        clock: Option<Arc<Clock>>,
        /// The first and the last point in time of the file.
        span: [i64; 2],
    },
    /// Say which group or burst each row of the next run is in.
    Settle {
        /// The groups.
        groups: Arc<Groups>,
        /// Those of the bursts that were kept: a row is in the first of its own, and in no group then.
        bursts: Option<Arc<Bursts>>,
        /// The places of these among all.
        kept: Vec<u8>,
        /// The number of each group, and then of each burst that was kept; 0 where it is none.
        numbers: Vec<u8>,
    },
    /// The next run is complete: it is what is shown from now on.
    Adopt,
    /// Give the ranks that both detectors gave the shard's rows.
    PairRanks,
    /// Correlate and join the rankings. (First shard only.)
    Agree(
        /// The shards' ranks by either detector, in file order.
        Vec<[Ranks; 2]>,
    ),
    /// Keep the ranks that the shard's rows have by both detectors together.
    KeepConsensus(Ranks),
}

/// What a row may be in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Among {
    /// The place of its group among all, from 1; 0 for none.
    pub group: u8,
    /// The places of its bursts among all, from 0, ascending.
    pub bursts: Vec<u8>,
}

impl Among {
    /// In none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.group == 0 && self.bursts.is_empty()
    }

    /// The place of what it is in, among so many groups and then the bursts that were kept, from 1; 0 for none.
    #[must_use]
    pub fn place(&self, groups: usize, kept: &[u8]) -> usize {
        match kept.iter().position(|place| self.bursts.contains(place)) {
            Some(place) => groups + place + 1,
            None => usize::from(self.group),
        }
    }
}
