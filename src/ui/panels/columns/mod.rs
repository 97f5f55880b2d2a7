//! Every column: what it is, what is in it, what it means, and how it was compared.

mod words;

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::{
    table::Role,
    ui::{
        components::HowToRead,
        format, said,
        state::{Page, Tab},
        tasks,
    },
};
use words::{ColumnFacts, ROLES, SHAPE};

/// More columns than this can be searched by name.
const SEARCHED: usize = 20;
/// Columns that are listed at once.
const LISTED: usize = 200;

/// Roles that were chosen and do not hold yet, by the columns' names.
type Chosen = RwSignal<BTreeMap<String, Role>>;

/// All columns, folded if the visitor wants so.
#[component]
pub fn Columns() -> impl IntoView {
    let page = Page::here();
    let summary = said(move || {
        let columns = page.data.loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.typical.len()));
        let columns = format::counted(columns as u64, "column", "columns");
        page.runs.finished.with(|run| match run {
            None => format!("{columns}: roles, ranges and distributions"),
            Some(run) => {
                let plan = &run.outcome.plan;
                format!(
                    "{columns}: {} features, {} columns left out",
                    format::count(plan.compared().count() as u64),
                    format::count(plan.left_out.len() as u64)
                )
            }
        })
    });
    // Hundreds of columns are not made before somebody looks.
    let looked = RwSignal::new(false);
    Effect::new(move || {
        if page.tab() == Some(Tab::Data) && !looked.get_untracked() {
            looked.set(true);
        }
    });
    view! {
        <section class="card">
            <details data-testid="columns" open>
                <summary>{summary}</summary>
                <Show when=move || looked.get()><ColumnTable /></Show>
            </details>
            <HowToRead section="columns" />
        </section>
    }
}

