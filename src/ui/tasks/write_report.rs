use std::sync::Arc;

use leptos::prelude::*;

use super::{Failure, Jobs, Kind, Page, repeat::manifest};
use crate::{
    engine::{self, EngineError, TrafficQuery},
    report::{Filter, Remark, Traffic, ViewQuery},
    table::FlowColumns,
    ui::{
        findings::Finding,
        format,
        jobs::Job,
        panels::{comparison, drift, evaluation, finding_list, scores, setup, traffic},
        parts,
        report::{Report, pictures},
        state::{Finished, Verdict},
        words,
    },
    web,
};

const NOT_COUNTED: &str = "When there were how many flows is not drawn: the rows of this file are not in memory, and it was not read again to count them. “Count” under Explore has that done.";

/// Writes all that is known of the last run into a page of HTML, and offers it.
pub fn write_report(page: Page) {
    if untrack(|| page.has_results() && finding_list::all(page).is_some()) {
        Jobs::start(page, Kind::Aside, async |job| parts::write_report(job).await?.await);
    }
}

/// The same, as it is done once the code for it is there.
pub async fn report(job: Job) -> Result<(), Failure> {
    let page = job.page;
    let Some(mut draft) = untrack(|| draft(page)) else { return Ok(()) };
    draw(&mut draft, &job).await?;
    let Draft { name, report, findings, remarks, hidden, .. } = &draft;
    let text = report.html(findings, remarks, hidden);
    web::download_text(name, &text).map_err(|_| Failure::Words("The browser refused the download.".into()))?;
    page.guide.reported.set(true);
    Ok(())
}

/// A report, and what its pictures are of: as all that was when its writing began.
struct Draft {
    name: String,
    report: Report,
    findings: Arc<Vec<Finding>>,
    remarks: Vec<Option<Remark>>,
    hidden: Vec<String>,
    run: Arc<Finished>,
    verdict: Verdict,
    times: Option<TrafficQuery>,
    caveat: &'static str,
}

/// Draws the whole file, whatever the page shows of it. What is asked here reads no file.
async fn draw(draft: &mut Draft, job: &Job) -> Result<(), EngineError> {
    let outcome = &draft.run.outcome;
    let Verdict { score, anomalies } = draft.verdict;
    let (low, high, scale) = (outcome.low, outcome.high, outcome.options.detector.scale());
    let filter = Filter::default();
    let query = ViewQuery { filter, anomalies, low, high, scale, axes: None, group: None };
    let view = job.wait(engine::ask_all(&job.host, query)).await?;
    let [_, name, ..] = scores::called(Some(draft.run.method()));
    let report = &mut draft.report;
    report.pictures.extend(pictures::scores(&view.histogram, name, score, anomalies));
    let Some((query, span)) = draft.times.take().zip(report.span.as_ref()) else { return Ok(()) };
    let timeline = |traffic: &Traffic| pictures::timeline(&traffic.times, span, draft.caveat);
    let drawn = match untrack(|| (job.page.runs.traffic.answer_to(&query), job.page.data.held())) {
        (Some(known), _) => timeline(&known.1),
        (None, true) => timeline(&job.wait(engine::ask_all(&job.host, query)).await?),
        (None, false) => {
            report.lacking = Some(NOT_COUNTED.into());
            None
        }
    };
    report.pictures.extend(drawn);
    Ok(())
}

fn draft(page: Page) -> Option<Draft> {
    let (run, loaded) = (page.runs.finished.get()?, page.data.loaded.get()?);
    let (findings, file) = (finding_list::all(page)?, page.data.file.get()?);
    let (dataset, outcome) = (&loaded.dataset, &run.outcome);
    let verdict = page.runs.verdict.get();
    let fact = |name: &str, value: String| [name.to_owned(), value];
    let threshold = if verdict.score == outcome.threshold.score {
        format!("{} ({})", verdict.score, words::reason(&outcome.threshold))
    } else {
        match run.model.as_ref().filter(|model| model.threshold == verdict.score) {
            Some(model) => format!("{}, as kept with “{}”", verdict.score, model.name),
            None => format!("{}, moved by hand; suggested was {}", verdict.score, outcome.threshold.score),
        }
    };
    let mut facts = vec![
        fact("File", format!("{}, {}", file.name, format::bytes(file.bytes))),
        fact("Flows", format::count(dataset.profile.rows)),
        fact("Rows left out", format::count(dataset.findings.rejected_rows())),
        fact(
            "Columns",
            format!(
                "{}, compared by {}",
                format::count(dataset.layout.schema.width() as u64),
                format::counted(outcome.plan.compared().count() as u64, "feature", "features")
            ),
        ),
        fact("Detector", format!("{}: {}", comparison::name(run.method()), setup::ran_as(&run))),
        fact("Treatment", comparison::treatment(outcome.options.treatment.mode).to_owned()),
        fact("Threshold", threshold),
        fact(
            "Anomalies",
            format!(
                "{}, {} of all",
                format::count(verdict.anomalies),
                format::percent(verdict.anomalies, page.data.rows())
            ),
        ),
        fact("Flowsift", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    if let Some(identity) = page.review.name() {
        facts.push(fact("The file’s identity, by pieces of its content", identity));
    }
    let (evaluation, curve) = evaluation::told(page).unwrap_or_default();
    let times = traffic::of_all(page);
    let time = FlowColumns::of(&dataset.layout.schema).time.map(|column| &dataset.layout.schema.fields[column]);
    let span = times.as_ref().zip(time).map(|(query, field)| query.span.map(|time| words::moment(time, field)));
    let report = Report {
        file: file.name.clone(),
        created: web::today(),
        facts,
        warnings: drift::without(page).into_iter().chain(drift::warning(page)).collect(),
        evaluation,
        curve: pictures::roc(&curve),
        span,
        run: manifest(page).map(|manifest| manifest.told).unwrap_or_default(),
        ..Report::default()
    };
    let remarks: Vec<_> = findings.iter().map(|finding| page.review.remark(finding)).collect();
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let hidden = finding_list::hidden(page, &findings);
    let caveat = traffic::caveat(dataset).unwrap_or_default();
    Some(Draft { name: format!("{stem}-report.html"), report, findings, remarks, hidden, run, verdict, times, caveat })
}
