//! Scores against a label column, where there is one: how well the order of the scores puts anomalies first, and what
//! comes of the threshold.
//!
//! | item | says |
//! |---|---|
//! | [`Curve`] | how many rows of each kind have each score, which all figures are made of; merges over shards |
//! | [`Confusion`], [`First`] | alarms at a threshold, and in the first rows: precision, recall |
//! | [`PartialArea`] | the ROC curve where there are few false alarms |
//! | [`Point`] | curves, thinned for drawing |
//! | [`intervals`], [`Interval`] | how far chance may have moved a figure |
//! | [`Class`] | which kinds of attack are found |
//! | [`Judgement`] | all of that for a run: scores, groups and marks |
//! | [`coverage`] | how many anomalies the first findings hold |
//! | [`agreement`] | how far the orders that two detectors give agree |
//!
//! Areas and average precision look at the order alone, so they need no threshold, and equal scores count as one step.

pub mod agreement;
mod bootstrap;
mod classes;
mod confusion;
mod curve;
mod findings;
mod interval;
mod judgement;
mod partial;
mod points;
mod poisson;
#[cfg(test)]
mod sklearn;
mod step;

pub use bootstrap::{Intervals, intervals};
pub use classes::Class;
pub use confusion::{Confusion, First};
pub use curve::{Curve, CurveStep};
pub use findings::{Found, coverage};
pub use interval::Interval;
pub use judgement::{Judged, Judgement, Judging};
pub use partial::PartialArea;
pub use points::Point;
pub(crate) use step::{Step, area};

use thiserror::Error;

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EvaluateError {
    /// Each row needs one score and one label.
    #[error("there are {scores} scores but {labels} labels")]
    Lengths {
        /// Number of scores.
        scores: usize,
        /// Number of labels.
        labels: usize,
    },
    /// The score of a row is NaN.
    #[error("the score of row {0} (from 0) is not a number")]
    NotANumber(usize),
    /// No row is labelled an anomaly.
    #[error("no row is labelled an anomaly")]
    NoAnomalies,
    /// Every row is labelled an anomaly.
    #[error("every row is labelled an anomaly")]
    OnlyAnomalies,
}

/// Area under the ROC curve, in 0..=1: the chance that an anomaly scores higher than a normal row, ties counting half.
///
/// `labels` are true for anomalies. Computed from the anomalies' ranks, equal scores sharing their middle rank (Hanley &
/// McNeil, *The Meaning and Use of the Area under a ROC Curve*, 1982); equals scikit-learn's `roc_auc_score`.
///
/// # Errors
/// [`EvaluateError`] when the lengths differ, a score is NaN, or one of the two kinds of rows is missing.
pub fn roc_auc(scores: &[f64], labels: &[bool]) -> Result<f64, EvaluateError> {
    curve(scores, labels)?.roc_auc().ok_or(EvaluateError::OnlyAnomalies)
}

/// Average precision, in 0..=1: the precision at each score that an anomaly has, weighted by the recall it adds.
///
/// Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores from high to low, not interpolated: scikit-learn's
/// `average_precision_score`. A random order scores the share of the anomalies.
///
/// # Errors
/// [`EvaluateError`] when the lengths differ, a score is NaN, or no row is an anomaly.
pub fn average_precision(scores: &[f64], labels: &[bool]) -> Result<f64, EvaluateError> {
    curve(scores, labels)?.average_precision().ok_or(EvaluateError::NoAnomalies)
}

/// The curve of rows of which at least one is an anomaly.
fn curve(scores: &[f64], labels: &[bool]) -> Result<Curve, EvaluateError> {
    if scores.len() != labels.len() {
        return Err(EvaluateError::Lengths { scores: scores.len(), labels: labels.len() });
    }
    let curve = Curve::of(scores.iter().copied().zip(labels.iter().copied()))?;
    if labels.contains(&true) { Ok(curve) } else { Err(EvaluateError::NoAnomalies) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-15, "{a} is not {b}");
    }

    #[test]
    fn the_documented_example_of_scikit_learn() {
        let (scores, labels) = ([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
        close(roc_auc(&scores, &labels).unwrap(), 0.75);
        close(average_precision(&scores, &labels).unwrap(), 0.833_333_333_333_333_3);
    }

    #[test]
    fn ties_count_half() {
        let scores = [0.9, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3];
        let labels = [true, true, true, false, false, false, true];
        // Pairs of (anomaly, normal): 3 won by 0.9; 0.5 ties two and wins one, twice; 0.3 ties one: 3 + 2·2 + 0.5 of 12.
        close(roc_auc(&scores, &labels).unwrap(), 7.5 / 12.0);
        // Recall steps 1/4, 2/4, 1/4 at precisions 1/1, 3/5, 4/7.
        close(average_precision(&scores, &labels).unwrap(), 0.25 + 0.5 * 0.6 + 0.25 * 4.0 / 7.0);
    }

    #[test]
    fn the_ends_of_the_scale() {
        let labels = [true, true, false, false, false];
        close(roc_auc(&[5.0, 4.0, 3.0, 2.0, 1.0], &labels).unwrap(), 1.0);
        close(average_precision(&[5.0, 4.0, 3.0, 2.0, 1.0], &labels).unwrap(), 1.0);
        close(roc_auc(&[1.0, 2.0, 3.0, 4.0, 5.0], &labels).unwrap(), 0.0);
        close(roc_auc(&[1.0; 5], &labels).unwrap(), 0.5);
        close(average_precision(&[1.0; 5], &labels).unwrap(), 0.4);
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let lengths = EvaluateError::Lengths { scores: 1, labels: 2 };
        assert_eq!(roc_auc(&[1.0], &[true, false]), Err(lengths));
        assert_eq!(roc_auc(&[1.0, f64::NAN], &[true, false]), Err(EvaluateError::NotANumber(1)));
        assert_eq!(roc_auc(&[1.0, 2.0], &[false; 2]), Err(EvaluateError::NoAnomalies));
        assert_eq!(average_precision(&[], &[]), Err(EvaluateError::NoAnomalies));
        assert_eq!(roc_auc(&[1.0, 2.0], &[true; 2]), Err(EvaluateError::OnlyAnomalies));
        close(average_precision(&[1.0, 2.0], &[true; 2]).unwrap(), 1.0);
    }
}
