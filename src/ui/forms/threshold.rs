//! The threshold itself: a score of any size.

use super::{Field, Form};
use crate::ui::format;

/// The field of the threshold.
pub const THRESHOLD: Form<f64> = Form::of(&[Field::number(
    "Anomaly if the score is above",
    "threshold-input",
    [f64::MIN, f64::MAX],
    |score| format::digits(*score),
    |score, value| *score = value.number().unwrap_or(*score),
)]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::typed;

    #[test]
    fn it_shows_a_short_number_and_takes_one_of_any_size() {
        let shown = |score: f64| THRESHOLD.fields[0].shown(&typed(&[]), &score);
        assert_eq!(
            [0.600_000_000_000_000_1, 1.234_567_891e-5, 12_345.678_9, -0.5, 3e-9].map(shown),
            ["0.6", "0.0000123457", "12345.7", "-0.5", "3e-9"]
        );
        for (text, score) in [("1.5e-5", 1.5e-5), (" 0.61 ", 0.61), ("12,345.7", 12_345.7)] {
            assert_eq!(THRESHOLD.read(&typed(&[("threshold-input", text)]), &0.5), Ok(score));
        }
    }

    #[test]
    fn it_says_what_is_no_number() {
        let error = |text| THRESHOLD.read(&typed(&[("threshold-input", text)]), &0.5).unwrap_err();
        assert_eq!(error("high")["threshold-input"], "“high” is not a number.");
        assert_eq!(error("")["threshold-input"], "Enter a number.");
    }
}
