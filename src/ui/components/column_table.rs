//! Every column: what it is, what is in it, what it means, and how it was compared.

use leptos::prelude::*;

use crate::ui::{
    state::Page,
    tasks,
    words::{self, ColumnFacts, ROLES, SHAPE},
};

/// More columns than this can be searched by name.
const SEARCHED: usize = 20;
/// Columns that are listed at once.
const LISTED: usize = 200;

/// The columns as a table, whose roles can be changed.
#[component]
pub fn ColumnTable() -> impl IntoView {
    let page = Page::here();
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
        let rows = found.into_iter().take(LISTED).map(|(column, name)| view! { <Row column name /> }).collect_view();
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
        <div class="scroll tall" tabindex="0" role="region" aria-label="Columns">
            <table class="data columns" data-testid="column-table">
                <thead><tr>{HEAD.into_iter().map(head).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// One column.
#[component]
fn Row(column: usize, name: String) -> impl IntoView {
    let page = Page::here();
    let facts = move || {
        let (loaded, run) = (page.data.loaded.get()?, page.runs.finished.get());
        words::column(&loaded.dataset, run.as_ref().map(|run| &*run.outcome.plan), column)
    };
    let role = Signal::derive(move || {
        page.data.loaded.with(|loaded| {
            let field = loaded.as_ref().and_then(|loaded| loaded.dataset.layout.schema.fields.get(column));
            field.map_or("", |field| field.role.word())
        })
    });
    // Only what it is at first; later `prop:value` says.
    let first = role.get_untracked();
    let option = |word: &'static str| view! { <option value=word selected=word == first>{word}</option> };
    let target = name.clone();
    let choose = move |event| {
        let word = event_target_value(&event);
        if let Some(role) = ROLES.into_iter().find(|role| role.word() == word) {
            tasks::assign_roles(page, [(target.clone(), role)].into());
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
    let texts = [kind.to_owned(), distinct, least, middle, greatest, gaps, compared];
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
