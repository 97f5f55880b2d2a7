//! What two detectors flag, and the rows that stand out by both together.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    evaluate::agreement::Agreement,
    ingest::Source,
    report::ConsensusRow,
};

/// Count what both detectors flag, and list some rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareQuery {
    /// Rows that each flags: so many of its highest.
    pub flagged: [u64; 2],
    /// Rows of each that are compared besides, the highest.
    pub highest: u64,
    /// Rows to give as well, by their ranks by both together.
    pub ranks: Range<u32>,
}

/// What both detectors say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What is common to both and what is not.
    pub agreement: Agreement,
    /// The rows that were asked for, by their rank by both together.
    pub rows: Vec<ConsensusRow>,
}

impl Merge for Comparison {
    fn merge(&mut self, next: Self) {
        self.agreement.merge(&next.agreement);
        self.rows.extend(next.rows);
        self.rows.sort_unstable_by_key(|row| row.ranks.consensus);
    }
}

impl Query for CompareQuery {
    type Answer = Comparison;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Comparison, EngineError> {
        let both = shard.every_rank()?;
        let agreement = Agreement::count(both.detectors, self.flagged, self.highest);
        let found: Vec<usize> =
            (0..both.consensus.len()).filter(|&row| self.ranks.contains(&both.consensus[row])).collect();
        let listed = shard.ranked_rows(&found, outlet).await?;
        let both = shard.every_rank()?;
        let row = |(&row, listed)| ConsensusRow { ranks: both.of(row), row: listed };
        let mut rows: Vec<ConsensusRow> = found.iter().zip(listed).map(row).collect();
        rows.sort_unstable_by_key(|row| row.ranks.consensus);
        Ok(Comparison { agreement, rows })
    }
}
