//! A list of flows.

use std::sync::Arc;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    report::RankedRow,
    table::Schema,
    ui::{state::Page, words::FlowColumns},
    web::dom::focus_sibling,
};

/// Columns shown where flows cannot be told by their ends.
const FIRST_COLUMNS: usize = 3;

/// A number before a flow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lead {
    /// As it is shown.
    pub text: String,
    /// A detector flags the flow for it.
    pub flagged: bool,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What stands before the flow.
    pub lead: Vec<Lead>,
    /// The flow, as the last run has it.
    pub row: RankedRow,
}

impl Entry {
    /// Rows with the same key look the same.
    fn key(&self) -> (u64, Vec<Lead>) {
        (self.row.offset, self.lead.clone())
    }
}

/// Flows, one of which can be selected to see why it scores as it does.
#[component]
pub fn FlowTable(
    /// What the columns are.
    schema: Arc<Schema>,
    /// The rows.
    entries: Signal<Vec<Entry>>,
    /// Names of the columns of [`Entry::lead`].
    lead: &'static [&'static str],
    /// The table's name for scripts.
    testid: &'static str,
) -> impl IntoView {
    let page = Page::here();
    // Where the keyboard enters the table.
    let entered = Memo::new(move |_| {
        let selected = page.explained_rank();
        entries.with(|entries| {
            let ranks = || entries.iter().map(|entry| entry.row.rank);
            ranks().find(|&rank| Some(rank) == selected).or(ranks().next())
        })
    });
    let flow = FlowColumns::of(&schema);
    let names: Vec<String> = if flow.has_flow() {
        vec!["Flow".into()]
    } else {
        schema.fields.iter().take(FIRST_COLUMNS).map(|field| field.name.clone()).collect()
    };
    let time = flow.has_time() && flow.has_flow();
    let row = move |entry: Entry| view! { <Row entry entered flow=flow.clone() schema=Arc::clone(&schema) /> };
    view! {
        <div class="scroll">
            <table class="anomalies" role="grid" data-testid=testid>
                <thead>
                    <tr>
                        {lead.iter().map(|name| view! { <th class="number" scope="col">{*name}</th> }).collect_view()}
                        {names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                        {time.then(|| view! { <th scope="col" class="time">"Time"</th> })}
                        <th scope="col">"Main reasons"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || entries.get() key=Entry::key children=row />
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(entry: Entry, entered: Memo<Option<u32>>, flow: FlowColumns, schema: Arc<Schema>) -> impl IntoView {
    let page = Page::here();
    let Entry { lead, row } = entry;
    let rank = row.rank;
    let selected = Memo::new(move |_| page.explained_rank() == Some(rank));
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" | " " => {
            event.prevent_default();
            page.selection.select(rank);
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
            tabindex=move || if entered.get() == Some(rank) { "0" } else { "-1" }
            aria-selected=move || selected.get().to_string()
            data-rank=rank.to_string()
            on:click=move |_| page.selection.select(rank)
            on:focus=move |_| page.selection.select(rank)
            on:keydown=keys
        >
            {lead.into_iter().map(|Lead { text, flagged }| view! { <td class="number" class:flagged=flagged>{text}</td> }).collect_view()}
            {cells.into_iter().map(|cell| view! { <td class="flow">{cell}</td> }).collect_view()}
            {time.map(|time| view! { <td class="time">{time}</td> })}
            <td class="because">{reasons.collect_view()}</td>
        </tr>
    }
}
