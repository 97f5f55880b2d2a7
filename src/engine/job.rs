//! Jobs: what is asked of which shard, in which order, and how the answers are merged.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use futures_util::future::try_join_all;

use super::{
    EngineError, Export, Host, Limits, Opened, Reply, Request,
    message::{Ranks, Scores},
    open,
};
use crate::{
    detect::{
        Method, Model, autoencoder,
        isolation_forest::{Params, Stability},
        threshold::{Rule, Threshold},
    },
    explain::Importance,
    features::{FeaturePlan, Mode, Treatment},
    ingest::{Choices, Findings, IngestError, Layout, split},
    lint::Lint,
    report::{RankedRow, Scale, Typical, View, ViewQuery},
    table::{Field, Hashes, Profile, Role},
    train::{Device, DevicePreference, TrainingJob, TrainingResult},
};

/// Rows of the sample that detectors are fitted on. A file with no more rows is fitted on as a whole.
const SAMPLE_ROWS: usize = 65_536;
/// Rows of the smaller sample that columns are described by, so that a large file is ready soon.
const DESCRIBED_ROWS: usize = 8_192;
/// Rows up to which a file is described by all of them.
const DESCRIBED_WHOLE: u64 = 32_768;
/// The samples' own seed: which rows are drawn does not change with the detector's.
const SAMPLE_SEED: u64 = 42;

/// A file that was read and is held by the shards.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What kind of file it is.
    pub layout: Arc<Layout>,
    /// Exact statistics of all its rows.
    pub profile: Arc<Profile>,
    /// What is usual in each column.
    pub typical: Arc<Vec<Typical>>,
    /// What is noteworthy about its columns and rows.
    pub lints: Arc<Vec<Lint>>,
    /// Everything odd in it.
    pub findings: Findings,
    /// Rows that columns were described by: all there are, or a sample.
    pub described_rows: usize,
    /// The rows are in memory; if not, they are read again when they are needed.
    pub held: bool,
    /// Lines before the first row.
    pub header_lines: u64,
}

/// Which detector, with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Detector {
    /// An isolation forest.
    IsolationForest(Params),
    /// An autoencoder, trained on the device that is wished for.
    Autoencoder(autoencoder::Params, DevicePreference),
}

impl Default for Detector {
    fn default() -> Self {
        Self::IsolationForest(Params::default())
    }
}

impl Detector {
    /// Which algorithm it is.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::IsolationForest(_) => Method::IsolationForest,
            Self::Autoencoder(..) => Method::Autoencoder,
        }
    }

    /// How its scores are laid out in a chart. Reconstruction errors spread over powers of ten: evenly laid out, nearly
    /// all would be in the first bin.
    #[must_use]
    pub fn scale(&self) -> Scale {
        match self {
            Self::IsolationForest(_) => Scale::Linear,
            Self::Autoencoder(..) => Scale::Log,
        }
    }

    /// The parameters of an isolation forest, if it is one.
    #[must_use]
    pub fn forest(&self) -> Option<Params> {
        match self {
            Self::IsolationForest(params) => Some(*params),
            Self::Autoencoder(..) => None,
        }
    }
}

impl From<Params> for Detector {
    fn from(params: Params) -> Self {
        Self::IsolationForest(params)
    }
}

/// How a detector is run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// How columns are treated.
    pub treatment: Treatment,
    /// The detector.
    pub detector: Detector,
    /// How the threshold is chosen; if `None`, as the mode has it.
    pub rule: Option<Rule>,
}

impl Options {
    /// How the threshold is chosen: if nothing else is asked for, Classic takes the original's 5 %.
    pub fn rule(&self) -> Rule {
        self.rule.unwrap_or(match (self.treatment.mode, &self.detector) {
            (Mode::Recommended, Detector::IsolationForest(_)) => Rule::Isolated,
            (Mode::Recommended, Detector::Autoencoder(..)) => Rule::Isolated.of_errors(),
            (Mode::Classic, _) => Rule::Contamination(0.05),
        })
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
    /// How the autoencoder was trained, if it was one.
    pub trained: Option<Arc<Trained>>,
}

/// How an autoencoder was trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Losses by epoch.
    pub history: autoencoder::History,
    /// Units by layer.
    pub widths: Vec<usize>,
    /// What computed, in the end.
    pub device: Device,
    /// Why that.
    pub why: String,
    /// What went wrong on the way.
    pub warning: Option<String>,
}

impl Trained {
    /// Units of each hidden layer.
    #[must_use]
    pub fn hidden(&self) -> &[usize] {
        match self.widths.as_slice() {
            [_, hidden @ .., _] => hidden,
            _ => &[],
        }
    }
}

