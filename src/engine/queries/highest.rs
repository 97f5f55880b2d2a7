//! The highest-scoring rows, and a sum by which the same results are known again.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard, TOPS},
    ingest::Source,
    table::row_hash,
};

/// Where the rows of rank 1 to this begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighestQuery(pub u32);

/// The highest-scoring rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highest {
    /// Their ranks, and the bytes at which their records begin, in the order of the file.
    pub flows: Vec<(u32, u64)>,
    /// A wrapping sum of hashes of where a row begins, its score, rank and group, over the 65,536 highest: it depends neither
    /// on how rows are split nor on whether they are held, which these ranks do not either.
    pub sum: u64,
}

impl Merge for Highest {
    fn merge(&mut self, next: Self) {
        self.flows.extend(next.flows);
        self.sum = self.sum.wrapping_add(next.sum);
    }
}

impl Query for HighestQuery {
    type Answer = Highest;

    async fn answer<S: Source + 'static>(self, shard: &mut Shard<S>, _: &impl Outlet) -> Result<Highest, EngineError> {
        let run = shard.run()?;
        let table = shard.table(run);
        let mut highest = Highest::default();
        for (row, &rank) in run.ranks.iter().enumerate().filter(|(_, rank)| **rank as usize <= TOPS) {
            let (block, place) = table.locate(row);
            let offset = block.offsets[place];
            let result = [run.scores[row].to_bits(), rank.into(), run.group_of(row).into()];
            let hash = result.into_iter().fold(row_hash(0, offset), row_hash);
            highest.sum = highest.sum.wrapping_add(hash);
            if rank <= self.0 {
                highest.flows.push((rank, offset));
            }
        }
        Ok(highest)
    }
}
