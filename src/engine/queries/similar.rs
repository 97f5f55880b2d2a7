//! Flows that are most like one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    features::{Points, Space},
    ingest::Source,
    numeric::order::ordered,
    report::RankedRow,
};

/// The flows that lie nearest to a place. Where rows are not held, of the highest-scoring ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilarQuery {
    /// Where rows lie.
    pub space: Arc<Space>,
    /// The place, one row.
    pub place: Points,
    /// The byte at which the record begins of the flow itself, which is not among them.
    pub but: u64,
    /// How many at most.
    pub most: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// How far it is, in parts of which [`UNIT`](crate::features::UNIT) are another value of one column.
    pub distance: u32,
    /// The flow.
    pub row: RankedRow,
}

/// The nearest first, of equal ones those of higher rank.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    most: usize,
    /// The flows.
    pub rows: Vec<Alike>,
}

impl Merge for Similar {
    fn merge(&mut self, next: Self) {
        self.rows.extend(next.rows);
        let rows = std::mem::take(&mut self.rows);
        self.rows = ordered(rows, |a, b| (a.distance, a.row.rank).cmp(&(b.distance, b.row.rank)));
        self.rows.truncate(self.most);
    }
}

impl Query for SimilarQuery {
    type Answer = Similar;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Similar, EngineError> {
        let near = shard.nearest_rows((&self.space, &self.place), self.but, self.most, outlet).await?;
        let found: Vec<usize> = near.iter().map(|&(_, _, row)| row).collect();
        let rows = shard.ranked_rows(&found, outlet).await?;
        let alike = |((distance, ..), row): ((u32, u32, usize), RankedRow)| Alike { distance, row };
        Ok(Similar { most: self.most, rows: near.into_iter().zip(rows).map(alike).collect() })
    }
}
