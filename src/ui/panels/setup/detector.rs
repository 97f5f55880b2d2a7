//! Step 2: the detector.

use leptos::prelude::*;

use super::trained_on::TrainedOn;
use crate::{
    features::Mode,
    ui::{
        components::{AutoencoderOptions, ForestParams, GroupParams},
        state::Page,
    },
};

const FOREST: &str = "Flows that take few random splits to isolate are anomalous.";
const AUTOENCODER: &str = "A small neural network learns to reconstruct flows through a narrow layer. Flows with a large reconstruction error are anomalous.";

/// Which detector, in which mode, with which options.
#[component]
pub fn DetectorStep() -> impl IntoView {
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
        Mode::Recommended => {
            "Skips identifiers and labels, puts heavy tails on a logarithmic scale, and may find nothing."
        }
        Mode::Classic => "As the original application: every number column, min–max scaled, and always 5 % anomalies.",
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
    view! {
        <section class="step step-detector">
            <h2><i class="badge" aria-hidden="true">"2"</i>"Detector"</h2>
            <div class="segments" role="group" aria-label="Detector">
                {detector(false, "detector-isolation-forest", "Isolation Forest")}
                {detector(true, "detector-autoencoder", "Autoencoder")}
            </div>
            <p class="hint">{move || if page.setup.training.chosen.get() { AUTOENCODER } else { FOREST }}</p>
            <TrainedOn />
            <div class="segments" role="group" aria-label="Mode">
                {mode(Mode::Recommended, "mode-recommended", "Recommended")}
                {mode(Mode::Classic, "mode-classic", "Classic")}
            </div>
            <p class="hint">{explained}</p>
            <Show when=move || page.setup.training.chosen.get()><AutoencoderOptions /></Show>
            <details>
                <summary>"Features"</summary>
                <Show when=move || page.setup.mode.get() == Mode::Recommended>
                    {option(page.setup.one_hot, "one-hot", "One-hot encode small categories")}
                    {option(page.setup.networks, "networks", "Rarity of each address's network as a feature")}
                </Show>
                {option(page.setup.deduplicate, "learn-once", "Train on each distinct flow once")}
            </details>
            <Show when=move || !page.setup.training.chosen.get()><ForestParams /></Show>
            <Show when=move || page.setup.mode.get() == Mode::Recommended><GroupParams /></Show>
        </section>
    }
}
