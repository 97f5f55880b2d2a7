//! The detectors that come with the page: a card for each kind of file, with what they were fitted on, how well they do, and their limits.

use leptos::prelude::*;

use super::comparison;
use crate::{
    model::{Compared, Ready},
    ui::{state::Page, tasks},
};

const FROM: &str = "Where you have no flows that you know to be normal: detectors fitted on four days of synthetic offices, 200,000 flows \
                    without attacks. They are a start: your network differs, drift says how much, and a baseline of your own flows is \
                    better. “Use” fetches a file of up to 3 MB and keeps it.";
const FIGURES: &str = "Area under the ROC curve · average precision (chance: 0.50 · 0.02 to 0.03) of single flows, on other synthetic days and \
                       on another network’s flows (CICIDS2017), both with attacks.";

/// What is said of those that compare the same columns: which files they are for, what they compare, and their limits.
const fn told(compared: Compared) -> [&'static str; 3] {
    match compared {
        Compared::CicFlowMeter => [
            "CICFlowMeter",
            "52 columns that all its versions have: destination port, durations, packets, bytes, times between packets, TCP flags and windows.",
            "These figures are weak. On another network, forest and autoencoder do better when they are fitted on the file itself.",
        ],
        Compared::FlowRecords => [
            "Zeek, nfdump, nProbe and IPFIX",
            "6 columns: destination port, duration, and packets and bytes in each direction, which a row must hold both.",
            "Bytes are those of whole IP packets. These figures are weak, and of CICFlowMeter’s files turned into such records. The thresholds of forest and autoencoder flag hardly any attack: go by ranks and groups.",
        ],
    }
}

/// All of them.
#[component]
pub fn ReadyMade() -> impl IntoView {
    let page = Page::here();
    view! {
        <section aria-label="Ready-made models" data-testid="ready-made">
            <h4>"Ready-made"</h4>
            <p class="sub">{FROM}</p>
            {[Compared::CicFlowMeter, Compared::FlowRecords].map(|compared| card(page, compared)).collect_view()}
            <p class="hint">{FIGURES}</p>
        </section>
    }
}

fn card(page: Page, compared: Compared) -> impl IntoView {
    let [made_by, columns, limits] = told(compared);
    let models = Ready::ALL.iter().filter(|model| model.compared == compared);
    view! {
        <table class="data" data-testid="ready-card">
            <caption>
                <b>"For files of "{made_by}</b>
                <span class="hint">"Compares "{columns}" "{limits}</span>
            </caption>
            <thead>
                <tr>
                    <th scope="col">"Detector"</th>
                    <th class="number" scope="col">"Synthetic days"</th>
                    <th class="number" scope="col">"CICIDS2017"</th>
                    <th scope="col"></th>
                </tr>
            </thead>
            <tbody>{models.map(|model| row(page, model, made_by)).collect_view()}</tbody>
        </table>
    }
}

fn row(page: Page, model: &'static Ready, made_by: &str) -> impl IntoView {
    let name = comparison::name(model.method);
    let figures = [model.days, model.elsewhere].map(|figures| view! { <td class="number">{figures.join(" · ")}</td> });
    let fetching = page.library.fetching;
    let waits = page.is_busy();
    view! {
        <tr>
            <td>{name}</td>
            {figures}
            <td>
                <button
                    type="button" class="small" data-testid="ready-use" aria-label=format!("Use: ready-made for {made_by}, {name}")
                    disabled=move || waits.get() || fetching.get().is_some() on:click=move |_| tasks::use_ready(page, model)
                >
                    {move || if fetching.get() == Some(model.name) { "Fetching…" } else { "Use" }}
                </button>
            </td>
        </tr>
    }
}
