//! What is kept known about the last run, the most important first.

use std::ops::Range;

use leptos::prelude::*;

use super::state::{Agreed, PAGE_ROWS, Page, Verdict};
use crate::{
    detect::{Method, threshold::Rule},
    engine::{self, CountAbove, EngineError, RowsQuery, Weigh},
    report::{Axis, Filter, ViewQuery},
    web::WebHost,
};

/// Highest-scoring rows of which it is told what weighed in them overall.
const WEIGHED_ROWS: u64 = 200;
/// Highest-scoring rows of both detectors that are compared; a tenth of a file of few rows.
const HIGHEST: u64 = 100;

/// Has all of it kept known.
pub fn ask(page: Page) {
    let (questions, runs) = (page.questions, page.runs);
    questions.keep_known(
        move || wanted_rule(page),
        async |host, rule| engine::judge(host, *rule).await,
        move |rule, threshold| runs.adopt(rule, threshold),
    );
    questions.keep_known(
        move || Some(runs.threshold.get()).filter(|score| page.can_ask() && runs.verdict.get().score != *score),
        async |host, score| engine::ask_all(host, CountAbove(*score)).await,
        move |score, anomalies| runs.verdict.set(Verdict { score, anomalies }),
    );
    questions.keep_live(
        runs.listed,
        move || wanted_ranks(page),
        async |host, ranks| engine::ask_all(host, RowsQuery(ranks.clone())).await,
    );
    questions.keep_live(
        runs.charted,
        move || wanted_view(page),
        async |host, query| engine::ask_all(host, query.clone()).await,
    );
    questions.keep_known(
        move || wanted_comparison(page),
        async move |host, flagged| compare(page, host, *flagged).await,
        move |_, agreed| runs.agreed.set(Some(agreed.into())),
    );
    questions.keep_live(
        runs.compared,
        move || wanted_rules(page),
        async |host, rules| engine::judge_all(host, rules.clone()).await,
    );
    questions.keep_live(
        runs.weighed,
        move || wanted_weights(page),
        async |host, ranks| engine::ask_all(host, Weigh(ranks.clone())).await,
    );
    questions.follow(page);
}

/// The rule to apply, if it is not the one that was applied last.
fn wanted_rule(page: Page) -> Option<Rule> {
    if !page.can_ask() {
        return None;
    }
    let rule = page.setup.rule.with(|rule| rule.rule(page.data.rows()))?;
    let applied = page.runs.finished.with(|run| run.as_ref().map(|run| run.outcome.options.rule()))?;
    (rule != applied).then_some(rule)
}

/// The ranks of the wanted page of the table; the first page of all rows where none is an anomaly.
fn wanted_ranks(page: Page) -> Option<Range<u32>> {
    let rows = page.can_ask().then(|| page.data.rows())?;
    let anomalies = page.runs.verdict.get().anomalies;
    let last = if anomalies == 0 { rows.min(PAGE_ROWS) } else { anomalies };
    let pages = last.div_ceil(PAGE_ROWS).max(1);
    let first = 1 + page.selection.table_page.get().min(pages - 1) * PAGE_ROWS;
    // Ranks are 32 bits wide in the engine.
    Some(first as u32..(first + PAGE_ROWS).min(last + 1) as u32)
}

fn wanted_view(page: Page) -> Option<ViewQuery> {
    let run = page.runs.finished.get().filter(|_| page.can_ask())?;
    let (loaded, [x, y]) = (page.data.loaded.get()?, page.selection.axes.get()?);
    let dataset = &loaded.dataset;
    let axis = |column: usize| Axis::new(column, dataset.profile.columns.get(column)?, dataset.typical.get(column)?);
    let outcome = &run.outcome;
    let anomalies = page.runs.verdict.get().anomalies;
    let scale = outcome.options.detector.scale();
    Some(ViewQuery {
        filter: Filter::default(),
        anomalies,
        low: outcome.low,
        high: outcome.high,
        scale,
        x: axis(x)?,
        y: axis(y)?,
    })
}

/// How many each detector flags, if both ran and that was not compared yet.
fn wanted_comparison(page: Page) -> Option<[u64; 2]> {
    let earlier = page.runs.earlier.get().filter(|_| page.can_ask() && page.data.held())?;
    let anomalies = page.runs.verdict.get().anomalies;
    let flagged =
        Method::ALL.map(|method| if method == earlier.method { earlier.verdict.anomalies } else { anomalies });
    let known = page.runs.agreed.with(|agreed| agreed.as_ref().is_some_and(|agreed| agreed.flagged == flagged));
    (!known).then_some(flagged)
}

/// Compares what both flag; what does not hang on that is taken from what is known.
async fn compare(page: Page, host: &WebHost, flagged: [u64; 2]) -> Result<Agreed, EngineError> {
    let known = page.runs.agreed.get_untracked();
    let rows = untrack(|| page.data.rows());
    let highest = HIGHEST.min(rows.div_ceil(10));
    let correlation = match &known {
        Some(agreed) => agreed.correlation,
        None => engine::agree(host).await?,
    };
    let ranks = 1..1 + if known.is_some() { 0 } else { rows.min(PAGE_ROWS) as u32 };
    let (agreement, listed) = engine::compare(host, flagged, highest, ranks).await?;
    let rows = known.map_or(listed, |known| known.rows.clone());
    Ok(Agreed { flagged, highest, correlation, agreement, rows })
}

fn wanted_rules(page: Page) -> Option<Vec<Rule>> {
    let method = page.runs.method().filter(|_| page.can_ask())?;
    Some(page.setup.rule.with(|rule| rule.compared(method)))
}

fn wanted_weights(page: Page) -> Option<Range<u32>> {
    // Counted from 1.
    page.can_ask().then(|| 1..1 + page.data.rows().min(WEIGHED_ROWS) as u32)
}
