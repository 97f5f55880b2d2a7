//! Jobs: what is asked of which shard, in which order, and how the answers are merged.

use std::{ops::Range, sync::Arc};

use futures_util::future::try_join_all;

use super::{EngineError, Export, Host, Reply, Request, message::Ranks};
use crate::{
    detect::{
        isolation_forest::Params,
        threshold::{Rule, Threshold},
    },
    features::{FeaturePlan, Mode},
    ingest::{Choices, Findings, IngestError, Layout, split},
    report::{RankedRow, Typical, View, ViewQuery},
    table::{Profile, SampleKeys},
};

/// Rows of the sample that detectors are fitted on. A file with no more rows is fitted on as a whole.
const SAMPLE_ROWS: usize = 65_536;
/// The sample's own seed: which rows are drawn does not change with the detector's.
const SAMPLE_SEED: u64 = 42;
/// Bytes that the rows of one shard may take: what 32-bit memory holds, less room to work in.
const SHARD_BUDGET: u64 = 3 << 30;

/// Bytes that the first shard needs per row of the whole file while it ranks: scores as sent and as sorted, keys, ranks.
const RANKING: u64 = 48;

/// A file that was read and is held by the shards.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What kind of file it is.
    pub layout: Arc<Layout>,
    /// Exact statistics of all its rows.
    pub profile: Arc<Profile>,
    /// What is usual in each column.
    pub typical: Arc<Vec<Typical>>,
    /// Everything odd in it.
    pub findings: Findings,
    /// Rows that the detector will be fitted on.
    pub sample_rows: usize,
}

/// How a detector is run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Options {
    /// How columns are treated.
    pub mode: Mode,
    /// The detector's parameters.
    pub params: Params,
}

impl Options {
    /// How the threshold is chosen at first: Classic takes the original's 5 %.
    pub fn rule(&self) -> Rule {
        match self.mode {
            Mode::Recommended => Rule::Isolated,
            Mode::Classic => Rule::Contamination(0.05),
        }
    }
}

/// Rows that were scored and ranked, held by the shards.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it was run.
    pub options: Options,
    /// Which columns were compared, and how.
    pub plan: Arc<FeaturePlan>,
    /// The verdict that the rule gave.
    pub threshold: Threshold,
    /// Least score.
    pub low: f64,
    /// Greatest score.
    pub high: f64,
}

/// Asks the shards for one thing and expects one kind of answer.
macro_rules! expect {
    ($answer:expr, $pattern:pat => $value:expr) => {
        match $answer.0 {
            $pattern => Ok($value),
            other => Err(EngineError::Protocol(format!("unexpected answer {}", kind_of(&other)))),
        }
    };
}

