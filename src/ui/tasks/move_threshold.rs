use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::ui::forms::rule::RuleForm;

/// Moves the threshold to a score, as by the line in the chart.
pub fn move_threshold(page: Page, score: f64) {
    let Some(finished) = page.finished.get_untracked() else { return };
    let score = score.clamp(finished.outcome.low, finished.outcome.high);
    // What is read off the chart is no more exact than this, and a round number can be typed again.
    let score = (score * 1e4).round() / 1e4;
    set(page, score, format!("{score:.4}"));
}

/// Moves the threshold to what was typed, if that is a number.
pub fn type_threshold(page: Page, text: String) {
    if let Some(score) = text.trim().parse().ok().filter(|score: &f64| score.is_finite()) {
        set(page, score, text);
    }
}

/// Moves the threshold back to where the rule put it.
pub fn restore_threshold(page: Page) {
    if let Some(finished) = page.finished.get_untracked() {
        page.adopt(finished.outcome.options.rule(), finished.outcome.threshold.clone());
        spawn_local(refresh(page, None));
    }
}

/// Changes the rule for the threshold, which is then applied to the scores that there are.
pub fn change_rule(page: Page, change: impl FnOnce(&mut RuleForm)) {
    page.rule.update(change);
    if page.finished.with_untracked(Option::is_some) && !page.writing.get_untracked() {
        spawn_local(refresh(page, None));
    }
}

fn set(page: Page, score: f64, text: String) {
    if page.finished.with_untracked(Option::is_none) || page.writing.get_untracked() {
        return;
    }
    page.set_threshold(score, text);
    spawn_local(refresh(page, None));
}
