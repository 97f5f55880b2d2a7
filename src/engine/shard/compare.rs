//! Ranks by both detectors → how far they agree.

use super::{Run, Shard, rank::split};
use crate::{
    detect::{Method, rank::Ties},
    engine::{EngineError, Outlet, Progress, Reply, Stage, message::Ranks},
    evaluate::agreement,
    ingest::Source,
    report::BothRanks,
};

/// What stays of a run when the other detector is run on the same rows: four bytes a row.
pub(super) struct Earlier {
    method: Method,
    ranks: Vec<u32>,
    /// First shard only, of all rows of the file.
    ties: Ties,
}

impl<S: Source + 'static> Shard<S> {
    /// Shows the run that was being made from now on. Keeps the ranks of the last run, if this one is by another detector;
    /// forgets what is older.
    ///
    /// Ranks that all shards have are always of one run: every shard does this once all have their ranks.
    pub(super) fn adopt(&mut self) -> Result<Reply, EngineError> {
        let mut next = self.next.take().ok_or_else(|| EngineError::Protocol("nothing is being scored".into()))?;
        // Nobody asked where all flows are of one moment.
        next.sieve = None;
        let method = next.model.method();
        match self.run.take() {
            Some(Run { model, ranks, ties, .. }) if model.method() != method && self.held => {
                self.earlier = Some(Earlier { method: model.method(), ranks, ties });
            }
            _ => self.earlier = self.earlier.take().filter(|earlier| earlier.method != method),
        }
        self.run = Some(next);
        self.kept = None;
        Ok(Reply::Done)
    }

    fn earlier(&self) -> Result<&Earlier, EngineError> {
        let rows = self.run()?.ranks.len();
        let complete = |earlier: &&Earlier| self.held && earlier.ranks.len() == rows;
        let alone = || EngineError::Protocol("only one detector ranked the rows".into());
        self.earlier.as_ref().filter(complete).ok_or_else(alone)
    }

    /// The ranks by both detectors, in the order of [`Method`].
    fn both_ranks(&self) -> Result<[&[u32]; 2], EngineError> {
        let (run, earlier) = (self.run()?, self.earlier()?);
        Ok(in_order((run.model.method(), &run.ranks), (earlier.method, &earlier.ranks)))
    }

    /// The two detectors whose ranks are known, in the order of [`Method`].
    pub(super) fn both_methods(&self) -> Result<[Method; 2], EngineError> {
        let mut methods = [self.run()?.model.method(), self.earlier()?.method];
        methods.sort_unstable();
        Ok(methods)
    }

    fn consensus(&self) -> Result<&[u32], EngineError> {
        let run = self.run()?;
        if run.consensus.len() == run.ranks.len() {
            Ok(&run.consensus)
        } else {
            Err(EngineError::Protocol("the rows were not ranked by both detectors".into()))
        }
    }

    pub(super) fn pair_ranks(&self) -> Result<Reply, EngineError> {
        Ok(Reply::Paired(self.both_ranks()?.map(|ranks| Ranks(ranks.to_vec()))))
    }

    /// Correlates and joins the rankings of all rows.
    pub(super) async fn agree(&self, pairs: Vec<[Ranks; 2]>, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let (run, earlier) = (self.run()?, self.earlier()?);
        let lengths: Vec<usize> = pairs.iter().map(|[Ranks(first), _]| first.len()).collect();
        let rows = lengths.iter().sum::<usize>();
        let at = |done| Progress::of(Stage::Comparing, done, rows);
        outlet.tick(at(0)).await?;
        let mut ranks = [Vec::with_capacity(rows), Vec::with_capacity(rows)];
        for pair in pairs {
            ranks.iter_mut().zip(pair).for_each(|(all, Ranks(part))| all.extend(part));
        }
        let ranks = [ranks[0].as_slice(), ranks[1].as_slice()];
        let ties = in_order((run.model.method(), &run.ties), (earlier.method, &earlier.ties));
        let correlation = agreement::spearman(ranks, ties);
        outlet.tick(at(rows / 2)).await?;
        let consensus = split(&agreement::consensus(ranks), &lengths);
        outlet.tick(at(rows)).await?;
        Ok(Reply::Agreed { consensus, correlation })
    }

    pub(super) fn keep_consensus(&mut self, Ranks(ranks): Ranks) -> Result<Reply, EngineError> {
        let run = self.run.as_mut().ok_or_else(|| EngineError::Protocol("nothing was scored".into()))?;
        run.consensus = ranks;
        self.consensus()?;
        Ok(Reply::Done)
    }

    /// Every rank that the shard's rows have.
    pub(in crate::engine) fn every_rank(&self) -> Result<EveryRank<'_>, EngineError> {
        Ok(EveryRank { detectors: self.both_ranks()?, consensus: self.consensus()? })
    }
}

/// The ranks of a shard's rows, in file order.
#[derive(Clone, Copy)]
pub(in crate::engine) struct EveryRank<'a> {
    pub detectors: [&'a [u32]; 2],
    pub consensus: &'a [u32],
}

impl EveryRank<'_> {
    /// Those of one row.
    pub fn of(&self, row: usize) -> BothRanks {
        BothRanks { detectors: self.detectors.map(|ranks| ranks[row]), consensus: self.consensus[row] }
    }
}

/// What belongs to two methods, in their order.
fn in_order<'a, T: ?Sized>((a, of_a): (Method, &'a T), (b, of_b): (Method, &'a T)) -> [&'a T; 2] {
    if a < b { [of_a, of_b] } else { [of_b, of_a] }
}
