//! Which columns of the file the list shows.

use leptos::prelude::*;

use crate::ui::{
    format, said,
    state::{MOST_COLUMNS, Page},
};

/// Columns that are offered at once.
const OFFERED: usize = 100;

/// A menu of the file's columns.
#[component]
pub fn Chooser() -> impl IntoView {
    let page = Page::here();
    let columns = page.selection.columns;
    let wanted = RwSignal::new(String::new());
    let option = move |(column, name): (usize, String)| {
        let chosen = move || columns.with(|columns| columns.contains(&column));
        let full = move || !chosen() && columns.with(Vec::len) >= MOST_COLUMNS;
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-column=name.clone()
                    prop:checked=chosen
                    disabled=full
                    on:change=move |event| page.selection.show_column(column, event_target_checked(&event))
                />
                <span>{name}</span>
            </label>
        }
    };
    let options = move || {
        let wanted = wanted.get().to_lowercase();
        let schema = page.data.schema()?;
        let fields = schema.fields.iter().map(|field| field.name.clone()).enumerate();
        let found = fields.filter(|(_, name)| name.to_lowercase().contains(&wanted)).take(OFFERED);
        Some(found.map(option).collect_view())
    };
    let many = said(move || match columns.with(Vec::len) {
        0 => "Columns".to_owned(),
        some => format!("Columns +{}", format::count(some as u64)),
    });
    view! {
        <details class="menu" data-testid="choose-columns">
            <summary>{many}</summary>
            <div class="card">
                <input
                    type="search" aria-label="Columns whose name contains" placeholder="Find a column"
                    prop:value=wanted on:input=move |event| wanted.set(event_target_value(&event))
                />
                <div class="options">{options}</div>
            </div>
        </details>
    }
}
