//! The forest's parameters, for those who want others.

use leptos::prelude::*;

use super::number_field::NumberField;
use crate::ui::{forms::params::NUMBERS, state::Page};

/// All parameters, folded.
#[component]
pub fn ForestParams() -> impl IntoView {
    let page = Page::here();
    let field = move |place: usize| {
        view! {
            <NumberField
                number=&NUMBERS[place]
                text=Signal::derive(move || page.setup.params.with(|form| form.0[place].clone()))
                error=Signal::derive(move || page.setup.params.with(|form| form.error(place)))
                typed=Callback::new(move |text| page.setup.params.update(|form| form.0[place] = text))
            />
        }
    };
    view! {
        <details data-testid="params">
            <summary>"Options of the forest"</summary>
            <div class="fields">{(0..NUMBERS.len()).map(field).collect_view()}</div>
        </details>
    }
}
