use std::sync::Arc;

use leptos::{prelude::*, task::tick};

use super::{Failure, Job, Jobs, Kind, Page, assign_roles::change_roles, review::recognise};
use crate::{
    engine::{self, Dataset, EngineError, First, Fitted, HighestQuery, Limits, Options, Outcome, RowsQuery},
    features::Mode,
    model::Saved,
    numeric::order::ordered,
    report::{RankedRow, Suppressions},
    table::{Kind as Cells, Role},
    ui::{
        forms::{first, rule::RuleForm},
        panels::setup::ran_as,
        state::{COMPARED, KeptAs, Loaded, Past, ReadAs, Settings, Tab, TrainedOn, remember},
    },
    web::{bytes_of, dom::show_results, memory_limits, now, turns::caught_up},
};

/// Highest-scoring rows whose reasons tell which columns are drawn first.
const TELLING_ROWS: u64 = 25;

/// Runs the detector on the file that was read.
pub fn run(page: Page) {
    begin(page, move || show(page));
}

/// Shows results to whoever looks at the data, and scrolls to them where they are out of sight.
pub(super) fn show(page: Page) {
    if untrack(|| page.tab()) == Some(Tab::Data) {
        page.chrome.open(Tab::Findings);
    }
    show_results();
}

/// The same, and then shows something of the results. Those of the last run stand until these are there.
pub(super) fn begin(page: Page, show: impl FnOnce() + 'static) {
    let Some(wanted) = wanted(page) else { return };
    page.setup.training.forget();
    Jobs::start(page, Kind::Run, async move |job| {
        make(&job, wanted).await?;
        seen(&job, show).await;
        Ok(())
    });
}

/// The run that is set up, if nothing wrong was typed.
pub(super) fn wanted(page: Page) -> Option<Wanted> {
    let rows = page.data.loaded.with_untracked(|loaded| Some(loaded.as_ref()?.dataset.profile.rows))?;
    match page.setup.trained_on.get_untracked() {
        TrainedOn::Itself => page.setup.options(rows).map(|(settings, options)| Wanted::Itself(settings, options)),
        TrainedOn::Baseline | TrainedOn::First => {
            page.setup.options(rows).map(|(settings, options)| Wanted::Baseline(settings, options))
        }
        TrainedOn::Model => Some(Wanted::Model),
    }
}

/// Makes a run: what it comes to is what the page shows from then on.
pub(super) async fn make(job: &Job, wanted: Wanted) -> Result<(), Failure> {
    let page = job.page;
    let lost = || EngineError::Protocol("the file was not read".into());
    let loaded = page.data.loaded.get_untracked().ok_or_else(lost)?;
    let started = now();
    let (loaded, outcome, model, settings) = match wanted {
        Wanted::Itself(settings, options) => {
            let outcome = job.wait(engine::run(&job.host, &loaded.dataset, options)).await?;
            (loaded, outcome, None, settings)
        }
        Wanted::Baseline(settings, options) => {
            let fitted = match settings.trained_on {
                TrainedOn::First => fit_on_first(job, &loaded.dataset, &settings, &options).await?,
                _ => fit_on(job, &loaded.dataset, &options).await?,
            };
            let outcome = job.wait(engine::apply(&job.host, &loaded.dataset, fitted, options)).await?;
            (loaded, outcome, None, settings)
        }
        Wanted::Model => {
            let (loaded, saved) = open_model(job, loaded).await?;
            let fitted = engine::bind(&saved, &loaded.dataset.layout.schema)?;
            // Its threshold is set when the scores are there.
            let options = Options { rule: None, ..saved.options.clone() };
            let settings = Settings {
                trained_on: TrainedOn::Model,
                trained_with: page.setup.model.name.get_untracked(),
                method: options.detector.method(),
                ..Settings::usual(saved.plan.treatment.mode)
            };
            let outcome = job.wait(engine::apply(&job.host, &loaded.dataset, fitted, options)).await?;
            (loaded, outcome, Some(saved), settings)
        }
    };
    let took = now() - started;
    // Counted from 1; there is always at least one row.
    let first = 1..1 + TELLING_ROWS.min(loaded.dataset.profile.rows) as u32;
    let first = job.wait(engine::ask_all(&job.host, RowsQuery(first))).await?;
    let highest = job.wait(engine::ask_all(&job.host, HighestQuery(COMPARED))).await?;
    recognise(job).await?;
    let axes = telling_axes(&loaded.dataset, &outcome, &first);
    let suggested = outcome.threshold.score;
    let run = page.runs.keep(
        outcome,
        took,
        model.as_ref().map(|saved| KeptAs {
            name: saved.about.name.clone(),
            threshold: saved.threshold,
            without: engine::without(saved, &loaded.dataset.layout.schema),
        }),
    );
    let read = ReadAs { choices: page.data.choices.get_untracked(), schema: Arc::clone(&loaded.dataset.layout.schema) };
    page.runs.past.update(|past| remember(past, Past::of(&run, (settings, read), ran_as(&run), highest)));
    let none = Suppressions::default();
    page.hiding.lent.update(|lent| lent.replace(model.as_ref().map_or(&none, |saved| &saved.suppressions)));
    if let Some(saved) = model {
        page.setup.rule.set(RuleForm::from(saved.plan.treatment.mode));
        if saved.threshold != suggested {
            page.runs.set_threshold(saved.threshold);
        }
    }
    page.judging.judged.forget();
    page.selection.forget_marks();
    page.selection.reset();
    page.selection.finding.set(0);
    page.selection.axes.set(axes);
    page.selection.coloured.set(None);
    // Counts, table and charts are shown together.
    page.questions.settle(job).await?;
    Ok(())
}

