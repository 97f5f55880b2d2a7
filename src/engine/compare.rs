//! Two runs on the same rows, by one detector and by the other: how far they agree.
//!
//! Shards keep the ranks of the last run of the other detector beside those of the last run, where rows are held. All
//! pairs here are in the order of [`crate::detect::Method::ALL`], whichever ran first.

use std::ops::Range;

use futures_util::future::try_join_all;

use super::{
    EngineError, Host, Reply, Request,
    job::{answered, ask_all},
    message::Ranks,
};
use crate::{evaluate::agreement::Agreement, report::ConsensusRow};

/// Ranks all rows by both detectors together (`evaluate::agreement::consensus`), and gives Spearman's correlation of
/// their rankings. To be asked for once, after the second run; what follows here builds on it.
///
/// # Errors
/// [`EngineError`], also if only one detector ran or rows are not held.
pub async fn agree<H: Host>(host: &H) -> Result<Option<f64>, EngineError> {
    let mut pairs = Vec::with_capacity(host.shards());
    for reply in ask_all(host, |_| Request::PairRanks).await? {
        pairs.push(answered!(reply, Reply::Paired(pair) => pair)?);
    }
    let (consensus, correlation) = answered!(host.ask(0, Request::Agree(pairs)).await?,
        Reply::Agreed { consensus, correlation } => (consensus, correlation))?;
    let keep = |(shard, ranks): (usize, Ranks)| host.ask(shard, Request::KeepConsensus(ranks));
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
    let (mut agreement, mut rows) = (Agreement::default(), Vec::new());
    for reply in ask_all(host, |_| Request::Compare { flagged, highest, ranks: ranks.clone() }).await? {
        let (part, some) = answered!(reply, Reply::Compared(part, some) => (part, some))?;
        agreement.merge(&part);
        rows.extend(some);
    }
    rows.sort_unstable_by_key(|row| row.ranks.consensus);
    Ok((agreement, rows))
}
