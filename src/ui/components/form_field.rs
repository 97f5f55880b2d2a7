//! A number to be typed, with what is wrong with it.

use leptos::prelude::*;

use super::words;
use crate::ui::{forms::Number, state::Page};

/// A number with its name, and under it what is wrong.
#[component]
pub fn NumberField(
    /// What is asked for.
    number: &'static Number,
    /// What was typed.
    #[prop(into)]
    text: Signal<String>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Called with what is typed.
    typed: Callback<String>,
) -> impl IntoView {
    let page = Page::here();
    let error_id = format!("{}-error", number.testid);
    view! {
        <label class="field">
            <span>{number.name}</span>
            <input
                type="number"
                step="any"
                data-testid=number.testid
                placeholder=number.missing
                prop:value=text
                disabled=page.is_busy()
                aria-invalid=words(move || error.with(Option::is_some).to_string())
                aria-describedby=error_id.clone()
                on:input=move |event| typed.run(event_target_value(&event))
            />
        </label>
        <p class="wrong" role="alert" id=error_id.clone() data-testid=error_id>{words(move || error.get().unwrap_or_default())}</p>
    }
}
