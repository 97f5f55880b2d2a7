use leptos::prelude::*;

use super::{Failure, Jobs, Kind, Page, repeat::manifest};
use crate::{
    ui::{
        format,
        panels::{comparison, drift, evaluation, finding_list, setup},
        report::Report,
        words,
    },
    web,
};

/// Writes all that is known of the last run into a page of HTML, and offers it.
pub fn write_report(page: Page) {
    let Some((name, text)) = untrack(|| report(page)) else { return };
    Jobs::start(page, Kind::Aside, async move |_| {
        web::download_text(&name, &text).map_err(|_| Failure::Words("The browser refused the download.".into()))?;
        page.guide.reported.set(true);
        Ok(())
    });
}

fn report(page: Page) -> Option<(String, String)> {
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
                format::counted(outcome.plan.features.len() as u64, "feature", "features")
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
    let report = Report {
        file: file.name.clone(),
        created: web::today(),
        facts,
        warnings: drift::warning(page).into_iter().collect(),
        evaluation: evaluation::told(page),
        run: manifest(page).map(|manifest| manifest.told).unwrap_or_default(),
    };
    let remarks: Vec<_> = findings.iter().map(|finding| page.review.remark(finding)).collect();
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    Some((format!("{stem}-report.html"), report.html(&findings, &remarks, &finding_list::hidden(page, &findings))))
}
