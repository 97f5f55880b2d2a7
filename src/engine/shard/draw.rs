//! Rows → samples of them.

use super::Shard;
use crate::{
    engine::{EngineError, Reply},
    ingest::Source,
    table::{Block, Hashes, RowSample, SmallestKeys, Table, row_hash},
};

impl<S: Source + 'static> Shard<S> {
    /// Drops the rows but those that may be in a sample.
    pub(super) fn drop_rows(&mut self) -> Result<Reply, EngineError> {
        let width = self.layout()?.schema.width();
        let table = std::mem::take(&mut self.table);
        if self.held {
            self.drawn = Some(draw(table, self.sampling, width));
        }
        self.held = false;
        Ok(Reply::Done)
    }

    /// The hashes of the shard's rows, or the `rows` smallest of them if there are more.
    pub(super) fn smallest_hashes(&self, rows: usize) -> Hashes {
        let mut hashes: Vec<u64> = match &self.drawn {
            Some(drawn) => drawn.keys().to_vec(),
            None => self.table.blocks.iter().flat_map(|block| hashes(block, self.sampling.1)).collect(),
        };
        if (1..hashes.len()).contains(&rows) {
            hashes.select_nth_unstable(rows);
            hashes.truncate(rows);
        }
        Hashes(hashes)
    }

    /// The shard's part of the sample of rows with hashes up to `cutoff`.
    pub(super) fn sample_up_to(&mut self, cutoff: u64) -> Result<RowSample, EngineError> {
        self.cutoff = cutoff;
        let mut keeper = SmallestKeys::up_to(cutoff, self.layout()?.schema.width());
        let table = match &self.drawn {
            Some(drawn) => &drawn.table(&self.layout()?.schema),
            None => &self.table,
        };
        table.blocks.iter().for_each(|block| offer(&mut keeper, block, self.sampling.1));
        Ok(keeper.into_sample())
    }
}

/// Keeps of the rows of `table` those that may be in a sample of so many rows with this seed.
pub(super) fn draw(table: Table, (rows, seed): (usize, u64), width: usize) -> SmallestKeys<u64> {
    let mut keeper = SmallestKeys::new(rows, width);
    table.blocks.iter().for_each(|block| offer(&mut keeper, block, seed));
    keeper
}

/// Offers a block that follows those before.
pub(super) fn offer(keeper: &mut SmallestKeys<u64>, block: &Block, seed: u64) {
    keeper.offer(block, hashes(block, seed));
}

fn hashes(block: &Block, seed: u64) -> impl Iterator<Item = u64> + '_ {
    block.offsets.iter().map(move |&offset| row_hash(seed, offset))
}
