//! A fitted plan and detector → scores, ranks and a threshold for all rows.

use std::sync::Arc;

use futures_util::future::try_join_all;

use super::{
    Dataset, Fitted, Outcome, answered, ask_each, ask_first, drift::drift, fit, group::group, judge::judge_run,
};
use crate::{
    context::Ends,
    engine::{
        EngineError, Host, Reply, ScoreRequest,
        message::{Ranks, WhichRun},
    },
    features::Mode,
    model::Options,
};

/// Fits a detector on a sample of the rows, and scores all of them: [`fit()`] and [`apply`].
///
/// # Errors
/// As these.
pub async fn run<H: Host>(host: &H, dataset: &Dataset, options: Options) -> Result<Outcome, EngineError> {
    let fitted = fit(host, dataset, &options).await?;
    apply(host, dataset, fitted, options).await
}

/// Scores and ranks all rows with a plan and a detector that were fitted before, on these rows or on others with the
/// same columns, and chooses a threshold. What the last run left stands until all of this is done.
///
/// # Errors
/// [`EngineError`] if the rule for the threshold is refused, or somebody cancels.
pub async fn apply<H: Host>(
    host: &H,
    dataset: &Dataset,
    fitted: Fitted,
    options: Options,
) -> Result<Outcome, EngineError> {
    let Fitted { plan, model, trained, normal, population } = fitted;
    let groups = options.groups.filter(|_| plan.treatment.mode == Mode::Recommended);
    // Flows known to be normal tell what is routine: then there are no bursts.
    let is_counted = groups.is_some() && normal.is_none();
    let count = Ends::of(&dataset.layout.schema).filter(|_| is_counted).map(|ends| (ends, dataset.profile.rows));
    let score = ScoreRequest::Score { plan: Arc::clone(&plan), model: model.clone(), count };
    let replies = ask_each(host, |_| score.clone()).await?;
    let (low, high) = if dataset.held { rank(host, replies).await? } else { rank_summaries(host, replies).await? };
    let threshold = judge_run(host, options.rule(), WhichRun::Next).await?;
    let (groups, usual_groups) = match groups {
        Some(params) => group(host, dataset, &plan, params, normal.as_ref()).await?,
        None => (Vec::new(), 0),
    };
    let drift = match &population {
        Some(known) => Some(Arc::new(drift(host, dataset, (&plan, &model), known).await?)),
        None => None,
    };
    ask_each(host, |_| ScoreRequest::Adopt).await?;
    let groups = Arc::new(groups);
    Ok(Outcome { options, plan, threshold, low, high, trained, groups, usual_groups, model, normal, population, drift })
}

/// Has the first shard rank all scores, and the others keep their ranks.
async fn rank<H: Host>(host: &H, scored: Vec<(Reply, H::Written)>) -> Result<(f64, f64), EngineError> {
    let scores =
        scored.into_iter().map(|reply| answered!(reply, Reply::Scored(scores) => scores)).collect::<Result<_, _>>()?;
    let ranked = ask_first(host, ScoreRequest::Rank(scores)).await?;
    let (ranks, low, high) = answered!(ranked, Reply::Ranked { ranks, low, high } => (ranks, low, high))?;
    let keep = |(shard, ranks): (usize, Ranks)| host.ask(shard, ScoreRequest::KeepRanks(ranks).into());
    try_join_all(ranks.into_iter().enumerate().map(keep)).await?;
    Ok((low, high))
}

/// The same where there are only summaries of the scores.
async fn rank_summaries<H: Host>(host: &H, scored: Vec<(Reply, H::Written)>) -> Result<(f64, f64), EngineError> {
    let summaries = scored
        .into_iter()
        .map(|reply| answered!(reply, Reply::Summarised(summary) => summary))
        .collect::<Result<_, _>>()?;
    let placed = ask_first(host, ScoreRequest::RankSummaries(summaries)).await?;
    let (shard_ranks, low, high) =
        answered!(placed, Reply::RankedSummaries { shard_ranks, low, high } => (shard_ranks, low, high))?;
    let keep = |(shard, shard_ranks)| host.ask(shard, ScoreRequest::KeepShardRanks(Box::new(shard_ranks)).into());
    try_join_all(shard_ranks.into_iter().enumerate().map(keep)).await?;
    Ok((low, high))
}
