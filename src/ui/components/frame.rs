//! What stands around the work: header, introduction, the place of results to come, footer.

use leptos::prelude::*;

use crate::ui::state::{Page, Phase};

/// Name and promise.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="top">
            <strong class="name">"Flowsift"</strong>
            <span class="promise">"Runs in this tab. Nothing is sent anywhere."</span>
        </header>
    }
}

/// What it does, for those who come first.
#[component]
pub fn Introduction() -> impl IntoView {
    view! {
        <div class="introduction">
            <h1>"Find the network flows that do not belong."</h1>
            <p>
                "Drop a file of flows and get the ones that stand out, why each one does, and a CSV to take away. \
                 No labels, no server, no account."
            </p>
        </div>
    }
}

/// Where results will be.
#[component]
pub fn NoResults() -> impl IntoView {
    let page = Page::here();
    let text = move || match page.phase() {
        Phase::Loading => "The file is being read. Then it takes one press of Run.",
        Phase::Running => "The detector is at work. Results appear here.",
        _ if page.data.loaded.with(Option::is_some) => {
            "The file is ready. Run the detector to see which flows stand out."
        }
        _ => "Which flows stand out, how far, and why: charts, a ranked list and a CSV to download.",
    };
    view! {
        <section class="card step-results">
            <h2>"3 · Results"</h2>
            <p class="quiet">{text}</p>
            <Show when=move || page.data.loaded.with(Option::is_none) && page.phase() != Phase::Loading>
                <ul class="quiet promises">
                    <li>"A threshold that fits the scores, and may say that nothing stands out"</li>
                    <li>"For every flow, the columns that weigh most and what is usual there"</li>
                    <li>"Your own columns in the download, with score, rank and reasons added"</li>
                </ul>
            </Show>
        </section>
    }
}

/// Whether it works offline, and how it is made.
#[component]
pub fn Footer() -> impl IntoView {
    let page = Page::here();
    let offline = move || match page.chrome.offline.get() {
        None => "Not yet stored for offline use.".to_owned(),
        Some((state, _)) if state == "ready" => "Works offline: the page is stored in this browser.".to_owned(),
        Some((state, _)) if state == "update" => "Works offline; a new version is ready.".to_owned(),
        Some((_, reason)) => format!("Needs the network to load: {reason}."),
    };
    view! {
        <footer>
            <span>{offline}</span>
            <span>"Your file is read where it lies; it is neither copied nor uploaded."</span>
        </footer>
    }
}
