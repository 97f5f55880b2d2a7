//! A list of flows.

use std::sync::Arc;

use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    task::{spawn_local, tick},
};

use super::review;
use crate::{
    ingest::Layout,
    report::RankedRow,
    table::{FlowColumns, Kind, Schema},
    ui::{
        format,
        state::{Page, Tab},
        words,
    },
    web::dom::{focus_on, focus_sibling},
};

/// Columns shown where flows cannot be told by their ends.
const FIRST_COLUMNS: usize = 3;
/// Rows that Page Up and Page Down pass.
const SCREEN: i32 = 10;

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
    /// Its number among all that could be listed, from 1.
    pub number: u64,
    /// What stands before the flow.
    pub lead: Vec<Lead>,
    /// The flow, as the last run has it.
    pub row: Arc<RankedRow>,
}

impl Entry {
    /// Rows with the same key look the same.
    fn key(&self) -> (u64, u64, Vec<Lead>) {
        (self.number, self.row.offset, self.lead.clone())
    }
}

/// What stands in a column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Both ends of the flow.
    Flow,
    /// When it was seen.
    Time,
    /// A column of the file.
    Column(usize),
}

/// What tells flows apart: their ends and times, or the first columns; then `more` columns.
pub fn shown(schema: &Schema, more: &[usize]) -> Vec<Shown> {
    let flow = FlowColumns::of(schema);
    let mut shown = match (flow.has_flow(), flow.has_time()) {
        (true, true) => vec![Shown::Flow, Shown::Time],
        (true, false) => vec![Shown::Flow],
        (false, _) => (0..FIRST_COLUMNS.min(schema.width())).map(Shown::Column).collect(),
    };
    for column in more.iter().map(|&column| Shown::Column(column)) {
        if !shown.contains(&column) {
            shown.push(column);
        }
    }
    shown
}

/// Flows, one of which can be selected to see why it scores as it does.
#[component]
pub fn FlowTable(
    /// What the columns are.
    layout: Arc<Layout>,
    /// Which of them are shown.
    shown: Vec<Shown>,
    /// The rows.
    entries: Signal<Vec<Entry>>,
    /// Rows that could be listed.
    #[prop(into)]
    total: Signal<u64>,
    /// The heads of the columns.
    heads: AnyView,
    /// The table's name for scripts.
    testid: &'static str,
    /// Its name for people.
    label: &'static str,
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
    let flow = FlowColumns::of(&layout.schema);
    let row = move |entry: Entry| {
        view! { <Row entry entered flow=flow.clone() shown=shown.clone() layout=Arc::clone(&layout) /> }
    };
    view! {
        <div class="scroll">
            <table
                class="anomalies" role="grid" data-testid=testid aria-label=label
                aria-rowcount=move || (total.get() + 1).to_string()
            >
                <thead><tr aria-rowindex="1">{heads}</tr></thead>
                <tbody>
                    <For each=move || entries.get() key=Entry::key children=row />
                </tbody>
            </table>
        </div>
    }
}

/// The note is where the flow is told of, which may be on another tab.
async fn go_to_note(page: Page) {
    page.chrome.open(Tab::Findings);
    tick().await;
    focus_on("[data-testid=flow-note]");
}

#[component]
fn Row(
    entry: Entry,
    entered: Memo<Option<u32>>,
    flow: FlowColumns,
    shown: Vec<Shown>,
    layout: Arc<Layout>,
) -> impl IntoView {
    let page = Page::here();
    let Entry { number, lead, row } = entry;
    let rank = row.rank;
    let selected = Memo::new(move |_| page.explained_rank() == Some(rank));
    let (offset, itself) = (row.offset, Arc::clone(&row));
    let keys = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let steps = match event.key().as_str() {
            "ArrowDown" | "j" | "J" => 1,
            "ArrowUp" | "k" | "K" => -1,
            "PageDown" => SCREEN,
            "PageUp" => -SCREEN,
            "End" => i32::MAX,
            "Home" => i32::MIN,
            "Enter" | " " => 0,
            "n" | "N" => {
                event.prevent_default();
                page.selection.select(rank);
                return spawn_local(go_to_note(page));
            }
            _ => {
                let loaded = page.data.loaded.get_untracked();
                if loaded.is_some_and(|loaded| review::key(page, &review::of_flow(&itself, &loaded), &event)) {
                    event.prevent_default();
                }
                return;
            }
        };
        event.prevent_default();
        if steps == 0 {
            page.selection.select(rank);
        } else {
            focus_sibling(&event, steps);
        }
    };
    let cell = |shown: &Shown| {
        let told = |column: usize, cell: &str| match cell.trim() {
            "" => String::new(),
            cell => words::value(cell, column, &layout),
        };
        // In the tooltip a cell is as the file has it.
        let (text, raw, class) = match *shown {
            Shown::Flow => {
                let text = flow.flow(&row.cells).unwrap_or_else(|| row.cells.join(" "));
                (text.clone(), text, "flow")
            }
            Shown::Time => {
                let [text, raw] = flow.time(&row.cells, &layout).unwrap_or_default();
                (text, raw, "time")
            }
            Shown::Column(column) => {
                let number = layout.schema.fields.get(column).is_some_and(|field| field.kind == Kind::Number);
                let cell = row.cells.get(column).cloned().unwrap_or_default();
                (told(column, &cell), cell, if number { "number" } else { "" })
            }
        };
        view! { <td class=class title=raw>{text}</td> }
    };
    let reasons = row.reasons.iter().take(2).map(|reason| {
        let name = layout.schema.named(reason.column, reason.aspect.as_deref());
        view! { <span class="chip" title=name.clone()><span>{name.clone()}</span> <b>{format::share(reason.share)}</b></span> }
    });
    view! {
        <tr
            tabindex=move || if entered.get() == Some(rank) { "0" } else { "-1" }
            aria-selected=move || selected.get().to_string()
            aria-rowindex=(number + 1).to_string()
            data-rank=rank.to_string()
            on:click=move |_| page.selection.select(rank)
            on:focus=move |_| page.selection.select(rank)
            on:keydown=keys
        >
            {lead.into_iter().map(|Lead { text, flagged }| view! { <td class="number" class:flagged=flagged>{text}</td> }).collect_view()}
            {shown.iter().map(cell).collect_view()}
            <td class="because">{review::flow_badge(page, offset)} {reasons.collect_view()}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Field, Role};

    #[test]
    fn flows_are_told_by_their_ends_and_columns_are_shown_once() {
        let with = |columns: &[(&str, Role)]| {
            let field = |&(name, role): &(&str, Role)| Field::new(name, Kind::Text, role);
            Schema { fields: columns.iter().map(field).collect() }
        };
        let flows = with(&[("src", Role::Ip), ("dst", Role::Ip), ("at", Role::Time), ("bytes", Role::Measure)]);
        assert_eq!(shown(&flows, &[3, 3]), [Shown::Flow, Shown::Time, Shown::Column(3)]);
        let plain = with(&[("a", Role::Measure), ("b", Role::Measure)]);
        assert_eq!(shown(&plain, &[1]), [Shown::Column(0), Shown::Column(1)]);
    }
}
