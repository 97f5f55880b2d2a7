//! The guided first run: one line that says what to do next. It follows what was done, and stands in nobody's way.

use leptos::prelude::*;

use crate::ui::{said, state, state::Page};

/// What to do, by the steps that are done.
const WORDS: [&str; state::Guide::STEPS + 1] = [
    "Press Run once the sample is read. The settings can stay as they are.",
    "Under Findings, click the first line of the list: beside it stands who took part, when, and what sets it apart.",
    "Press S to mark it as suspicious. (E is expected, U unsure, Z takes back.)",
    "Press N, write what you think of it, and press Escape.",
    "Press Report, above the list: one page with all findings, marks and notes.",
    "Done: the sample was searched, a finding is marked and noted, and the report is saved. Now drop a file of your own.",
];

/// What to do next, until it is closed.
#[component]
pub fn Guide() -> impl IntoView {
    let page = Page::here();
    let guide = page.guide;
    let on = Memo::new(move |_| guide.is_on(page));
    let done = Memo::new(move |_| guide.done(page));
    let step = said(move || match done.get() {
        state::Guide::STEPS => "done".to_owned(),
        done => (done + 1).to_string(),
    });
    let words = said(move || match done.get() {
        state::Guide::STEPS => WORDS[state::Guide::STEPS].to_owned(),
        done => format!("{} of {}: {}", done + 1, state::Guide::STEPS, WORDS[done]),
    });
    view! {
        <Show when=move || on.get()>
            <section class="guide" aria-label="Guided first run" data-testid="guide" data-step=step>
                <p role="status">{words}</p>
                <button type="button" class="small" data-testid="guide-close" on:click=move |_| guide.close()>"Close"</button>
            </section>
        </Show>
    }
}
