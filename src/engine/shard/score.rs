//! Rows → scores.

use std::sync::Arc;

use super::{Run, Shard, read::Stretch};
use crate::{
    context::{Ends, Sieve},
    detect::{
        Model,
        summary::{Bins, ScoreKey, ShardRanks, Summary},
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores},
    },
    features::FeaturePlan,
    ingest::Source,
    table::SmallestKeys,
};

/// Rows of a file whose ranks are exact where not all are held.
pub(in crate::engine) const TOPS: usize = 65_536;

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn score(
        &mut self,
        plan: Arc<FeaturePlan>,
        model: Model,
        count: Option<(Ends, u64)>,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        // The run that is shown stands until this one is complete.
        let mut run = Run::new(plan, model);
        run.sieve = count.map(|(ends, rows)| (Sieve::new(rows), ends));
        let reply = if self.held {
            self.score_held(&mut run, outlet).await?
        } else {
            self.score_streamed(&mut run, outlet).await?
        };
        self.next = Some(run);
        Ok(reply)
    }

    async fn score_held(&mut self, run: &mut Run, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let total = self.rows;
        let mut scores = Vec::with_capacity(self.table.rows());
        for block in &self.table.blocks {
            let done = scores.len() as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total, rows: done }).await?;
            scores.extend(run.model.score(&run.plan, block));
            run.count(block);
        }
        outlet.tick(Progress { stage: Stage::Scoring, done: total, total, rows: total }).await?;
        run.scores.clone_from(&scores);
        Ok(Reply::Scored(Scores(scores)))
    }

    /// Reads the rows again, and keeps the highest-scoring.
    async fn score_streamed(&mut self, run: &mut Run, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let width = self.layout()?.schema.width();
        let mut tops = SmallestKeys::new(TOPS, width);
        let mut bins = Bins::default();
        let mut low = f64::INFINITY;
        self.expect_all();
        let (mut from, mut rows) = (self.stretch.start, 0);
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            for block in &blocks {
                let scores = run.model.score(&run.plan, block);
                let place = |(&score, &offset): (&f64, &u64)| ScoreKey::new(score, offset);
                run.count(block);
                tops.offer(block, scores.iter().zip(&block.offsets).map(place));
                for score in scores {
                    bins.add(score);
                    low = low.min(score);
                }
                rows += block.rows() as u64;
            }
            from = next;
            outlet.tick(Progress { stage: Stage::Scoring, done: rows, total: self.rows, rows }).await?;
        }
        tops.prune();
        let summary = Summary { tops: tops.keys().to_vec(), bins, low };
        run.tops = Some(tops);
        Ok(Reply::Summarised(summary))
    }

    pub(super) fn keep_ranks(&mut self, Ranks(ranks): Ranks) -> Result<Reply, EngineError> {
        let run = self.next()?;
        if ranks.len() != run.scores.len() {
            return Err(EngineError::Protocol("the ranks are of other rows".into()));
        }
        run.ranks = ranks;
        Ok(Reply::Done)
    }

    /// The run's table is that of the highest-scoring rows.
    pub(super) fn keep_shard_ranks(&mut self, ranks: Box<ShardRanks>) -> Result<Reply, EngineError> {
        let schema = self.layout()?.schema.clone();
        let run = self.next()?;
        let mut tops = run.tops.take().ok_or_else(|| EngineError::Protocol("the rows were not scored".into()))?;
        match ranks.last {
            Some(last) => tops.keep_up_to(last),
            None => tops = SmallestKeys::new(0, schema.width()),
        }
        run.scores = tops.keys().iter().map(|key| key.score()).collect();
        run.ranks.clone_from(&ranks.ranks);
        run.table = tops.table(&schema);
        run.shard_ranks = Some(ranks);
        if run.ranks.len() != run.scores.len() || run.table.rows() != run.scores.len() {
            return Err(EngineError::Protocol("the ranks are of other rows".into()));
        }
        Ok(Reply::Done)
    }
}
