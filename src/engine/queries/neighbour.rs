//! A flow that lies at a point: that in no group of alike rows which is most like one.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    features::Points,
    ingest::Source,
};

/// The first flow at this point, of those that groups were found among.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeighbourQuery(pub Points);

/// Where it is in the file, and its cells as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Neighbour(pub Option<(u64, Vec<String>)>);

impl Merge for Neighbour {
    fn merge(&mut self, next: Self) {
        self.0 = match (self.0.take(), next.0) {
            (Some(one), Some(other)) => Some(if other.0 < one.0 { other } else { one }),
            (one, other) => one.or(other),
        };
    }
}

impl Query for NeighbourQuery {
    type Answer = Neighbour;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        _: &impl Outlet,
    ) -> Result<Neighbour, EngineError> {
        let Some(offset) = shard.compared_at(&self.0)? else { return Ok(Neighbour(None)) };
        Ok(Neighbour(Some((offset, shard.cells_at(offset)?))))
    }
}
