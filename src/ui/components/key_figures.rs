//! The result in a line of figures.

use leptos::prelude::*;

use super::words;
use crate::ui::{format, state::Page};

/// How many stand out, above which score, of how many, found how fast.
#[component]
pub fn KeyFigures() -> impl IntoView {
    let page = Page::here();
    let rows = move || page.data.rows();
    let anomalies = move || page.runs.verdict.get().anomalies;
    let took = move || page.runs.finished.with(|run| run.as_ref().map_or(0.0, |run| run.took));
    let share = words(move || {
        let flows = if anomalies() == 1 { "flow stands out" } else { "flows stand out" };
        format!("{flows}, {} of all", format::percent(anomalies(), rows()))
    });
    let compared = words(move || {
        let columns = page.runs.finished.with(|run| run.as_ref().map_or(0, |run| run.outcome.plan.features.len()));
        format!("flows, by {}", format::counted(columns as u64, "column", "columns"))
    });
    view! {
        <section class="card figures" aria-label="Results">
            <div class:odd=move || { anomalies() > 0 }>
                <h2>"3 · Results"</h2>
                <strong data-testid="anomaly-count" data-value=words(move || anomalies().to_string())>
                    {words(move || format::count(anomalies()))}
                </strong>
                <span>{share}</span>
            </div>
            <div>
                <strong>{words(move || format::score(page.runs.threshold.get()))}</strong>
                <span>"threshold score"</span>
            </div>
            <div>
                <strong>{words(move || format::count(rows()))}</strong>
                <span>{compared}</span>
            </div>
            <div>
                <strong>{words(move || format::duration(took()))}</strong>
                <span>"to fit, score and rank"</span>
            </div>
        </section>
    }
}
