//! What each feature weighed in making rows stand out.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::rows::TICK_ROWS;
use crate::{
    engine::{EngineError, Merge, Outlet, Progress, Query, Shard, Stage},
    explain::{Explanations, Importance},
    ingest::Source,
};

/// What each feature weighed in making the rows with these ranks stand out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weigh(pub Range<u32>);

impl Merge for Importance {
    fn merge(&mut self, next: Self) {
        Importance::merge(self, &next);
    }
}

impl Query for Weigh {
    type Answer = Importance;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Importance, EngineError> {
        let run = shard.run()?;
        let explanations = Explanations::new(&run.plan, &run.model);
        let mut importance = Importance::default();
        let rows = run.rows_of(&self.0);
        for (done, &row) in rows.iter().enumerate() {
            if done % TICK_ROWS == 0 {
                outlet.tick(Progress::of(Stage::Explaining, done, rows.len())).await?;
            }
            let (block, place) = shard.table(run).locate(row);
            importance.add(&explanations.of(block, place).contributions);
        }
        Ok(importance)
    }
}
