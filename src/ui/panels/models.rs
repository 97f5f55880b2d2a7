//! The detectors that are kept: the last run's can be added, and each used, noted on, renamed, taken away or removed.

use leptos::{html::Textarea, prelude::*};

use super::ready_made::ReadyMade;
use crate::{
    model::Runtimes,
    ui::{
        components::HowToRead,
        format,
        state::{Kept, Page},
        tasks,
    },
    web::dom::chosen_files,
};

const MEANT: &str = "A model is a detector as it was fitted, with its columns, its settings and its threshold: tomorrow’s file \
                     needs none of that again. It holds ranges and frequent values of the flows that it was fitted on, \
                     some flows (of nearest neighbours up to 16,384), and the rules that hide findings; keep it as you keep these.";
const ELSEWHERE: &str = "The file is an ONNX graph: it scores the same, but for rounding, in Python and Spark and in the command flowsift. It needs onnxruntime 1.21 or later; the file for older runtimes needs 1.12 or later, and the Python package where addresses are compared.";
const EXPORTED: &str = "A file for each model and each note; the browser may ask whether it may save several. “Import” takes them back, all at once.";

/// What can be kept, and what is.
#[component]
pub fn Models() -> impl IntoView {
    let page = Page::here();
    let library = page.library;
    let waits = move || page.busy() || !page.can_ask();
    let suggestion = move || {
        let name = page.data.file.with(|file| file.as_ref().map(|file| file.name.clone())).unwrap_or_default();
        name.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or(name)
    };
    let lasting = move || {
        library.lasting.get().map(|lasts| {
            if lasts {
                "The browser keeps them until you remove them."
            } else {
                "The browser may remove them when it needs room: download what must not be lost."
            }
        })
    };
    let rows =
        move || library.kept.get().into_iter().enumerate().map(|(place, kept)| row(page, place, kept)).collect_view();
    let some = Memo::new(move |_| !library.kept.with(Vec::is_empty));
    view! {
        <section class="card" aria-label="Models">
            <h3>"Models"</h3>
            <p class="sub">{MEANT}</p>
            <HowToRead section="models" />
            <Show when=move || page.has_results()>
                <div class="acts">
                    <label class="field">
                        <span>"Name"</span>
                        <input
                            type="text" data-testid="model-name" maxlength="80" prop:value=library.name placeholder=suggestion
                            on:input=move |event| library.name.set(event_target_value(&event))
                        />
                    </label>
                    <button type="button" data-testid="keep-model" disabled=waits on:click=move |_| tasks::keep_model(page)>
                        "Keep this detector"
                    </button>
                    <button type="button" data-testid="download-model" disabled=waits on:click=move |_| tasks::download_model(page, Runtimes::Current)>
                        "Download it"
                    </button>
                    <button type="button" data-testid="download-older-model" disabled=waits on:click=move |_| tasks::download_model(page, Runtimes::Older)>
                        "Download it for older runtimes"
                    </button>
                </div>
            </Show>
            <Show when=move || some.get()>
                <table class="data" data-testid="model-table">
                    <thead><tr><th scope="col">"Kept in this browser"</th><th class="number" scope="col">"Size"</th><th scope="col"></th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Show>
            <div class="acts">
                <label class="button small">
                    "Import"
                    <input
                        class="hidden" type="file" multiple data-testid="models-input" accept=".onnx,.txt" disabled=page.is_busy()
                        on:change=move |event| tasks::import_models(page, chosen_files(&event))
                    />
                </label>
                <Show when=move || some.get()>
                    <button type="button" class="small" data-testid="export-models" disabled=page.is_busy() on:click=move |_| tasks::export_models(page)>
                        "Export all"
                    </button>
                    <span class="hint">{EXPORTED}</span>
                </Show>
            </div>
            {move || lasting().map(|words| view! { <p class="hint" data-testid="model-storage">{words}</p> })}
            <p class="hint">{ELSEWHERE}</p>
            <ReadyMade />
        </section>
    }
}

fn row(page: Page, place: usize, kept: Kept) -> impl IntoView {
    let Kept { name, bytes, note } = kept;
    let called = name.clone();
    let area = NodeRef::<Textarea>::new();
    let noted = name.clone();
    let save = move |_| {
        if let Some(area) = area.get_untracked()
            && let Some(less) = tasks::note_model(page, noted.clone(), &area.value())
        {
            area.set_value(&less);
        }
    };
    let [noting, renaming] = ["Note on ", "Another name for "].map(|words| words.to_owned() + &name);
    let button = move |testid: &'static str, words: &'static str, does: fn(Page, usize)| {
        let label = format!("{words}: {called}");
        view! {
            <button type="button" class="small" data-testid=testid aria-label=label disabled=page.is_busy() on:click=move |_| does(page, place)>
                {words}
            </button>
        }
    };
    view! {
        <tr>
            <td class="noted">
                {name}
                <textarea node_ref=area rows="2" data-testid="model-note" placeholder="Note" aria-label=noting prop:value=note on:change=save></textarea>
                <details>
                    <summary>"Rename"</summary>
                    <input
                        type="text" data-testid="rename-model" maxlength="80" aria-label=renaming
                        on:change=move |event| tasks::rename_model(page, place, &event_target_value(&event))
                    />
                </details>
            </td>
            <td class="number">{format::bytes(bytes as u64)}</td>
            <td>
                <div class="acts">
                    {button("use-model", "Use", tasks::use_model)}
                    {button("download-kept-model", "Download", tasks::download_kept)}
                    {button("remove-model", "Remove", tasks::remove_model)}
                </div>
            </td>
        </tr>
    }
}
