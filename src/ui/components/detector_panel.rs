//! Step 2: the detector.

use leptos::prelude::*;

use super::{autoencoder_options::AutoencoderOptions, params::ForestParams};
use crate::{
    engine::{Detector, Outcome},
    features::Mode,
    ui::{format, forms::params::describe, state::Page, tasks, training::units},
};

const FOREST: &str = "Flows that few random splits set apart from all others are unusual.";
const AUTOENCODER: &str =
    "A small network learns to give flows back through a narrow layer. What it gives back badly is unusual.";

/// Which detector, in which mode, and the button that runs it.
#[component]
pub fn DetectorPanel() -> impl IntoView {
    let page = Page::here();
    let mode = move |mode: Mode, testid: &'static str, name: &'static str| {
        view! {
            <button
                type="button"
                data-testid=testid
                aria-pressed=move || (page.setup.mode.get() == mode).to_string()
                disabled=page.is_busy()
                on:click=move |_| page.setup.mode.set(mode)
            >
                {name}
            </button>
        }
    };
    let detector = move |autoencoder: bool, testid: &'static str, name: &'static str| {
        view! {
            <button
                type="button"
                data-testid=testid
                aria-pressed=move || (page.setup.training.chosen.get() == autoencoder).to_string()
                disabled=page.is_busy()
                on:click=move |_| page.setup.training.chosen.set(autoencoder)
            >
                {name}
            </button>
        }
    };
    let explained = move || match page.setup.mode.get() {
        Mode::Recommended => "Leaves out identifiers and labels, tames heavy tails, and may find nothing.",
        Mode::Classic => "The original application: every number column, min–max scaled, and always 5 % anomalies.",
    };
    let option = move |on: RwSignal<bool>, testid: &'static str, words: &'static str| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-testid=testid
                    prop:checked=on
                    disabled=page.is_busy()
                    on:change=move |event| on.set(event_target_checked(&event))
                />
                <span>{words}</span>
            </label>
        }
    };
    let ready = move || {
        page.data.loaded.with(Option::is_some) && !page.busy() && page.setup.is_sound(page.setup.training.method())
    };
    let label = move || if page.runs.finished.with(Option::is_some) { "Run again" } else { "Run" };
    let ran = move || {
        page.runs.finished.get().map(|run| {
            let detector = in_a_line(&run.outcome);
            format!("{detector}, in {}", format::duration(run.took))
        })
    };
    view! {
        <section class="card step-detector">
            <h2>"2 · Detector"</h2>
            <div class="segments" role="group" aria-label="Detector">
                {detector(false, "detector-isolation-forest", "Isolation Forest")}
                {detector(true, "detector-autoencoder", "Autoencoder")}
            </div>
            <p class="hint">{move || if page.setup.training.chosen.get() { AUTOENCODER } else { FOREST }}</p>
            <div class="segments" role="group" aria-label="Mode">
                {mode(Mode::Recommended, "mode-recommended", "Recommended")}
                {mode(Mode::Classic, "mode-classic", "Classic")}
            </div>
            <p class="hint">{explained}</p>
            <Show when=move || page.setup.training.chosen.get()><AutoencoderOptions /></Show>
            <details>
                <summary>"How flows are compared"</summary>
                <Show when=move || page.setup.mode.get() == Mode::Recommended>
                    {option(page.setup.one_hot, "one-hot", "One-hot encode small categories")}
                    {option(page.setup.networks, "networks", "Rarity of each address's network as a feature")}
                </Show>
                {option(page.setup.deduplicate, "learn-once", "Train on each distinct flow once")}
            </details>
            <Show when=move || !page.setup.training.chosen.get()><ForestParams /></Show>
            <button type="button" class="go wide" data-testid="run-button" disabled=move || !ready() on:click=move |_| tasks::run(page)>
                {label}
            </button>
            {move || ran().map(|ran| view! { <p class="note" data-testid="run-note">{ran}</p> })}
        </section>
    }
}

/// What ran, with the layers that the network has.
fn in_a_line(outcome: &Outcome) -> String {
    match &outcome.options.detector {
        Detector::IsolationForest(params) => describe(*params),
        Detector::Autoencoder(params, _) => {
            let units = units(outcome.trained.as_ref().map_or(params.hidden.as_slice(), |trained| trained.hidden()));
            format!("Autoencoder of {units} units, {} flows a step, seed {}", params.batch_size, params.seed)
        }
    }
}
