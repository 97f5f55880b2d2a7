//! Anomalies by rank.

use std::sync::Arc;

use leptos::prelude::*;

use super::flow_table::{Entry, FlowTable, Lead};
use crate::{
    report::RankedRow,
    ui::{
        format,
        state::{PAGE_ROWS, Page},
        words,
    },
};

/// A page of anomalies; the highest scores where there are none.
#[component]
pub fn AnomalyTable() -> impl IntoView {
    let page = Page::here();
    let anomalies = move || page.runs.verdict.get().anomalies;
    let sampled = move || {
        page.data.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| words::is_sampled(&loaded.dataset)))
    };
    let entries = Signal::derive(move || {
        let plain = |text| Lead { text, flagged: false };
        let lead = |row: &RankedRow| vec![plain(format::count(u64::from(row.rank))), plain(format::score(row.score))];
        page.runs.listed.with(|listed| {
            listed.into_iter().flatten().map(|row| Entry { lead: lead(row), row: row.clone() }).collect()
        })
    });
    let table = move || {
        page.data.loaded.get().map(|loaded| {
            let schema = Arc::clone(&loaded.dataset.layout.schema);
            view! { <FlowTable schema entries lead=&["#", "Score"] testid="anomaly-table" /> }
        })
    };
    view! {
        <section class="card list">
            <Show
                when=move || { anomalies() > 0 }
                fallback=move || view! {
                    <h3>"No flow stands out"</h3>
                    <p class="sub">
                        "No score passes the threshold. Below are the highest scores all the same; none of them counts as an anomaly."
                    </p>
                }
            >
                <h3>"Anomalies by rank"</h3>
                <p class="sub">"Select one to see why it stands out."</p>
            </Show>
            {table}
            <Show when=move || { anomalies() > PAGE_ROWS }><Pager /></Show>
            <Show when=sampled>
                <p class="hint" data-testid="streamed-note">
                    "Ranks beyond the first 65,536 are to within 0.00003 of the score: the flows are not in memory."
                </p>
            </Show>
        </section>
    }
}

#[component]
fn Pager() -> impl IntoView {
    let page = Page::here();
    let number = move || page.selection.table_page.get();
    let last = move || page.runs.verdict.get().anomalies.saturating_sub(1) / PAGE_ROWS;
    let shown = move || {
        let ranks = page.runs.listed.get().map_or(0..0, |listed| listed.0.clone());
        let (first, last) = (u64::from(ranks.start), u64::from(ranks.end.saturating_sub(1)));
        format!(
            "{} to {} of {}",
            format::count(first),
            format::count(last),
            format::count(page.runs.verdict.get().anomalies)
        )
    };
    view! {
        <nav class="pager" aria-label="Pages of anomalies">
            <button
                type="button" class="small" data-testid="page-previous" disabled=move || { number() == 0 || page.busy() }
                on:click=move |_| page.selection.turn_to(number().saturating_sub(1))
            >
                "Previous"
            </button>
            <span>{shown}</span>
            <button
                type="button" class="small" data-testid="page-next" disabled=move || { number() >= last() || page.busy() }
                on:click=move |_| page.selection.turn_to(number() + 1)
            >
                "Next"
            </button>
        </nav>
    }
}
