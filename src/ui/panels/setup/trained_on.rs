//! What the detector is fitted on: the file itself, flows known to be normal, or the first part of the file.

use leptos::prelude::*;

use crate::{
    ui::{
        components::form_field,
        format,
        forms::{Question, first},
        said as words,
        state::{Page, TrainedOn},
    },
    web::dom::chosen_files,
};

const ITSELF: &str = "Learns what is usual from the file itself.";
const NORMAL: &str = "Learns what is usual from flows that you know to be normal, and lists what is unlike them. An attack that is among them counts as usual.";
const FIRST: &str = "Learns what is usual from the first part of this file, which you know to be normal, and judges all of it. An attack in that part counts as usual.";
const SAVED: &str = "Uses a detector that was kept, with its columns, settings and threshold. Nothing is fitted.";
/// Columns that are named.
const NAMED: usize = 6;

/// Which of the two, and the files of normal flows.
#[component]
pub fn TrainedOn() -> impl IntoView {
    let page = Page::here();
    let baseline = page.setup.baseline;
    let (trained_on, model) = (page.setup.trained_on, page.setup.model);
    let button = move |this: TrainedOn, testid: &'static str, name: &'static str| {
        view! {
            <button
                type="button"
                data-testid=testid
                aria-pressed=move || (trained_on.get() == this).to_string()
                disabled=page.is_busy()
                on:click=move |_| trained_on.set(this)
            >
                {name}
            </button>
        }
    };
    let name = move || baseline.name.get();
    let texts = page.setup.first;
    let typed = Callback::new(move |(testid, text)| texts.update(|texts| texts.set(testid, text)));
    let asks = |asks: &'static Question| {
        let testid = asks.testid;
        let text = words(move || texts.with(|texts| texts.typed(testid).unwrap_or_default().to_owned()));
        let wrong = move || texts.with(first::read).err().filter(|wrong| wrong.0 == testid).map(|wrong| wrong.1);
        form_field(asks, text, words(move || wrong().unwrap_or_default()), typed, None, None)
    };
    view! {
        <p class="hint" id="trained-on">"Trained on"</p>
        <div class="segments many" role="group" aria-labelledby="trained-on">
            {button(TrainedOn::Itself, "train-on-file", "This file")}
            {button(TrainedOn::First, "train-on-first", "Its first part")}
            {button(TrainedOn::Baseline, "train-on-baseline", "A baseline")}
            {button(TrainedOn::Model, "train-on-model", "A model")}
        </div>
        <p class="hint">{move || match trained_on.get() {
            TrainedOn::Itself => ITSELF,
            TrainedOn::Baseline => NORMAL,
            TrainedOn::First => FIRST,
            TrainedOn::Model => SAVED,
        }}</p>
        <div class="baseline" hidden=move || trained_on.get() != TrainedOn::Model>
            {move || model.name.get().map(|name| view! { <p class="file-name"><b title=name.clone()>{name.clone()}</b></p> })}
            <label class="button small">
                <input
                    type="file" accept=".onnx" class="hidden" data-testid="model-input" disabled=page.is_busy()
                    on:change=move |event| {
                        if let Some(file) = chosen_files(&event).into_iter().next() {
                            model.take(file);
                        }
                    }
                />
                {move || if model.name.get().is_some() { "Choose another model" } else { "Choose a model" }}
            </label>
        </div>
        <div class="baseline" hidden=move || trained_on.get() != TrainedOn::Baseline>
            {move || name().map(|name| view! { <p class="file-name"><b title=name.clone()>{name.clone()}</b></p> })}
            <label class="button small">
                <input
                    type="file" multiple class="hidden" data-testid="baseline-input" disabled=page.is_busy()
                    on:change=move |event| baseline.take(chosen_files(&event))
                />
                {move || if name().is_some() { "Choose other normal flows" } else { "Choose normal flows" }}
            </label>
        </div>
        <div class="baseline" hidden=move || trained_on.get() != TrainedOn::First>
            {asks(&first::ROWS)}
            {asks(&first::UNTIL)}
        </div>
        <div class="baseline" hidden=move || !matches!(trained_on.get(), TrainedOn::Baseline | TrainedOn::First)>
            {move || bound(page).map(|words| view! { <p class="hint" data-testid="baseline-note">{words}</p> })}
        </div>
    }
}

/// What the last run made of a baseline.
fn bound(page: Page) -> Option<String> {
    let run = page.runs.finished.get()?;
    let baseline = run.outcome.baseline()?.clone();
    let [here, there] = &baseline.unbound;
    let lacks = |who: &str, columns: &[String]| {
        let named = columns.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = match columns.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if columns.is_empty() { String::new() } else { format!(" Only in {who}, and not compared: {named}{more}.") }
    };
    Some(format!(
        "The last run compared with {} by {}.{}{}",
        format::counted(baseline.rows, "normal flow", "normal flows"),
        format::counted(baseline.columns as u64, "column", "columns"),
        lacks("the baseline", here),
        lacks("this file", there)
    ))
}
