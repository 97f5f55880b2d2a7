//! How the autoencoder is built and trained, and on what.

use leptos::prelude::*;

use super::form_field::whole_form;
use crate::{
    train::DevicePreference,
    ui::{
        forms::autoencoder::{AUTOENCODER, narrowed, usual},
        state::Page,
    },
};

/// The device and, folded away, the parameters.
#[component]
pub fn AutoencoderOptions() -> impl IntoView {
    let page = Page::here();
    let training = page.setup.training;
    let preference = move |event| {
        training.preference.set(match event_target_value(&event).as_str() {
            "cpu" => DevicePreference::Cpu,
            "gpu" => DevicePreference::Gpu,
            _ => DevicePreference::Fastest,
        });
    };
    let initial = Signal::derive(move || usual(page.setup.mode.get()));
    let problem = move || training.texts.with(|texts| initial.with(|initial| AUTOENCODER.problem(texts, initial)));
    let narrow = move || training.params(page.setup.mode.get()).and_then(|params| narrowed(&params));
    view! {
        <label class="field">
            <span>"Train on"</span>
            <select data-testid="device-choice" disabled=page.is_busy() on:change=preference>
                <option value="fastest" selected=move || training.preference.get() == DevicePreference::Fastest>"The faster device"</option>
                <option value="cpu" selected=move || training.preference.get() == DevicePreference::Cpu>"CPU"</option>
                <option value="gpu" selected=move || training.preference.get() == DevicePreference::Gpu>"GPU (WebGPU)"</option>
            </select>
        </label>
        <details data-testid="ae-options">
            <summary>"Network and training parameters"</summary>
            {whole_form(&AUTOENCODER, training.texts, initial, "ae-reset")}
            {move || narrow().map(|sentence| view! { <p class="hint" data-testid="ae-narrow">{sentence}</p> })}
        </details>
        // Also seen where the parameters are folded.
        {move || problem().map(|problem| view! { <p class="wrong" data-testid="ae-problem">{problem}</p> })}
    }
}
