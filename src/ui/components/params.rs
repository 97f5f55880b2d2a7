//! The parameters of the forest, of neighbours and of groups, for those who want others.

use leptos::prelude::*;

use super::form_field::whole_form;
use crate::{
    detect::{groups, isolation_forest::Params, nearest},
    ui::{
        forms::{forest::FOREST, groups::GROUPS, nearest::NEAREST},
        state::Page,
    },
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

/// How many neighbours count, folded.
#[component]
pub fn NearestParams() -> impl IntoView {
    let initial = Signal::stored(nearest::Params::default());
    view! {
        <details data-testid="nearest-params">
            <summary>"Neighbours"</summary>
            {whole_form(&NEAREST, Page::here().setup.nearest, initial, "nearest-reset")}
        </details>
    }
}

/// What groups are looked for, folded.
#[component]
pub fn GroupParams() -> impl IntoView {
    let initial = Signal::stored(groups::Params::default());
    view! {
        <details data-testid="group-params">
            <summary>"Groups"</summary>
            {whole_form(&GROUPS, Page::here().setup.groups, initial, "groups-reset")}
        </details>
    }
}
