//! The result in a line of figures.

use leptos::prelude::*;

use crate::ui::{format, said, state::Page};

/// How many stand out, above which score, of how many, found how fast.
#[component]
pub fn Figures() -> impl IntoView {
    let page = Page::here();
    let rows = move || page.data.rows();
    let anomalies = move || page.runs.verdict.get().anomalies;
    let took = move || page.runs.finished.with(|run| run.as_ref().map_or(0.0, |run| run.took));
    let share = said(move || {
        let flows = if anomalies() == 1 { "flow stands out" } else { "flows stand out" };
        format!("{flows}, {} of all", format::percent(anomalies(), rows()))
    });
    let compared = said(move || {
        let features = page.runs.finished.with(|run| run.as_ref().map_or(0, |run| run.outcome.plan.compared().count()));
        format!("flows, compared by {}", format::counted(features as u64, "feature", "features"))
    });
    view! {
        <section class="figures" aria-label="Results">
            <div class:odd=move || { anomalies() > 0 }>
                <strong data-testid="anomaly-count" data-value=said(move || anomalies().to_string())>
                    {said(move || format::count(anomalies()))}
                </strong>
                <span>{share}</span>
            </div>
            <div>
                <strong>{said(move || format::score(page.runs.threshold.get()))}</strong>
                <span>"threshold"</span>
            </div>
            <div>
                <strong>{said(move || format::count(rows()))}</strong>
                <span>{compared}</span>
            </div>
            <div>
                <strong>{said(move || format::duration(took()))}</strong>
                <span>"to fit, score and rank"</span>
            </div>
        </section>
    }
}
