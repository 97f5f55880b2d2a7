//! What both detectors make of the same flows.

mod words;

pub use words::{name, treatment};

use std::sync::Arc;

use leptos::prelude::*;

use super::flow_table::{Entry, FlowTable, Lead, Shown, shown};
use crate::{
    detect::Method,
    engine::{self, EngineError},
    report::ConsensusRow,
    ui::{
        components::HowToRead,
        format, said,
        state::{Agreed, PAGE_SIZES, Page},
        tasks,
    },
    web::WebHost,
};
use words::Figure;

/// Highest-scoring rows of both detectors that are compared; a tenth of a file of few rows.
const HIGHEST: u64 = 100;

/// Has it known what both detectors make of the rows.
pub fn ask(page: Page) {
    page.questions.keep_known(
        move || wanted_comparison(page),
        async move |host, wanted| compare(page, host, *wanted).await,
        move |_, agreed| page.runs.agreed.set(Some(agreed.into())),
    );
}

/// Which detectors ran and how many each flags, if two did and that was not compared yet.
fn wanted_comparison(page: Page) -> Option<[(Method, u64); 2]> {
    let earlier = page.runs.earlier.get().filter(|_| page.can_ask() && page.data.held())?;
    let mut ran =
        [(page.runs.method()?, page.runs.verdict.get().anomalies), (earlier.method, earlier.verdict.anomalies)];
    ran.sort_unstable();
    let flagged = ran.map(|(_, flagged)| flagged);
    let known = page.runs.agreed.with(|agreed| agreed.as_ref().is_some_and(|agreed| agreed.flagged == flagged));
    (!known).then_some(ran)
}

/// Compares what both flag; what does not hang on that is taken from what is known.
async fn compare(page: Page, host: &WebHost, ran: [(Method, u64); 2]) -> Result<Agreed, EngineError> {
    let (methods, flagged) = (ran.map(|(method, _)| method), ran.map(|(_, flagged)| flagged));
    let known = page.runs.agreed.get_untracked();
    let rows = untrack(|| page.data.rows());
    let highest = HIGHEST.min(rows.div_ceil(10));
    let correlation = match &known {
        Some(agreed) => agreed.correlation,
        None => engine::agree(host).await?,
    };
    let ranks = 1..1 + if known.is_some() { 0 } else { rows.min(PAGE_SIZES[0]) as u32 };
    let (agreement, listed) = engine::compare(host, flagged, highest, ranks).await?;
    let rows = known.map_or(listed, |known| known.rows.clone());
    Ok(Agreed { methods, flagged, highest, correlation, agreement, rows })
}

/// The button that runs the other detector.
#[component]
pub fn CompareBar() -> impl IntoView {
    let page = Page::here();
    let other = move || page.runs.method().map(|ran| page.setup.compared_with(ran));
    let held = move || page.data.held();
    let label = said(move || format!("Compare with {}", other().map_or("", words::detector)));
    let note = said(move || {
        let note = if !held() {
            "Comparing detectors needs all flows in memory; these are read again for every run."
        } else if page.runs.agreed.with(Option::is_some) {
            "Both ran on these flows: the comparison is below, and downloads have both ranks."
        } else {
            "Runs the other detector on the same flows and shows where they agree."
        };
        note.to_owned()
    });
    let waits = Signal::derive(move || {
        page.busy() || !page.can_ask() || !held() || !other().is_some_and(|other| page.setup.is_sound(other))
    });
    view! {
        <section class="card compare" aria-label="Comparison">
            <button type="button" data-testid="compare-button" disabled=waits on:click=move |_| tasks::compare(page)>
                {label}
            </button>
            <p class="quiet" data-testid="compare-note">{note}</p>
            <HowToRead section="comparison" />
        </section>
    }
}

