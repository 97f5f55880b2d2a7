//! What is beside a flow: those of its hosts, those around its time, and those that are most like it.

use std::sync::Arc;

use leptos::prelude::*;

use super::traffic::around;
use crate::{
    engine,
    features::UNIT,
    report::{RankedRow, edit::written},
    table::FlowColumns,
    ui::{
        format,
        state::{Loaded, Page},
    },
};

/// Flows that are most like one that are shown.
const SHOWN: usize = 8;
/// How long before a flow and after it is around it.
const AROUND: i64 = 60_000_000_000;

/// Has the flows known that are most like the one of which they were asked for.
pub fn ask(page: Page) {
    page.questions.keep_live(
        page.runs.similar,
        move || page.selection.similar_to.get().filter(|_| page.can_ask()),
        async move |host, &offset| {
            let known = untrack(|| page.data.loaded.get().zip(page.runs.finished.get()));
            let Some((loaded, run)) = known else { return Ok(Vec::new()) };
            engine::similar(host, (&loaded.dataset, &run.outcome), offset, SHOWN).await
        },
    );
}

/// Buttons that look at what is beside a flow.
pub fn beside(page: Page, row: &Arc<RankedRow>, loaded: &Arc<Loaded>) -> impl IntoView + use<> {
    let dataset = &loaded.dataset;
    let (fields, flow) = (&dataset.layout.schema.fields, FlowColumns::of(&dataset.layout.schema));
    let rank = row.rank;
    let look = move |name: String, terms: Vec<String>| {
        let show = move |_| {
            page.look_for(terms.join(" "));
            page.selection.list(true);
            // The flow itself stays the one that is told of.
            page.selection.rank.set(Some(rank));
        };
        view! { <button type="button" class="small" on:click=show>{name}</button> }
    };
    let ends: Vec<(String, String)> = flow
        .addresses
        .iter()
        .filter_map(|&column| {
            let host = row.cells.get(column)?.trim();
            Some((host.to_owned(), written(&fields[column].name, ":", host)?)).filter(|_| !host.is_empty())
        })
        .collect();
    let either = |host: &str| {
        if ends.len() == 2 {
            written("ip", ":", host)
        } else {
            written(&fields[*flow.addresses.first()?].name, ":", host)
        }
    };
    let mut buttons: Vec<_> = ends
        .iter()
        .enumerate()
        .filter(|&(place, end)| place == 0 || end.0 != ends[0].0)
        .filter_map(|(_, (host, _))| Some(look(format!("Flows of {host}"), vec![either(host)?])))
        .collect();
    if let [(_, from), (_, to)] = ends.as_slice() {
        buttons.push(look("Between these two".to_owned(), vec![from.clone(), to.clone()]));
    }
    if let Some(terms) = around(row, dataset, AROUND) {
        buttons.push(look("Within a minute".to_owned(), terms));
    }
    let offset = row.offset;
    let alike = {
        let asked = move || page.selection.similar_to.get() == Some(offset);
        let ask = move |_| page.selection.similar_to.set(if asked() { None } else { Some(offset) });
        view! {
            <button type="button" class="small" data-testid="show-similar" aria-pressed=move || asked().to_string() on:click=ask>"Most alike"</button>
        }
    };
    let loaded = Arc::clone(loaded);
    let list = move || {
        if page.selection.similar_to.get() != Some(offset) {
            return None;
        }
        let Some(known) = page.runs.similar.get().filter(|known| known.0 == offset) else {
            return Some(view! { <p class="sub">"Comparing…"</p> }.into_any());
        };
        let flow = FlowColumns::of(&loaded.dataset.layout.schema);
        let lines = known.1.iter().map(|alike| {
            let row = &alike.row;
            let who = flow.flow(&row.cells).unwrap_or_else(|| row.cells.iter().take(4).cloned().collect::<Vec<_>>().join(", "));
            let time = flow.time(&row.cells, &loaded.dataset.layout).map(|[shown, _]| shown);
            let (rank, distance) = (row.rank, f64::from(alike.distance) / f64::from(UNIT));
            view! {
                <li>
                    <button type="button" class="plain" on:click=move |_| page.selection.find(rank)>{who}</button>
                    <span class="hint">{format!(" · {} away{}", format::number(distance), time.map(|time| format!(" · {time}")).unwrap_or_default())}</span>
                </li>
            }
        });
        let lines = lines.collect_view();
        Some(
            view! {
                <p class="sub">"Nearest by all compared columns; 1 is as much as another value of one of them."</p>
                <ol class="members" data-testid="similar">{lines}</ol>
            }
            .into_any(),
        )
    };
    view! {
        <div class="acts" role="group" aria-label="Look at what is beside it">{buttons} {alike}</div>
        {list}
    }
}
