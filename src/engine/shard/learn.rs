//! Single rows, by where they are in the file.

use super::Shard;
use crate::{
    detect::summary::ScoreKey,
    engine::{EngineError, Outlet, Placed, Progress, Stage},
    ingest::Source,
    table::Block,
};

/// Rows that are looked up between two ticks.
const TICK_ROWS: usize = 64;

/// Takes what is said of a row, and where its cells are.
type Take<'a> = dyn FnMut(Placed, &Block, usize) + 'a;

impl<S: Source + 'static> Shard<S> {
    /// Hands on those of the rows at these bytes that are the shard's, in this order, with what the shown run says of them. Rows
    /// that are not held are read, scored and ranked again.
    pub(in crate::engine) async fn each_at(
        &mut self,
        offsets: &[u64],
        take: &mut Take<'_>,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let own: Vec<u64> = offsets.iter().copied().filter(|offset| self.stretch.contains(offset)).collect();
        for (done, some) in own.chunks(TICK_ROWS).enumerate() {
            outlet.tick(Progress::of(Stage::Filtering, done * TICK_ROWS, own.len())).await?;
            for &offset in some {
                if !self.held_at(offset, take)? && !self.held {
                    self.read_at(offset, take)?;
                }
            }
        }
        Ok(())
    }

    /// Of the run's table: all rows, or the highest-scoring.
    fn held_at(&self, offset: u64, take: &mut Take<'_>) -> Result<bool, EngineError> {
        let run = self.run()?;
        let table = self.table(run);
        let Some(row) = table.find(offset) else { return Ok(false) };
        let (block, place) = table.locate(row);
        take(Placed { offset, rank: run.ranks[row], group: run.group_of(row) }, block, place);
        Ok(true)
    }

    /// Another row, whose rank is told by its score to within a bin.
    fn read_at(&mut self, offset: u64, take: &mut Take<'_>) -> Result<(), EngineError> {
        let read = self.read_rows(offset, offset + 1)?.blocks;
        let Some(block) = read.first().filter(|block| block.offsets.first() == Some(&offset)) else { return Ok(()) };
        let run = self.run()?;
        let Some(ranks) = &run.shard_ranks else { return Ok(()) };
        let score = run.model.score(&run.plan, block).first().copied().unwrap_or(0.0);
        let rank = ranks.ranker().rank(ScoreKey::new(score, offset));
        let group = run.assign(block).first().copied().unwrap_or(0);
        take(Placed { offset, rank, group }, block, 0);
        Ok(())
    }
}
