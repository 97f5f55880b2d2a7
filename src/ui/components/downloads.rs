//! Taking the results away.

use leptos::prelude::*;

use crate::{
    report::Selection,
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
    let anomalies = move || page.runs.verdict.get().anomalies;
    // The file must hold what the page says; a threshold that was just moved is still being counted.
    let waits = move || page.busy() || !page.can_ask() || page.runs.verdict.get().score != page.runs.threshold.get();
    let rows = move || page.data.rows();
    view! {
        <section class="card downloads" aria-label="Downloads">
            <button
                type="button" class="go" data-testid="download-anomalies" disabled=waits
                on:click=move |_| tasks::download(page, What::Results(Selection::Anomalies))
            >
                "Download anomalies " <span class="faint">{move || format::count(anomalies())}</span>
            </button>
            <button
                type="button" data-testid="download-all" disabled=waits
                on:click=move |_| tasks::download(page, What::Results(Selection::All))
            >
                "Download all rows " <span class="faint">{move || format::count(rows())}</span>
            </button>
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="neutralise"
                    prop:checked=move || page.chrome.neutralise.get()
                    disabled=page.is_busy()
                    on:change=move |event| page.chrome.neutralise.set(event_target_checked(&event))
                />
                <span>
                    "Neutralise spreadsheet formulas"
                    <span class="hint block">"an apostrophe goes before cells that would run"</span>
                </span>
            </label>
        </section>
    }
}
