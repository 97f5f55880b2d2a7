//! All that a label column can say of scores, short of the rows themselves: how many rows of each kind have each score.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{
    EvaluateError,
    confusion::{Confusion, First, share},
    step::{Step, Sums},
};
use crate::detect::rank;

/// The rows that have one score. Rows are numbered by `u32`, as ranks are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurveStep {
    /// The score.
    pub score: f64,
    /// Rows with it that are labelled anomalies.
    pub anomalies: u32,
    /// Rows with it that are not.
    pub normal: u32,
}

impl CurveStep {
    /// Its rows, as numbers that add up.
    pub(super) fn rows(self) -> Step {
        Step { anomalies: self.anomalies.into(), normal: self.normal.into() }
    }
}

/// Scores that become a [`Curve`], 8 bytes each. Integers sort faster than floats, and half of the bytes move if the label is not one
/// of them.
#[derive(Debug, Default)]
pub(super) struct Scores {
    anomalies: Vec<u64>,
    normal: Vec<u64>,
}

impl Scores {
    /// A row's score, and whether the row is labelled an anomaly.
    pub fn add(&mut self, score: f64, is_anomaly: bool) -> Result<(), EvaluateError> {
        if score.is_nan() {
            return Err(EvaluateError::NotANumber(self.anomalies.len() + self.normal.len()));
        }
        if is_anomaly { &mut self.anomalies } else { &mut self.normal }.push(rank::key(score));
        Ok(())
    }

    /// The curve of all of them.
    ///
    /// # Panics
    /// As [`Curve::of`].
    pub fn curve(self) -> Curve {
        let mut curve = Curve::of_keys(self.anomalies, |score, anomalies| CurveStep { score, anomalies, normal: 0 });
        curve.merge(Curve::of_keys(self.normal, |score, normal| CurveStep { score, anomalies: 0, normal }));
        curve
    }
}

/// The distinct scores from high to low, each with its anomalies and its normal rows.
///
/// Every figure here is a function of it, and it merges: the curve of all rows is the same however they are split and in
/// whatever order the parts come. 16 bytes a distinct score, about 10 when it travels (`postcard`). Natively, two halves of
/// 3.58 million distinct scores merge in about 0.1 s, and each figure takes some hundredths: all are O(n).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    steps: Vec<CurveStep>,
}

impl Curve {
    /// Of rows in any order: the score of each, and whether it is labelled an anomaly.
    ///
    /// O(n log n), with 8 bytes a row of scratch.
    ///
    /// # Errors
    /// [`EvaluateError::NotANumber`] when a score is NaN.
    ///
    /// # Panics
    /// If 2³² rows of one kind share a score.
    pub fn of(rows: impl IntoIterator<Item = (f64, bool)>) -> Result<Self, EvaluateError> {
        let mut scores = Scores::default();
        for (score, is_anomaly) in rows {
            scores.add(score, is_anomaly)?;
        }
        Ok(scores.curve())
    }

    /// Of the keys of rows of one kind.
    fn of_keys(mut keys: Vec<u64>, step: impl Fn(f64, u32) -> CurveStep) -> Self {
        keys.sort_unstable();
        let count = |equal: &[u64]| u32::try_from(equal.len()).expect("rows are numbered by u32");
        Self { steps: keys.chunk_by(u64::eq).map(|equal| step(rank::score(equal[0]), count(equal))).collect() }
    }

    /// Adds other rows.
    ///
    /// # Panics
    /// If 2³² rows of one kind share a score.
    pub fn merge(&mut self, other: Self) {
        if self.steps.is_empty() || other.steps.is_empty() {
            self.steps.extend(other.steps);
            return;
        }
        let mut merged = Vec::with_capacity(self.steps.len() + other.steps.len());
        let (mut left, mut right) = (self.steps.iter().peekable(), other.steps.iter().peekable());
        while let (Some(&&a), Some(&&b)) = (left.peek(), right.peek()) {
            let order = b.score.total_cmp(&a.score);
            merged.push(match order {
                Ordering::Less => a,
                Ordering::Greater => b,
                Ordering::Equal => both(a, b),
            });
            left.next_if(|_| order.is_le());
            right.next_if(|_| order.is_ge());
        }
        merged.extend(left.chain(right));
        self.steps = merged;
    }

