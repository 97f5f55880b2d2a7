//! Taking the results away.

use leptos::prelude::*;

use super::filter::kept;
use crate::{
    report::{Filter, Selection},
    ui::{
        format,
        state::Page,
        tasks::{self, What},
    },
};

/// The two results files, and how their cells are written.
#[component]
pub fn Downloads() -> impl IntoView {
    let page = Page::here();
    let kept = move || kept(page);
    let anomalies = move || kept().map_or(0, |kept| kept.anomalies);
    // The file must hold what the page says; a threshold that was just moved is still being counted.
    let waits = move || {
        page.busy() || !page.can_ask() || kept().is_none() || page.runs.verdict.get().score != page.runs.threshold.get()
    };
    let grouped = move || page.runs.finished.with(|run| run.as_ref().is_some_and(|run| !run.outcome.groups.is_empty()));
    let rows = move || kept().map_or(0, |kept| kept.rows);
    view! {
        <div class="downloads" role="group" aria-label="Downloads">
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="neutralise"
                    prop:checked=move || page.chrome.neutralise.get()
                    disabled=page.is_busy()
                    on:change=move |event| page.chrome.neutralise.set(event_target_checked(&event))
                />
                <span title="An apostrophe goes before cells that a spreadsheet would run">"Neutralise formulas"</span>
            </label>
            <button
                type="button" class="small" data-testid="download-anomalies" disabled=waits
                on:click=move |_| tasks::download(page, What::Results(Selection::Anomalies))
            >
                "Download anomalies " <span class="faint">{move || format::count(anomalies())}{move || grouped().then_some(" and groups")}</span>
            </button>
            <button
                type="button" class="small" data-testid="download-all" disabled=waits
                on:click=move |_| tasks::download(page, What::Results(Selection::All))
            >
                {move || if page.selection.filter.with(Filter::is_empty) { "All rows " } else { "These rows " }} <span class="faint">{move || format::count(rows())}</span>
            </button>
        </div>
    }
}
