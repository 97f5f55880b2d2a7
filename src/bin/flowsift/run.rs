//! What the command does.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Parser as _;
use flowsift::{
    detect::{autoencoder, isolation_forest, nearest},
    engine::{self, CountAbove, Dataset, Detector, EngineError, Limits, Options, Outcome, SinglesQuery, ThreadHost},
    features::{Mode, Treatment},
    findings::{Finding, SINGLES, Standing, csv, findings},
    ingest::{Choices, civil},
    model::{self, About, Saved},
    report::Selection,
    train::DevicePreference,
    words::covered,
};
use futures_executor::block_on;

use super::{
    command::{By, Command, How, Onnx, Usual, Verb, Which},
    host::{end_progress, host},
};

/// Why nothing came of it, in words.
pub type Failure = String;

pub fn main() -> ExitCode {
    let command = Command::parse();
    let done = match &command.verb {
        Verb::Fit { files, how, usual, out, name, onnx } => {
            fit(&command, &files.files, (how, usual), (name.as_deref(), out, onnx))
        }
        Verb::Export { model, out, onnx } => open_model(model).and_then(|saved| keep(&saved, out, onnx)),
        Verb::Score { files, by, out, anomalies } => score(&command, &files.files, by, (out.as_deref(), *anomalies)),
        Verb::Findings { files, by, out } => list(&command, &files.files, by, out.as_deref()),
        Verb::Info { file } => info(&command, file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("flowsift: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn words(error: EngineError) -> Failure {
    error.to_string()
}

pub fn unread(path: &Path) -> impl Fn(io::Error) -> Failure + '_ {
    move |error| format!("{}: {error}", path.display())
}

/// What the page would run with these choices.
fn options(how: &How) -> Options {
    let mode = if how.classic { Mode::Classic } else { Mode::Recommended };
    let network = if how.classic { autoencoder::Params::classic() } else { autoencoder::Params::default() };
    let detector = match how.detector {
        Which::Forest => isolation_forest::Params { seed: how.seed, ..Default::default() }.into(),
        Which::Autoencoder => {
            Detector::Autoencoder(autoencoder::Params { seed: how.seed, ..network }, DevicePreference::Cpu)
        }
        Which::Nearest => Detector::Nearest(nearest::Params::default()),
    };
    Options { treatment: Treatment::from(mode), detector, ..Options::default() }
}

async fn read(host: &ThreadHost, saved: Option<&Saved>) -> Result<Dataset, EngineError> {
    let opened = engine::open(host, &Choices::default(), Limits::default()).await?;
    let dataset = engine::read(host, &opened).await?;
    let roles = saved.map(|saved| engine::other_roles(saved, &dataset.layout.schema)).unwrap_or_default();
    if roles.is_empty() {
        return Ok(dataset);
    }
    match engine::assign(host, &dataset, &roles).await? {
        Some(dataset) => Ok(dataset),
        // It must be read in another way.
        None => {
            let choices = Choices { roles, ..Choices::default() };
            let opened = engine::open(host, &choices, Limits::default()).await?;
            engine::read(host, &opened).await
        }
    }
}

/// Threads that have what is known to be normal, if anything is.
fn normal(command: &Command, usual: &Usual, files: &[PathBuf]) -> Result<Option<ThreadHost>, Failure> {
    usual.files(files).map(|files| host(command, files)).transpose()
}

/// Fits a detector on what is known to be normal, or else on the files themselves, and scores these.
async fn fitted(
    here: &ThreadHost,
    dataset: &Dataset,
    (how, usual): (&How, &Usual),
    normal: Option<&ThreadHost>,
) -> Result<Outcome, EngineError> {
    let options = options(how);
    let Some(normal) = normal else { return engine::run(here, dataset, options).await };
    let baseline = match usual.first() {
        Some(first) => {
            let part = (&first, &Choices::default());
            engine::open_first(normal, here, dataset, part, Limits::default()).await?
        }
        None => engine::open_baseline(normal, &dataset.layout.schema, Limits::default()).await?,
    };
    let fitted = engine::fit_on(normal, &baseline, &options).await?;
    engine::apply(here, dataset, fitted, options).await
}

fn fit(
    command: &Command,
    files: &[PathBuf],
    (how, usual): (&How, &Usual),
    (name, out, onnx): (Option<&str>, &Path, &Onnx),
) -> Result<(), Failure> {
    let (here, normal) = (host(command, files)?, normal(command, usual, files)?);
    let saved = block_on(async {
        let dataset = read(&here, None).await?;
        let outcome = fitted(&here, &dataset, (how, usual), normal.as_ref()).await?;
        let called = files.first().and_then(|file| file.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
        let about = About {
            name: name.map(str::to_owned).or(called).unwrap_or_default(),
            created: now(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rows: outcome.baseline().map_or(dataset.profile.rows, |baseline| baseline.rows),
        };
        engine::save(&here, &dataset, &outcome, (about, outcome.threshold.score)).await
    });
    end_progress();
    keep(&saved.map_err(words)?, out, onnx)
}

/// Writes a model into a file.
fn keep(saved: &Saved, out: &Path, onnx: &Onnx) -> Result<(), Failure> {
    let bytes = model::write_for(saved, onnx.runtimes.into());
    let bytes = bytes.map_err(|error| words(EngineError::Unsaved(error.to_string())))?;
    fs::write(out, &bytes).map_err(unread(out))?;
    eprintln!("{}: {} bytes", out.display(), bytes.len());
    Ok(())
}

/// What time it is, as ISO 8601 tells.
#[allow(clippy::disallowed_methods, reason = "native only")]
fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() as i64;
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

/// Scores files as they are to be, and has `take` make something of that: of the host, the table, what came of the run, and how many
/// flows are anomalies.
fn scored<T>(
    command: &Command,
    files: &[PathBuf],
    by: &By,
    take: impl AsyncFnOnce(&ThreadHost, &Dataset, &Outcome, u64) -> Result<T, EngineError>,
) -> Result<T, Failure> {
    let here = host(command, files)?;
    let saved = by.model.as_deref().map(open_model).transpose()?;
    let normal = normal(command, &by.usual, files)?;
    let done = block_on(async {
        let dataset = read(&here, saved.as_ref()).await?;
        let (outcome, flagged) = match &saved {
            Some(saved) => {
                let fitted = engine::bind(saved, &dataset.layout.schema)?;
                if let Some(warning) = engine::without(saved, &dataset.layout.schema) {
                    eprintln!("flowsift: {warning}");
                }
                let outcome = engine::apply(&here, &dataset, fitted, saved.options.clone()).await?;
                let flagged = engine::ask_all(&here, CountAbove(saved.threshold)).await?;
                (outcome, flagged)
            }
            None => {
                let outcome = fitted(&here, &dataset, (&by.how, &by.usual), normal.as_ref()).await?;
                let flagged = outcome.threshold.anomalies;
                (outcome, flagged)
            }
        };
        take(&here, &dataset, &outcome, flagged).await
    });
    end_progress();
    done.map_err(words)
}

/// Writes into a file, or to the standard output.
fn write(out: Option<&Path>, pieces: &[Vec<u8>]) -> Result<(), Failure> {
    match out {
        Some(path) => fs::write(path, pieces.concat()).map_err(unread(path)),
        None => {
            let mut out = io::stdout().lock();
            pieces.iter().try_for_each(|piece| out.write_all(piece)).map_err(|error| error.to_string())
        }
    }
}

fn score(
    command: &Command,
    files: &[PathBuf],
    by: &By,
    (out, anomalies): (Option<&Path>, bool),
) -> Result<(), Failure> {
    let selection = if anomalies { Selection::Anomalies } else { Selection::All };
    let (pieces, told) = scored(command, files, by, async |here, dataset, outcome, flagged| {
        let pieces = engine::export(here, dataset.export(selection, flagged)).await?;
        let groups = outcome.groups.iter().filter(|found| found.stands_out()).count();
        let rows = dataset.profile.rows;
        Ok((pieces, format!("{flagged} of {rows} flows are anomalies, {groups} groups of flows stand out.")))
    })?;
    write(out, &pieces)?;
    eprintln!("{told}");
    Ok(())
}

/// The page's list of findings, with the rules of the model that hide some there.
fn list(command: &Command, files: &[PathBuf], by: &By, out: Option<&Path>) -> Result<(), Failure> {
    let rules = by.model.as_deref().map(open_model).transpose()?.map(|saved| saved.suppressions).unwrap_or_default();
    let (text, told) = scored(command, files, by, async |here, dataset, outcome, flagged| {
        let singles = engine::ask_all(here, SinglesQuery { anomalies: flagged, most: SINGLES }).await?.rows;
        let all = findings(outcome, &singles, dataset);
        let rule =
            |finding: &Finding| rules.covering(&finding.common).map(|rule| covered(&rule.what)).unwrap_or_default();
        let hidden: Vec<String> = all.iter().map(rule).collect();
        let Standing { groups, flows, others } = Standing::of(&all);
        let told = format!(
            "{groups} groups of flows and {flows} single flows stand out; {others} more go on all through the file, or do so no more than chance would."
        );
        Ok((csv(&all, &[], &hidden, dataset.profile.rows), told))
    })?;
    write(out, &[text.into_bytes()])?;
    eprintln!("{told}");
    Ok(())
}

fn open_model(path: &Path) -> Result<Saved, Failure> {
    let bytes = fs::read(path).map_err(unread(path))?;
    model::read(&bytes).map_err(|unsound| words(EngineError::Model(unsound.to_string())))
}

fn info(command: &Command, path: &Path) -> Result<(), Failure> {
    if path.extension().is_some_and(|ending| ending == "onnx") {
        let saved = open_model(path)?;
        let About { name, created, version, rows } = &saved.about;
        println!("{name}\nsaved       {created}, by Flowsift {version}\nfitted on   {rows} flows");
        println!("detector    {:?}\nthreshold   {}", saved.options.detector, saved.threshold);
        let mut columns: Vec<&str> =
            saved.plan.features.iter().map(|feature| saved.schema.fields[feature.column].name.as_str()).collect();
        columns.dedup();
        println!("compares    {}", columns.join(", "));
        if !saved.suppressions.is_empty() {
            println!("hides       findings, in the page, by {} rules", saved.suppressions.len());
        }
        return Ok(());
    }
    let host = host(command, &[path.to_owned()])?;
    let dataset = block_on(read(&host, None)).map_err(words)?;
    end_progress();
    println!("{} flows, {} columns", dataset.profile.rows, dataset.layout.schema.width());
    for field in &dataset.layout.schema.fields {
        println!("{:<12}{}  {}", field.role.word(), field.name, field.because);
    }
    Ok(())
}