    /// The distinct scores, from high to low.
    #[must_use]
    pub fn steps(&self) -> &[CurveStep] {
        &self.steps
    }

    /// Rows that are labelled anomalies.
    #[must_use]
    pub fn anomalies(&self) -> u64 {
        self.seen().anomalies
    }

    /// Rows that are not.
    #[must_use]
    pub fn normal(&self) -> u64 {
        self.seen().normal
    }

    /// The share of the rows that are labelled anomalies: the precision of a random order. `None` without rows.
    #[must_use]
    pub fn base_rate(&self) -> Option<f64> {
        let Step { anomalies, normal } = self.seen();
        share(anomalies as f64, anomalies + normal)
    }

    /// Area under the ROC curve, as [`super::roc_auc`]; `None` if one of the two kinds of rows is missing.
    #[must_use]
    pub fn roc_auc(&self) -> Option<f64> {
        self.sums().roc_auc()
    }

    /// Average precision, as [`super::average_precision`]; `None` without anomalies.
    #[must_use]
    pub fn average_precision(&self) -> Option<f64> {
        self.sums().average_precision()
    }

    /// What comes of flagging the rows whose scores are above a threshold, strictly, as [`crate::detect::threshold`] has
    /// it. (Of [`Rule::Top`](crate::detect::threshold::Rule::Top), which may part a tie, [`Curve::at_first`] speaks.)
    #[must_use]
    pub fn at_threshold(&self, threshold: f64) -> Confusion {
        let (above, below) = self.steps.split_at(self.above(threshold));
        let (flagged, rest) = (total(above), total(below));
        Confusion {
            true_alarms: flagged.anomalies,
            false_alarms: flagged.normal,
            missed: rest.anomalies,
            passed: rest.normal,
        }
    }

    /// What the `rows` rows of the highest scores hold; all rows, if there are not so many.
    ///
    /// Where the cut is within a tie, the number of anomalies is what a random order of the tied rows would have on
    /// average: each of them counts by the share of the tie that is above the cut (McSherry & Najork, *Computing
    /// Information Retrieval Performance Measures Efficiently in the Presence of Tied Scores*, ECIR 2008).
    #[must_use]
    pub fn at_first(&self, rows: u64) -> First {
        let (mut left, mut whole, mut part) = (rows, 0, 0.0);
        for step in self.steps.iter().map(|step| step.rows()) {
            let tied = step.anomalies + step.normal;
            if tied > left {
                part = step.anomalies as f64 * left as f64 / tied as f64;
                left = 0;
                break;
            }
            left -= tied;
            whole += step.anomalies;
        }
        First { rows: rows - left, anomalies: whole as f64 + part, of: self.anomalies() }
    }

    /// How many of the steps are above a threshold.
    pub(super) fn above(&self, threshold: f64) -> usize {
        self.steps.partition_point(|step| step.score > threshold)
    }

    /// All rows.
    pub(super) fn seen(&self) -> Step {
        total(&self.steps)
    }

    pub(super) fn sums(&self) -> Sums {
        Sums::of(self.steps.iter().map(|step| step.rows()))
    }
}

/// The rows of two parts that have the same score.
fn both(a: CurveStep, b: CurveStep) -> CurveStep {
    let add = |a: u32, b: u32| a.checked_add(b).expect("rows are numbered by u32");
    CurveStep { score: a.score, anomalies: add(a.anomalies, b.anomalies), normal: add(a.normal, b.normal) }
}

fn total(steps: &[CurveStep]) -> Step {
    let mut rows = Step::default();
    for step in steps {
        rows.anomalies += u64::from(step.anomalies);
        rows.normal += u64::from(step.normal);
    }
    rows
}

#[cfg(test)]
mod tests;
