//! The button that runs the detector, and what ran last.

use leptos::prelude::*;

use crate::{
    engine::{Detector, Outcome},
    ui::{
        format,
        forms::{autoencoder::units, forest::describe},
        said,
        state::{Finished, Page},
        tasks, words,
    },
    web::dom::chosen_files,
};

/// Runs what is set up.
#[component]
pub fn RunStep() -> impl IntoView {
    let page = Page::here();
    let ready = move || page.data.at_hand.get() && !page.busy() && page.setup.is_sound(page.setup.method.get());
    let label = said(move || match page.runs.finished.with(Option::is_some) {
        true => "Run again".to_owned(),
        false => "Run".to_owned(),
    });
    let ran =
        move || page.runs.finished.get().map(|run| format!("{}, in {}", ran_as(&run), format::duration(run.took)));
    // A button that is disabled loses the focus, and whoever pressed it by key would have to find the way back.
    let pressed = move |_| {
        if untrack(ready) {
            tasks::run(page);
        }
    };
    view! {
        <div class="run">
            <button
                type="button" class="go wide" data-testid="run-button"
                aria-disabled=said(move || (!ready()).to_string()) on:click=pressed
            >
                {label}
            </button>
            {move || ran().map(|ran| view! { <p class="hint" data-testid="run-note">{ran}</p> })}
            <Show when=move || page.data.at_hand.get()>
                <label class="button small" title="Makes a run again that a manifest tells of">
                    <input
                        type="file" accept=".json" class="hidden" data-testid="manifest-input" disabled=page.is_busy()
                        on:change=move |event| {
                            if let Some(file) = chosen_files(&event).into_iter().next() {
                                tasks::repeat(page, file);
                            }
                        }
                    />
                    "Repeat a run"
                </label>
            </Show>
            {move || page.runs.repeated.get().map(|(same, words)| view! {
                <p class=if same { "hint" } else { "wrong" } data-testid="manifest-note" data-value=if same { "same" } else { "other" } role="status">{words}</p>
            })}
        </div>
    }
}

/// What ran, and on what it was fitted.
pub fn ran_as(run: &Finished) -> String {
    let fitted = match &run.model {
        Some(model) => format!(", as kept in “{}”", model.name),
        None if run.outcome.baseline().is_some() => ", trained on a baseline".to_owned(),
        None => String::new(),
    };
    in_a_line(&run.outcome) + &fitted
}

/// What ran, with the layers that the network has.
fn in_a_line(outcome: &Outcome) -> String {
    match &outcome.options.detector {
        Detector::IsolationForest(params) => describe(*params),
        Detector::Nearest(params) => {
            let (number, references) = params.of(outcome.baseline().is_some());
            format!("Distance to {}, of {} flows at most", words::neighbour(number), format::count(references as u64))
        }
        Detector::Autoencoder(params, _) => {
            let units = units(outcome.trained.as_ref().map_or(params.hidden.as_slice(), |trained| trained.hidden()));
            format!(
                "Autoencoder of {units} units, batch size {}, seed {}",
                format::count(params.batch_size as u64),
                params.seed
            )
        }
    }
}
