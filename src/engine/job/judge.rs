//! Scores → a threshold among them.

use super::{answered, ask_first};
use crate::{
    detect::threshold::{Rule, Threshold},
    engine::{
        EngineError, Host, Reply, ScoreRequest,
        message::{Scores, WhichRun},
    },
};

/// What a rule makes of the scores of the last run.
///
/// # Errors
/// [`EngineError`], also if the rule is refused.
pub async fn judge<H: Host>(host: &H, rule: Rule) -> Result<Threshold, EngineError> {
    judge_run(host, rule, WhichRun::Shown).await
}

/// The same of several rules; a verdict each.
///
/// # Errors
/// As [`judge`].
pub async fn judge_all<H: Host>(host: &H, rules: Vec<Rule>) -> Result<Vec<Threshold>, EngineError> {
    judge_each(host, rules, WhichRun::Shown).await
}

pub(super) async fn judge_run<H: Host>(host: &H, rule: Rule, run: WhichRun) -> Result<Threshold, EngineError> {
    let mut verdicts = judge_each(host, vec![rule], run).await?;
    verdicts.pop().ok_or_else(|| EngineError::Protocol("no verdict".into()))
}

async fn judge_each<H: Host>(host: &H, rules: Vec<Rule>, run: WhichRun) -> Result<Vec<Threshold>, EngineError> {
    let wanted = rules.iter().map(|rule| rule.calibration_rows()).max().unwrap_or(0);
    let calibration = Scores(first_scores(host, wanted, run).await?);
    let judge = ScoreRequest::Judge { rules, calibration, run };
    answered!(ask_first(host, judge).await?, Reply::Judged(verdicts) => verdicts)
}

/// Scores of the file's first rows.
async fn first_scores<H: Host>(host: &H, rows: u64, run: WhichRun) -> Result<Vec<f64>, EngineError> {
    let mut first = Vec::new();
    for shard in 0..host.shards() {
        let more = rows.saturating_sub(first.len() as u64);
        if more > 0 {
            let reply = host.ask(shard, ScoreRequest::FirstScores { rows: more, run }.into()).await?;
            first.extend(answered!(reply, Reply::Scored(Scores(scores)) => scores)?);
        }
    }
    Ok(first)
}
