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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(rows: &[(f64, bool)]) -> Curve {
        Curve::of(rows.iter().copied()).unwrap()
    }

    fn step(score: f64, anomalies: u32, normal: u32) -> CurveStep {
        CurveStep { score, anomalies, normal }
    }

    /// 0.9 is an anomaly; of four rows with 0.5 one is; 0.1 is normal, twice.
    fn tied() -> Curve {
        let normal = [0.5, 0.1, 0.5, 0.1, 0.5].map(|score| (score, false));
        curve(&[normal.as_slice(), &[(0.5, true), (0.9, true)]].concat())
    }

    #[test]
    fn equal_scores_are_one_step() {
        assert_eq!(tied().steps(), [step(0.9, 1, 0), step(0.5, 1, 3), step(0.1, 0, 2)]);
        assert_eq!(curve(&[(0.0, true), (-0.0, false)]).steps(), [step(0.0, 1, 1)]);
        let infinite = curve(&[(f64::NEG_INFINITY, false), (f64::INFINITY, true), (-1.0, false)]);
        assert_eq!(infinite.steps().iter().map(|step| step.anomalies).collect::<Vec<_>>(), [1, 0, 0]);
        let refused = Curve::of([(1.0, true), (f64::NAN, false)]);
        assert_eq!(refused, Err(EvaluateError::NotANumber(1)));
    }

    #[test]
    fn alarms_are_strictly_above_the_threshold() {
        let counts = |true_alarms, false_alarms| Confusion {
            true_alarms,
            false_alarms,
            missed: 2 - true_alarms,
            passed: 5 - false_alarms,
        };
        let curve = tied();
        assert_eq!(curve.at_threshold(f64::INFINITY), counts(0, 0));
        assert_eq!(curve.at_threshold(0.9), counts(0, 0));
        assert_eq!(curve.at_threshold(0.5), counts(1, 0));
        assert_eq!(curve.at_threshold(0.3), counts(2, 3));
        assert_eq!(curve.at_threshold(-1.0), counts(2, 5));
    }

    #[test]
    fn of_a_tie_at_the_cut_each_row_counts_in_part() {
        let curve = tied();
        let found = |rows| curve.at_first(rows).anomalies;
        assert_eq!([0, 1, 2, 3, 5, 6].map(found), [0.0, 1.0, 1.25, 1.5, 2.0, 2.0]);
        let first = curve.at_first(3);
        assert_eq!((first.precision(), first.recall()), (Some(0.5), Some(0.75)));
        assert_eq!(curve.at_first(1_000), First { rows: 7, anomalies: 2.0, of: 2 });
    }

    #[test]
    fn what_is_not_defined_is_none() {
        let figures = |curve: &Curve| {
            let partial = curve.partial_auc(0.01).map(|partial| partial.area);
            [curve.roc_auc(), curve.average_precision(), curve.base_rate(), partial]
        };
        assert_eq!(figures(&Curve::default()), [None; 4]);
        assert_eq!(figures(&curve(&[])), [None; 4]);
        assert_eq!(figures(&curve(&[(1.0, false), (2.0, false)])), [None, None, Some(0.0), None]);
        assert_eq!(figures(&curve(&[(1.0, true), (2.0, true)])), [None, Some(1.0), Some(1.0), None]);
        assert_eq!([0.0, -0.1, 1.1, f64::NAN].map(|rate| tied().partial_auc(rate)), [None; 4]);
        let none = Curve::default().at_first(5);
        assert_eq!((none.rows, none.precision(), none.recall()), (0, None, None));
    }

    /// Rows of few scores, and of many.
    fn rows() -> impl Strategy<Value = Vec<(f64, bool)>> {
        let score = prop_oneof![(0..8_i32).prop_map(f64::from), -1e3..1e3_f64];
        prop::collection::vec((score, any::<bool>()), 0..80)
    }

    proptest! {
        #[test]
        fn merging_any_split_in_any_order_equals_the_whole(
            rows in rows(), parts in prop::collection::vec(0..5_usize, 80), order in Just([0, 1, 2, 3, 4]).prop_shuffle(),
        ) {
            let part = |number: usize| -> Curve {
                let of_part = |place: &usize| parts[*place] == number;
                curve(&(0..rows.len()).filter(of_part).map(|place| rows[place]).collect::<Vec<_>>())
            };
            let whole = curve(&rows);
            let mut one_by_one = Curve::default();
            order.iter().for_each(|&number| one_by_one.merge(part(number)));
            prop_assert_eq!(&one_by_one, &whole);
            // In pairs first.
            let mut pairs = part(order[0]);
            pairs.merge(part(order[1]));
            let mut others = part(order[2]);
            others.merge(part(order[3]));
            others.merge(pairs);
            others.merge(part(order[4]));
            prop_assert_eq!(&others, &whole);
            let sent = postcard::to_allocvec(&whole).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Curve>(&sent).unwrap(), whole);
        }

        #[test]
        fn figures_are_those_of_all_pairs_and_rows(rows in rows(), threshold in -1e3..1e3_f64) {
            let curve = curve(&rows);
            let pairs = || rows.iter().filter(|a| a.1).flat_map(|a| rows.iter().filter(|b| !b.1).map(move |b| (a.0, b.0)));
            let won = pairs().map(|(a, b)| if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 }).sum::<f64>();
            let area = curve.roc_auc().unwrap_or(0.0);
            prop_assert!((area * pairs().count() as f64 - won).abs() < 1e-9, "{} {}", area, won);
            let whole = curve.partial_auc(1.0).map(|partial| partial.area);
            prop_assert_eq!(whole, curve.roc_auc());
            let counts = curve.at_threshold(threshold);
            let count = |keep: &dyn Fn(&(f64, bool)) -> bool| rows.iter().filter(|row| keep(row)).count() as u64;
            prop_assert_eq!(counts.true_alarms, count(&|row| row.1 && row.0 > threshold));
            prop_assert_eq!(counts.false_alarms, count(&|row| !row.1 && row.0 > threshold));
            prop_assert_eq!(counts.missed + counts.true_alarms, curve.anomalies());
            prop_assert_eq!(counts.passed + counts.false_alarms, curve.normal());
            // What is expected of the first rows is between what the worst and the best order of ties have.
            let first = |k: usize, anomalies_first: bool| {
                let mut rows = rows.clone();
                rows.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1 == anomalies_first).cmp(&(b.1 == anomalies_first)).reverse()));
                rows[..k].iter().filter(|row| row.1).count() as f64
            };
            for k in 0..=rows.len() {
                let expected = curve.at_first(k as u64).anomalies;
                prop_assert!(first(k, false) <= expected && expected <= first(k, true), "{}", expected);
            }
        }
    }
}
