//! Rows → scores → ranks.

use std::{ops::ControlFlow, sync::Arc};

use super::{Shard, Source};
use crate::{
    detect::{
        isolation_forest::{IsolationForest, Params},
        rank,
        threshold::Rule,
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores},
    },
    features::{FeaturePlan, Mode},
    table::Profile,
};

impl<S: Source> Shard<S> {
    pub(super) async fn fit(
        &mut self,
        mode: Mode,
        params: Params,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = self.sample.rows as u64;
        let at = |done| Progress { stage: Stage::Fitting, done, total: rows, rows: done };
        outlet.tick(at(0)).await?;
        let schema = &self.layout()?.schema;
        let plan = FeaturePlan::fit(mode, schema, profile, &self.sample)?;
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
        let total = self.table.rows() as u64;
        let mut scores = Vec::with_capacity(self.table.rows());
        for block in &self.table.blocks {
            let done = scores.len() as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total, rows: done }).await?;
            scores.extend(forest.score(plan.apply(block).view()));
        }
        outlet.tick(Progress { stage: Stage::Scoring, done: total, total, rows: total }).await?;
        self.model = Some((plan, forest));
        self.ranks.clear();
        self.scores.clone_from(&scores);
        Ok(Reply::Scored(Scores(scores)))
    }

    pub(super) fn keep_ranks(&mut self, Ranks(ranks): Ranks) -> Result<Reply, EngineError> {
        self.ranks = ranks;
        self.ranked()?;
        Ok(Reply::Done)
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
