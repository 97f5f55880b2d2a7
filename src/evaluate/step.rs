//! Rows in the order in which they are called anomalies, and the sums over them that the figures are made of.

use super::confusion::share;

/// The rows that share one place in the order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// What is known once the rows down to some step have been seen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// All rows so far.
    pub seen: Step,
    /// Twice the pairs of an anomaly and a normal row that are in the right order, a tie counting half; exact.
    won: u128,
    /// The precision at each step, times its anomalies.
    precisions: f64,
}

impl Sums {
    /// Of these steps.
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        let mut sums = Self::default();
        steps.into_iter().for_each(|step| sums.add(step));
        sums
    }

    /// The step that follows.
    pub fn add(&mut self, step: Step) {
        self.won += u128::from(step.normal) * u128::from(2 * self.seen.anomalies + step.anomalies);
        self.seen.anomalies += step.anomalies;
        self.seen.normal += step.normal;
        let rows = (self.seen.anomalies + self.seen.normal).max(1);
        self.precisions += step.anomalies as f64 * self.seen.anomalies as f64 / rows as f64;
    }

    /// The area under the ROC curve; `None` if one of the two kinds of rows is missing.
    pub fn roc_auc(&self) -> Option<f64> {
        let Step { anomalies, normal } = self.seen;
        (normal > 0 && anomalies > 0).then(|| self.won as f64 / (2.0 * anomalies as f64 * normal as f64))
    }

    /// Average precision; `None` without anomalies.
    pub fn average_precision(&self) -> Option<f64> {
        share(self.precisions, self.seen.anomalies)
    }
}

/// The area under the ROC curve of rows that were put in order, from the first to be called anomalies to the last; `None`
/// if one of the two kinds of rows is missing.
pub(crate) fn area(steps: &[Step]) -> Option<f64> {
    Sums::of(steps.iter().copied()).roc_auc()
}
