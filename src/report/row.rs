//! One row of the results.

use serde::{Deserialize, Serialize};

use crate::detect::Expected;

/// One reason why a row scored as it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The table's column.
    pub column: usize,
    /// What of the column's value was looked at, where it is not the value itself: `rarity`.
    pub aspect: Option<String>,
    /// Its share of all that made the row stand out, in 0..=1.
    pub share: f64,
    /// What the detector expected in its place, where it expects anything: what the flow has that is most alike, of the nearest
    /// neighbours.
    pub expected: Option<Expected>,
}

/// The ranks of a row that both detectors ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BothRanks {
    /// Its rank by either, in the order of [`crate::detect::Method`].
    pub detectors: [u32; 2],
    /// Its rank by both together.
    pub consensus: u32,
}

/// One row of what both detectors say together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsensusRow {
    /// Its ranks.
    pub ranks: BothRanks,
    /// The row, as the last run has it.
    pub row: RankedRow,
}

/// One row of the results.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RankedRow {
    /// 1 is the most anomalous.
    pub rank: u32,
    /// Anomaly score.
    pub score: f64,
    /// The number of its group among those that stand out, 0 for none.
    pub group: u8,
    /// Byte offset of its record.
    pub offset: u64,
    /// Its cells as they stand in the file.
    pub cells: Vec<String>,
    /// What weighs most, heaviest first.
    pub reasons: Vec<Reason>,
    /// Of the nearest neighbours: what the flow holds that the reasons compare with, by column, where that can be said.
    pub alike: Vec<(usize, Expected)>,
}
