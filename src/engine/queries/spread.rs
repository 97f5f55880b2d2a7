//! How the values of columns are spread.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Passing, Progress, Query, Shard, Stage},
    ingest::{Record, Source},
    report::{Cut, Filter, Spread, SpreadCount},
};

/// Columns of a block that are counted between two ticks.
const STRIDE: usize = 32;

/// How the values of these columns are spread among the rows that a filter leaves: all of them, so that rows that are not held
/// are read again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpreadQuery {
    /// The filter.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// The columns and their parts.
    pub cuts: Arc<Vec<Cut>>,
}

impl Merge for Spread {
    fn merge(&mut self, next: Self) {
        Spread::merge(self, &next);
    }
}

impl Query for SpreadQuery {
    type Answer = Spread;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Spread, EngineError> {
        let mut count = SpreadCount::new(&self.cuts);
        match shard.held_table().filter(|_| self.filter.is_empty()) {
            // A column of a block at a time is several times as fast as a row at a time.
            Some(table) => {
                let (mut done, total) = (0, table.rows());
                for block in &table.blocks {
                    for column in 0..self.cuts.len() {
                        if column % STRIDE == 0 {
                            outlet.tick(Progress::of(Stage::Filtering, done, total)).await?;
                        }
                        count.add_block(block, column);
                    }
                    done += block.rows();
                }
            }
            None => {
                let mut take = |row: Passing<'_>, _: Option<&Record<'_>>| count.add(row.block, row.place);
                shard.sift((&self.filter, self.anomalies), (Stage::Filtering, false), &mut take, outlet).await?;
            }
        }
        Ok(count.finish())
    }
}
