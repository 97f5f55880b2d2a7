//! Which part of the list is shown.

use leptos::prelude::*;

use crate::ui::{
    format, said,
    state::{PAGE_SIZES, Page},
};

/// The page before, the page behind, and how many rows a page has.
#[component]
pub fn Pager(total: Signal<u64>) -> impl IntoView {
    let page = Page::here();
    let selection = page.selection;
    let size = move || selection.page_rows.get();
    let last = move || total.get().saturating_sub(1) / size();
    let number = move || selection.table_page.get().min(last());
    let part = said(move || {
        let rows = page.runs.listed.get().map_or(0..0, |listed| listed.0.rows.clone());
        let [first, last] = [rows.start as u64 + 1, rows.end as u64].map(format::count);
        format!("{first} to {last} of {}", format::count(total.get()))
    });
    let choose = move |rows: u64| {
        view! {
            <button
                type="button" class="small" data-testid=format!("page-rows-{rows}")
                aria-pressed=said(move || (size() == rows).to_string()) on:click=move |_| selection.set_page_rows(rows)
            >
                {rows.to_string()}
            </button>
        }
    };
    view! {
        <Show when=move || { total.get() > PAGE_SIZES[0] }>
            <nav class="pager" aria-label="Pages of the list">
                <span>"Rows"</span>
                <div class="segments" role="group" aria-label="Rows of a page">{PAGE_SIZES.map(choose).collect_view()}</div>
                <span class="part">{part}</span>
                <button
                    type="button" class="small" data-testid="page-previous" disabled=move || { number() == 0 || page.busy() }
                    on:click=move |_| selection.turn_to(number().saturating_sub(1))
                >
                    "Previous"
                </button>
                <button
                    type="button" class="small" data-testid="page-next" disabled=move || { number() >= last() || page.busy() }
                    on:click=move |_| selection.turn_to(number() + 1)
                >
                    "Next"
                </button>
            </nav>
        </Show>
    }
}
