//! Why a threshold is where it is.

use serde::{Deserialize, Serialize};

/// How a threshold came about, with the figures that it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Reason {
    /// There are no scores.
    NoScores,
    /// No row scores above the limit that rows reach by chance.
    NothingIsolated {
        /// That limit.
        limit: f64,
    },
    /// Rows above the limit are isolated sooner than chance would.
    Isolated {
        /// That limit.
        limit: f64,
    },
    /// So many rows are above the limit that they are not rare.
    ManyIsolated {
        /// That limit.
        limit: f64,
        /// Their share of all rows.
        share: f64,
    },
    /// Rows above the limit take fewer splits than usual.
    FewerSplits {
        /// That limit.
        limit: f64,
    },
    /// This share of the rows was asked for.
    Share(f64),
    /// So many rows were asked for, or that is how many there are.
    Number(u64),
    /// So far above the median.
    AboveMedian {
        /// In robust standard deviations.
        deviations: f64,
        /// One of them.
        deviation: f64,
        /// The median of the scores.
        median: f64,
    },
    /// By the scores as they are, where there are too few to extrapolate their tail, or no need to.
    Exceeded {
        /// Rows in a million that exceed the threshold.
        per_million: f64,
    },
    /// By the tail of the scores, extrapolated.
    Tail {
        /// Rows in a million that would exceed the threshold.
        per_million: f64,
        /// The score from which on rows belong to the tail.
        start: f64,
        /// Rows in all.
        rows: u64,
    },
    /// Scores above the limit are higher than those of all but one in a thousand normal flows.
    BeyondNormal {
        /// That limit.
        limit: f64,
    },
    /// Scores above the limit are beyond their tail.
    BeyondTail {
        /// That limit.
        limit: f64,
    },
    /// No score is beyond the tail.
    NothingBeyondTail {
        /// Where it would end.
        limit: f64,
    },
    /// At most a share of what is flagged is expected to be a false alarm.
    FalseDiscoveryRate {
        /// That share.
        share: f64,
        /// Rows that are known to be normal.
        references: u64,
        /// How many of these score as high and are flagged, too.
        flagged_references: u64,
    },
    /// Nothing can be flagged with so few false alarms expected.
    NoDiscovery {
        /// The share of false alarms.
        share: f64,
        /// Rows that are known to be normal.
        references: u64,
    },
}
