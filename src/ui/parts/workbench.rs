use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::{Part, Shown, View};
use crate::ui::{
    pages::Pages,
    panels::{self, filter::FilterField, setup, training::Training},
    state::{Page, Phase},
};

/// Where this part shows something.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// The detector's set-up, threshold and run.
    Steps,
    /// The tabs.
    Tabs,
    /// The filter.
    Filter,
    /// A training that is under way.
    Training,
}

/// The detector's set-up, threshold and run.
pub const STEPS: View = || Box::pin(show(Page::here(), Some(Place::Steps)));
/// The tabs.
pub const TABS: View = || Box::pin(show(Page::here(), Some(Place::Tabs)));
/// The filter.
pub const FILTER: View = || Box::pin(show(Page::here(), Some(Place::Filter)));
/// A training that is under way.
pub const TRAINING: View = || Box::pin(show(Page::here(), Some(Place::Training)));

/// Begins, or shows what is in a place. One function for all: each has a loader of its own, which is pending at first.
#[wasm_split(workbench, fallible)]
pub fn show(page: Page, place: Option<Place>) -> Shown {
    Ok(match place {
        None => {
            panels::ask(page);
            Effect::new(move || {
                if page.phase() == Phase::Running || page.has_results() {
                    page.parts.load(page, Part::More);
                }
            });
            ().into_any()
        }
        Some(Place::Steps) => view! {
            <setup::DetectorStep />
            <Show when=move || page.has_results()><setup::ThresholdStep /></Show>
            <setup::RunStep />
        }
        .into_any(),
        Some(Place::Tabs) => view! { <Pages /> }.into_any(),
        Some(Place::Filter) => view! { <FilterField /> }.into_any(),
        Some(Place::Training) => view! { <Training under_way=true /> }.into_any(),
    })
}