/// The name of a reply's variant, for messages.
fn kind_of(reply: &Reply) -> String {
    let text = format!("{reply:?}");
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Asks every shard the same and waits for all.
async fn ask_all<H: Host>(
    host: &H,
    request: impl Fn(usize) -> Request,
) -> Result<Vec<(Reply, H::Written)>, EngineError> {
    try_join_all((0..host.shards()).map(|shard| host.ask(shard, request(shard)))).await
}

/// Has the first shard write `rows` synthetic flows.
///
/// # Errors
/// [`EngineError`]
pub async fn generate<H: Host>(host: &H, rows: u64, seed: u64) -> Result<H::Written, EngineError> {
    Ok(host.ask(0, Request::Generate { rows, seed }).await?.1)
}

/// Reads the file that the shards were given.
///
/// # Errors
/// [`EngineError`] if it cannot be read or used, or somebody cancels.
pub async fn load<H: Host>(host: &H) -> Result<Dataset, EngineError> {
    let (layout, mut findings) = expect!(host.ask(0, Request::Sniff { choices: Choices::default() }).await?, Reply::Sniffed(layout, found) => (layout, found))?;
    check_budget(&layout, host.shards())?;

    let mut profile = Profile::new(&layout.schema);
    for (part, found) in parse(host, &layout).await? {
        profile.merge(part);
        findings.merge(found);
    }
    if profile.rows == 0 {
        return Err(IngestError::NoUsableRows { rejected: findings.rejected_rows() }.into());
    }
    let profile = Arc::new(profile);

    let sample_rows = sample(host).await?;
    let describe = Request::Describe { profile: Arc::clone(&profile) };
    let typical = expect!(host.ask(0, describe).await?, Reply::Described(typical) => Arc::new(typical))?;
    Ok(Dataset { layout, profile, typical, findings, sample_rows })
}

fn check_budget(layout: &Layout, shards: usize) -> Result<(), EngineError> {
    let rows = layout.estimated_rows();
    let needed = rows * layout.schema.row_bytes() / shards as u64 + rows * RANKING;
    if needed > SHARD_BUDGET {
        let (needed_mb, budget_mb) = (needed >> 20, SHARD_BUDGET >> 20);
        return Err(EngineError::TooLarge { needed_mb, budget_mb });
    }
    Ok(())
}

/// Has all shards read their ranges, and those that began at the wrong byte read again (see [`split`]).
async fn parse<H: Host>(host: &H, layout: &Arc<Layout>) -> Result<Vec<(Profile, Findings)>, EngineError> {
    let ranges = split::ranges(layout.data_start, layout.file_bytes, host.shards());
    let request = |shard: usize, begin| Request::Parse {
        layout: Arc::clone(layout),
        range: ranges[shard].clone(),
        begin,
        budget: SHARD_BUDGET,
    };
    let replies = ask_all(host, |shard| request(shard, (shard == 0).then_some(layout.data_start))).await?;
    let mut parts = Vec::with_capacity(replies.len());
    let mut next = layout.data_start;
    for (shard, mut reply) in replies.into_iter().enumerate() {
        if !matches!(reply.0, Reply::Parsed { begin, .. } if begin == next) {
            reply = host.ask(shard, request(shard, Some(next))).await?;
        }
        let (end, part) = expect!(reply, Reply::Parsed { end, profile, findings, .. } => (end, (profile, findings)))?;
        next = end;
        parts.push(part);
    }
    Ok(parts)
}

/// Has the first shard gather the row sample, and says how many rows it has.
async fn sample<H: Host>(host: &H) -> Result<usize, EngineError> {
    let draw = Request::Draw { seed: SAMPLE_SEED, capacity: SAMPLE_ROWS };
    let mut keys: Option<SampleKeys> = None;
    for reply in ask_all(host, |_| draw.clone()).await? {
        let drawn = expect!(reply, Reply::Drawn(drawn) => drawn)?;
        match &mut keys {
            None => keys = Some(drawn),
            Some(keys) => keys.merge(drawn),
        }
    }
    let cutoff = keys.and_then(|keys| keys.cutoff()).unwrap_or(0);
    let mut rows = 0;
    // One after the other: together they are tens of megabytes, and the page must not stall while it passes them on.
    for shard in 0..host.shards() {
        let reply = host.ask(shard, Request::Sample { seed: SAMPLE_SEED, cutoff }).await?;
        let part = expect!(reply, Reply::Sampled(part) => part)?;
        rows += part.rows;
        host.ask(0, Request::KeepSample { part, first: shard == 0 }).await?;
    }
    Ok(rows)
}

/// Fits a detector on the sample, scores and ranks all rows and chooses a threshold.
///
/// # Errors
/// [`EngineError`] if no column can be compared, the parameters are refused, or somebody cancels.
pub async fn run<H: Host>(host: &H, dataset: &Dataset, options: Options) -> Result<Outcome, EngineError> {
    let fit = Request::Fit { mode: options.mode, params: options.params, profile: Arc::clone(&dataset.profile) };
    let (plan, forest) = expect!(host.ask(0, fit).await?, Reply::Fitted(plan, forest) => (plan, forest))?;

    let score = Request::Score { plan: Arc::clone(&plan), forest };
    let replies = ask_all(host, |_| score.clone()).await?;
    let scores =
        replies.into_iter().map(|reply| expect!(reply, Reply::Scored(scores) => scores)).collect::<Result<_, _>>()?;

    let ranked = host.ask(0, Request::Rank { scores, rule: options.rule() }).await?;
    let (ranks, threshold, low, high) =
        expect!(ranked, Reply::Ranked { ranks, threshold, low, high } => (ranks, threshold, low, high))?;
    let keep = |(shard, ranks): (usize, Ranks)| host.ask(shard, Request::KeepRanks(ranks));
    try_join_all(ranks.into_iter().enumerate().map(keep)).await?;
    Ok(Outcome { options, plan, threshold, low, high })
}

/// How many rows score above `threshold`.
///
/// # Errors
/// [`EngineError`]
pub async fn anomalies_above<H: Host>(host: &H, threshold: f64) -> Result<u64, EngineError> {
    let mut anomalies = 0;
    for reply in ask_all(host, |_| Request::CountAbove(threshold)).await? {
        anomalies += expect!(reply, Reply::Counted(count) => count)?;
    }
    Ok(anomalies)
}

/// What the charts show.
///
/// # Errors
/// [`EngineError`]
pub async fn view<H: Host>(host: &H, query: &ViewQuery) -> Result<View, EngineError> {
    let mut merged: Option<View> = None;
    for reply in ask_all(host, |_| Request::View(query.clone())).await? {
        let part = expect!(reply, Reply::Viewed(part) => part)?;
        match &mut merged {
            None => merged = Some(part),
            Some(merged) => merged.merge(part),
        }
    }
    merged.ok_or_else(|| EngineError::Protocol("no shards".into()))
}

/// The rows with these ranks, by rank.
///
/// # Errors
/// [`EngineError`]
pub async fn rows<H: Host>(host: &H, ranks: Range<u32>) -> Result<Vec<RankedRow>, EngineError> {
    let mut rows = Vec::new();
    for reply in ask_all(host, |_| Request::Rows(ranks.clone())).await? {
        rows.extend(expect!(reply, Reply::Listed(part) => part)?);
    }
    rows.sort_unstable_by_key(|row| row.rank);
    Ok(rows)
}

/// Has the shards write the results file, and gives the pieces in order.
///
/// # Errors
/// [`EngineError`] if the file cannot be read any more, or somebody cancels.
pub async fn export<H: Host>(host: &H, export: Export) -> Result<Vec<H::Written>, EngineError> {
    let export = Arc::new(export);
    let replies = ask_all(host, |shard| Request::Export { export: Arc::clone(&export), header: shard == 0 }).await?;
    Ok(replies.into_iter().map(|(_, written)| written).collect())
}
