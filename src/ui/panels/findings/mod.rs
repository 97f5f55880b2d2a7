//! The flows that stand out, or all of them, in an order that can be chosen.

mod by_marks;
mod chooser;
mod heads;
mod pager;

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    filter::kept,
    flow_table::{Entry, FlowTable, Lead, shown},
};
use crate::{
    engine::{self, Sort, SortBy},
    report::{RankedRow, Term, Test},
    ui::{
        components::HowToRead,
        format, said,
        state::{Listing, PAGE_SIZES, Page},
        words,
    },
};
use by_marks::ByMarks;
use chooser::Chooser;
use heads::heads;
use pager::Pager;

/// Has the rows of the table known.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.listed,
        move || wanted(page),
        async |host, listing| {
            let Listing { filter, anomalies, sort, rows, learned, .. } = listing;
            let sort = (*sort, learned.clone());
            let rows = engine::table_by(host, (filter, *anomalies), sort, rows.clone()).await?;
            Ok(rows.into_iter().map(Arc::new).collect())
        },
    );
}

/// Rows that the table could list; where nothing stands out, a page of the highest all the same.
fn listable(page: Page) -> Option<u64> {
    let kept = kept(page)?;
    Some(match (page.selection.all.get(), kept.anomalies) {
        (true, _) => kept.rows,
        (false, 0) if page.runs.verdict.get().anomalies == 0 => kept.rows.min(PAGE_SIZES[0]),
        (false, anomalies) => anomalies,
    })
}

fn wanted(page: Page) -> Option<Listing> {
    let selection = page.selection;
    let total = listable(page).filter(|_| page.can_ask())?;
    let taught = page.runs.taught.get();
    let by_marks = selection.sort.get().by.is_learned();
    let sort = if by_marks && taught.is_none() { Sort::default() } else { selection.sort.get() };
    let mut filter = selection.filter.get();
    let anomalies = page.runs.verdict.get().anomalies;
    // By rank, those that stand out come first anyway.
    if !selection.all.get() && anomalies > 0 && !(filter.is_empty() && sort == Sort::default()) {
        filter.terms.push(Term { negated: false, test: Test::Anomaly });
    }
    let asks = filter.terms.iter().any(|term| term.test == Test::Anomaly);
    let size = selection.page_rows.get();
    let first = selection.table_page.get().min(total.saturating_sub(1) / size) * size;
    let rows = first as usize..(first + size).min(total) as usize;
    let learned = taught.filter(|_| by_marks).map(|taught| Arc::clone(&taught.learned));
    Some(Listing { filter, anomalies: if asks { anomalies } else { 0 }, sort, learned, rows, total })
}

/// A page of flows.
#[component]
pub fn Findings() -> impl IntoView {
    let page = Page::here();
    let selection = page.selection;
    let anomalies = move || kept(page).map_or(0, |kept| kept.anomalies);
    let none = Memo::new(move |_| page.runs.verdict.get().anomalies == 0);
    let title = move || match selection.sort.get().by {
        by if by.is_learned() => "Flows by your marks",
        _ if none.get() => "No flow stands out",
        SortBy::Column(_) => "Flows",
        _ => "Flows by rank",
    };
    let sampled = move || {
        page.data.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| words::is_sampled(&loaded.dataset)))
    };
    let entries = Signal::derive(move || {
        let Some(listed) = page.runs.listed.get() else { return Vec::new() };
        let anomalies = page.runs.verdict.get().anomalies;
        let entry = |(place, row): (usize, &Arc<RankedRow>)| {
            let rank = u64::from(row.rank);
            let flagged = rank <= anomalies;
            let lead = vec![
                Lead { text: format::count(rank), flagged: false },
                Lead { text: format::score(row.score), flagged },
            ];
            Entry { number: (listed.0.rows.start + place) as u64 + 1, lead, row: Arc::clone(row) }
        };
        listed.1.iter().enumerate().map(entry).collect()
    });
    let total = Signal::derive(move || page.runs.listed.get().map_or(0, |listed| listed.0.total));
    let table = move || {
        page.data.layout().map(|layout| {
            let shown = selection.columns.with(|columns| shown(&layout.schema, columns));
            let heads = heads(page, &layout.schema, &shown);
            view! { <FlowTable layout shown entries total heads testid="anomaly-table" label="Flows" /> }
        })
    };
    let which = move |all: bool, testid: &'static str, name: &'static str, count: Signal<String>| {
        view! {
            <button
                type="button" data-testid=testid aria-pressed=said(move || (selection.all.get() == all).to_string())
                on:click=move |_| selection.list(all)
            >
                {name} " " <span class="faint">{count}</span>
            </button>
        }
    };
    let rows = said(move || kept(page).map_or_else(String::new, |kept| format::count(kept.rows)));
    let empty = move || page.runs.listed.with(|rows| rows.is_some_and(|rows| rows.is_empty()));
    view! {
        <section class="card list">
            <div class="list-head">
                <h2>{said(move || title().to_owned())}</h2>
                <div class="segments" role="group" aria-label="Which flows">
                    {which(false, "list-anomalies", "Anomalies", said(move || format::count(anomalies())))}
                    {which(true, "list-all", "All flows", rows)}
                </div>
                <Chooser />
                <ByMarks />
                <HowToRead section="flows" />
            </div>
            <Show when=move || none.get() && !selection.all.get()>
                <p class="sub">
                    "No score is above the threshold. These are the highest scores; none counts as an anomaly."
                </p>
            </Show>
            {table}
            <Show when=empty><p class="sub">"No anomaly passes the filter. “All flows” lists the others that do."</p></Show>
            <Pager total />
            <Show when=sampled>
                <p class="hint" data-testid="streamed-note">
                    "The flows are not in memory, so ranks beyond the first 65,536 are approximate: scores that differ by less than 0.00003 may change places."
                </p>
            </Show>
        </section>
    }
}