/// Both detectors beside each other, once both ran.
#[component]
pub fn Comparison() -> impl IntoView {
    let page = Page::here();
    let compared = Memo::new(move |_| page.runs.agreed.with(Option::is_some));
    let layout = move || page.data.layout().filter(|_| compared.get());
    let entries = Signal::derive(move || {
        page.runs.agreed.with(|agreed| agreed.as_ref().map_or_else(Vec::new, |agreed| entries(agreed)))
    });
    let total = Signal::derive(move || entries.with(|entries| entries.len() as u64));
    let methods = move || {
        page.runs.agreed.with(|agreed| agreed.as_ref().map_or([Method::IsolationForest; 2], |agreed| agreed.methods))
    };
    let figures = move || page.runs.agreed.with(|agreed| agreed.as_ref().map(|agreed| figures(page, agreed)));
    move || {
        layout().map(|layout| {
            let shown: Vec<Shown> = shown(&layout.schema, &[]).into_iter().take(1).collect();
            let heads = view! {
                <th class="number" scope="col">"#"</th>
                {methods().map(|method| view! { <th class="number" scope="col">{words::name(method)}</th> })}
                <th scope="col">"Flow"</th>
                <th scope="col">"Main reasons"</th>
            }
            .into_any();
            view! {
                <section class="card" id="comparison" data-testid="comparison">
                    <h3>"Both detectors"</h3>
                    {figures}
                    <h4>"Highest by both detectors"</h4>
                    <p class="sub">
                        "Ordered by the sum of both ranks. Bold: flagged by that detector. The reasons are those of the last run."
                    </p>
                    <FlowTable layout shown entries total heads testid="consensus-table" label="Flows by both detectors" />
                </section>
            }
        })
    }
}

fn figures(page: Page, agreed: &Agreed) -> impl IntoView + use<> {
    let shares = words::shares(&agreed.agreement);
    let part = |(part, share): (usize, f64)| {
        view! { <i class=PARTS[part] style:flex-grow=format!("{share:.2}")></i> }
    };
    let bar = shares.map(|shares| {
        view! { <div class="overlap" aria-hidden="true">{shares.into_iter().enumerate().map(part).collect_view()}</div> }
    });
    let figures =
        words::figures(agreed.methods, agreed.correlation, &agreed.agreement, agreed.highest).into_iter().enumerate();
    let mut figures = figures.map(|(place, Figure { testid, value, shown, means })| {
        view! {
            <div class=PARTS.get(place).copied().unwrap_or_default()>
                <strong data-testid=testid data-value=value>{shown}</strong>
                <span>{means}</span>
            </div>
        }
    });
    let flagged: Vec<_> = figures.by_ref().take(PARTS.len()).collect();
    view! {
        <p class="sub">{runs(page)}</p>
        <div class="agreement">{flagged}</div>
        {bar}
        <div class="agreement">{figures.collect::<Vec<_>>()}</div>
    }
}

/// Classes of the parts of what is flagged: by the first alone, by both, by the second alone.
const PARTS: [&str; 3] = ["forest", "both", "network"];

/// How both were run.
fn runs(page: Page) -> String {
    let (Some(run), Some(earlier)) = (page.runs.finished.get(), page.runs.earlier.get()) else { return String::new() };
    let last = words::ran(run.method(), run.outcome.options.treatment.mode, page.runs.verdict.get());
    let first = words::ran(earlier.method, earlier.mode, earlier.verdict);
    if run.method() < earlier.method { format!("{last}; {first}.") } else { format!("{first}; {last}.") }
}

fn entries(agreed: &Agreed) -> Vec<Entry> {
    let entry = |ConsensusRow { ranks, row }: &ConsensusRow| {
        let flagged = |detector: usize| u64::from(ranks.detectors[detector]) <= agreed.flagged[detector];
        let lead = |rank: u32, flagged| Lead { text: format::count(u64::from(rank)), flagged };
        let [first, second] = [0, 1].map(|detector| lead(ranks.detectors[detector], flagged(detector)));
        Entry {
            number: ranks.consensus.into(),
            lead: vec![lead(ranks.consensus, false), first, second],
            row: Arc::new(row.clone()),
        }
    };
    agreed.rows.iter().map(entry).collect()
}
