//! Which flows are looked at: typed in the header, followed by table, charts and downloads.

use std::time::Duration;

use leptos::{ev::KeyboardEvent, html::Input, leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    engine::{self, CountQuery, Counts},
    report::Filter,
    ui::{format, said, state::Page},
    web::dom::is_typing,
};

/// After so long without another letter, what was typed is looked for.
const PAUSE: Duration = Duration::from_millis(250);

/// Has it known how many rows the filter leaves.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.kept,
        move || wanted(page),
        async |host, (filter, anomalies)| {
            let query = CountQuery { filter: filter.clone(), anomalies: *anomalies };
            engine::ask_all(host, query).await
        },
    );
}

fn wanted(page: Page) -> Option<(Filter, u64)> {
    let filter = page.selection.filter.get();
    let anomalies = page.runs.verdict.get().anomalies;
    (page.can_ask() && !filter.is_empty()).then_some((filter, anomalies))
}

/// Rows that the filter leaves, if that is known.
pub fn kept(page: Page) -> Option<Counts> {
    let anomalies = page.runs.verdict.get().anomalies;
    let all = Counts { rows: page.data.rows(), anomalies };
    page.selection.filter.with(|filter| {
        if filter.is_empty() {
            return Some(all);
        }
        let known = page.runs.kept.get()?;
        (known.0.0 == *filter && known.0.1 == anomalies).then_some(known.1)
    })
}

/// The field, and beside it how many rows it leaves, or what cannot be understood.
#[component]
pub fn FilterField() -> impl IntoView {
    let page = Page::here();
    let selection = page.selection;
    let field = NodeRef::<Input>::new();
    let pause: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
    let apply = move || {
        if let Some(schema) = untrack(|| page.data.schema()) {
            selection.apply(&schema, &untrack(|| page.review.marks()));
        }
    };
    // Rows that are looked for by their marks are others when these are.
    let marks = Memo::new(move |_| page.review.marks());
    Effect::new(move |before: Option<()>| {
        marks.track();
        if before.is_some() && selection.filter.with_untracked(|filter| !filter.is_empty()) {
            apply();
        }
    });
    let typed = move |event| {
        selection.text.set(event_target_value(&event));
        pause.get_value().iter().for_each(TimeoutHandle::clear);
        pause.set_value(set_timeout_with_handle(apply, PAUSE).ok());
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => apply(),
        "Escape" => {
            event.prevent_default();
            selection.text.set(String::new());
            apply();
        }
        _ => {}
    };
    let slash = window_event_listener(leptos::ev::keydown, move |event| {
        let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if let (true, true, Some(field)) = (event.key() == "/" && plain, !is_typing(&event), field.get_untracked()) {
            event.prevent_default();
            // Fails only for elements that are not in a document.
            let _ = field.focus();
        }
    });
    on_cleanup(move || slash.remove());
    let left = move || kept(page).filter(|_| page.runs.finished.with(Option::is_some));
    let is_filtered = move || selection.filter.with(|filter| !filter.is_empty());
    let words = said(move || match (left(), is_filtered()) {
        (_, false) => String::new(),
        (Some(kept), true) => {
            let anomalies = format::counted(kept.anomalies, "anomaly", "anomalies");
            format!("{} of {} flows, {anomalies}", format::count(kept.rows), format::count(page.data.rows()))
        }
        (None, true) => "Counting…".to_owned(),
    });
    let value = move || left().map(|kept| kept.rows.to_string());
    let problem = said(move || selection.problem.get().unwrap_or_default());
    view! {
        <div class="search" role="search">
            <input
                node_ref=field
                type="search"
                data-testid="filter-input"
                aria-label="Filter flows"
                aria-describedby="filter-note"
                aria-invalid=said(move || selection.problem.with(Option::is_some).to_string())
                placeholder="Filter: text, src:10.0.0.7, bytes>1M, is:anomaly"
                title="Press / to come here, Escape to clear. -term leaves out; quotes hold words together."
                spellcheck="false"
                autocomplete="off"
                prop:value=selection.text
                disabled=move || !page.has_results()
                on:input=typed
                on:keydown=keys
            />
            <kbd aria-hidden="true">"/"</kbd>
            <p class="search-note" id="filter-note" role="status">
                <span class="wrong" data-testid="filter-problem">{problem}</span>
                <span data-testid="filter-count" data-value=value hidden=move || selection.problem.with(Option::is_some)>{words}</span>
            </p>
        </div>
    }
}
