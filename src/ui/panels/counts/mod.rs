//! How many flows are normal and how many are not.

mod chart;

use leptos::prelude::*;

use super::filter::kept;
use crate::ui::{charts::Canvas, components::HowToRead, format, state::Page};

/// How many flows are normal and how many are not.
#[component]
pub fn CountsCard() -> impl IntoView {
    let page = Page::here();
    let kept = move || kept(page).unwrap_or_default();
    let rows = move || kept().rows;
    let plot = move || Some(chart::counts(rows(), kept().anomalies, &page.chrome.palette.get()));
    let label = Signal::derive(move || {
        let anomalies = kept().anomalies;
        format!(
            "{} normal and {} anomalous flows",
            format::count(rows() - anomalies.min(rows())),
            format::count(anomalies)
        )
    });
    view! {
        <section class="card chart counts" data-testid="chart-counts">
            <h3>"Normal and anomalous flows"</h3>
            <p class="sub">"Number of flows, on a logarithmic scale."</p>
            <HowToRead section="counts" />
            <Canvas plot label />
        </section>
    }
}
