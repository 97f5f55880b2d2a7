//! How the autoencoder is built and trained, and on what.

use leptos::prelude::*;

use super::words;
use crate::{
    detect::autoencoder::Activation,
    train::DevicePreference,
    ui::{
        state::Page,
        training::{Number, narrowed, usual},
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
    let is = move |activation| {
        training.activation.get().unwrap_or_else(|| usual(page.setup.mode.get()).activation) == activation
    };
    let choose_activation = move |event| {
        let tanh = event_target_value(&event) == "tanh";
        training.activation.set(Some(if tanh { Activation::Tanh } else { Activation::Relu }));
    };
    let problem = move || training.params(page.setup.mode.get()).err();
    let narrow = move || training.params(page.setup.mode.get()).ok().and_then(|params| narrowed(&params));
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
            <summary>"Network and training"</summary>
            <div class="fields">
            {Number::ALL.map(number).collect_view()}
            <label class="field">
                <span>"Activation"</span>
                <select data-testid="ae-activation" disabled=page.is_busy() on:change=choose_activation>
                    <option value="relu" selected=move || is(Activation::Relu)>"ReLU"</option>
                    <option value="tanh" selected=move || is(Activation::Tanh)>"Tanh"</option>
                </select>
            </label>
            </div>
            {move || narrow().map(|sentence| view! { <p class="hint" data-testid="ae-narrow">{sentence}</p> })}
            <Show when=move || training.is_changed()>
                <button type="button" class="wide" data-testid="ae-reset" disabled=page.is_busy() on:click=move |_| training.reset()>
                    "Reset to defaults"
                </button>
            </Show>
        </details>
        {move || problem().map(|problem| view! { <p class="wrong" role="alert" data-testid="ae-problem">{problem}</p> })}
    }
}

fn number(number: Number) -> impl IntoView {
    let page = Page::here();
    let training = page.setup.training;
    let value = words(move || {
        let typed =
            training.typed.with(|typed| typed.iter().find(|(other, _)| *other == number).map(|typed| typed.1.clone()));
        typed.unwrap_or_else(|| number.text(&usual(page.setup.mode.get())))
    });
    view! {
        <label class="field">
            <span>{number.words()}</span>
            <input
                type="text"
                inputmode=if number == Number::Hidden { "text" } else { "decimal" }
                data-testid=number.name()
                prop:value=value
                disabled=page.is_busy()
                on:input=move |event| training.type_number(number, event_target_value(&event))
            />
        </label>
    }
}
