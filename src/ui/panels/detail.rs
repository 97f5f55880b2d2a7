//! Why one flow stands out.

use std::sync::Arc;

use leptos::prelude::*;

use super::{beside::beside, learning::flow_moved, review::flow_buttons, spread::leading_name};
use crate::{
    engine::{self, Detector, Outcome, RowsQuery},
    report::{RankedRow, Reason},
    table::{Field, FlowColumns},
    ui::{
        components::HowToRead,
        format, said,
        state::{Loaded, Page},
        words,
    },
};

/// Has the selected row known where no table lists it.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.looked_up,
        move || wanted(page),
        async |host, rank| {
            Ok(engine::ask_all(host, RowsQuery(*rank..rank.saturating_add(1))).await?.pop().map(Arc::new))
        },
    );
}

fn wanted(page: Page) -> Option<u32> {
    let rank = page.selection.rank.get().filter(|_| page.can_ask())?;
    let listed = page.runs.listed.with(|rows| rows.is_some_and(|rows| rows.iter().any(|row| row.rank == rank)));
    let of_both = page
        .runs
        .agreed
        .with(|agreed| agreed.as_ref().is_some_and(|agreed| agreed.rows.iter().any(|both| both.row.rank == rank)));
    (!listed && !of_both).then_some(rank)
}

/// The selected flow: what weighs most, against what is usual, and the whole row.
#[component]
pub fn Detail() -> impl IntoView {
    let page = Page::here();
    let known = move || Some((page.data.loaded.get()?, page.explained()?));
    // Said aloud when another row is selected: not all its cells, only what a glance would catch.
    let aloud = said(move || {
        known().map_or_else(String::new, |(loaded, row)| {
            let most = row.reasons.first().map(|reason| {
                let name = loaded.dataset.layout.schema.named(reason.column, reason.aspect.as_deref());
                format!(": mostly {name}, {}", format::share(reason.share))
            });
            format!(
                "Flow {}, score {}{}",
                format::count(u64::from(row.rank)),
                format::score(row.score),
                most.unwrap_or_default()
            )
        })
    });
    let outcome = move || page.runs.finished.get().map(|run| run.outcome.clone());
    let body = move || {
        let (loaded, row) = known()?;
        let anomalous = u64::from(row.rank) <= page.runs.verdict.get().anomalies;
        let title = if anomalous { "stands out" } else { "scores as it does" };
        let most = row.reasons.first().map_or(1.0, |reason| reason.share);
        let flow = FlowColumns::of(&loaded.dataset.layout.schema);
        let who = flow.flow(&row.cells);
        let when = flow.time(&row.cells, &loaded.dataset.layout).filter(|_| who.is_some());
        let [marks, note] = flow_buttons(page, &row, &loaded);
        let flow = Arc::clone(&row);
        let rank = row.rank;
        let moved = move || {
            flow_moved(page, &flow)
                .map(|why| view! { <p class="sub" data-testid="flow-moved" data-rank=rank.to_string()>{why}</p> })
        };
        Some(view! {
            <div class="detail-head">
                <h3>{format!("Why flow {} {title}", format::count(u64::from(row.rank)))}</h3>
                <span class="score" class:odd=anomalous>{format::score(row.score)}</span>
                {who.map(|who| view! { <p class="who">{who} {when.map(|[when, raw]| view! { <span class="hint" title=raw>{format!(" · {when}")}</span> })}</p> })}
            </div>
            {moved}
            {marks}
            <p class="sub">
                {outcome().map(|outcome| shares(&outcome))}
            </p>
            <div class="reasons">{row.reasons.iter().map(|reason| why(page, reason, most, (&row, &loaded))).collect_view()}</div>
            {note}
            {beside(page, &row, &loaded)}
            <h4>"All columns"</h4>
            {cells(&row, &loaded)}
        })
    };
    view! {
        <p class="hidden" role="status">{aloud}</p>
        <section class="card detail" data-testid="explanation" aria-label="Why the selected flow stands out">
            <HowToRead section="flow" />
            {body}
        </section>
    }
}

/// What the shares are of, and what values stand beside.
fn shares(outcome: &Outcome) -> String {
    match outcome.options.detector {
        Detector::IsolationForest(_) => {
            "Each column’s share of the score; its value, and what is usual in this file.".to_owned()
        }
        Detector::Autoencoder(..) => {
            "Each column’s share of the reconstruction error; its value, and what the network expected.".to_owned()
        }
        Detector::Nearest(params) => {
            let normal = outcome.baseline().is_some();
            let neighbour = words::neighbour(params.of(normal).0);
            let of = if normal { " of the baseline" } else { "" };
            format!("Each column’s share of the distance to {neighbour}{of}; its value, and that flow’s.")
        }
    }
}

fn why(page: Page, reason: &Reason, most: f64, (row, loaded): (&RankedRow, &Loaded)) -> impl IntoView + use<> {
    let dataset = &loaded.dataset;
    let name = dataset.layout.schema.named(reason.column, reason.aspect.as_deref());
    let field = &dataset.layout.schema.fields[reason.column];
    let cell = row.cells.get(reason.column).cloned().unwrap_or_default();
    let value = words::value(&cell, reason.column, &dataset.layout);
    let number = words::number(&cell, reason.column, &dataset.layout);
    let usual = match &reason.expected {
        Some(expected) if row.alike.is_empty() => Some(format!("expected {}", words::expected(expected, field))),
        Some(held) => Some(format!("there {}", words::expected(held, field))),
        None => dataset.typical.get(reason.column).and_then(|typical| words::usual(typical, field, (&value, number))),
    };
    let length = reason.share / most * 100.0;
    view! {
        <div class="reason">
            {leading_name(page, name, (reason.column, None), dataset)}
            <span class="bar-line" aria-hidden="true"><i style:width=format!("{length:.1}%")></i></span>
            <span class="share">{format::share(reason.share)}</span>
            <span class="values"><b title=cell>{value}</b>{usual.map(|usual| format!(", {usual}"))}</span>
        </div>
    }
}

fn cells(row: &RankedRow, loaded: &Loaded) -> impl IntoView + use<> {
    let fields = &loaded.dataset.layout.schema.fields;
    let cell = |column: usize| row.cells.get(column).cloned().unwrap_or_default();
    let there = |column: usize| {
        let held = row.alike.iter().find(|held| held.0 == column)?;
        let differs = !words::is_expected(&cell(column), &held.1);
        differs.then(|| format!("there {}", words::expected(&held.1, &fields[column])))
    };
    let told = |(column, field): (usize, &Field)| {
        (field.name.clone(), words::in_full(&cell(column), field), cell(column), there(column))
    };
    let told: Vec<(String, String, String, Option<String>)> = fields.iter().enumerate().map(told).collect();
    view! {
        <dl class="cells" tabindex="0" aria-label="All columns of this row">
            {told.into_iter().map(|(name, value, raw, there)| view! {
                <div><dt>{name}</dt><dd title=raw>{value}{there.map(|there| view! { <span class="hint" data-testid="there">{there}</span> })}</dd></div>
            }).collect_view()}
        </dl>
    }
}
