use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::{NotLoaded, Shown, View};
use crate::ui::{
    jobs::{Failure, Job},
    panels::{
        comparison,
        counts::CountsCard,
        drift::Drift,
        evaluation::{self, Evaluation},
        models::Models,
        overall::Overall,
        runs::PastRuns,
        scatter::ScatterCard,
        scores::ScoresCard,
        spread::{self, Spreads},
        traffic::{self, Hosts, Pairs, Ports, Timeline},
        training::Training,
    },
    state::{Page, Tab},
    tasks,
};

/// What is in the tab Explore.
pub const EXPLORE: View = || Box::pin(show(Page::here(), Some(Tab::Explore)));
/// What is in the tab Evaluate.
pub const EVALUATE: View = || Box::pin(show(Page::here(), Some(Tab::Evaluate)));
/// What is in the tab Models.
pub const MODELS: View = || Box::pin(show(Page::here(), Some(Tab::Models)));

/// Begins, or shows what is in a tab. One function for all: each has a loader of its own, which is pending at first.
#[wasm_split(more, fallible)]
pub fn show(page: Page, tab: Option<Tab>) -> Shown {
    Ok(match tab {
        Some(Tab::Explore) => explore(page),
        Some(Tab::Evaluate) => view! { <Evaluation /> }.into_any(),
        Some(Tab::Models) => view! { <Drift /><Models /> }.into_any(),
        _ => {
            evaluation::ask(page);
            traffic::ask(page);
            spread::ask(page);
            ().into_any()
        }
    })
}

fn explore(page: Page) -> AnyView {
    let trained = move || page.runs.finished.with(|run| run.as_ref().is_some_and(|run| run.outcome.trained.is_some()));
    view! {
        <div class="charts"><ScoresCard /><ScatterCard /></div>
        <Spreads />
        <Timeline />
        <div class="charts"><Hosts /><Ports /></div>
        <div class="charts"><Pairs /><CountsCard /></div>
        <Overall />
        <comparison::CompareBar />
        <comparison::Comparison />
        <PastRuns />
        <Show when=trained><Training /></Show>
    }
    .into_any()
}

/// Writes the report of a run.
#[wasm_split(more, fallible)]
pub fn write_report(job: Job) -> Result<LocalBoxFuture<'static, Result<(), Failure>>, NotLoaded> {
    Ok(Box::pin(tasks::report(job)))
}
