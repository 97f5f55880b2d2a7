//! Step 1: the files.

use leptos::{html::Input, prelude::*};

use super::outlook;
use crate::{
    ui::{format, jobs::Kind, state::Page, tasks},
    web::dom::chosen_files,
};

/// Where files are dropped, and what is known of those that are there.
#[component]
pub fn DataStep() -> impl IntoView {
    let page = Page::here();
    let choose = move |event: leptos::ev::Event| {
        tasks::open_files(page, chosen_files(&event));
    };
    let has_file = move || page.data.file.with(Option::is_some);
    let of_ones_own = move || page.data.file.with(|file| file.as_ref().is_some_and(|file| !file.synthetic));
    // No attribute that the view's macro knows.
    let folder = NodeRef::<Input>::new();
    Effect::new(move || {
        if let Some(folder) = folder.get() {
            // Fails only for names that are none.
            let _ = folder.set_attribute("webkitdirectory", "");
        }
    });
    let lost = move || has_file() && !page.data.at_hand.get() && !page.busy();
    view! {
        <section class="step step-data">
            <h2><i class="badge" aria-hidden="true">"1"</i>"Data"</h2>
            <Facts />
            <Show when=lost>
                <button type="button" class="small" data-testid="read-file-again" on:click=move |_| tasks::read_again(page)>
                    "Read it again"
                </button>
            </Show>
            <label class="drop-zone" class:compact=has_file data-testid="drop-zone">
                <input type="file" multiple class="hidden" data-testid="file-input" on:change=choose />
                <span class="drop-words">
                    {move || if has_file() { "Drop other files, or choose" } else { "Drop a flow file here, or choose one" }}
                </span>
                <span class="hint">"CSV, Parquet or a tool’s flow log; .gz, .zip and .zst are unpacked. Files with the same columns are read as one table."</span>
            </label>
            <div class="others">
                <label class="button small">
                    <input type="file" class="hidden" data-testid="folder-input" node_ref=folder on:change=choose />
                    "Choose a folder"
                </label>
                <button type="button" class="small" data-testid="sample-button" on:click=move |_| tasks::load_sample(page)>
                    "Sample flows"
                </button>
                <button
                    type="button" class="small" data-testid="guide-start" hidden=of_ones_own
                    title="A guided first run on the sample" on:click=move |_| tasks::guide(page)
                >
                    "Show me"
                </button>
                <span class="hint">"50,000 synthetic flows with some synthetic attacks"</span>
            </div>
        </section>
    }
}

#[component]
fn Facts() -> impl IntoView {
    let page = Page::here();
    let name = move || {
        page.data.file.get().map(|file| {
            view! {
                <p class="file-name"><b title=file.name.clone()>{file.name.clone()}</b> " " <span class="hint">{format::bytes(file.bytes)}</span></p>
                {file.synthetic.then(|| view! {
                    <p class="hint">
                        "Made in this tab. The column " <code>"Attack"</code>
                        " says which are attacks; it is a label, so no detector sees it."
                    </p>
                })}
            }
        })
    };
    let facts = move || {
        // While other files are read, what is known is of those before.
        page.data.loaded.get().filter(|_| page.data.previous.with(Option::is_none)).map(|loaded| {
            let dataset = &loaded.dataset;
            let (rows, columns) = (dataset.profile.rows, dataset.layout.schema.width());
            let skipped = dataset.findings.rejected_rows();
            let used = page.runs.finished.with(|finished| finished.as_ref().map(|run| run.outcome.plan.compared().count()));
            view! {
                <dl class="facts">
                    <dt>"Flows"</dt>
                    <dd data-testid="row-count" data-value=rows.to_string()>{format::count(rows)}</dd>
                    <dt>"Columns"</dt>
                    <dd
                        data-testid="column-count"
                        data-value=columns.to_string()
                        data-compared=used.map(|used| used.to_string())
                    >
                        {used.map_or(format::count(columns as u64), |used| format!("{} ({} compared)", format::count(columns as u64), format::count(used as u64)))}
                    </dd>
                    <dt>"Rows skipped"</dt>
                    <dd data-testid="skipped-count" data-value=skipped.to_string()>{format::count(skipped)}</dd>
                    <dt>"Read in"</dt>
                    <dd>{format::duration(loaded.took)}</dd>
                </dl>
            }
        })
    };
    view! { {name} {facts} <Outlook /> }
}

/// What reading takes, before and while it is done; then where the rows are.
#[component]
fn Outlook() -> impl IntoView {
    let page = Page::here();
    let said = move || {
        let opened = page.data.opened.get()?;
        let time = page.data.reading_time(opened.layout.file_bytes, page.jobs.worker_count.get());
        let read = page.data.loaded.get().filter(|_| page.jobs.kind() != Some(Kind::Read) && page.data.at_hand.get());
        Some(match read {
            Some(loaded) => (loaded.dataset.held, outlook::kept(&opened.outlook, loaded.dataset.held, time)),
            None => (opened.outlook.held, outlook::outlook(&opened.outlook, time)),
        })
    };
    move || {
        said().map(|(held, words)| {
            view! {
                <p class="hint" data-testid="outlook" data-mode=if held { "held" } else { "streamed" }>{words}</p>
            }
        })
    }
}
