//! How many rows score above something.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Outlet, Query, Shard},
    ingest::Source,
};

/// How many rows score above this.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CountAbove(pub f64);

impl Query for CountAbove {
    type Answer = u64;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        _outlet: &impl Outlet,
    ) -> Result<u64, EngineError> {
        let run = shard.run()?;
        let exact = run.scores.iter().filter(|&&score| score > self.0).count() as u64;
        Ok(exact + run.shard_ranks.as_ref().map_or(0, |ranks| ranks.rest_above(self.0)))
    }
}
