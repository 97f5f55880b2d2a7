//! When there was how much traffic, and whose it was.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Passing, Query, Shard, Stage},
    ingest::{Record, Source},
    report::{Filter, Traffic, TrafficCount},
};

/// What there was of the rows that a filter leaves: of all of them, so that rows that are not held are read again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrafficQuery {
    /// The filter.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// From when to when times are counted, in nanoseconds.
    pub span: [i64; 2],
}

impl Merge for Traffic {
    fn merge(&mut self, next: Self) {
        Traffic::merge(self, next);
    }
}

impl Query for TrafficQuery {
    type Answer = Traffic;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Traffic, EngineError> {
        let mut count = TrafficCount::new(&shard.file_layout()?.schema, self.span);
        let mut take = |row: Passing<'_>, _: Option<&Record<'_>>| {
            count.add(row.block, row.place, u64::from(row.rank) <= self.anomalies);
        };
        shard.sift((&self.filter, self.anomalies), (Stage::Filtering, false), &mut take, outlet).await?;
        Ok(count.finish())
    }
}
