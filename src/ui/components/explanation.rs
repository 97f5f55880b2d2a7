//! Why one flow stands out.

use leptos::prelude::*;

use crate::{
    report::{RankedRow, Reason},
    ui::{
        format,
        state::{Loaded, Page},
        words,
    },
};

/// The selected flow: what weighs most, against what is usual, and the whole row.
#[component]
pub fn Explanation() -> impl IntoView {
    let page = Page::here();
    let body = move || {
        let (loaded, row) = (page.data.loaded.get()?, page.explained()?);
        let anomalous = u64::from(row.rank) <= page.runs.verdict.get().anomalies;
        let title = if anomalous { "stands out" } else { "scores as it does" };
        let most = row.reasons.first().map_or(1.0, |reason| reason.share);
        Some(view! {
            <h3>{format!("Why flow {} {title}", format::count(u64::from(row.rank)))}</h3>
            <p class="sub">
                {if page.runs.finished.with(|run| run.as_ref().is_some_and(|run| run.outcome.trained.is_some())) {
                    "Share of the reconstruction error, by column; its value against what the network expected of such a flow."
                } else {
                    "Share of what made it easy to tell apart, by column; its value against what is usual in this file."
                }}
            </p>
            <div class="reasons">{row.reasons.iter().map(|reason| why(reason, most, &row, &loaded)).collect_view()}</div>
            <h4>"The whole row"</h4>
            {cells(&row, &loaded)}
        })
    };
    view! { <section class="card" data-testid="explanation" aria-live="polite">{body}</section> }
}

fn why(reason: &Reason, most: f64, row: &RankedRow, loaded: &Loaded) -> impl IntoView + use<> {
    let dataset = &loaded.dataset;
    let name = dataset.layout.schema.named(reason.column, reason.aspect.as_deref());
    let value = words::value(row.cells.get(reason.column).map_or("", String::as_str));
    let usual = match reason.expected {
        Some(expected) => Some(format!("expected {}", format::short(expected))),
        None => dataset.typical.get(reason.column).and_then(words::usual),
    };
    let (percent, length) = (reason.share * 100.0, reason.share / most * 100.0);
    view! {
        <div class="reason">
            <span class="reason-name">{name}</span>
            <span class="bar" aria-hidden="true"><i style:width=format!("{length:.1}%")></i></span>
            <span class="share">{format!("{percent:.0} %")}</span>
            <span class="values"><b>{value}</b>{usual.map(|usual| format!(", {usual}"))}</span>
        </div>
    }
}

fn cells(row: &RankedRow, loaded: &Loaded) -> impl IntoView + use<> {
    let fields = &loaded.dataset.layout.schema.fields;
    let cell = |column: usize| row.cells.get(column).cloned().unwrap_or_default();
    let pairs: Vec<(String, String)> =
        fields.iter().enumerate().map(|(column, field)| (field.name.clone(), cell(column))).collect();
    view! {
        <dl class="cells" tabindex="0" aria-label="All columns of this row">
            {pairs.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}
        </dl>
    }
}
