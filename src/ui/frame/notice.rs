//! What went wrong, in words, with what can be done about it.

use leptos::prelude::*;

use crate::ui::{jobs::Jobs, said, state::Page, tasks};

/// The notice, until it is closed or something new is begun.
#[component]
pub fn NoticeBox() -> impl IntoView {
    let page = Page::here();
    let there = move || page.chrome.notice.with(Option::is_some);
    let lost = move || page.data.file.with(Option::is_some) && !page.data.at_hand.get();
    let previous = move || page.data.previous.get();
    let back = move |name: String| {
        view! {
            <button type="button" class="small" data-testid="go-back" on:click=move |_| tasks::go_back(page)>
                {format!("Back to {name}")}
            </button>
        }
    };
    view! {
        <Show when=there>
            <section class="card notice" role="alert">
                <p data-testid="error">{said(move || page.chrome.notice.get().map(|notice| notice.text).unwrap_or_default())}</p>
                <div class="acts">
                    <Show when=lost>
                        <button type="button" class="small" data-testid="read-again" on:click=move |_| tasks::read_again(page)>
                            "Read it again"
                        </button>
                    </Show>
                    {move || previous().map(back)}
                    <button type="button" class="small" data-testid="close-error" on:click=move |_| Jobs::close_notice(page.jobs, page)>
                        "Close"
                    </button>
                </div>
            </section>
        </Show>
    }
}