/// The columns as a table. Roles are chosen one by one and changed together: each change may have the file read again.
#[component]
fn ColumnTable() -> impl IntoView {
    let page = Page::here();
    let chosen: Chosen = RwSignal::new(BTreeMap::new());
    let wanted = RwSignal::new(String::new());
    // The controls of the roles stay while everything around them changes, unless the columns do.
    let names = Memo::new(move |_| -> Vec<String> {
        page.data.loaded.with(|loaded| {
            let schema = loaded.as_ref().map(|loaded| &loaded.dataset.layout.schema);
            schema.into_iter().flat_map(|schema| &schema.fields).map(|field| field.name.clone()).collect()
        })
    });
    let rows = move || {
        let wanted = wanted.get().to_lowercase();
        let named = |(_, name): &(usize, String)| name.to_lowercase().contains(&wanted);
        let found: Vec<(usize, String)> = names.get().into_iter().enumerate().filter(named).collect();
        let more = found.len().saturating_sub(LISTED);
        let rows =
            found.into_iter().take(LISTED).map(|(column, name)| view! { <Row column name chosen /> }).collect_view();
        let more = (more > 0).then(|| {
            view! { <tr><th scope="row" class="hint">{format!("and {more} more: search by name")}</th></tr> }
        });
        (rows, more)
    };
    let head = |(name, class): (&'static str, &'static str)| view! { <th scope="col" class=class>{name}</th> };
    view! {
        <label class="field filter" hidden=Signal::derive(move || names.with(Vec::len) <= SEARCHED)>
            <span>"Columns whose name contains"</span>
            <input
                type="search"
                data-testid="column-filter"
                prop:value=wanted
                on:input=move |event| wanted.set(event_target_value(&event))
            />
        </label>
        <Pending chosen />
        <div class="scroll tall" tabindex="0" role="region" aria-label="Columns">
            <table class="data columns" data-testid="column-table">
                <thead><tr>{HEAD.into_iter().map(head).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What was chosen and does not hold yet, with the button that has it hold.
#[component]
fn Pending(chosen: Chosen) -> impl IntoView {
    let page = Page::here();
    // Other files have other columns, and what holds is pending no more.
    Effect::new(move || {
        page.data.loaded.track();
        if !chosen.with_untracked(BTreeMap::is_empty) {
            chosen.set(BTreeMap::new());
        }
    });
    let words = said(move || {
        let changes = chosen.with(BTreeMap::len) as u64;
        format!("{} not applied yet.", format::counted(changes, "changed role is", "changed roles are"))
    });
    view! {
        <Show when=move || !chosen.with(BTreeMap::is_empty)>
            <div class="pending" role="status">
                <span>{words}</span>
                <button
                    type="button" class="small go" data-testid="apply-roles" disabled=page.computing()
                    on:click=move |_| tasks::assign_roles(page, chosen.get_untracked())
                >
                    "Apply"
                </button>
                <button type="button" class="small" data-testid="reset-roles" on:click=move |_| chosen.set(BTreeMap::new())>
                    "Reset"
                </button>
            </div>
        </Show>
    }
}

/// One column.
#[component]
fn Row(column: usize, name: String, chosen: Chosen) -> impl IntoView {
    let page = Page::here();
    let facts = move || {
        let (loaded, run) = (page.data.loaded.get()?, page.runs.finished.get());
        words::column(&loaded.dataset, run.as_ref().map(|run| &*run.outcome.plan), column)
    };
    let known = name.clone();
    let holds = move || {
        page.data.loaded.with(|loaded| {
            let field = loaded.as_ref().and_then(|loaded| loaded.dataset.layout.schema.fields.get(column));
            field.map(|field| field.role)
        })
    };
    let because = said(move || {
        page.data.loaded.with(|loaded| {
            let field = loaded.as_ref().and_then(|loaded| loaded.dataset.layout.schema.fields.get(column));
            field.map_or_else(String::new, words::because)
        })
    });
    let role =
        Signal::derive(move || chosen.with(|chosen| chosen.get(&known).copied()).or_else(holds).map_or("", Role::word));
    // Only what it is at first; later `prop:value` says.
    let first = role.get_untracked();
    let option = |word: &'static str| view! { <option value=word selected=word == first>{word}</option> };
    let target = name.clone();
    let choose = move |event| {
        let word = event_target_value(&event);
        if let Some(role) = ROLES.into_iter().find(|role| role.word() == word) {
            chosen.update(|chosen| {
                if untrack(holds) == Some(role) {
                    chosen.remove(&target)
                } else {
                    chosen.insert(target.clone(), role)
                };
            });
        }
    };
    view! {
        <tr>
            <th scope="row" title=name.clone()>{name.clone()}</th>
            <td>
                <select
                    class="small"
                    data-testid="column-role"
                    data-column=name.clone()
                    aria-label=format!("Role of {name}")
                    title=because
                    disabled=page.computing()
                    prop:value=role
                    on:change=choose
                >
                    {ROLES.into_iter().map(|role| option(role.word())).collect_view()}
                </select>
            </td>
            {move || facts().map(cells)}
        </tr>
    }
}

/// The heads of the columns, and how these are set.
const HEAD: [(&str, &str); 10] = [
    ("Column", ""),
    ("Role", ""),
    ("Distribution", ""),
    ("Type", ""),
    ("Distinct", "number"),
    ("Min", "number"),
    ("Median or mode", "number middle"),
    ("Max", "number"),
    ("Missing", ""),
    ("How compared", ""),
];

/// What stands behind name and role.
fn cells(facts: ColumnFacts) -> impl IntoView {
    let ColumnFacts { shape, shape_words, kind, distinct, least, middle, greatest, gaps, compared } = facts;
    let [width, height] = SHAPE;
    let cell = |(text, (_, class)): (String, (&str, &'static str))| view! { <td class=class title=text.clone()>{text.clone()}</td> };
    let texts = [kind, distinct, least, middle, greatest, gaps, compared];
    view! {
        <td>
            <svg class="shape" viewBox=format!("0 0 {width} {height}") role="img">
                <title>{shape_words}</title>
                <path d=shape />
            </svg>
        </td>
        {texts.into_iter().zip(HEAD.into_iter().skip(3)).map(cell).collect_view()}
    }
}
