//! Step 1: the files.

use leptos::prelude::*;

use crate::{
    ui::{
        format,
        state::{Page, Phase},
        tasks, words,
    },
    web::dom::chosen_files,
};

/// Where files are dropped, and what is known of those that are there.
#[component]
pub fn DataPanel() -> impl IntoView {
    let page = Page::here();
    let choose = move |event: leptos::ev::Event| {
        tasks::open_files(page, chosen_files(&event));
    };
    let has_file = move || page.data.file.with(Option::is_some);
    view! {
        <section class="card step-data">
            <h2>"1 · Data"</h2>
            <Facts />
            <label class="drop-zone" class:compact=has_file data-testid="drop-zone">
                <input type="file" multiple class="hidden" data-testid="file-input" on:change=choose />
                <span class="drop-words">
                    {move || if has_file() { "Drop other files anywhere, or choose" } else { "Drop a flow file here, or choose one" }}
                </span>
                <span class="hint">"CSV or another flow log, packed (.gz, .zip, .zst) or not; several of one kind are read as one table"</span>
            </label>
            <div class="sample">
                <button type="button" data-testid="sample-button" on:click=move |_| tasks::load_sample(page)>
                    "Try it on sample flows"
                </button>
                <span class="hint">"50,000 synthetic flows with made-up attacks among them"</span>
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
                <div class="file">
                    <strong class="file-name" title=file.name.clone()>{file.name.clone()}</strong>
                    <span class="hint">{format::bytes(file.bytes)}</span>
                </div>
                {file.synthetic.then(|| view! {
                    <p class="note">
                        "Synthetic flows, made in this tab. The column " <code>"Attack"</code>
                        " says which were made as attacks; it is a label, so no detector sees it."
                    </p>
                })}
            }
        })
    };
    let facts = move || {
        page.data.loaded.get().map(|loaded| {
            let dataset = &loaded.dataset;
            let (rows, columns) = (dataset.profile.rows, dataset.layout.schema.width());
            let skipped = dataset.findings.rejected_rows();
            let used = page.runs.finished.with(|finished| finished.as_ref().map(|run| run.outcome.plan.features.len()));
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
                        {used.map_or(format!("{columns}"), |used| format!("{columns} ({used} compared)"))}
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
        let read = page.data.loaded.get().filter(|_| page.phase() != Phase::Loading);
        Some(match read {
            Some(loaded) => (loaded.dataset.held, words::kept(&opened.outlook, loaded.dataset.held, time)),
            None => (opened.outlook.held, words::outlook(&opened.outlook, time)),
        })
    };
    move || {
        said().map(|(held, words)| {
            view! {
                <p class="note" data-testid="outlook" data-mode=if held { "held" } else { "streamed" }>{words}</p>
            }
        })
    }
}
