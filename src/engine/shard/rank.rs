//! Scores → order → verdicts.

use super::{Run, Shard, read::Stretch, score::TOPS};
use crate::{
    detect::{
        rank::{self, Ties},
        summary::{self, Summary},
        threshold::Rule,
    },
    engine::{
        EngineError, Outlet, Progress, Reply, Stage,
        message::{Ranks, Scores, WhichRun},
    },
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
        let run = self.next()?;
        run.ties = Ties::of(&descending);
        run.ranking = Some(Box::new(descending));
        let ranks = split(&ranks, &lengths);
        outlet.tick(at(rows)).await?;
        Ok(Reply::Ranked { ranks, low, high })
    }

    /// As [`Shard::rank`], of summaries: exact for the highest [`TOPS`] rows of the file, by bins for the rest.
    pub(super) fn rank_summaries(&mut self, summaries: Vec<Summary>) -> Result<Reply, EngineError> {
        let (whole, shard_ranks) = summary::join(summaries, TOPS);
        let (low, high) = (whole.low, whole.tops.first().copied().unwrap_or(0.0));
        self.next()?.ranking = Some(Box::new(whole));
        Ok(Reply::RankedSummaries { shard_ranks, low, high })
    }

    pub(super) fn judge(
        &self,
        rules: &[Rule],
        Scores(calibration): &Scores,
        run: WhichRun,
    ) -> Result<Reply, EngineError> {
        let unranked = || EngineError::Protocol("the rows were not ranked".into());
        let run = self.which(run)?;
        let scores = run.ranking.as_deref().ok_or_else(unranked)?;
        let verdict = |rule: &Rule| {
            let calibration = &calibration[..calibration.len().min(rule.calibration_rows() as usize)];
            rule.of(&run.model).apply_beside(scores, calibration).map_err(|error| EngineError::Rule(error.to_string()))
        };
        Ok(Reply::Judged(rules.iter().map(verdict).collect::<Result<_, _>>()?))
    }

    /// Scores of the first rows, scored again where they are not held.
    pub(super) async fn first_scores(
        &mut self,
        rows: u64,
        run: WhichRun,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = rows.min(self.rows) as usize;
        if self.held {
            let scores = self.which(run)?.scores.get(..rows);
            let scores = scores.ok_or_else(|| EngineError::Protocol("the rows were not scored".into()))?;
            return Ok(Reply::Scored(Scores(scores.to_vec())));
        }
        let Run { plan, model, .. } = self.which(run)?;
        let (plan, model) = (plan.clone(), model.clone());
        let mut scores = Vec::with_capacity(rows);
        let mut from = self.stretch.start;
        while scores.len() < rows {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            blocks.iter().for_each(|block| scores.extend(model.score(&plan, block)));
            from = next;
            let done = scores.len().min(rows) as u64;
            outlet.tick(Progress { stage: Stage::Scoring, done, total: rows as u64, rows: done }).await?;
        }
        scores.truncate(rows);
        Ok(Reply::Scored(Scores(scores)))
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
