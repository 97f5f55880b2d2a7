//! When there was how much traffic, and whose it was: over time, by host, by pair of hosts and by port. What is clicked or drawn
//! over is looked for by the filter, which these follow in turn.

mod brush;
mod chart;
mod tables;
mod timeline;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

pub use tables::{Hosts, Pairs, Ports};
pub use timeline::Timeline;
pub use words::{around, typed};

use crate::{
    engine::{self, Dataset, TrafficQuery},
    ingest::FindingKind,
    report::{Filter, Traffic},
    table::FlowColumns,
    ui::state::{Page, Tab},
};

/// What was counted, and what that is of.
type Counted = Arc<(TrafficQuery, Traffic)>;

/// Has it known while its tab is open.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.traffic,
        move || wanted(page).filter(|_| page.tab() == Some(Tab::Explore)),
        async |host, query| engine::ask_all(host, query.clone()).await,
    );
}

/// The question what there was when of all flows, where the file says times.
pub fn of_all(page: Page) -> Option<TrafficQuery> {
    let loaded = page.data.loaded.get()?;
    let time = FlowColumns::of(&loaded.dataset.layout.schema).time?;
    let span = loaded.dataset.profile.columns[time].exact;
    let anomalies = page.runs.verdict.get().anomalies;
    (span[0] <= span[1]).then(|| TrafficQuery { filter: Filter::default(), anomalies, span })
}

fn wanted(page: Page) -> Option<TrafficQuery> {
    let loaded = page.data.loaded.get().filter(|_| page.can_ask())?;
    let dataset = &loaded.dataset;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let tells = flow.time.is_some() || !flow.addresses.is_empty() || !flow.ports.is_empty();
    let may = tells && (dataset.held || page.selection.read_again.get());
    let filter = page.selection.filter.get();
    let whole = flow.time.map_or([0; 2], |column| dataset.profile.columns[column].exact);
    let span = flow.time.map_or(whole, |column| filter.span(column, &dataset.layout.schema.fields[column], whole));
    may.then(|| TrafficQuery { filter, anomalies: page.runs.verdict.get().anomalies, span })
}

/// What was counted last, and in what.
fn counted(page: Page) -> Option<(Arc<crate::ui::state::Loaded>, Counted)> {
    page.data.loaded.get().zip(page.runs.traffic.get())
}

/// What must be known of the file's times before they are read off a picture.
pub fn caveat(dataset: &Dataset) -> Option<&'static str> {
    (dataset.findings.count(FindingKind::TwelveHourClock) > 0).then_some(
        "These times are of a 12-hour clock without AM and PM: what was in the afternoon is drawn in the morning.",
    )
}

/// A file has such columns.
fn has(page: Page, tells: fn(&FlowColumns, &Dataset) -> bool) -> bool {
    page.data.loaded.with(|loaded| {
        loaded.as_ref().is_some_and(|loaded| tells(&FlowColumns::of(&loaded.dataset.layout.schema), &loaded.dataset))
    })
}

/// What stands in place of what was not counted yet: that it is being counted, or where the file must be read again for it, a
/// button that has it done.
#[component]
pub fn NotYet(
    /// It was counted.
    known: Signal<bool>,
) -> impl IntoView {
    let page = Page::here();
    let waits = move || {
        page.data.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| !loaded.dataset.held))
            && !page.selection.read_again.get()
    };
    let body = move || {
        if known.get() {
            return None;
        }
        Some(if waits() {
            view! {
                <p class="sub">"The rows of this file are not in memory. To count them, it is read again. "
                    <button type="button" class="small" data-testid="read-again" on:click=move |_| page.selection.read_again.set(true)>"Count"</button>
                </p>
            }
            .into_any()
        } else {
            view! { <p class="sub">"Counting…"</p> }.into_any()
        })
    };
    view! { {body} }
}
