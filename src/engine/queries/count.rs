//! How many rows a filter leaves.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    ingest::Source,
    report::Filter,
};

/// How many rows the filter leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CountQuery {
    /// The filter.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
}

/// What it leaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows.
    pub rows: u64,
    /// Those of them that are anomalies.
    pub anomalies: u64,
}

impl Merge for Counts {
    fn merge(&mut self, next: Self) {
        self.rows += next.rows;
        self.anomalies += next.anomalies;
    }
}

impl Query for CountQuery {
    type Answer = Counts;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Counts, EngineError> {
        let kept = shard.kept(&self.filter, self.anomalies, outlet).await?;
        Ok(Counts { rows: kept.rows, anomalies: kept.flagged })
    }
}
