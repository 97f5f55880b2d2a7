use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::{
    detect::{Method, isolation_forest::Params},
    engine::{self, Dataset, EngineError, Options, Outcome},
    features::{Mode, Treatment},
    report::RankedRow,
    table::{Kind, Role},
    ui::state::{Finished, Listed, PAGE_ROWS, Phase, Verdict},
    web::{dom::scroll_to_top, now},
};

/// Runs the detector on the file that was read.
pub fn run(page: Page) {
    begin(page, scroll_to_top);
}

/// The same, and then shows something of the results.
pub(super) fn begin(page: Page, show: impl FnOnce() + 'static) {
    let Some(loaded) = page.loaded.get_untracked() else { return };
    let method = untrack(|| page.training.method());
    let params = match page.params.get_untracked().params() {
        Some(params) => params,
        None if method == Method::Autoencoder => Params::default(),
        None => return,
    };
    let turn = page.begin();
    page.set_aside(method);
    page.forget_results();
    page.phase.set(Phase::Running);
    let treatment = Treatment {
        mode: page.mode.get_untracked(),
        one_hot: page.one_hot.get_untracked(),
        networks: page.networks.get_untracked(),
        deduplicate_training_rows: page.deduplicate.get_untracked(),
        ..Treatment::default()
    };
    if page.rule.with_untracked(|rule| rule.mode != treatment.mode) {
        page.rule.set(treatment.mode.into());
    }
    page.rule.update(|rule| rule.suit(method));
    // Where a number is wrong, that of the mode.
    let rule = page.rule.with_untracked(|rule| rule.rule(loaded.dataset.profile.rows));
    let detector = page.training.detector(treatment.mode).unwrap_or_else(|| params.into());
    let options = Options { treatment, detector, rule };
    spawn_local(async move {
        let started = now();
        let result = async {
            // Workers may still be giving up what was cancelled. One that had to be replaced took the file with it.
            let host = page.idle_host().await?;
            if !page.is_current(turn) {
                return Err(EngineError::Cancelled);
            }
            if page.loaded.with_untracked(Option::is_none) {
                return Err(EngineError::WorkerDied { reason: "it did not answer and was replaced".into() });
            }
            let outcome = engine::run(&host, &loaded.dataset, options).await?;
            let took = now() - started;
            // Counted from 1; there is always at least one row.
            let ranks = 1..1 + PAGE_ROWS.min(loaded.dataset.profile.rows) as u32;
            let rows = engine::rows(&host, ranks.clone()).await?;
            Ok::<_, EngineError>((outcome, took, Listed { ranks, rows }))
        };
        let result = result.await;
        if !page.is_current(turn) {
            return;
        }
        match result {
            Ok((outcome, took, listed)) => {
                let threshold = &outcome.threshold;
                page.set_threshold(threshold.score, threshold.score.to_string());
                page.verdict.set(Verdict { score: threshold.score, anomalies: threshold.anomalies });
                page.axes.set(telling_axes(&loaded.dataset, &outcome, &listed.rows));
                page.listed.set(Arc::new(listed));
                page.finished.set(Some(Arc::new(Finished { outcome, took })));
                // Counts, table and charts are shown together.
                refresh(page, Some(Phase::Done)).await;
                if page.is_current(turn) {
                    show();
                }
            }
            Err(error) => page.fail(&error),
        }
    });
}

/// The two columns that the scatter chart begins with: those that weigh most in the first rows, or in Classic the first
/// two numeric ones, as in the original.
fn telling_axes(dataset: &Dataset, outcome: &Outcome, rows: &[RankedRow]) -> Option<[usize; 2]> {
    let fields = &dataset.layout.schema.fields;
    let usable = |column: usize| fields[column].kind == Kind::Number && dataset.profile.columns[column].has_numbers();
    let mut columns: Vec<usize> = (0..fields.len()).filter(|&column| usable(column)).collect();
    if outcome.options.treatment.mode == Mode::Recommended {
        let weight = |column: usize| {
            let reasons = rows.iter().flat_map(|row| &row.reasons);
            let shares: f64 = reasons.filter(|reason| reason.column == column).map(|reason| reason.share).sum();
            let quantity = matches!(fields[column].role, Role::Measure | Role::Duration);
            if quantity { 1.0 + shares } else { 0.0 }
        };
        // Stable, so that equals stay in file order.
        columns.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
    }
    let first = *columns.first()?;
    Some([first, columns.get(1).copied().unwrap_or(first)])
}
