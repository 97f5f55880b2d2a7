//! What both detectors make of the same flows.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    flow_table::{Entry, FlowTable, Lead},
    words as said,
};
use crate::{
    detect::Method,
    report::ConsensusRow,
    ui::{
        format,
        state::{Agreed, Page},
        tasks, words,
    },
};

/// The button that runs the other detector, or why there is none.
#[component]
pub fn CompareButton() -> impl IntoView {
    let page = Page::here();
    let other = Memo::new(move |_| page.finished.with(|run| run.as_ref().map(|run| run.method().other())));
    let held = move || page.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.dataset.held));
    let label =
        said(move || other.get().map_or_else(String::new, |other| format!("Compare with {}", words::detector(other))));
    let waits = move || page.busy() || !other.get().is_some_and(|other| page.is_sound(other));
    view! {
        <Show
            when=held
            fallback=|| view! {
                <p class="hint" data-testid="compare-note">
                    "The detectors cannot be compared here: that needs the flows in memory."
                </p>
            }
        >
            <button type="button" data-testid="compare-button" disabled=waits on:click=move |_| tasks::compare(page)>
                {label}
            </button>
        </Show>
    }
}

/// Both detectors beside each other, once both ran.
#[component]
pub fn Comparison() -> impl IntoView {
    let page = Page::here();
    let compared = Memo::new(move |_| page.agreed.with(Option::is_some));
    view! { <Show when=move || compared.get()><Both /></Show> }
}

/// Something of what both make of the flows.
fn of(page: Page, take: impl Fn(&Agreed) -> String + Send + Sync + 'static) -> Signal<String> {
    said(move || page.agreed.with(|agreed| agreed.as_ref().map(|agreed| take(agreed)).unwrap_or_default()))
}

#[component]
fn Both() -> impl IntoView {
    let page = Page::here();
    let runs = said(move || {
        let (Some(run), Some(earlier)) = (page.finished.get(), page.earlier.get()) else { return String::new() };
        let verdict = page.verdict.get();
        let (method, mode) = (run.method(), run.outcome.options.treatment.mode);
        let last = words::ran(method, mode, verdict.score, verdict.anomalies);
        let first = words::ran(earlier.method, earlier.mode, earlier.verdict.score, earlier.verdict.anomalies);
        if method == Method::IsolationForest { format!("{last}; {first}.") } else { format!("{first}; {last}.") }
    });
    let figure = move |testid: &'static str, class: &'static str, name: &'static str, rows: fn(&Agreed) -> u64| {
        view! {
            <div class=class>
                <strong data-testid=testid data-value=of(page, move |agreed| rows(agreed).to_string())>
                    {of(page, move |agreed| format::count(rows(agreed)))}
                </strong>
                <span>{name}</span>
            </div>
        }
    };
    let shares = move || {
        let shares = page.agreed.with(|agreed| agreed.as_ref().and_then(|agreed| words::shares(&agreed.agreement)))?;
        let part =
            |(share, class): (f64, &'static str)| view! { <i class=class style:flex-grow=format!("{share:.2}")></i> };
        let parts = shares.into_iter().zip(["forest", "both", "network"]);
        Some(view! { <div class="overlap" aria-hidden="true">{parts.map(part).collect_view()}</div> })
    };
    let entries = Signal::derive(move || {
        page.agreed.with(|agreed| agreed.as_ref().map_or_else(Vec::new, |agreed| entries(agreed)))
    });
    let table = move || {
        page.loaded.get().map(|loaded| {
            let schema = Arc::clone(&loaded.dataset.layout.schema);
            view! { <FlowTable schema entries lead=&["#", "Forest", "Autoencoder"] testid="consensus-table" /> }
        })
    };
    view! {
        <section class="card" id="comparison" data-testid="comparison">
            <h3>"Both detectors"</h3>
            <p class="sub">{runs}</p>
            <div class="agreement">
                {figure("compare-only-forest", "forest", "only by Isolation Forest", |agreed| agreed.agreement.only[0])}
                {figure("compare-both", "both", "flagged by both", |agreed| agreed.agreement.both)}
                {figure("compare-only-autoencoder", "network", "only by the autoencoder", |agreed| agreed.agreement.only[1])}
            </div>
            {shares}
            <div class="agreement">
                <div>
                    <strong
                        data-testid="compare-rank-correlation"
                        data-value=of(page, |agreed| agreed.correlation.map_or_else(String::new, |value| value.to_string()))
                    >
                        {of(page, |agreed| words::correlation(agreed.correlation))}
                    </strong>
                    <span>{of(page, |agreed| format!("rank correlation (Spearman): {}", words::correlation_means(agreed.correlation)))}</span>
                </div>
                <div>
                    <strong data-testid="compare-highest" data-value=of(page, |agreed| agreed.agreement.highest.to_string())>
                        {of(page, |agreed| format::count(agreed.agreement.highest))}
                    </strong>
                    <span>{of(page, |agreed| format!("of the {} highest of each are the same", format::count(agreed.highest)))}</span>
                </div>
            </div>
            <h4>"The flows that both together find most unusual"</h4>
            <p class="sub">"By the sum of both ranks. Ranks that a detector flags are bold. The reasons are those of the last run."</p>
            {table}
        </section>
    }
}

fn entries(agreed: &Agreed) -> Vec<Entry> {
    let entry = |ConsensusRow { ranks, row }: &ConsensusRow| {
        let flagged = |detector: usize| u64::from(ranks.detectors[detector]) <= agreed.flagged[detector];
        let lead = |rank: u32, flagged| Lead { text: format::count(u64::from(rank)), flagged };
        let [forest, autoencoder] = [0, 1].map(|detector| lead(ranks.detectors[detector], flagged(detector)));
        Entry { lead: vec![lead(ranks.consensus, false), forest, autoencoder], row: row.clone() }
    };
    agreed.rows.iter().map(entry).collect()
}
