//! Where given rows stand by what was learned from marks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Placed, Query, Shard},
    ingest::Source,
    learn::{Learned, Standings},
    table::Block,
};

/// The rows at these bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandingQuery {
    /// What was learned.
    pub learned: Arc<Learned>,
    /// The bytes at which their records begin, ascending. Where no record begins, there is no row.
    pub offsets: Vec<u64>,
}

impl Merge for Standings {
    fn merge(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.points.extend(&next.points);
        self.groups.extend(next.groups);
    }
}

impl Query for StandingQuery {
    type Answer = Standings;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Standings, EngineError> {
        let Self { learned, offsets } = self;
        let mut standings = learned.nowhere();
        let mut take = |row: Placed, block: &Block, place: usize| {
            learned.stand(&mut standings, (block, place), (row.offset, row.rank, row.group));
        };
        shard.each_at(&offsets, &mut take, outlet).await?;
        Ok(standings)
    }
}