/// Shows something of the results once they are drawn.
pub(super) async fn seen(job: &Job, show: impl FnOnce()) {
    // What was set is drawn by effects, which run after this task, and these put it off.
    tick().await;
    caught_up().await;
    if job.is_current() {
        show();
    }
}

/// What is to be run, on what it is fitted on.
pub(super) enum Wanted {
    Itself(Settings, Options),
    Baseline(Settings, Options),
    Model,
}

/// Opens the saved detector that was chosen, and has columns the roles that they have with it.
async fn open_model(job: &Job, loaded: Arc<Loaded>) -> Result<(Arc<Loaded>, Arc<Saved>), Failure> {
    let (page, known) = (job.page, job.page.setup.model);
    let saved = match (known.saved(), known.file()) {
        (Some(saved), _) => saved,
        (None, Some(file)) => {
            let bytes = job.wait(bytes_of(&file)).await?;
            let saved = Arc::new(job.wait(engine::read_model(&job.host, bytes)).await?);
            known.keep(Arc::clone(&saved));
            saved
        }
        (None, None) => return Err(Failure::Words("No model was chosen.".into())),
    };
    let roles = engine::other_roles(&saved, &loaded.dataset.layout.schema);
    if roles.is_empty() {
        return Ok((loaded, saved));
    }
    change_roles(job, roles).await?;
    let lost = || EngineError::Protocol("the file was not read".into());
    Ok((page.data.loaded.get_untracked().ok_or_else(lost)?, saved))
}

/// Fits a detector on files of normal flows, in workers that are gone when it is done; unless that was done before.
async fn fit_on(job: &Job, dataset: &Dataset, options: &Options) -> Result<Fitted, EngineError> {
    let (schema, known) = (&dataset.layout.schema, job.page.setup.baseline);
    if let Some(fitted) = known.fitted(schema, options) {
        return Ok(fitted);
    }
    let normal = job.second().await?;
    job.wait(normal.open(&known.files())).await?;
    // A sample of them is all that is needed.
    let limits = Limits { rows: 0, ..memory_limits() };
    let baseline = job.wait(engine::open_baseline(&normal, schema, limits)).await?;
    let fitted = job.wait(engine::fit_on(&normal, &baseline, options)).await;
    job.end_second();
    let fitted = fitted?;
    known.keep(schema, options, &fitted);
    Ok(fitted)
}

/// Fits a detector on the first part of the file itself, in workers that are gone when it is done.
async fn fit_on_first(job: &Job, dataset: &Dataset, settings: &Settings, options: &Options) -> Result<Fitted, Failure> {
    let data = job.page.data;
    let half = First::Rows(dataset.profile.rows / 2);
    let first = first::read(&settings.first).map_err(|(_, wrong)| Failure::Words(wrong))?.unwrap_or(half);
    let normal = job.second().await?;
    let mut files = Vec::new();
    data.with_files(|given| files = given.to_vec());
    job.wait(normal.open(&files)).await?;
    let limits = Limits { rows: 0, ..memory_limits() };
    let choices = data.choices.get_untracked();
    let opened = engine::open_first(&normal, &job.host, dataset, (&first, &choices), limits);
    let baseline = job.wait(opened).await?;
    let fitted = job.wait(engine::fit_on(&normal, &baseline, options)).await;
    job.end_second();
    Ok(fitted?)
}

/// The two columns that the scatter chart begins with: those that weigh most in the first rows, or in Classic the first
/// two numeric ones, as in the original.
fn telling_axes(dataset: &Dataset, outcome: &Outcome, rows: &[RankedRow]) -> Option<[usize; 2]> {
    let fields = &dataset.layout.schema.fields;
    let usable = |column: usize| fields[column].kind == Cells::Number && dataset.profile.columns[column].has_numbers();
    let mut columns: Vec<usize> = (0..fields.len()).filter(|&column| usable(column)).collect();
    if outcome.options.treatment.mode == Mode::Recommended {
        let weight = |column: usize| {
            let reasons = rows.iter().flat_map(|row| &row.reasons);
            let shares: f64 = reasons.filter(|reason| reason.column == column).map(|reason| reason.share).sum();
            let quantity = matches!(fields[column].role, Role::Measure | Role::Duration);
            if quantity { 1.0 + shares } else { 0.0 }
        };
        // Equals stay in file order.
        columns = ordered(columns, |&a, &b| weight(b).total_cmp(&weight(a)));
    }
    let first = *columns.first()?;
    Some([first, columns.get(1).copied().unwrap_or(first)])
}
