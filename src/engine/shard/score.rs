//! Rows → scores → ranks.

use std::{ops::ControlFlow, sync::Arc};

use super::{Shard, read::Stretch};
use crate::{
    detect::{
        Model,
        isolation_forest::Params,
        summary::{Bins, ScoreKey, ShardRanks, Summary},
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores},
    },
    features::{FeaturePlan, Treatment},
    ingest::Source,
    table::{Profile, SmallestKeys},
};

/// Rows of a file whose ranks are exact where not all are held.
pub(super) const TOPS: usize = 65_536;

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn fit(
        &mut self,
        treatment: Treatment,
        params: Params,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = self.sample.rows as u64;
        let at = |done| Progress { stage: Stage::Fitting, done, total: rows, rows: done };
        outlet.tick(at(0)).await?;
        let schema = &self.layout()?.schema;
        let plan = FeaturePlan::fit(treatment, schema, profile, &self.sample)?;
        let matrix = plan.training_matrix(&self.sample, schema);
        outlet.tick(at(rows / 2)).await?;
        let params = params.check().map_err(|error| EngineError::Detector(error.to_string()))?;
        let forest = params
            .fit(matrix.view(), &mut |_| ControlFlow::Continue(()))
            .map_err(|error| EngineError::Detector(error.to_string()))?;
        outlet.tick(at(rows)).await?;
        Ok(Reply::Fitted(Arc::new(plan), Arc::new(forest)))
    }

    /// Fits the plan alone, for a detector that is trained elsewhere.
    pub(super) async fn prepare(
        &mut self,
        treatment: Treatment,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = self.sample.rows;
        let at = |done| Progress { stage: Stage::Fitting, done, total: rows as u64, rows: done };
        outlet.tick(at(0)).await?;
        let schema = &self.layout()?.schema;
        let plan = FeaturePlan::fit(treatment, schema, profile, &self.sample)?;
        let matrix = plan.training_matrix(&self.sample, schema);
        outlet.tick(at(rows as u64)).await?;
        let (rows, values) = (matrix.nrows(), matrix.into_raw_vec_and_offset().0);
        Ok(Reply::Prepared { plan: Arc::new(plan), rows, values })
    }

    pub(super) async fn score(
        &mut self,
        plan: Arc<FeaturePlan>,
        model: Model,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        self.set_aside(model.method());
        self.forget_scores();
        let reply = if self.held {
            self.score_held(&plan, &model, outlet).await?
        } else {
            self.score_streamed(&plan, &model, outlet).await?
        };
        self.model = Some((plan, model));
        Ok(reply)
    }

    async fn score_held(
        &mut self,
        plan: &FeaturePlan,
        model: &Model,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let total = self.rows;
        let mut scores = Vec::with_capacity(self.table.rows());
        for block in &self.table.blocks {
            let done = scores.len() as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total, rows: done }).await?;
            scores.extend(model.score(plan.apply(block).view()));
        }
        outlet.tick(Progress { stage: Stage::Scoring, done: total, total, rows: total }).await?;
        self.scores.clone_from(&scores);
        Ok(Reply::Scored(Scores(scores)))
    }

    /// Reads the rows again, and keeps the highest-scoring.
    async fn score_streamed(
        &mut self,
        plan: &FeaturePlan,
        model: &Model,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let width = self.layout()?.schema.width();
        let mut tops = SmallestKeys::new(TOPS, width);
        let mut bins = Bins::default();
        let mut low = f64::INFINITY;
        self.expect_all();
        let (mut from, mut rows) = (self.stretch.start, 0);
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            for block in &blocks {
                let scores = model.score(plan.apply(block).view());
                let place = |(&score, &offset): (&f64, &u64)| ScoreKey::new(score, offset);
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
        self.tops = Some(tops);
        Ok(Reply::Summarised(summary))
    }

    pub(super) fn keep_ranks(&mut self, Ranks(ranks): Ranks) -> Result<Reply, EngineError> {
        self.ranks = ranks;
        self.ranked()?;
        Ok(Reply::Done)
    }

    /// From now on, the table is that of the highest-scoring rows.
    pub(super) fn keep_shard_ranks(&mut self, shard_ranks: Box<ShardRanks>) -> Result<Reply, EngineError> {
        let mut tops = self.tops.take().ok_or_else(|| EngineError::Protocol("the rows were not scored".into()))?;
        match shard_ranks.last {
            Some(last) => tops.keep_up_to(last),
            None => tops = SmallestKeys::new(0, self.layout()?.schema.width()),
        }
        self.scores = tops.keys().iter().map(|place| place.score()).collect();
        self.ranks.clone_from(&shard_ranks.ranks);
        self.table = tops.table(&self.layout()?.schema);
        self.shard_ranks = Some(shard_ranks);
        self.ranked()?;
        Ok(Reply::Done)
    }
}
