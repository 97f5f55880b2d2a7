use leptos::prelude::*;

use super::Page;
use crate::ui::forms::{Texts, rule::RuleForm, threshold::THRESHOLD};

/// Moves the threshold to a score, as by the line in the chart.
pub fn move_threshold(page: Page, score: f64) {
    let Some(finished) = page.runs.finished.get_untracked() else { return };
    let score = score.clamp(finished.outcome.low, finished.outcome.high);
    // What is read off the chart is no more exact than this, and a round number can be typed again.
    set(page, four_digits(score), Texts::default());
}

/// Moves the threshold to what was typed, if that is a number; if not, it stays where it is.
pub fn type_threshold(page: Page, testid: &'static str, text: String) {
    let mut texts = Texts::default();
    texts.set(testid, text);
    match THRESHOLD.read(&texts, &page.runs.threshold.get_untracked()) {
        Ok(score) => set(page, score, texts),
        Err(_) => page.runs.threshold_typed.set(texts),
    }
}

/// Moves the threshold back to where the rule put it.
pub fn restore_threshold(page: Page) {
    if let Some(finished) = page.runs.finished.get_untracked() {
        page.runs.adopt(finished.outcome.options.rule(), finished.outcome.threshold);
    }
}

/// Changes the rule for the threshold, which is then applied to the scores that there are.
pub fn change_rule(page: Page, change: impl FnOnce(&mut RuleForm)) {
    page.setup.rule.update(change);
}

/// The nearest number of four digits.
fn four_digits(score: f64) -> f64 {
    if score == 0.0 || !score.is_finite() {
        return score;
    }
    let unit = libm::exp10(3.0 - libm::floor(libm::log10(score.abs())));
    (score * unit).round() / unit
}

fn set(page: Page, score: f64, texts: Texts) {
    if untrack(|| page.can_ask() && !page.busy()) {
        page.runs.set_threshold(score);
        page.runs.threshold_typed.set(texts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_off_a_chart_has_four_digits() {
        assert_eq!(
            [0.612_345_6, 0.000_012_345_6, 87.654_321, 0.0].map(four_digits),
            [0.6123, 0.000_012_35, 87.65, 0.0]
        );
    }
}
