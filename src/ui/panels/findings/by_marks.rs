//! Flows in the order that marks teach.

use leptos::prelude::*;

use crate::{
    engine::SortBy,
    ui::{
        said,
        state::{Page, can_learn},
        tasks,
    },
};

/// See [`TOLD`](crate::learn::ALIKE_ENOUGH).
const PASSED_OVER: &str =
    "To mark on, flow by flow: those come last that are 80 % or more alike to a marked one, or in one group with it";

/// Buttons for that order, once something is marked.
#[component]
pub fn ByMarks() -> impl IntoView {
    let page = Page::here();
    let selection = page.selection;
    let can = Memo::new(move |_| page.runs.taught.with(Option::is_some) || can_learn(&page.review.marks()));
    let by = Memo::new(move |_| selection.sort.get().by);
    let ordered = move || by.get().is_learned();
    let untold = move || by.get() == SortBy::Untold;
    view! {
        <Show when=move || can.get()>
            <div class="acts">
                <button
                    type="button" class="small" data-testid="flows-by-marks" disabled=page.is_busy()
                    aria-pressed=said(move || ordered().to_string())
                    on:click=move |_| if by.get_untracked().is_learned() { selection.forget_marks() } else { tasks::list_by_marks(page, SortBy::Learned) }
                >"By your marks"</button>
                <Show when=ordered>
                    <button
                        type="button" class="small" data-testid="flows-untold" disabled=page.is_busy() title=PASSED_OVER
                        aria-pressed=said(move || untold().to_string())
                        on:click=move |_| tasks::list_by_marks(page, if by.get_untracked() == SortBy::Untold { SortBy::Learned } else { SortBy::Untold })
                    >"Alike to marked last"</button>
                    <button
                        type="button" class="small" data-testid="flows-again" disabled=page.is_busy() title="With what you marked since"
                        on:click=move |_| tasks::list_by_marks(page, by.get_untracked())
                    >"Order again"</button>
                </Show>
            </div>
        </Show>
    }
}
