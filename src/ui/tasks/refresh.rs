//! Brings counts, table and charts to what the visitor wants. Wishes may change while they are answered (a threshold
//! that is dragged), so one loop compares what is wanted with what is shown until they agree; wishes in between are
//! never asked for.

use std::{ops::Range, sync::Arc};

use leptos::{prelude::*, task::tick};

use super::Page;
use crate::{
    detect::{Method, threshold::Rule},
    engine::{self, EngineError},
    report::{Axis, ViewQuery},
    ui::state::{Agreed, Charted, Compared, Listed, PAGE_ROWS, Phase, Verdict, Weighed},
    web::{WebHost, turns::caught_up},
};

/// Highest-scoring rows of which it is told what weighed in them overall.
const WEIGHED_ROWS: u64 = 200;
/// Highest-scoring rows of both detectors that are compared; a tenth of a file of few rows.
const HIGHEST: u64 = 100;

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
        if let Some(rule) = wanted_rule(page) {
            let threshold = engine::judge(host, rule).await?;
            if page.is_current(turn) {
                page.adopt(rule, threshold);
            }
            continue;
        }
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
        if let Some(flagged) = wanted_comparison(page) {
            let known = page.agreed.get_untracked();
            let agreed = compare(page, host, flagged, known.as_deref()).await?;
            if page.is_current(turn) {
                page.agreed.set(Some(Arc::new(agreed)));
            }
            continue;
        }
        let rules = page.rule.with_untracked(|rule| rule.compared(method(page)));
        if page.compared.with_untracked(|compared| compared.rules != rules) {
            let verdicts = engine::judge_all(host, rules.clone()).await?;
            if page.is_current(turn) {
                page.compared.set(Arc::new(Compared { rules, verdicts }));
            }
            continue;
        }
        if page.weighed.with_untracked(Option::is_none) {
            let ranks = 1..1 + rows(page).min(WEIGHED_ROWS) as u32;
            let importance = engine::importance(host, ranks.clone()).await?;
            if page.is_current(turn) {
                page.weighed.set(Some(Arc::new(Weighed { ranks, importance })));
            }
            continue;
        }
        return Ok(());
    }
    Ok(())
}

/// How many each detector flags, if both ran and that was not compared yet.
fn wanted_comparison(page: Page) -> Option<[u64; 2]> {
    let earlier = page.earlier.get_untracked()?;
    if !page.loaded.with_untracked(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.dataset.held)) {
        return None;
    }
    let anomalies = page.verdict.get_untracked().anomalies;
    let flagged =
        Method::ALL.map(|method| if method == earlier.method { earlier.verdict.anomalies } else { anomalies });
    page.agreed
        .with_untracked(|agreed| agreed.as_ref().is_none_or(|agreed| agreed.flagged != flagged))
        .then_some(flagged)
}

/// Compares what both flag; what does not hang on that is taken from what is `known`.
async fn compare(page: Page, host: &WebHost, flagged: [u64; 2], known: Option<&Agreed>) -> Result<Agreed, EngineError> {
    let rows = rows(page);
    let highest = HIGHEST.min(rows.div_ceil(10));
    let correlation = match known {
        Some(agreed) => agreed.correlation,
        None => engine::agree(host).await?,
    };
    let ranks = 1..1 + if known.is_some() { 0 } else { rows.min(PAGE_ROWS) as u32 };
    let (agreement, listed) = engine::compare(host, flagged, highest, ranks).await?;
    let rows = known.map_or(listed, |known| known.rows.clone());
    Ok(Agreed { flagged, highest, correlation, agreement, rows })
}

/// The rule to apply, if it is not the one that was applied last.
fn wanted_rule(page: Page) -> Option<Rule> {
    let rule = page.rule.with_untracked(|rule| rule.rule(rows(page)))?;
    let applied = page.finished.with_untracked(|run| run.as_ref().map(|run| run.outcome.options.rule()))?;
    (rule != applied).then_some(rule)
}

fn method(page: Page) -> Method {
    page.finished.with_untracked(|run| run.as_ref().map_or(Method::IsolationForest, |run| run.method()))
}

fn rows(page: Page) -> u64 {
    page.loaded.with_untracked(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.profile.rows))
}

/// The ranks of the wanted page of the table; the first page of all rows where none is an anomaly.
fn wanted_ranks(page: Page) -> Range<u32> {
    let anomalies = page.verdict.get_untracked().anomalies;
    let last = if anomalies == 0 { rows(page).min(PAGE_ROWS) } else { anomalies };
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
    let scale = outcome.options.detector.scale();
    Some(ViewQuery { anomalies, low: outcome.low, high: outcome.high, scale, x: axis(x)?, y: axis(y)? })
}
