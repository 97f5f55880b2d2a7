//! Anomalies by rank.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    report::RankedRow,
    table::Schema,
    ui::{
        format,
        state::{PAGE_ROWS, Page},
        tasks,
        words::{self, FlowColumns},
    },
    web::dom::focus_sibling,
};

/// Columns shown where flows cannot be told by their ends.
const FIRST_COLUMNS: usize = 3;

/// A page of anomalies; the highest scores where there are none.
#[component]
pub fn AnomalyTable() -> impl IntoView {
    let page = Page::here();
    let anomalies = move || page.verdict.get().anomalies;
    let sampled =
        move || page.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| words::is_sampled(&loaded.dataset)));
    let table = move || {
        page.loaded.get().map(|loaded| {
            let schema = Arc::clone(&loaded.dataset.layout.schema);
            view! { <Rows schema /> }
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
fn Rows(schema: Arc<Schema>) -> impl IntoView {
    let page = Page::here();
    let flow = FlowColumns::of(&schema);
    let names: Vec<String> = if flow.has_flow() {
        vec!["Flow".into()]
    } else {
        schema.fields.iter().take(FIRST_COLUMNS).map(|field| field.name.clone()).collect()
    };
    let time = flow.has_time() && flow.has_flow();
    let row = move |row: RankedRow| view! { <Row row flow=flow.clone() schema=Arc::clone(&schema) /> };
    view! {
        <div class="scroll">
            <table class="anomalies" role="grid" data-testid="anomaly-table">
                <thead>
                    <tr>
                        <th class="number" scope="col">"#"</th>
                        <th class="number" scope="col">"Score"</th>
                        {names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                        {time.then(|| view! { <th scope="col" class="time">"Time"</th> })}
                        <th scope="col">"Mostly because of"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || page.listed.get().rows.clone() key=|row| (row.rank, row.offset) children=row />
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(row: RankedRow, flow: FlowColumns, schema: Arc<Schema>) -> impl IntoView {
    let page = Page::here();
    let rank = row.rank;
    let selected = Memo::new(move |_| page.explained().is_some_and(|row| row.rank == rank));
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" | " " => {
            event.prevent_default();
            page.selected.set(Some(rank));
        }
        key @ ("ArrowDown" | "ArrowUp") => {
            event.prevent_default();
            focus_sibling(&event, key == "ArrowDown");
        }
        _ => {}
    };
    let cells: Vec<String> = match flow.flow(&row.cells) {
        Some(flow) => vec![flow],
        None if flow.has_flow() => vec![row.cells.join(" ")],
        None => (0..FIRST_COLUMNS.min(schema.width()))
            .map(|column| row.cells.get(column).cloned().unwrap_or_default())
            .collect(),
    };
    let time = (flow.has_time() && flow.has_flow()).then(|| flow.time(&row.cells).unwrap_or_default().to_owned());
    let reasons = row.reasons.iter().take(2).map(|reason| {
        let name = schema.named(reason.column, reason.aspect.as_deref());
        view! { <span class="chip" title=name.clone()><span>{name.clone()}</span> <b>{format!("{:.0} %", reason.share * 100.0)}</b></span> }
    });
    view! {
        <tr
            tabindex=move || if selected.get() { "0" } else { "-1" }
            aria-selected=move || selected.get().to_string()
            data-rank=rank.to_string()
            on:click=move |_| page.selected.set(Some(rank))
            on:focus=move |_| page.selected.set(Some(rank))
            on:keydown=keys
        >
            <td class="number">{format::count(u64::from(rank))}</td>
            <td class="number">{format::score(row.score)}</td>
            {cells.into_iter().map(|cell| view! { <td class="flow">{cell}</td> }).collect_view()}
            {time.map(|time| view! { <td class="time">{time}</td> })}
            <td class="because">{reasons.collect_view()}</td>
        </tr>
    }
}

#[component]
fn Pager() -> impl IntoView {
    let page = Page::here();
    let number = move || page.table_page.get();
    let last = move || page.verdict.get().anomalies.saturating_sub(1) / PAGE_ROWS;
    let shown = move || {
        let ranks = page.listed.with(|listed| listed.ranks.clone());
        let (first, last) = (u64::from(ranks.start), u64::from(ranks.end.saturating_sub(1)));
        format!(
            "{} to {} of {}",
            format::count(first),
            format::count(last),
            format::count(page.verdict.get().anomalies)
        )
    };
    view! {
        <nav class="pager" aria-label="Pages of anomalies">
            <button
                type="button" class="small" data-testid="page-previous" disabled=move || { number() == 0 || page.busy() }
                on:click=move |_| tasks::turn_page(page, number().saturating_sub(1))
            >
                "Previous"
            </button>
            <span>{shown}</span>
            <button
                type="button" class="small" data-testid="page-next" disabled=move || { number() >= last() || page.busy() }
                on:click=move |_| tasks::turn_page(page, number() + 1)
            >
                "Next"
            </button>
        </nav>
    }
}
