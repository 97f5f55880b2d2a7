//! The forest's parameters, for those who want others.

use leptos::prelude::*;

use super::form_field::whole_form;
use crate::{
    detect::isolation_forest::Params,
    ui::{forms::forest::FOREST, state::Page},
};

/// All parameters, folded.
#[component]
pub fn ForestParams() -> impl IntoView {
    let initial = Signal::stored(Params::default());
    view! {
        <details data-testid="params">
            <summary>"Forest parameters"</summary>
            {whole_form(&FOREST, Page::here().setup.params, initial, "params-reset")}
        </details>
    }
}
