//! Step 2: the detector.

use leptos::prelude::*;

use super::trained_on::TrainedOn;
use crate::{
    detect::Method,
    features::Mode,
    ui::{
        components::{AutoencoderOptions, ForestParams, GroupParams, NearestParams},
        state::{Page, TrainedOn},
    },
};

const FOREST: &str = "Isolation Forest: flows that take few random splits to isolate are anomalous.";
const AUTOENCODER: &str = "A small neural network learns to reconstruct flows through a narrow layer. Flows with a large reconstruction error are anomalous.";
const NEAREST: &str = "Flows that are far from the flow that is most alike are anomalous. The strongest of the three where a baseline is clean, and the first to fail where attacks are in it.";

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
    let method = page.setup.method;
    let detector = move |this: Method, testid: &'static str, [name, full]: [&'static str; 2]| {
        view! {
            <button
                type="button"
                data-testid=testid
                aria-label=full
                aria-pressed=move || (method.get() == this).to_string()
                disabled=page.is_busy()
                on:click=move |_| method.set(this)
            >
                {name}
            </button>
        }
    };
    let meant = move || match method.get() {
        Method::IsolationForest => FOREST,
        Method::Autoencoder => AUTOENCODER,
        Method::Nearest => NEAREST,
    };
    let options = move || match method.get() {
        Method::IsolationForest => view! { <ForestParams /> }.into_any(),
        Method::Autoencoder => ().into_any(),
        Method::Nearest => view! { <NearestParams /> }.into_any(),
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
            <TrainedOn />
            // A saved detector has all of this with it.
            <div class="fitting" hidden=move || page.setup.trained_on.get() == TrainedOn::Model>
                <div class="segments" role="group" aria-label="Detector">
                    {detector(Method::IsolationForest, "detector-isolation-forest", ["Forest", "Isolation Forest"])}
                    {detector(Method::Autoencoder, "detector-autoencoder", ["Autoencoder", "Autoencoder"])}
                    {detector(Method::Nearest, "detector-nearest", ["Nearest", "Nearest neighbours"])}
                </div>
                <p class="hint">{meant}</p>
                <div class="segments" role="group" aria-label="Mode">
                    {mode(Mode::Recommended, "mode-recommended", "Recommended")}
                    {mode(Mode::Classic, "mode-classic", "Classic")}
                </div>
                <p class="hint">{explained}</p>
                <Show when=move || method.get() == Method::Autoencoder><AutoencoderOptions /></Show>
                <details>
                    <summary>"Features"</summary>
                    <Show when=move || page.setup.mode.get() == Mode::Recommended>
                        {option(page.setup.one_hot, "one-hot", "One-hot encode small categories")}
                        {option(page.setup.networks, "networks", "Rarity of each address's network as a feature")}
                    </Show>
                    {option(page.setup.deduplicate, "learn-once", "Train on each distinct flow once")}
                </details>
                {options}
                <Show when=move || page.setup.mode.get() == Mode::Recommended><GroupParams /></Show>
            </div>
        </section>
    }
}
