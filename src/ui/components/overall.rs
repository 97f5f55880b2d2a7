//! The run as a whole: what weighed, and whether other seeds agree.

use leptos::prelude::*;

use super::words as said;
use crate::ui::{format, state::Page, tasks, words};

/// What made flows stand out overall, and the check of the seed.
#[component]
pub fn Overall() -> impl IntoView {
    let page = Page::here();
    let weights = move || {
        let (loaded, run, weighed) = (page.data.loaded.get()?, page.runs.finished.get()?, page.runs.weighed.get()?);
        let rows = u64::from(weighed.0.end - weighed.0.start);
        let weights = words::weights(&loaded.dataset, &run.outcome.plan, &weighed.1);
        let most = weights.first().map_or(1.0, |weight| weight.1);
        Some(view! {
            <p class="sub">
                {format!("Share of what set the {} apart, by column.", format::counted(rows, "highest-scoring flow", "highest-scoring flows"))}
            </p>
            <ol class="reasons" data-testid="importance">
                {weights.into_iter().map(|(name, share)| view! {
                    <li class="reason weight">
                        <span class="reason-name">{name}</span>
                        <span class="bar" aria-hidden="true"><i style:width=format!("{:.1}%", share / most * 100.0)></i></span>
                        <span class="share">{format!("{:.0} %", share * 100.0)}</span>
                    </li>
                }).collect_view()}
            </ol>
        })
    };
    let stability = said(move || {
        let (Some(loaded), Some(stability)) = (page.data.loaded.get(), page.runs.stability.get()) else {
            return "Fits again with other seeds and compares the flows that score highest.".to_owned();
        };
        words::stability(&stability, loaded.dataset.profile.rows > loaded.dataset.sample_rows())
    });
    let by_autoencoder =
        move || page.runs.finished.with(|run| run.as_ref().is_some_and(|run| run.outcome.trained.is_some()));
    view! {
        <section class="card">
            <h3>"What made flows stand out overall"</h3>
            {weights}
            <Show when=move || !by_autoencoder()>
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
