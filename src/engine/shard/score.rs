//! Rows → scores → ranks.

use std::{ops::ControlFlow, sync::Arc};

use super::{Shard, read::Stretch};
use crate::{
    detect::{
        isolation_forest::{IsolationForest, Params},
        rank,
        summary::{self, Bins, Place, Standing, Summary},
        threshold::Rule,
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores},
    },
    features::{FeaturePlan, Treatment},
    ingest::Source,
    table::{Keeper, Profile},
};

/// Rows of a file whose ranks are exact where not all are held.
pub(super) const TOPS: usize = 65_536;

impl<S: Source> Shard<S> {
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
        let matrix = plan.apply_to_sample(&self.sample, schema);
        outlet.tick(at(rows / 2)).await?;
        let params = params.check().map_err(|error| EngineError::Detector(error.to_string()))?;
        let forest = params
            .fit(matrix.view(), &mut |_| ControlFlow::Continue(()))
            .map_err(|error| EngineError::Detector(error.to_string()))?;
        outlet.tick(at(rows)).await?;
        Ok(Reply::Fitted(Arc::new(plan), Arc::new(forest)))
    }

    pub(super) async fn score(
        &mut self,
        plan: Arc<FeaturePlan>,
        forest: Arc<IsolationForest>,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        self.forget_scores();
        let reply = if self.held {
            self.score_held(&plan, &forest, outlet).await?
        } else {
            self.score_streamed(&plan, &forest, outlet).await?
        };
        self.model = Some((plan, forest));
        Ok(reply)
    }

    async fn score_held(
        &mut self,
        plan: &FeaturePlan,
        forest: &IsolationForest,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let total = self.rows;
        let mut scores = Vec::with_capacity(self.table.rows());
        for block in &self.table.blocks {
            let done = scores.len() as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total, rows: done }).await?;
            scores.extend(forest.score(plan.apply(block).view()));
        }
        outlet.tick(Progress { stage: Stage::Scoring, done: total, total, rows: total }).await?;
        self.scores.clone_from(&scores);
        Ok(Reply::Scored(Scores(scores)))
    }

    /// Reads the rows again, and keeps the highest-scoring.
    async fn score_streamed(
        &mut self,
        plan: &FeaturePlan,
        forest: &IsolationForest,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let width = self.layout()?.schema.width();
        let mut tops = Keeper::new(TOPS, width);
        let mut bins = Bins::default();
        let mut low = f64::INFINITY;
        self.expect_all();
        let (mut from, mut rows) = (self.stretch.start, 0);
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from)?;
            for block in &blocks {
                let scores = forest.score(plan.apply(block).view());
                let place = |(&score, &offset): (&f64, &u64)| Place::new(score, offset);
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
    pub(super) fn keep_standing(&mut self, standing: Box<Standing>) -> Result<Reply, EngineError> {
        let mut tops = self.tops.take().ok_or_else(|| EngineError::Protocol("the rows were not scored".into()))?;
        match standing.last {
            Some(last) => tops.keep_up_to(last),
            None => tops = Keeper::new(0, self.layout()?.schema.width()),
        }
        self.scores = tops.keys().iter().map(|place| place.score()).collect();
        self.ranks.clone_from(&standing.ranks);
        self.table = tops.table(&self.layout()?.schema);
        self.standing = Some(standing);
        self.ranked()?;
        Ok(Reply::Done)
    }

    /// Rows that score above this.
    pub(super) fn count_above(&self, threshold: f64) -> u64 {
        let exact = self.scores.iter().filter(|&&score| score > threshold).count() as u64;
        exact + self.standing.as_ref().map_or(0, |standing| standing.rest_above(threshold))
    }
}

/// Ranks the rows of all shards together: by score, and equal scores by their place in the file.
pub(super) async fn rank(scores: Vec<Scores>, rule: Rule, outlet: &impl Outlet) -> Result<Reply, EngineError> {
    let rows: u64 = scores.iter().map(|Scores(part)| part.len() as u64).sum();
    let at = |done| Progress { stage: Stage::Ranking, done, total: rows, rows: done };
    outlet.tick(at(0)).await?;
    let lengths: Vec<usize> = scores.iter().map(|Scores(part)| part.len()).collect();
    let mut all: Vec<f64> = Vec::with_capacity(rows as usize);
    scores.into_iter().for_each(|Scores(part)| all.extend(part));
    let ranks = rank::ranks(&all);
    outlet.tick(at(rows / 2)).await?;
    let mut descending = vec![0.0; all.len()];
    for (&rank, &score) in ranks.iter().zip(&all) {
        descending[rank as usize - 1] = score;
    }
    let threshold = rule.apply(&descending).map_err(|error| EngineError::Detector(error.to_string()))?;
    let (high, low) = (descending.first().copied().unwrap_or(0.0), descending.last().copied().unwrap_or(0.0));
    let mut rest = ranks.as_slice();
    let mut parts = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (part, tail) = rest.split_at(length);
        parts.push(Ranks(part.to_vec()));
        rest = tail;
    }
    outlet.tick(at(rows)).await?;
    Ok(Reply::Ranked { ranks: parts, threshold, low, high })
}

/// As [`rank()`], of summaries: exact for the highest [`TOPS`] rows of the file, by bins for the rest.
pub(super) fn place(summaries: Vec<Summary>, rule: Rule) -> Result<Reply, EngineError> {
    let (whole, standings) = summary::join(summaries, TOPS);
    let threshold = rule.apply(&whole.descending()).map_err(|error| EngineError::Detector(error.to_string()))?;
    let high = whole.tops.first().copied().unwrap_or(0.0);
    Ok(Reply::Placed { standings, threshold, low: whole.low, high })
}
