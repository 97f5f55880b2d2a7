//! How far the flows are from those that the detector was fitted on.

mod words;

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    model::{ColumnDrift, Drift as Found, Verdict},
    ui::{
        components::HowToRead,
        state::{Page, Tab},
    },
};

/// Columns that are listed before all are asked for.
const FIRST: usize = 12;

const MEANT: &str = "PSI, the population stability index, compares how the values of a column are distributed: below 0.1 is usual, \
                     above 0.25 much. KS is the greatest difference between the shares of flows with at most some value. Both are \
                     told by a sample.";

fn found(page: Page) -> Option<Arc<Found>> {
    page.runs.finished.with(|run| run.as_ref()?.outcome.drift.clone())
}

/// That the flows are others, where they are.
pub fn warning(page: Page) -> Option<String> {
    found(page).filter(|drift| drift.verdict() != Verdict::Same).map(|drift| words::sentence(&drift))
}

/// That the file lacks columns that the model compares, where it does.
pub fn without(page: Page) -> Option<String> {
    page.runs.finished.with(|run| run.as_ref()?.model.as_ref()?.without.clone())
}

/// That the flows are others, or lack something, beside the results that are to be read with this in mind.
#[component]
pub fn DriftNote() -> impl IntoView {
    let page = Page::here();
    let note = move || {
        let warning = warning(page)?;
        Some(view! {
            <p class="sub" role="status" data-testid="drift-note">
                {warning} " "
                <button type="button" class="small" on:click=move |_| page.chrome.open(Tab::Models)>"Which columns"</button>
            </p>
        })
    };
    view! {
        {move || without(page).map(|words| view! { <p class="sub" role="status" data-testid="lacking-note">{words}</p> })}
        {note}
    }
}

/// What became of the columns and of the scores.
#[component]
pub fn Drift() -> impl IntoView {
    let page = Page::here();
    let all = RwSignal::new(false);
    let card = move || {
        let (drift, loaded) = (found(page)?, page.data.loaded.get()?);
        let listed = if all.get() { drift.columns.len() } else { drift.columns.len().min(FIRST) };
        let more = drift.columns.len() > listed;
        let row = |column: &ColumnDrift| {
            let field = &loaded.dataset.layout.schema.fields[column.column];
            view! {
                <tr class:odd=column.shift.is_much()>
                    <th scope="row">{field.name.clone()}</th>
                    <td class="number" data-value=column.shift.psi.to_string()>{words::index(column.shift.psi)}</td>
                    <td class="number">{column.shift.ks.map_or_else(|| "–".to_owned(), words::index)}</td>
                    <td>{words::change(column, field)}</td>
                </tr>
            }
        };
        let rows = drift.columns.iter().take(listed).map(row).collect_view();
        let verdict = words::name(drift.verdict());
        Some(view! {
            <section class="card" aria-label="Drift">
                <h3>"Compared with the flows that it was fitted on"</h3>
                <p data-testid="drift-verdict" data-value=verdict>{words::sentence(&drift)}</p>
                <p class="sub" data-testid="drift-scores" data-value=drift.scores.psi.to_string()>{words::scores(&drift.scores)}</p>
                <div class="scroll" tabindex="0" role="region" aria-label="Columns, then and now">
                    <table class="data" data-testid="drift-table">
                        <thead><tr>
                            <th scope="col">"Column"</th><th class="number" scope="col">"PSI"</th>
                            <th class="number" scope="col">"KS"</th><th scope="col">"Then → now"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <Show when=move || more>
                    <button type="button" class="small" on:click=move |_| all.set(true)>"Show all columns"</button>
                </Show>
                <p class="hint">{MEANT}</p>
                <HowToRead section="drift" />
            </section>
        })
    };
    view! { {card} }
}
