//! Scores → verdict: from which score on a row counts as an anomaly.
//!
//! | item | says |
//! |---|---|
//! | [`Ranked`], [`Runs`] | what a rule must know of the scores: ranks, not all of them |
//! | [`Rule`] | how the threshold is chosen, a file per way |
//! | [`Threshold`], [`Reason`] | the verdict, and why |

mod conformal;
mod contamination;
mod extreme;
mod isolated;
mod ranked;
mod reason;
mod robust;

pub use ranked::{Ranked, Runs};
pub use reason::Reason;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Model, isolation_forest::ISOLATED, nearest::Usual};

/// How the threshold is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// What is recommended for the detector that made the scores: [`Rule::Above`] the score that rows reach by chance, or
    /// [`Rule::BeyondTail`]. There may be no such row; `docs/ACCURACY.md` compares it with the others.
    Recommended,
    /// A score above this one, in the isolation forest's scale.
    Above(f64),
    /// scikit-learn's `contamination="auto"`: a score above 0.5, that of a row which takes the usual number of splits.
    /// For isolation forests only.
    Auto,
    /// This share of the rows, in (0, 0.5], as scikit-learn's `contamination`: the percentile of the scores, linearly
    /// interpolated. Equal scores at the threshold are not anomalies, so it can be fewer.
    Contamination(f64),
    /// This many rows, exactly: of equal scores, those that come first.
    Top(u64),
    /// Scores further above the median than this many times their median absolute deviation, scaled to the standard
    /// deviation of normal noise; 3.5 is usual (Iglewicz & Hoaglin, *How to Detect and Handle Outliers*, 1993).
    Robust(f64),
    /// About this many false alarms in a million rows, at most 500,000: the score that usual rows would exceed so often
    /// if their tail went on as it begins ("peaks over threshold": Siffer et al., *Anomaly Detection in Streams with
    /// Extreme Value Theory*, KDD 2017). Finds the few that are far out; what is a percent of the rows is tail itself.
    PeaksOverThreshold(f64),
    /// A score above this one, where the tail of the scores would end by chance.
    BeyondTail(f64),
    /// A score above this one, which one in a thousand of the flows exceeds that are known to be normal.
    BeyondNormal(f64),
    /// At most this share of what is flagged is expected to be a false alarm, judged by the first rows of the file, which
    /// are known to be clean. It bounds what is flagged behind them; of themselves, those are flagged that score as high.
    FalseDiscoveryRate {
        /// The share, above 0 and below 1.
        share: f64,
        /// How many rows are known to be clean.
        calibration_rows: u64,
    },
}

/// Why a rule cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RuleError {
    /// A share of zero flags nothing, and more than half of the rows cannot be unusual.
    #[error("the share of anomalies must be above 0 and at most 0.5, not {0}")]
    Contamination(f64),
    /// The distance must be positive and finite.
    #[error("the number of deviations must be above 0, not {0}")]
    Deviations(f64),
    /// More than half of the rows cannot be false alarms, and none at all cannot be promised.
    #[error("the number of alerts per million must be above 0 and at most 500000, not {0}")]
    Alerts(f64),
    /// The share must lie between 0 and 1.
    #[error("the share of false alarms must be above 0 and below 1, not {0}")]
    FalseDiscoveryRate(f64),
    /// There are no normal rows to compare with.
    #[error("there must be normal flows to compare with")]
    NoReference,
    /// All rows are called normal, so none is left to judge.
    #[error("all flows are called normal, so that none is left to judge")]
    OnlyReference,
}

/// The verdict: the rows of ranks 1 to `anomalies` are anomalies; they score above `score`, strictly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// The score that an anomaly must exceed; infinite where there are no scores. With [`Rule::Top`], anomalies and
    /// other rows may share the score.
    pub score: f64,
    /// Number of anomalies.
    pub anomalies: u64,
    /// How the threshold came about.
    pub reason: Reason,
}

impl Threshold {
    /// The threshold at a score.
    fn at(score: f64, scores: &dyn Ranked, reason: Reason) -> Self {
        Self { score, anomalies: scores.above(score), reason }
    }
}

/// Robust standard deviations above the median from which on the error of a network that was not calibrated is an anomaly.
const FAR: f64 = 10.0;

impl Rule {
    /// The rule for the scores of a model, where it is by the model what is recommended: of a forest, above its limit; of an
    /// autoencoder, whose errors have no scale of their own, beyond their tail, in place of rules that only forests have.
    #[must_use]
    pub fn of(self, model: &Model) -> Self {
        match (self, model) {
            (Self::Recommended, Model::IsolationForest(forest)) => Self::Above(forest.limit()),
            (Self::Recommended | Self::Auto, Model::Autoencoder(network)) => {
                network.calibration().map_or(Self::Robust(FAR), |calibration| Self::BeyondTail(calibration.limit()))
            }
            (Self::Recommended | Self::Auto, Model::Nearest(nearest)) => match nearest.usual() {
                Usual::Tail(limit) => Self::BeyondTail(limit),
                Usual::Normal(limit) => Self::BeyondNormal(limit),
            },
            (rule, _) => rule,
        }
    }

    /// Applies the rule to scores. Rows without one (NaN) are never anomalies.
    ///
    /// # Errors
    /// [`RuleError`] when the rule's own number is out of range.
    pub fn apply(self, scores: &dyn Ranked) -> Result<Threshold, RuleError> {
        self.apply_beside(scores, &[])
    }