/// Asks the shards for one thing and expects one kind of answer.
macro_rules! answered {
    ($answer:expr, $pattern:pat => $value:expr) => {
        match $answer.0 {
            $pattern => Ok($value),
            other => Err(EngineError::Protocol(format!("unexpected answer {}", $crate::engine::job::kind_of(&other)))),
        }
    };
}

pub(super) use answered;

/// The name of a reply's variant, for messages.
pub(super) fn kind_of(reply: &Reply) -> String {
    let text = format!("{reply:?}");
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Asks every shard the same and waits for all.
pub(super) async fn ask_all<H: Host>(
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

/// Opens the files that the shards were given and reads them.
///
/// # Errors
/// As [`open`] and [`read`].
pub async fn load<H: Host>(host: &H) -> Result<Dataset, EngineError> {
    let opened = open(host, &Choices::default(), Limits::default()).await?;
    read(host, &opened).await
}

/// Reads the files that were opened.
///
/// # Errors
/// [`EngineError`] if they cannot be read or used, or somebody cancels.
pub async fn read<H: Host>(host: &H, opened: &Opened) -> Result<Dataset, EngineError> {
    let mut layout = Arc::clone(&opened.layout);
    let budget = if opened.outlook.held { opened.limits.shard(host.shards()) } else { 0 };
    let (profile, findings, held) = loop {
        let mut findings = opened.findings.clone();
        let mut held = true;
        let mut profile: Option<Profile> = None;
        for part in parse(host, &layout, budget).await? {
            findings.merge(part.findings);
            held &= part.held;
            match &mut profile {
                None => profile = Some(part.profile),
                Some(profile) => profile.merge(part.profile),
            }
        }
        let profile = profile.unwrap_or_else(|| Profile::new(&layout.schema));
        // A later part of the file may say more about a column than the first.
        match layout.widened(&profile) {
            Some(widened) => layout = Arc::new(widened),
            None => break (profile, findings, held),
        }
    };
    if profile.rows == 0 {
        return Err(IngestError::NoUsableRows { rejected: findings.rejected_rows() }.into());
    }
    if !held {
        ask_all(host, |_| Request::DropRows).await?;
    }
    let profile = Arc::new(profile);
    let (typical, lints) = describe(host, &profile).await?;
    let described_rows = described_rows(&profile);
    let header_lines = opened.findings.lines;
    Ok(Dataset { layout, profile, typical, lints, findings, described_rows, held, header_lines })
}

impl Dataset {
    /// Rows that the detector is fitted on.
    pub fn sample_rows(&self) -> u64 {
        self.profile.rows.min(SAMPLE_ROWS as u64)
    }
}

/// Rows that columns are described by.
fn described_rows(profile: &Profile) -> usize {
    if profile.rows <= DESCRIBED_WHOLE { profile.rows as usize } else { DESCRIBED_ROWS }
}

async fn describe<H: Host>(
    host: &H,
    profile: &Arc<Profile>,
) -> Result<(Arc<Vec<Typical>>, Arc<Vec<Lint>>), EngineError> {
    sample(host, described_rows(profile)).await?;
    let described = host.ask(0, Request::Describe { profile: Arc::clone(profile) }).await?;
    answered!(described, Reply::Described(typical, lints) => (Arc::new(typical), Arc::new(lints)))
}

/// The same data set with other roles; `None` if the file must be read again for them, because other columns would be
/// stored, counted or compared.
///
/// # Errors
/// [`EngineError`]
pub async fn assign<H: Host>(
    host: &H,
    dataset: &Dataset,
    roles: &BTreeMap<String, Role>,
) -> Result<Option<Dataset>, EngineError> {
    let mut schema = (*dataset.layout.schema).clone();
    for field in &mut schema.fields {
        let Some(&role) = roles.get(&field.name) else { continue };
        let of = |field: &Field| (field.storage(), field.role.is_counted(), field.role.counts_for_repeats());
        let before = of(field);
        field.role = role;
        if of(field) != before {
            return Ok(None);
        }
    }
    let schema = Arc::new(schema);
    ask_all(host, |_| Request::Assign(Arc::clone(&schema))).await?;
    let (typical, lints) = describe(host, &dataset.profile).await?;
    let layout = Arc::new(Layout { schema, ..(*dataset.layout).clone() });
    Ok(Some(Dataset { layout, typical, lints, ..dataset.clone() }))
}

/// What a shard says of its range.
struct Part {
    profile: Profile,
    findings: Findings,
    held: bool,
}

/// Has all shards read their ranges, and those that began at the wrong byte read again (see [`split`]).
async fn parse<H: Host>(host: &H, layout: &Arc<Layout>, budget: u64) -> Result<Vec<Part>, EngineError> {
    let ranges = split::ranges(layout.data_start, layout.file_bytes, host.shards());
    let request = |shard: usize, begin| Request::Parse {
        layout: Arc::clone(layout),
        range: ranges[shard].clone(),
        begin,
        budget,
        sample: (SAMPLE_ROWS, SAMPLE_SEED),
    };
    let replies = ask_all(host, |shard| request(shard, (shard == 0).then_some(layout.data_start))).await?;
    let mut parts = Vec::with_capacity(replies.len());
    let mut next = layout.data_start;
    for (shard, mut reply) in replies.into_iter().enumerate() {
        if !matches!(reply.0, Reply::Parsed { begin, .. } if begin == next) {
            reply = host.ask(shard, request(shard, Some(next))).await?;
        }
        let (end, part) = answered!(reply, Reply::Parsed { end, profile, findings, held, .. } =>
            (end, Part { profile, findings, held }))?;
        next = end;
        parts.push(part);
    }
    Ok(parts)
}

/// Has the first shard gather a sample of up to `rows` rows.
async fn sample<H: Host>(host: &H, rows: usize) -> Result<(), EngineError> {
    let mut hashes = Hashes::default();
    for reply in ask_all(host, |_| Request::Draw { rows }).await? {
        hashes.0.extend(answered!(reply, Reply::Drawn(drawn) => drawn.0)?);
    }
    let cutoff = hashes.cutoff(rows);
    let parts = ask_all(host, |_| Request::Sample { cutoff }).await?;
    // One after the other: together they may be tens of megabytes, and the page must not stall while it passes them on.
    for (shard, reply) in parts.into_iter().enumerate() {
        let part = answered!(reply, Reply::Sampled(part) => part)?;
        host.ask(0, Request::KeepSample { part, first: shard == 0 }).await?;
    }
    Ok(())
}

/// Fits a detector on the sample, scores and ranks all rows and chooses a threshold.
///
/// # Errors
/// [`EngineError`] if no column can be compared, the parameters are refused, or somebody cancels.
pub async fn run<H: Host>(host: &H, dataset: &Dataset, options: Options) -> Result<Outcome, EngineError> {
    let sampled = answered!(host.ask(0, Request::CountSample).await?, Reply::Counted(rows) => rows)?;
    if sampled != dataset.sample_rows() {
        sample(host, SAMPLE_ROWS).await?;
    }
    let (plan, model, trained) = match &options.detector {
        Detector::IsolationForest(params) => {
            let profile = Arc::clone(&dataset.profile);
            let fit = Request::Fit { treatment: options.treatment, params: *params, profile };
            let (plan, forest) = answered!(host.ask(0, fit).await?, Reply::Fitted(plan, forest) => (plan, forest))?;
            (plan, Model::IsolationForest(forest), None)
        }
        Detector::Autoencoder(params, preference) => {
            train(host, dataset, options.treatment, params, *preference).await?
        }
    };

    let score = Request::Score { plan: Arc::clone(&plan), model };
    let replies = ask_all(host, |_| score.clone()).await?;
    let (low, high) = if dataset.held { rank(host, replies).await? } else { rank_summaries(host, replies).await? };
    let threshold = judge(host, options.rule()).await?;
    Ok(Outcome { options, plan, threshold, low, high, trained })
}

/// Fits the plan and trains an autoencoder on the sample.
async fn train<H: Host>(
    host: &H,
    dataset: &Dataset,
    treatment: Treatment,
    params: &autoencoder::Params,
    preference: DevicePreference,
) -> Result<(Arc<FeaturePlan>, Model, Option<Arc<Trained>>), EngineError> {
    let params = params.clone().check().map_err(|error| EngineError::Detector(error.to_string()))?;
    let treatment = Treatment { scaled: true, ..treatment };
    let prepare = Request::Prepare { treatment, profile: Arc::clone(&dataset.profile) };
    let (plan, rows, values) = answered!(host.ask(0, prepare).await?,
        Reply::Prepared { plan, rows, values } => (plan, rows, values))?;
    let TrainingResult { network, history, device, why, warning } =
        host.train(TrainingJob { params, preference, rows, values }).await?;
    let trained = Trained { history, widths: network.widths().to_vec(), device, why, warning };
    Ok((plan, Model::Autoencoder(Arc::new(network)), Some(Arc::new(trained))))
}

/// Has the first shard rank all scores, and the others keep their ranks.
async fn rank<H: Host>(host: &H, scored: Vec<(Reply, H::Written)>) -> Result<(f64, f64), EngineError> {
    let scores =
        scored.into_iter().map(|reply| answered!(reply, Reply::Scored(scores) => scores)).collect::<Result<_, _>>()?;
    let ranked = host.ask(0, Request::Rank(scores)).await?;
    let (ranks, low, high) = answered!(ranked, Reply::Ranked { ranks, low, high } => (ranks, low, high))?;
    let keep = |(shard, ranks): (usize, Ranks)| host.ask(shard, Request::KeepRanks(ranks));
    try_join_all(ranks.into_iter().enumerate().map(keep)).await?;
    Ok((low, high))
}

/// The same where there are only summaries of the scores.
async fn rank_summaries<H: Host>(host: &H, scored: Vec<(Reply, H::Written)>) -> Result<(f64, f64), EngineError> {
    let summaries = scored
        .into_iter()
        .map(|reply| answered!(reply, Reply::Summarised(summary) => summary))
        .collect::<Result<_, _>>()?;
    let placed = host.ask(0, Request::RankSummaries(summaries)).await?;
    let (shard_ranks, low, high) =
        answered!(placed, Reply::RankedSummaries { shard_ranks, low, high } => (shard_ranks, low, high))?;
    let keep = |(shard, shard_ranks)| host.ask(shard, Request::KeepShardRanks(Box::new(shard_ranks)));
    try_join_all(shard_ranks.into_iter().enumerate().map(keep)).await?;
    Ok((low, high))
}

/// What a rule makes of the scores of the last run.
///
/// # Errors
/// [`EngineError`], also if the rule is refused.
pub async fn judge<H: Host>(host: &H, rule: Rule) -> Result<Threshold, EngineError> {
    let mut verdicts = judge_all(host, vec![rule]).await?;
    verdicts.pop().ok_or_else(|| EngineError::Protocol("no verdict".into()))
}

/// The same of several rules; a verdict each.
///
/// # Errors
/// As [`judge`].
pub async fn judge_all<H: Host>(host: &H, rules: Vec<Rule>) -> Result<Vec<Threshold>, EngineError> {
    let wanted = rules.iter().map(|rule| rule.calibration_rows()).max().unwrap_or(0);
    let calibration = Scores(first_scores(host, wanted).await?);
    answered!(host.ask(0, Request::Judge { rules, calibration }).await?, Reply::Judged(verdicts) => verdicts)
}

/// Scores of the file's first rows.
async fn first_scores<H: Host>(host: &H, rows: u64) -> Result<Vec<f64>, EngineError> {
    let mut first = Vec::new();
    for shard in 0..host.shards() {
        let more = rows.saturating_sub(first.len() as u64);
        if more > 0 {
            let reply = host.ask(shard, Request::FirstScores(more)).await?;
            first.extend(answered!(reply, Reply::Scored(Scores(scores)) => scores)?);
        }
    }
    Ok(first)
}

/// What each feature weighed in making the rows with these ranks stand out.
///
/// # Errors
/// [`EngineError`]
pub async fn importance<H: Host>(host: &H, ranks: Range<u32>) -> Result<Importance, EngineError> {
    let mut importance = Importance::default();
    for reply in ask_all(host, |_| Request::Weigh(ranks.clone())).await? {
        importance.merge(&answered!(reply, Reply::Weighed(part) => part)?);
    }
    Ok(importance)
}

/// Fits the detector of a run again with `others` other seeds, and says how many of the `top` highest-scoring rows stay;
/// of the sample, where that is not the whole file, and as many of it in proportion.
///
/// # Errors
/// [`EngineError`]
pub async fn stability<H: Host>(
    host: &H,
    dataset: &Dataset,
    params: Params,
    top: u64,
    others: usize,
) -> Result<Stability, EngineError> {
    let sampled = dataset.sample_rows() as f64 / dataset.profile.rows.max(1) as f64;
    let top = (top as f64 * sampled).ceil() as usize;
    answered!(host.ask(0, Request::Refit { params, top, others }).await?, Reply::Refitted(stability) => stability)
}

/// How many rows score above `threshold`.
///
/// # Errors
/// [`EngineError`]
pub async fn anomalies_above<H: Host>(host: &H, threshold: f64) -> Result<u64, EngineError> {
    let mut anomalies = 0;
    for reply in ask_all(host, |_| Request::CountAbove(threshold)).await? {
        anomalies += answered!(reply, Reply::Counted(count) => count)?;
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
        let part = answered!(reply, Reply::Viewed(part) => part)?;
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
        rows.extend(answered!(reply, Reply::Listed(part) => part)?);
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

/// Has the shards write the rows that were left out and the cells that were not understood, and gives the pieces in order.
///
/// # Errors
/// [`EngineError`] if the file cannot be read any more, or somebody cancels.
pub async fn export_rejected<H: Host>(host: &H, dataset: &Dataset) -> Result<Vec<H::Written>, EngineError> {
    let mut lines = Vec::with_capacity(host.shards());
    let mut line = dataset.header_lines;
    for reply in ask_all(host, |_| Request::CountLines).await? {
        lines.push(line);
        line += answered!(reply, Reply::Counted(count) => count)?;
    }
    let replies = ask_all(host, |shard| Request::ExportRejected { line: lines[shard], header: shard == 0 }).await?;
    Ok(replies.into_iter().map(|(_, written)| written).collect())
}
