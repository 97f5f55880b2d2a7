//! Rows that lie near to a place.

use super::Shard;
use crate::{
    engine::{EngineError, Outlet, Progress, Stage},
    features::{Points, Space},
    ingest::Source,
};

/// Rows between two ticks.
const STRIDE: usize = 8_192;

impl<S: Source + 'static> Shard<S> {
    /// Distances, ranks and numbers of the shown run's rows that lie nearest to a place, but for the one at the byte `but`.
    pub(in crate::engine) async fn nearest_rows(
        &self,
        (space, place): (&Space, &Points),
        but: u64,
        most: usize,
        outlet: &impl Outlet,
    ) -> Result<Vec<(u32, u32, usize)>, EngineError> {
        let run = self.run()?;
        let mut near: Vec<(u32, u32, usize)> = Vec::with_capacity(most + 1);
        if !space.holds(place) || place.rows() == 0 {
            return Ok(near);
        }
        let (table, total) = (self.table(run), self.table(run).rows());
        let mut first = 0;
        for block in &table.blocks {
            let points = space.of_block(block);
            for row in 0..block.rows() {
                if row % STRIDE == 0 {
                    outlet.tick(Progress::of(Stage::Filtering, first + row, total)).await?;
                }
                let farthest = near.get(most.wrapping_sub(1)).map_or(u32::MAX, |near| near.0);
                // Equal ones are in the order of their ranks.
                let within = farthest.saturating_add(1);
                let distance = place.point(0).nearer(points.point(row), within).filter(|_| block.offsets[row] != but);
                if let Some(distance) = distance {
                    let one = (distance, run.ranks[first + row], first + row);
                    near.insert(near.partition_point(|other| *other < one), one);
                    near.truncate(most);
                }
            }
            first += block.rows();
        }
        Ok(near)
    }
}
