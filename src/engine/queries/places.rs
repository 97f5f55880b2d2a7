//! Where some rows of the file lie: what is learned from marks is learned there.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    features::{Points, Space},
    ingest::Source,
};

/// The rows at these bytes, in a space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacesQuery {
    /// The space.
    pub space: Arc<Space>,
    /// The bytes at which their records begin, ascending. Where no record begins, there is no row.
    pub offsets: Vec<u64>,
    /// At most so many rows of the file's sample besides.
    pub sample: usize,
}

/// What the shown run says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The byte at which its record begins.
    pub offset: u64,
    /// Its rank.
    pub rank: u32,
    /// The number of its group, 0 for none.
    pub group: u8,
}

/// Rows, and where they lie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Places {
    /// In the order of the file.
    pub rows: Vec<Placed>,
    /// A point per row.
    pub points: Points,
    /// Rows of the sample, which the first shard has.
    pub sample: Points,
}

impl Merge for Places {
    fn merge(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.points.extend(&next.points);
        self.sample.extend(&next.sample);
    }
}

impl Query for PlacesQuery {
    type Answer = Places;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Places, EngineError> {
        let Self { space, offsets, sample } = self;
        let mut places = Places { points: space.empty(), ..Places::default() };
        let mut take = |placed: Placed, block: &_, row: usize| {
            space.push(&mut places.points, block, row);
            places.rows.push(placed);
        };
        shard.each_at(&offsets, &mut take, outlet).await?;
        let layout = shard.file_layout()?;
        let rows = shard.sample();
        // Only the first shard has one, and what has no rows may have no columns.
        places.sample =
            if rows.rows > 0 && sample > 0 { space.of_sample(rows, &layout.schema, sample) } else { space.empty() };
        Ok(places)
    }
}
