//! The result in a line of figures.

use leptos::prelude::*;

use crate::ui::{format, state::Page};

/// How many stand out, above which score, of how many, found how fast.
#[component]
pub fn KeyFigures() -> impl IntoView {
    let page = Page::here();
    let rows = move || page.loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.profile.rows));
    let anomalies = move || page.verdict.get().anomalies;
    let took = move || page.finished.with(|run| run.as_ref().map_or(0.0, |run| run.took));
    let compared = move || page.finished.with(|run| run.as_ref().map_or(0, |run| run.outcome.plan.features.len()));
    view! {
        <section class="card figures" aria-label="Results">
            <div class:odd=move || { anomalies() > 0 }>
                <h2>"3 · Results"</h2>
                <strong data-testid="anomaly-count" data-value=move || anomalies().to_string()>
                    {move || format::count(anomalies())}
                </strong>
                <span>
                    {move || if anomalies() == 1 { "flow stands out, " } else { "flows stand out, " }}
                    {move || format::percent(anomalies(), rows())} " of all"
                </span>
            </div>
            <div>
                <strong>{move || format::score(page.threshold.get())}</strong>
                <span>"threshold score"</span>
            </div>
            <div>
                <strong>{move || format::count(rows())}</strong>
                <span>"flows, by " {move || format::counted(compared() as u64, "column", "columns")}</span>
            </div>
            <div>
                <strong>{move || format::duration(took())}</strong>
                <span>"to fit, score and rank"</span>
            </div>
        </section>
    }
}
