//! Brings counts, table and charts to what the visitor wants. Wishes may change while they are answered (a threshold
//! that is dragged), so one loop compares what is wanted with what is shown until they agree; wishes in between are
//! never asked for.

use std::{ops::Range, sync::Arc};

use leptos::{prelude::*, task::tick};

use super::Page;
use crate::{
    engine::{self, EngineError},
    report::{Axis, ViewQuery},
    ui::state::{Charted, Listed, PAGE_ROWS, Phase, Verdict},
    web::{WebHost, turns::caught_up},
};

/// Refreshes for the newest turn; then says that the turn is over, where it is.
pub async fn refresh(page: Page, over: Option<Phase>) {
    let turn = page.turn();
    let Some(host) = page.host() else { return };
    if page.finished.with_untracked(Option::is_none) {
        return;
    }
    if !page.claim_refresh(turn) {
        return;
    }
    let result = settle(page, turn, &host).await;
    page.release_refresh(turn);
    if over.is_some() {
        // What was set is drawn by effects, which run after this task, and these put it off.
        tick().await;
        caught_up().await;
    }
    if !page.is_current(turn) {
        return;
    }
    match (result, over) {
        (Err(error), _) => page.fail(&error),
        (Ok(()), Some(phase)) => page.end(phase),
        (Ok(()), None) => {}
    }
}

async fn settle(page: Page, turn: u64, host: &WebHost) -> Result<(), EngineError> {
    while page.is_current(turn) {
        let score = page.threshold.get_untracked();
        if page.verdict.get_untracked().score != score {
            let anomalies = engine::anomalies_above(host, score).await?;
            if page.is_current(turn) {
                page.verdict.set(Verdict { score, anomalies });
            }
            continue;
        }
        let ranks = wanted_ranks(page);
        if page.listed.with_untracked(|listed| listed.ranks != ranks) {
            let rows = engine::rows(host, ranks.clone()).await?;
            if page.is_current(turn) {
                page.listed.set(Arc::new(Listed { ranks, rows }));
            }
            continue;
        }
        let Some(query) = wanted_view(page) else { return Ok(()) };
        if page.charted.with_untracked(|charted| charted.as_ref().is_none_or(|charted| charted.query != query)) {
            let view = engine::view(host, &query).await?;
            if page.is_current(turn) {
                page.charted.set(Some(Arc::new(Charted { query, view })));
            }
            continue;
        }
        return Ok(());
    }
    Ok(())
}

/// The ranks of the wanted page of the table; the first page of all rows where none is an anomaly.
fn wanted_ranks(page: Page) -> Range<u32> {
    let rows = page.loaded.with_untracked(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.profile.rows));
    let anomalies = page.verdict.get_untracked().anomalies;
    let last = if anomalies == 0 { rows.min(PAGE_ROWS) } else { anomalies };
    let pages = last.div_ceil(PAGE_ROWS).max(1);
    let number = page.table_page.get_untracked().min(pages - 1);
    if page.table_page.get_untracked() != number {
        page.table_page.set(number);
    }
    let first = 1 + number * PAGE_ROWS;
    // Ranks are 32 bits wide in the engine.
    first as u32..(first + PAGE_ROWS).min(last + 1) as u32
}

fn wanted_view(page: Page) -> Option<ViewQuery> {
    let (loaded, finished) = (page.loaded.get_untracked()?, page.finished.get_untracked()?);
    let [x, y] = page.axes.get_untracked()?;
    let dataset = &loaded.dataset;
    let axis = |column: usize| Axis::new(column, dataset.profile.columns.get(column)?, dataset.typical.get(column)?);
    let outcome = &finished.outcome;
    let anomalies = page.verdict.get_untracked().anomalies;
    Some(ViewQuery { anomalies, low: outcome.low, high: outcome.high, x: axis(x)?, y: axis(y)? })
}
