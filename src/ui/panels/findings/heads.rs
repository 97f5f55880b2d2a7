//! The heads of the table, which order it.

use leptos::prelude::*;

use crate::{
    engine::SortBy,
    table::{Kind, Role, Schema},
    ui::{panels::flow_table::Shown, said, state::Page},
};

/// A head per column.
pub fn heads(page: Page, schema: &Schema, shown: &[Shown]) -> AnyView {
    let head = |shown: &Shown| match *shown {
        Shown::Flow => view! { <th scope="col">"Flow"</th> }.into_any(),
        Shown::Time => {
            let by = schema.first(Role::Time).map_or(SortBy::Rank, SortBy::Column);
            sorted(page, "Time".into(), "time", by).into_any()
        }
        Shown::Column(column) => {
            let field = schema.fields.get(column);
            let name = field.map(|field| field.name.clone()).unwrap_or_default();
            let number = field.is_some_and(|field| field.kind == Kind::Number);
            sorted(page, name, if number { "number" } else { "" }, SortBy::Column(column)).into_any()
        }
    };
    view! {
        {sorted(page, "#".into(), "number", SortBy::Rank)}
        // Scores are in the order of ranks.
        <th class="number" scope="col">"Score"</th>
        {shown.iter().map(head).collect_view()}
        <th scope="col">"Main reasons"</th>
    }
    .into_any()
}

fn sorted(page: Page, name: String, class: &'static str, by: SortBy) -> impl IntoView {
    let sort = page.selection.sort;
    let order = said(move || {
        let sort = sort.get();
        match (sort.by == by, sort.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
        .to_owned()
    });
    let arrow = said(move || match order.get().as_str() {
        "ascending" => " ↑".to_owned(),
        "descending" => " ↓".to_owned(),
        _ => String::new(),
    });
    view! {
        <th scope="col" class=class aria-sort=order>
            <button type="button" title=format!("Sort by {name}") on:click=move |_| page.selection.sort_by(by)>
                {name.clone()} <span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
}
