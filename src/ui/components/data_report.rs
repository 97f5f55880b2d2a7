//! What is odd about the file, and what was made of its columns.

use leptos::{html::Details, prelude::*};

use super::{column_table::ColumnTable, lints::lints};
use crate::ui::{
    format,
    state::{Loaded, Page},
    tasks, words,
};

/// What is noteworthy about columns, what was found in rows and cells, and a table of all columns.
#[component]
pub fn DataReport() -> impl IntoView {
    let page = Page::here();
    let report = move || page.data.loaded.get().map(|loaded| (lints(&loaded), findings(&loaded)));
    let summary = Signal::derive(move || {
        let columns = page.data.loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.typical.len()));
        let columns = format::counted(columns as u64, "column", "columns");
        page.runs.finished.with(|run| match run {
            None => format!("{columns}: roles, ranges and shapes"),
            Some(run) => {
                let plan = &run.outcome.plan;
                format!("{columns}: {} compared, {} left out", plan.features.len(), plan.left_out.len())
            }
        })
    });
    // Hundreds of columns are not made before somebody wants to see them.
    let element = NodeRef::<Details>::new();
    let unfolded = RwSignal::new(false);
    let toggled = move |_| unfolded.set(element.get_untracked().is_some_and(|element| element.open()));
    view! {
        <section class="card" data-testid="warnings">
            <h3>"About the data"</h3>
            {report}
            <details node_ref=element data-testid="columns" on:toggle=toggled>
                <summary>{summary}</summary>
                {move || unfolded.get().then(|| view! { <ColumnTable /> })}
            </details>
        </section>
    }
}

fn findings(loaded: &Loaded) -> impl IntoView + use<> {
    let page = Page::here();
    let dataset = &loaded.dataset;
    let odd: Vec<(String, String)> = dataset
        .findings
        .by_kind
        .iter()
        .map(|(kind, finding)| words::finding(*kind, finding, &dataset.layout))
        .collect();
    let gaps: Vec<u64> = (0..dataset.layout.schema.width())
        .filter_map(|column| words::gaps(dataset, column).map(|gaps| gaps.0))
        .collect();
    let none = odd.is_empty() && gaps.is_empty();
    let (cells, among) =
        (format::counted(gaps.iter().sum(), "cell", "cells"), format::counted(gaps.len() as u64, "column", "columns"));
    // What is known before all rows are read is about the header, and no row of the download.
    let in_rows = page.data.opened.with_untracked(|opened| {
        let before = |kind| opened.as_ref().map_or(0, |opened| opened.findings.count(kind));
        dataset.findings.by_kind.iter().any(|(kind, finding)| finding.count > before(*kind))
    });
    view! {
        {none.then(|| view! { <p class="quiet">"Every row and every cell could be used."</p> })}
        <ul class="findings">
            {odd.into_iter().map(|(what, place)| view! { <li>{what} " " <span class="hint">{place}</span></li> }).collect_view()}
        </ul>
        {(!gaps.is_empty()).then(|| view! { <p class="lead">{format!("{cells} in {among} hold no finite value.")}</p> })}
        {in_rows.then(|| view! {
            <button
                type="button" class="small rejected" data-testid="download-rejected" disabled=page.is_busy()
                on:click=move |_| tasks::download(page, tasks::What::Rejected)
            >
                "Download rejected rows and unread cells"
            </button>
        })}
    }
}
