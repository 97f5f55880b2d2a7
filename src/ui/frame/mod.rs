//! What stands around the tabs: header, set-up, notices, introduction, footer.

mod guide;
mod header;
mod notice;
mod shortcuts;
mod status;

use leptos::prelude::*;

use super::{
    panels::setup,
    parts::{self, Late, Part},
    state::Page,
    tasks,
};
use crate::web::dropped::dropped_files;

/// The whole page.
#[component]
pub fn Main() -> impl IntoView {
    let page = Page::here();
    // Entering a child counts as well as leaving it, so both are counted.
    let inside = RwSignal::new(0_i32);
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        inside.set(0);
        tasks::open_dropped(page, dropped_files(&event));
    };
    let has_file = move || page.data.file.with(Option::is_some);
    let is_new = move || !has_file() && page.jobs.kind().is_none();
    let epochs = Memo::new(move |_| page.setup.training.epochs.with(|epochs| !epochs.is_empty()));
    let is_training = move || epochs.get() && page.busy();
    view! {
        <div
            class="page"
            class:dragging=move || { inside.get() > 0 }
            on:dragenter=move |event| { event.prevent_default(); inside.update(|inside| *inside += 1) }
            on:dragleave=move |_| inside.update(|inside| *inside -= 1)
            on:dragover=move |event| event.prevent_default()
            on:drop=drop
        >
            <header::Header />
            <guide::Guide />
            <div class="frame" class:new=is_new>
                <Show when=is_new><Introduction /></Show>
                <aside class="rail" aria-label="Set-up">
                    <setup::DataStep />
                    <Late part=Part::Workbench show=parts::STEPS />
                </aside>
                <main class="main" id="main">
                    <notice::NoticeBox />
                    <Show when=is_training><Late part=Part::Workbench show=parts::TRAINING /></Show>
                    <Show when=has_file><Late part=Part::Workbench show=parts::TABS /></Show>
                    <Show when=is_new><Promises /></Show>
                    <Footer />
                </main>
            </div>
        </div>
    }
}

/// What it does, for those who come first.
#[component]
fn Introduction() -> impl IntoView {
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

/// What results will be.
#[component]
fn Promises() -> impl IntoView {
    view! {
        <section class="card promises">
            <h2>"What you get"</h2>
            <ul>
                <li><b>"A list"</b>" of the flows that stand out, or the plain statement that none does."</li>
                <li><b>"Reasons"</b>": for every flow the columns that weigh most, and what is usual there."</li>
                <li><b>"A file"</b>": your own columns, with score, rank and reasons added."</li>
            </ul>
        </section>
    }
}

/// Whether it works offline, and how it is made.
#[component]
fn Footer() -> impl IntoView {
    let page = Page::here();
    let offline = move || match page.chrome.offline.get() {
        None => "Not yet stored for offline use.".to_owned(),
        Some((state, _)) if state == "ready" => "Works offline: the page is stored in this browser.".to_owned(),
        Some((state, _)) if state == "update" => "Works offline; a new version is ready.".to_owned(),
        Some((_, reason)) => format!("Not stored for offline use: {reason}."),
    };
    view! {
        <footer>
            <span>{offline}</span>
            <span>
                "Nothing is sent anywhere: files are read in this tab. Large results and unpacked text are stored in this \
                 browser until it is closed. "
                <button
                    type="button"
                    class="small"
                    data-testid="clear-stored"
                    title="Closes the file and removes what this page has stored of it and of earlier ones"
                    on:click=move |_| tasks::clear_stored(page)
                >
                    "Clear stored data"
                </button>
            </span>
        </footer>
    }
}
