//! Text whose layout is known → rows in the shards, described.

use std::{collections::BTreeMap, sync::Arc};

use super::{Dataset, Limits, Opened, answered, ask_each, ask_first, open, sample};
use crate::{
    engine::{DataRequest, EngineError, Host, Reply},
    ingest::{Choices, FindingKind, Findings, IngestError, Layout, split},
    lint::Lint,
    report::Typical,
    table::{CHOSEN, Field, Profile, Role},
};

/// Rows of the smaller sample that columns are described by, so that a large file is ready soon.
const DESCRIBED_ROWS: usize = 8_192;
/// Rows up to which a file is described by all of them.
const DESCRIBED_WHOLE: u64 = 32_768;

/// Opens the files that the shards were given and reads them.
///
/// # Errors
/// As [`open()`] and [`read()`].
pub async fn load<H: Host>(host: &H) -> Result<Dataset, EngineError> {
    let opened = open(host, &Choices::default(), Limits::default()).await?;
    read(host, &opened).await
}

/// Rows below which any ranking is an accident.
const FEWEST_ROWS: u64 = 10;

/// Reads the files that were opened.
///
/// # Errors
/// [`EngineError`] if they cannot be read or used, or somebody cancels.
pub async fn read<H: Host>(host: &H, opened: &Opened) -> Result<Dataset, EngineError> {
    let mut layout = Arc::clone(&opened.layout);
    let budget = if opened.outlook.held { opened.limits.shard(host.shards()) } else { 0 };
    // What only all rows together say of the columns.
    let mut told_late = Findings::default();
    let (profile, mut findings, held) = loop {
        let mut findings = opened.findings.clone();
        findings.merge(told_late.clone());
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
            Some((widened, odd)) => {
                layout = Arc::new(widened);
                told_late.merge(odd);
            }
            None => break (profile, findings, held),
        }
    };
    layout.settle(&profile, &mut findings);
    if profile.rows == 0 {
        return Err(IngestError::NoUsableRows { rejected: findings.rejected_rows() }.into());
    }
    if profile.rows < FEWEST_ROWS {
        findings.note_rows(FindingKind::TooFewRows, profile.rows);
    }
    if !held {
        ask_each(host, |_| DataRequest::DropRows).await?;
    }
    let profile = Arc::new(profile);
    let described_rows = described_rows(&layout, &profile);
    let (typical, lints) = describe(host, &profile, described_rows).await?;
    let header_lines = opened.findings.lines;
    Ok(Dataset { layout, profile, typical, lints, findings, described_rows, held, header_lines })
}

/// Rows that columns are described by.
fn described_rows(layout: &Layout, profile: &Profile) -> usize {
    let rows = if profile.rows <= DESCRIBED_WHOLE { profile.rows as usize } else { DESCRIBED_ROWS };
    rows.min(sample::sample_rows(&layout.schema))
}

async fn describe<H: Host>(
    host: &H,
    profile: &Arc<Profile>,
    rows: usize,
) -> Result<(Arc<Vec<Typical>>, Arc<Vec<Lint>>), EngineError> {
    sample::gather(host, rows).await?;
    let described = ask_first(host, DataRequest::Describe { profile: Arc::clone(profile) }).await?;
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
        field.because = CHOSEN.to_owned();
        if of(field) != before {
            return Ok(None);
        }
    }
    let schema = Arc::new(schema);
    ask_each(host, |_| DataRequest::Assign(Arc::clone(&schema))).await?;
    let (typical, lints) = describe(host, &dataset.profile, dataset.described_rows).await?;
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
    let request = |shard: usize, begin| DataRequest::Parse {
        layout: Arc::clone(layout),
        range: ranges[shard].clone(),
        begin,
        budget,
        sample: (sample::sample_rows(&layout.schema), sample::SAMPLE_SEED),
    };
    let replies = ask_each(host, |shard| request(shard, (shard == 0).then_some(layout.data_start))).await?;
    let mut parts = Vec::with_capacity(replies.len());
    let mut next = layout.data_start;
    for (shard, mut reply) in replies.into_iter().enumerate() {
        if !matches!(reply.0, Reply::Parsed { begin, .. } if begin == next) {
            reply = host.ask(shard, request(shard, Some(next)).into()).await?;
        }
        let (end, part) = answered!(reply, Reply::Parsed { end, profile, findings, held, .. } =>
            (end, Part { profile, findings, held }))?;
        next = end;
        parts.push(part);
    }
    Ok(parts)
}