    /// Rows at the beginning of the file whose scores [`Rule::apply_beside`] must be given.
    #[must_use]
    pub fn calibration_rows(self) -> u64 {
        if let Self::FalseDiscoveryRate { calibration_rows, .. } = self { calibration_rows } else { 0 }
    }

    /// The same, where the scores of the first [`Rule::calibration_rows`] rows are given, in any order.
    ///
    /// # Errors
    /// As [`Rule::apply`]; also if all rows are calibration rows, or none.
    pub fn apply_beside(self, scores: &dyn Ranked, calibration: &[f64]) -> Result<Threshold, RuleError> {
        self.check()?;
        if scores.rows() == 0 {
            return Ok(Threshold { score: f64::INFINITY, anomalies: 0, reason: Reason::NoScores });
        }
        Ok(match self {
            Self::Recommended => isolated::isolated(ISOLATED, scores),
            Self::Above(limit) => isolated::isolated(limit, scores),
            Self::Auto => isolated::auto(scores),
            Self::Contamination(share) => contamination::contamination(share, scores),
            Self::Top(rows) => contamination::top(rows, scores),
            Self::Robust(deviations) => robust::robust(deviations, scores),
            Self::BeyondTail(limit) => isolated::beyond_tail(limit, scores),
            Self::BeyondNormal(limit) => Threshold::at(limit, scores, Reason::BeyondNormal { limit }),
            Self::PeaksOverThreshold(alerts) => extreme::alerts_per_million(alerts, scores),
            Self::FalseDiscoveryRate { share, .. } => conformal::conformal(share, calibration, scores)?,
        })
    }

    /// Checks the rule's own number.
    ///
    /// # Errors
    /// [`RuleError`] when it is out of range.
    pub fn check(self) -> Result<(), RuleError> {
        match self {
            Self::Contamination(share) if !(share > 0.0 && share <= 0.5) => Err(RuleError::Contamination(share)),
            Self::Robust(deviations) if !(deviations > 0.0 && deviations.is_finite()) => {
                Err(RuleError::Deviations(deviations))
            }
            Self::PeaksOverThreshold(alerts) if !(alerts > 0.0 && alerts <= 500_000.0) => {
                Err(RuleError::Alerts(alerts))
            }
            Self::FalseDiscoveryRate { share, .. } if !(share > 0.0 && share < 1.0) => {
                Err(RuleError::FalseDiscoveryRate(share))
            }
            Self::FalseDiscoveryRate { calibration_rows: 0, .. } => Err(RuleError::NoReference),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The threshold and the number of anomalies.
    pub(super) fn apply(rule: Rule, scores: &[f64]) -> (f64, u64) {
        let mut sorted = scores.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let threshold = rule.apply(&sorted).unwrap();
        (threshold.score, threshold.anomalies)
    }

    #[test]
    fn only_the_false_discovery_rule_looks_at_the_first_rows() {
        let rate = Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: 500 };
        assert_eq!([rate, Rule::Recommended, Rule::Top(500)].map(Rule::calibration_rows), [500, 0, 0]);
    }

    #[test]
    fn numbers_that_are_out_of_range_are_refused() {
        let refused = |rule: Rule| rule.apply(&vec![1.0]).unwrap_err();
        for number in [0.0, -0.1, 500_000.1, f64::INFINITY] {
            assert_eq!(refused(Rule::Contamination(number)), RuleError::Contamination(number));
            assert_eq!(refused(Rule::PeaksOverThreshold(number)), RuleError::Alerts(number));
        }
        assert_eq!(refused(Rule::Contamination(0.51)), RuleError::Contamination(0.51));
        assert_eq!(refused(Rule::Robust(0.0)), RuleError::Deviations(0.0));
        assert_eq!(refused(Rule::Robust(f64::INFINITY)), RuleError::Deviations(f64::INFINITY));
        let rate = |share, calibration_rows| Rule::FalseDiscoveryRate { share, calibration_rows }.check();
        assert_eq!([rate(1.0, 100), rate(0.0, 100)], [1.0, 0.0].map(|share| Err(RuleError::FalseDiscoveryRate(share))));
        assert_eq!([rate(0.1, 0), rate(0.1, 1)], [Err(RuleError::NoReference), Ok(())]);
        for rule in [Rule::Contamination(f64::NAN), Rule::Robust(f64::NAN), Rule::PeaksOverThreshold(f64::NAN)] {
            assert!(rule.apply(&vec![1.0]).is_err());
        }
    }

    #[test]
    fn no_scores_are_no_anomalies() {
        let rules = [
            Rule::Recommended,
            Rule::Above(0.6),
            Rule::Auto,
            Rule::Contamination(0.1),
            Rule::Top(3),
            Rule::Robust(3.5),
            Rule::PeaksOverThreshold(10.0),
            Rule::BeyondTail(7.0),
            Rule::BeyondNormal(7.0),
        ];
        for rule in rules {
            for scores in [vec![], vec![f64::NAN]] {
                let threshold = rule.apply(&scores).unwrap();
                assert_eq!((threshold.score, threshold.anomalies), (f64::INFINITY, 0));
            }
            // One score, or one score only, says nothing about what is usual.
            for scores in [vec![0.4], vec![0.4; 1_000]] {
                let expected = if rule == Rule::Top(3) { 3.min(scores.len() as u64) } else { 0 };
                assert_eq!(rule.apply(&scores).unwrap().anomalies, expected, "{rule:?}");
            }
        }
    }
}
