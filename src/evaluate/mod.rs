//! Scores against a label column, where there is one: how well the order of the scores puts anomalies first.
//!
//! Both measures look at the order alone, so they need no threshold, and equal scores count as one step.
//! [`agreement`] compares the orders that two detectors give.

pub mod agreement;

use thiserror::Error;

use crate::detect::rank::descending_order;

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
    area(&steps(scores, labels)?).ok_or(EvaluateError::OnlyAnomalies)
}

/// The area under the ROC curve of rows that were put in order, from the first to be called anomalies to the last; `None`
/// if one of the two kinds of rows is missing.
pub(crate) fn area(steps: &[Step]) -> Option<f64> {
    let normal: u64 = steps.iter().map(|step| step.normal).sum();
    let anomalies: u64 = steps.iter().map(|step| step.anomalies).sum();
    // Twice the number of pairs in the right order, exact in integers.
    let mut normal_below = normal;
    let mut won = 0_u128;
    for step in steps {
        normal_below -= step.normal;
        won += u128::from(step.anomalies) * u128::from(2 * normal_below + step.normal);
    }
    (normal > 0 && anomalies > 0).then(|| won as f64 / (2.0 * anomalies as f64 * normal as f64))
}

/// Average precision, in 0..=1: the precision at each score that an anomaly has, weighted by the recall it adds.
///
/// Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores from high to low, not interpolated: scikit-learn's
/// `average_precision_score`. A random order scores the share of the anomalies.
///
/// # Errors
/// [`EvaluateError`] when the lengths differ, a score is NaN, or no row is an anomaly.
pub fn average_precision(scores: &[f64], labels: &[bool]) -> Result<f64, EvaluateError> {
    let steps = steps(scores, labels)?;
    let all: u64 = steps.iter().map(|step| step.anomalies).sum();
    let (mut anomalies, mut rows, mut sum) = (0, 0, 0.0);
    for step in &steps {
        anomalies += step.anomalies;
        rows += step.anomalies + step.normal;
        sum += step.anomalies as f64 * anomalies as f64 / rows as f64;
    }
    Ok(sum / all as f64)
}

/// The rows that share one score.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step {
    pub anomalies: u64,
    pub normal: u64,
}

impl Step {
    /// One row more.
    pub fn with(self, is_anomaly: bool) -> Self {
        let Self { anomalies, normal } = self;
        Self { anomalies: anomalies + u64::from(is_anomaly), normal: normal + u64::from(!is_anomaly) }
    }
}

/// The distinct scores from high to low; at least one row among them is an anomaly.
fn steps(scores: &[f64], labels: &[bool]) -> Result<Vec<Step>, EvaluateError> {
    if scores.len() != labels.len() {
        return Err(EvaluateError::Lengths { scores: scores.len(), labels: labels.len() });
    }
    if let Some(row) = scores.iter().position(|score| score.is_nan()) {
        return Err(EvaluateError::NotANumber(row));
    }
    if !labels.contains(&true) {
        return Err(EvaluateError::NoAnomalies);
    }
    let order = descending_order(scores);
    let same_score = |a: &u32, b: &u32| scores[*a as usize] == scores[*b as usize];
    Ok(order
        .chunk_by(same_score)
        .map(|rows| {
            let anomalies = rows.iter().filter(|&&row| labels[row as usize]).count() as u64;
            Step { anomalies, normal: rows.len() as u64 - anomalies }
        })
        .collect())
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
