//! Two runs on the same rows, by two detectors: how far they agree.
//!
//! Where rows are held, shards keep the ranks of the last run of another detector beside those of the last run. All
//! pairs here are in the order of [`crate::detect::Method`], whichever ran first.

use std::ops::Range;

use futures_util::future::try_join_all;

use super::{answered, ask_each, ask_first};
use crate::{
    engine::{
        EngineError, Host, Reply, ScoreRequest, ask_all,
        message::Ranks,
        queries::{CompareQuery, Comparison},
    },
    evaluate::agreement::Agreement,
    report::ConsensusRow,
};

/// Ranks all rows by both detectors together (`evaluate::agreement::consensus`), and gives Spearman's correlation of
/// their rankings. To be asked for once, after the second run; what follows here builds on it.
///
/// # Errors
/// [`EngineError`], also if only one detector ran or rows are not held.
pub async fn agree<H: Host>(host: &H) -> Result<Option<f64>, EngineError> {
    let mut pairs = Vec::with_capacity(host.shards());
    for reply in ask_each(host, |_| ScoreRequest::PairRanks).await? {
        pairs.push(answered!(reply, Reply::Paired(pair) => pair)?);
    }
    let (consensus, correlation) = answered!(ask_first(host, ScoreRequest::Agree(pairs)).await?,
        Reply::Agreed { consensus, correlation } => (consensus, correlation))?;
    let keep = |(shard, ranks): (usize, Ranks)| host.ask(shard, ScoreRequest::KeepConsensus(ranks).into());
    try_join_all(consensus.into_iter().enumerate().map(keep)).await?;
    Ok(correlation)
}

/// Counts what both detectors flag, each so many of its highest, and what is common to the `highest` of both; and lists
/// the rows with these `ranks` by both together.
///
/// # Errors
/// [`EngineError`], also if rows were not ranked by [`agree`].
pub async fn compare<H: Host>(
    host: &H,
    flagged: [u64; 2],
    highest: u64,
    ranks: Range<u32>,
) -> Result<(Agreement, Vec<ConsensusRow>), EngineError> {
    let Comparison { agreement, rows } = ask_all(host, CompareQuery { flagged, highest, ranks }).await?;
    Ok((agreement, rows))
}
