//! Scores → order → verdicts, and how far to trust them.

use std::{ops::ControlFlow, ops::Range};

use super::{Shard, read::Stretch, score::TOPS};
use crate::{
    detect::{
        Model,
        isolation_forest::{Params, Stability},
        rank::{self, Ties},
        summary::{self, Summary},
        threshold::Rule,
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores},
    },
    explain::{Explanations, Importance},
    ingest::Source,
};

impl<S: Source + 'static> Shard<S> {
    /// Ranks the rows of all shards together: by score, and equal scores by their place in the file.
    pub(super) async fn rank(&mut self, scores: Vec<Scores>, outlet: &impl Outlet) -> Result<Reply, EngineError> {
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
        let (high, low) = (descending.first().copied().unwrap_or(0.0), descending.last().copied().unwrap_or(0.0));
        self.ties = Ties::of(&descending);
        self.ranking = Some(Box::new(descending));
        let ranks = split(&ranks, &lengths);
        outlet.tick(at(rows)).await?;
        Ok(Reply::Ranked { ranks, low, high })
    }

    /// As [`Shard::rank`], of summaries: exact for the highest [`TOPS`] rows of the file, by bins for the rest.
    pub(super) fn rank_summaries(&mut self, summaries: Vec<Summary>) -> Reply {
        let (whole, shard_ranks) = summary::join(summaries, TOPS);
        let (low, high) = (whole.low, whole.tops.first().copied().unwrap_or(0.0));
        self.ranking = Some(Box::new(whole));
        Reply::RankedSummaries { shard_ranks, low, high }
    }

    pub(super) fn judge(&self, rules: &[Rule], Scores(calibration): &Scores) -> Result<Reply, EngineError> {
        let unranked = || EngineError::Protocol("the rows were not ranked".into());
        let scores = self.ranking.as_deref().ok_or_else(unranked)?;
        let verdict = |rule: &Rule| {
            let calibration = &calibration[..calibration.len().min(rule.calibration_rows() as usize)];
            let rule = self.suited(*rule);
            rule.apply_beside(scores, calibration).map_err(|error| EngineError::Rule(error.to_string()))
        };
        Ok(Reply::Judged(rules.iter().map(verdict).collect::<Result<_, _>>()?))
    }

    /// The rule, or what stands in for one that only forests have.
    fn suited(&self, rule: Rule) -> Rule {
        match &self.model {
            Some((_, Model::Autoencoder(_))) => rule.of_errors(),
            _ => rule,
        }
    }

    /// Scores of the first rows, scored again where they are not held.
    pub(super) async fn first_scores(&mut self, rows: u64, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let rows = rows.min(self.rows) as usize;
        if self.held {
            let scores =
                self.scores.get(..rows).ok_or_else(|| EngineError::Protocol("the rows were not scored".into()))?;
            return Ok(Reply::Scored(Scores(scores.to_vec())));
        }
        let (plan, model) = self.model()?;
        let mut scores = Vec::with_capacity(rows);
        let mut from = self.stretch.start;
        while scores.len() < rows {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            blocks.iter().for_each(|block| scores.extend(model.score(plan.apply(block).view())));
            from = next;
            let done = scores.len().min(rows) as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total: rows as u64, rows: done }).await?;
        }
        scores.truncate(rows);
        Ok(Reply::Scored(Scores(scores)))
    }

    /// Rows that score above this.
    pub(super) fn count_above(&self, threshold: f64) -> u64 {
        let exact = self.scores.iter().filter(|&&score| score > threshold).count() as u64;
        exact + self.shard_ranks.as_ref().map_or(0, |shard_ranks| shard_ranks.rest_above(threshold))
    }

    pub(super) fn weigh(&self, ranks: Range<u32>) -> Result<Reply, EngineError> {
        self.ranked()?;
        let (plan, model) = self.model()?;
        let explanations = Explanations::new(&model);
        let mut importance = Importance::default();
        for row in (0..self.ranks.len()).filter(|&row| ranks.contains(&self.ranks[row])) {
            let (block, place) = self.table.locate(row);
            importance.add(&explanations.of(&plan.row(block, place)).contributions);
        }
        Ok(Reply::Weighed(importance))
    }

    /// Whether the sample's highest-scoring rows are the same with other seeds.
    pub(super) async fn refit(
        &self,
        params: Params,
        top: usize,
        others: usize,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let refused = |error: &dyn std::error::Error| EngineError::Detector(error.to_string());
        let (plan, _) = self.model()?;
        let matrix = plan.training_matrix(&self.sample, &self.layout()?.schema);
        let params = params.check().map_err(|error| refused(&error))?;
        let total = (others + 1) * matrix.nrows();
        let mut highest = Vec::with_capacity(others + 1);
        for other in 0..=others {
            let done = (other * matrix.nrows()) as u64;
            outlet.tick(Progress { stage: Stage::Refitting, done, total: total as u64, rows: done }).await?;
            let params = params.with_seed(params.params().seed.wrapping_add(other as u64));
            let rows = params.highest(matrix.view(), top, &mut |_| ControlFlow::Continue(()));
            highest.push(rows.map_err(|error| refused(&error))?);
        }
        Ok(Reply::Refitted(Stability::of(&highest)))
    }
}

/// The shards' own of the ranks of all rows.
pub(super) fn split(mut ranks: &[u32], lengths: &[usize]) -> Vec<Ranks> {
    let part = |&length: &usize| {
        let (part, rest) = ranks.split_at(length);
        ranks = rest;
        Ranks(part.to_vec())
    };
    lengths.iter().map(part).collect()
}
