//! What is odd about the file.

mod lints;
mod words;

use leptos::prelude::*;

use crate::ui::{
    components::HowToRead,
    format,
    state::{Loaded, Page},
    tasks, words as shared,
};
use lints::lints;

/// What is noteworthy about columns, and what was found in rows and cells.
#[component]
pub fn Report() -> impl IntoView {
    let page = Page::here();
    let report = move || page.data.loaded.get().map(|loaded| (lints(&loaded), findings(&loaded)));
    view! {
        <section class="card" data-testid="warnings">
            <h3>"About the data"</h3>
            <HowToRead section="about-the-data" />
            {report}
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
        .map(|(kind, finding)| shared::finding(*kind, finding, &dataset.layout))
        .collect();
    let gaps: Vec<u64> = (0..dataset.layout.schema.width())
        .filter_map(|column| shared::gaps(dataset, column).map(|gaps| gaps.0))
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
        <ul class="findings-of-file">
            {odd.into_iter().map(|(what, place)| view! { <li>{what} " " <span class="hint">{place}</span></li> }).collect_view()}
        </ul>
        {(!gaps.is_empty()).then(|| view! { <p class="lead">{format!("{cells} in {among} are missing or infinite.")}</p> })}
        {in_rows.then(|| view! {
            <button
                type="button" class="small rejected" data-testid="download-rejected" disabled=page.is_busy()
                on:click=move |_| tasks::download(page, tasks::What::Rejected)
            >
                "Download skipped rows and unreadable cells"
            </button>
        })}
    }
}
