//! Rows by their ranks.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    ingest::Source,
    report::RankedRow,
};

/// Rows that are explained between two ticks.
pub(in crate::engine) const TICK_ROWS: usize = 16;

/// The rows with these ranks, by rank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowsQuery(pub Range<u32>);

impl Merge for Vec<RankedRow> {
    fn merge(&mut self, next: Self) {
        self.extend(next);
        self.sort_unstable_by_key(|row| row.rank);
    }
}

impl Query for RowsQuery {
    type Answer = Vec<RankedRow>;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Vec<RankedRow>, EngineError> {
        let found = shard.run()?.rows_of(&self.0);
        let mut rows = shard.ranked_rows(&found, outlet).await?;
        rows.sort_unstable_by_key(|row| row.rank);
        Ok(rows)
    }
}
