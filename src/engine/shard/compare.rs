//! Ranks by both detectors → how far they agree.

use std::ops::Range;

use super::{Shard, verdict::split};
use crate::{
    detect::{Method, rank::Ties},
    engine::{EngineError, Outlet, Progress, Reply, Stage, message::Ranks},
    evaluate::agreement::{self, Agreement},
    ingest::Source,
    report::{BothRanks, ConsensusRow},
};

/// What stays of a run when the other detector is run on the same rows: four bytes a row.
pub(super) struct Earlier {
    method: Method,
    ranks: Vec<u32>,
    /// First shard only, of all rows of the file.
    ties: Ties,
}

impl<S: Source + 'static> Shard<S> {
    /// Keeps the ranks of the last run, if the next one is by the other detector; forgets what is older.
    ///
    /// Ranks that all shards have are always of one run: before a detector's new ranks are made, every shard forgets its
    /// old ones here.
    pub(super) fn set_aside(&mut self, next: Method) {
        let method = self.model.as_ref().map(|(_, model)| model.method());
        match method {
            Some(method) if method != next && self.held && self.ranked().is_ok() => {
                let (ranks, ties) = (std::mem::take(&mut self.ranks), std::mem::take(&mut self.ties));
                self.earlier = Some(Earlier { method, ranks, ties });
            }
            _ => self.earlier = self.earlier.take().filter(|earlier| earlier.method != next),
        }
    }

    fn earlier(&self) -> Result<&Earlier, EngineError> {
        self.ranked()?;
        let complete = |earlier: &&Earlier| self.held && earlier.ranks.len() == self.ranks.len();
        let alone = || EngineError::Protocol("only one detector ranked the rows".into());
        self.earlier.as_ref().filter(complete).ok_or_else(alone)
    }

    /// The ranks by both detectors, in the order of [`Method::ALL`].
    fn both_ranks(&self) -> Result<[&[u32]; 2], EngineError> {
        let earlier = self.earlier()?;
        Ok(in_order(earlier.method, &earlier.ranks, &self.ranks))
    }

    fn consensus(&self) -> Result<&[u32], EngineError> {
        if self.consensus.len() == self.ranks.len() {
            Ok(&self.consensus)
        } else {
            Err(EngineError::Protocol("the rows were not ranked by both detectors".into()))
        }
    }

    pub(super) fn pair_ranks(&self) -> Result<Reply, EngineError> {
        Ok(Reply::Paired(self.both_ranks()?.map(|ranks| Ranks(ranks.to_vec()))))
    }

    /// Correlates and joins the rankings of all rows.
    pub(super) async fn agree(&self, pairs: Vec<[Ranks; 2]>, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let earlier = self.earlier()?;
        let lengths: Vec<usize> = pairs.iter().map(|[Ranks(first), _]| first.len()).collect();
        let rows = lengths.iter().sum::<usize>() as u64;
        let at = |done| Progress { stage: Stage::Comparing, done, total: rows, rows: done };
        outlet.tick(at(0)).await?;
        let mut ranks = [Vec::with_capacity(rows as usize), Vec::with_capacity(rows as usize)];
        for pair in pairs {
            ranks.iter_mut().zip(pair).for_each(|(all, Ranks(part))| all.extend(part));
        }
        let ranks = [ranks[0].as_slice(), ranks[1].as_slice()];
        let correlation = agreement::spearman(ranks, in_order(earlier.method, &earlier.ties, &self.ties));
        outlet.tick(at(rows / 2)).await?;
        let consensus = split(&agreement::consensus(ranks), &lengths);
        outlet.tick(at(rows)).await?;
        Ok(Reply::Agreed { consensus, correlation })
    }

    pub(super) fn keep_consensus(&mut self, Ranks(ranks): Ranks) -> Result<Reply, EngineError> {
        self.consensus = ranks;
        self.consensus()?;
        Ok(Reply::Done)
    }

    pub(super) fn compare(
        &mut self,
        flagged: [u64; 2],
        highest: u64,
        ranks: &Range<u32>,
    ) -> Result<Reply, EngineError> {
        let agreement = Agreement::count(self.both_ranks()?, flagged, highest);
        let consensus = self.consensus()?;
        let found: Vec<usize> = (0..consensus.len()).filter(|&row| ranks.contains(&consensus[row])).collect();
        let rows = self.ranked_rows(&found)?;
        let both = self.every_rank()?;
        let row = |(row, listed)| ConsensusRow { ranks: both.of(row), row: listed };
        Ok(Reply::Compared(agreement, found.iter().copied().zip(rows).map(row).collect()))
    }

    /// Every rank that the shard's rows have.
    pub(super) fn every_rank(&self) -> Result<EveryRank<'_>, EngineError> {
        Ok(EveryRank { detectors: self.both_ranks()?, consensus: self.consensus()? })
    }
}

/// The ranks of a shard's rows, in file order.
#[derive(Clone, Copy)]
pub(super) struct EveryRank<'a> {
    detectors: [&'a [u32]; 2],
    consensus: &'a [u32],
}

impl<'a> EveryRank<'a> {
    /// Those of some rows.
    pub fn part(&self, rows: Range<usize>) -> EveryRank<'a> {
        EveryRank { detectors: self.detectors.map(|ranks| &ranks[rows.clone()]), consensus: &self.consensus[rows] }
    }

    /// Those of one row.
    pub fn of(&self, row: usize) -> BothRanks {
        BothRanks { detectors: self.detectors.map(|ranks| ranks[row]), consensus: self.consensus[row] }
    }
}

/// In the order of [`Method::ALL`]: `earlier` belongs to `method`, `last` to the other.
fn in_order<'a, T: ?Sized>(method: Method, earlier: &'a T, last: &'a T) -> [&'a T; 2] {
    match method {
        Method::IsolationForest => [earlier, last],
        Method::Autoencoder => [last, earlier],
    }
}
