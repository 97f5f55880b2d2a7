//! The run as a whole: what weighed, and whether other seeds agree.

mod words;

use std::ops::Range;

use leptos::prelude::*;

use super::spread::leading_name;
use crate::{
    engine::{self, Weigh},
    ui::{
        components::HowToRead,
        format, said,
        state::{Finished, Page},
        tasks,
    },
};

/// Highest-scoring rows of which it is told what weighed in them overall.
const WEIGHED_ROWS: u64 = 200;

/// Has the weights known.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.weighed,
        move || wanted_ranks(page),
        async |host, ranks| engine::ask_all(host, Weigh(ranks.clone())).await,
    );
}

fn wanted_ranks(page: Page) -> Option<Range<u32>> {
    // Counted from 1.
    page.can_ask().then(|| 1..1 + page.data.rows().min(WEIGHED_ROWS) as u32)
}

/// Feature importance, and the check of the seed.
#[component]
pub fn Overall() -> impl IntoView {
    let page = Page::here();
    let weights = move || {
        let (loaded, run, weighed) = (page.data.loaded.get()?, page.runs.finished.get()?, page.runs.weighed.get()?);
        let rows = u64::from(weighed.0.end - weighed.0.start);
        let weights = words::weights(&loaded.dataset, &run.outcome.plan, &weighed.1);
        let most = weights.first().map_or(1.0, |weight| weight.2);
        Some(view! {
            <p class="sub">
                {format!("Each column’s share of the scores of the {}.", format::counted(rows, "highest-scoring flow", "highest-scoring flows"))}
            </p>
            <ol class="reasons" data-testid="importance">
                {weights.into_iter().map(|(name, column, share)| view! {
                    <li class="reason weight">
                        {leading_name(page, name, (column, None), &loaded.dataset)}
                        <span class="bar-line" aria-hidden="true"><i style:width=format!("{:.1}%", share / most * 100.0)></i></span>
                        <span class="share">{format::share(share)}</span>
                    </li>
                }).collect_view()}
            </ol>
        })
    };
    let stability = said(move || {
        let (Some(loaded), Some(stability)) = (page.data.loaded.get(), page.runs.stability.get()) else {
            return "Fits the forest again with other seeds and compares the highest-scoring flows.".to_owned();
        };
        words::stability(&stability, loaded.dataset.profile.rows > loaded.dataset.sample_rows())
    });
    // A forest can be fitted again where the rows that it was fitted on are at hand.
    let can_refit = move || {
        let here = |run: &Finished| run.model.is_none() && run.outcome.baseline().is_none();
        page.runs
            .finished
            .with(|run| run.as_ref().is_some_and(|run| here(run) && run.outcome.options.detector.forest().is_some()))
    };
    view! {
        <section class="card">
            <h3>"Feature importance"</h3>
            <HowToRead section="importance" />
            {weights}
            <Show when=can_refit>
            <div class="stability">
                <button
                    type="button" class="small" data-testid="check-stability" disabled=page.is_busy()
                    on:click=move |_| tasks::check_stability(page)
                >
                    "Check with 5 other seeds"
                </button>
                <p class="quiet" role="status" data-testid="stability">{stability}</p>
            </div>
            </Show>
        </section>
    }
}
