//! The last runs on the file: what was chosen for each, what came of it, and how far they agree with the last one.

pub mod words;

use leptos::prelude::*;

use crate::ui::{
    components::HowToRead,
    format,
    state::{Page, Past},
    tasks,
};

const KEPT: &str = "The last eight on this file, until it is closed. Agreement is how many of the flows that the last run flags the other one flags as well.";

/// The runs beside each other, and the last one's manifest.
#[component]
pub fn PastRuns() -> impl IntoView {
    let page = Page::here();
    let rows = move || {
        let last = page.runs.last();
        page.runs.past.with(|past| past.iter().rev().map(|run| row(page, run, last.as_ref())).collect_view())
    };
    let waits = move || page.busy() || !page.can_ask();
    view! {
        <section class="card runs" aria-label="Runs">
            <h3>"Runs"</h3>
            <p class="sub">{KEPT}</p>
            <HowToRead section="runs" />
            <div class="scroll" tabindex="0" role="region" aria-label="Last runs">
                <table class="data" data-testid="runs-table">
                    <thead>
                        <tr>
                            <th scope="col">"Run"</th>
                            <th scope="col">"Settings"</th>
                            <th class="number" scope="col">"Flagged"</th>
                            <th class="number" scope="col">"Groups"</th>
                            <th class="number" scope="col">"Features"</th>
                            <th class="number" scope="col">"Time"</th>
                            <th class="number" scope="col">"Agreement"</th>
                            <th scope="col"></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="acts">
                <button type="button" class="small" data-testid="download-manifest" disabled=waits on:click=move |_| tasks::download_manifest(page)>
                    "Download the last run’s manifest"
                </button>
                <span class="hint">"With it and the same file, “Repeat a run” below the Run button makes the run again and says whether it came to the same."</span>
            </div>
        </section>
    }
}

fn row(page: Page, run: &Past, last: Option<&Past>) -> impl IntoView + use<> {
    let is_last = last.is_some_and(|last| last.number == run.number);
    // What is remembered of the last one is how it began.
    let run = last.filter(|_| is_last).unwrap_or(run);
    let (number, flagged) = (run.number, run.verdict.anomalies);
    let agreement = last.filter(|_| !is_last).map(|last| (last.agreement(run), last.verdict.anomalies));
    let value = agreement.map(|([both, _], _)| both.to_string());
    let agreement = match agreement {
        Some((counted, all)) => words::agreement(counted, all),
        None if is_last => "the last run".to_owned(),
        None => String::new(),
    };
    let (settings, read, told) = (run.settings.clone(), run.read.clone(), words::settings(run));
    let (groups, features, took) = (run.groups as u64, run.features as u64, run.took);
    let label = format!("Use these settings, of run {number}");
    view! {
        <tr data-testid="run" data-number=number.to_string()>
            <th scope="row" class="number">{format::count(number)}</th>
            <td data-testid="run-settings">{told}</td>
            <td class="number" data-testid="run-flagged" data-value=flagged.to_string()>{format::count(flagged)}</td>
            <td class="number" data-testid="run-groups" data-value=groups.to_string()>{format::count(groups)}</td>
            <td class="number">{format::count(features)}</td>
            <td class="number">{format::duration(took)}</td>
            <td class="number" data-testid="run-agreement" data-value=value>{agreement}</td>
            <td>
                <button
                    type="button" class="small" data-testid="use-settings" aria-label=label disabled=page.is_busy()
                    on:click=move |_| tasks::put_back(page, settings.clone(), read.clone())
                >
                    "Use these settings"
                </button>
            </td>
        </tr>
    }
}
