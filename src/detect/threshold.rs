//! Scores → verdict: from which score on a row counts as an anomaly.
//!
//! Everything here works on the scores sorted from high to low (see [`sort_descending`](super::rank::sort_descending)),
//! which shards can merge; NaN at the end is left out.
//!
//! ## The robust rule
//! A row stands out when it scores more than 5 robust standard deviations above the median, or when it belongs to a
//! high-scoring group of its own, set apart from the rest by a valley.
//!
//! - The deviation is 1.4826 times the median distance to the median, as for the MAD (Rousseeuw & Croux 1993), but of the
//!   rows above the median only: scores of an isolation forest are skewed, and the rows below say nothing about the tail.
//! - The valley is the emptiest of 32 bins between median and highest score, among those at least 2 deviations up that
//!   leave at most 15 % of the rows above; it must have, beyond three standard errors, at most half as many rows as the
//!   fullest bin above it.
//!
//! Constants chosen by experiment on scores of isolation forests (100 trees, 256 rows), and these are the figures on
//! the same data: 54 samples of pure noise (Gaussian, correlated, uniform, exponential, t₅ and clustered; 300 to 30,000
//! rows, 2 to 80 features), Gaussians with far groups and points added, and ADBench.
//!
//! - Noise: none flagged in 45 of the 54, at most 3 rows in 8, and 0.8 % of 30,000 pairs of exponentials, whose corner
//!   is a tail. Median + 3.5 MAD flagged up to 12 %, 5 MAD up to 6 %.
//! - Groups and points far out in 10 or 80 features: precision and recall above 0.99. Three points among Gaussians of
//!   two features are missed in samples of 3,000 and 30,000.
//! - ADBench: shuttle 98 % of the anomalies at 95 % precision (by the valley; deviations alone find none), http 99.9 % at
//!   33 %. smtp has a valley too, with 2 % of unusual but unlabelled flows behind it. Where anomalies are no small
//!   minority or score like the rest (breastw, Ionosphere, cardio; nearly so mammography, annthyroid) the rule says
//!   little or nothing: that takes an analyst's own rate.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Makes a median absolute deviation an estimate of a normal distribution's standard deviation: 1 / Φ⁻¹(3/4).
const MAD_TO_SIGMA: f64 = 1.4826;
/// Robust standard deviations above the median that are too many for a usual row.
const DEVIATIONS: f64 = 5.0;
/// Robust standard deviations above the median where a valley may begin.
const VALLEY_DEVIATIONS: f64 = 2.0;
/// Largest share of the rows that may lie beyond a valley.
const VALLEY_SHARE: f64 = 0.15;
/// Bins between the median and the highest score.
const BINS: usize = 32;

/// How the threshold is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// This share of the rows, in (0, 0.5], as scikit-learn's `contamination`: the percentile of the scores, linearly
    /// interpolated. Equal scores at the threshold are not anomalies, so it can be fewer.
    Contamination(f64),
    /// The rows of rank 1 to k, or all where there are fewer.
    TopK(u64),
    /// A score above one half, scikit-learn's `contamination='auto'`; for isolation forests only.
    Auto,
    /// What stands out from the scores themselves, which can be nothing (see the [module](self)).
    Robust,
}

/// Why a rule cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RuleError {
    /// More than half of the rows cannot be unusual, and none is no share.
    #[error("the share of anomalies must be above 0 and at most 0.5, not {0}")]
    Contamination(f64),
}

/// The verdict: a row is an anomaly iff its score is above `score`, strictly.
///
/// Except with [`Rule::TopK`] when rows tie for the last place: there the verdict is `rank <= anomalies`, and some rows
/// that score exactly `score` are in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// The score that an anomaly must exceed; infinite where there are no scores.
    pub score: f64,
    /// Number of anomalies.
    pub anomalies: u64,
    /// How the threshold came about, in one English sentence with its numbers.
    pub explanation: String,
}

impl Rule {
    /// Applies the rule to scores sorted from high to low.
    ///
    /// # Errors
    /// [`RuleError`] when the rule's own number is out of range.
    pub fn apply(&self, descending: &[f64]) -> Result<Threshold, RuleError> {
        if let Self::Contamination(share) = *self
            && !(share > 0.0 && share <= 0.5)
        {
            return Err(RuleError::Contamination(share));
        }
        let scores = numbers(descending);
        if scores.is_empty() {
            return Ok(Threshold {
                score: f64::INFINITY,
                anomalies: 0,
                explanation: "There are no scores, so there are no anomalies.".to_owned(),
            });
        }
        Ok(match *self {
            Self::Contamination(share) => contamination(scores, share),
            Self::TopK(k) => top(scores, k),
            Self::Auto => above(scores, 0.5, |anomalies| {
                format!("{} above 0.5: easier to isolate than the average row.", rows_score(anomalies))
            }),
            Self::Robust => robust(scores),
        })
    }
}

/// The `q`-th percentile, `q` in 0..=100, of scores sorted from high to low, interpolated linearly, bit for bit as
/// `numpy.percentile`. `None` where there are no scores or `q` is out of range.
#[must_use]
pub fn percentile(descending: &[f64], q: f64) -> Option<f64> {
    let scores = numbers(descending);
    if scores.is_empty() || !(0.0..=100.0).contains(&q) {
        return None;
    }
    let last = scores.len() - 1;
    Some(interpolate(scores.len(), q / 100.0, |at| scores[last - at]))
}

/// The scores without the NaN at the end.
fn numbers(descending: &[f64]) -> &[f64] {
    &descending[..descending.partition_point(|score| !score.is_nan())]
}

/// numpy's linear quantile of `n` > 0 ascending values: `q` in 0..=1, formula and rounding as in its `_lerp`.
fn interpolate(n: usize, q: f64, ascending: impl Fn(usize) -> f64) -> f64 {
    let place = (n - 1) as f64 * q;
    let below = (place.floor() as usize).min(n - 1);
    let (a, b) = (ascending(below), ascending((below + 1).min(n - 1)));
    let (t, difference) = (place - below as f64, b - a);
    if t >= 0.5 { b - difference * (1.0 - t) } else { a + difference * t }
}

fn median(descending: &[f64]) -> f64 {
    interpolate(descending.len(), 0.5, |at| descending[descending.len() - 1 - at])
}

fn count_above(descending: &[f64], score: f64) -> usize {
    descending.partition_point(|other| *other > score)
}

fn above(scores: &[f64], score: f64, explanation: impl FnOnce(usize) -> String) -> Threshold {
    let anomalies = count_above(scores, score);
    Threshold { score, anomalies: anomalies as u64, explanation: explanation(anomalies) }
}

fn rows_score(count: usize) -> String {
    match count {
        0 => "No row scores".to_owned(),
        1 => "1 row scores".to_owned(),
        _ => format!("{count} rows score"),
    }
}

fn contamination(scores: &[f64], share: f64) -> Threshold {
    // scikit-learn takes the percentile of the negated scores; their ascending order is this one.
    let score = -interpolate(scores.len(), 100.0 * share / 100.0, |at| -scores[at]);
    above(scores, score, |anomalies| {
        format!("{} above {score:.4}, because {} % of the rows were asked for.", rows_score(anomalies), 100.0 * share)
    })
}

fn top(scores: &[f64], k: u64) -> Threshold {
    let anomalies = usize::try_from(k).map_or(scores.len(), |k| k.min(scores.len()));
    // The first score that is out; where none is, one just below the last.
    let score = match scores.get(anomalies) {
        Some(&score) => score,
        None => scores[anomalies - 1].next_down(),
    };
    Threshold {
        score,
        anomalies: anomalies as u64,
        explanation: format!("{} highest: {k} were asked for.", rows_score(anomalies)),
    }
}

fn robust(scores: &[f64]) -> Threshold {
    let (highest, middle) = (scores[0], median(scores));
    let upper = &scores[..count_above(scores, middle)];
    if upper.is_empty() {
        return above(scores, highest, |_| {
            format!("No row stands out: at least half of them share the highest score, {highest:.4}.")
        });
    }
    let deviation = MAD_TO_SIGMA * (median(upper) - middle);
    let far = middle + DEVIATIONS * deviation;
    if let Some(score) = valley(scores, middle, middle + VALLEY_DEVIATIONS * deviation, far) {
        return above(scores, score, |anomalies| {
            format!(
                "{} above {score:.4}, in a group of their own, set apart by a valley from the rest of the scores, whose \
                 median is {middle:.4}.",
                rows_score(anomalies)
            )
        });
    }
    above(scores, far, |anomalies| {
        format!(
            "{} above {far:.4}, which is {DEVIATIONS} robust standard deviations ({deviation:.4}) above the median \
             score of {middle:.4}.",
            rows_score(anomalies)
        )
    })
}

/// The middle of the emptiest bin between the scores `from` and `to` that has a group of rows beyond it.
fn valley(scores: &[f64], median: f64, from: f64, to: f64) -> Option<f64> {
    let width = (scores[0] - median) / BINS as f64;
    let edge = |bin: usize| median + width * bin as f64;
    let beyond: Vec<usize> = (0..BINS).map(|bin| count_above(scores, edge(bin))).collect();
    let most_beyond = VALLEY_SHARE * scores.len() as f64;
    let mut fullest = 0.0;
    let mut emptiest: Option<(usize, f64)> = None;
    for bin in (1..BINS).rev() {
        let rows = beyond[bin] - beyond.get(bin + 1).copied().unwrap_or(0);
        let candidate = edge(bin) >= from && edge(bin) < to && beyond[bin] as f64 <= most_beyond;
        if candidate && is_valley(rows as f64, fullest) && emptiest.is_none_or(|(least, _)| rows <= least) {
            emptiest = Some((rows, edge(bin) + width / 2.0));
        }
        fullest = f64::max(fullest, rows as f64);
    }
    emptiest.map(|(_, score)| score)
}

/// Whether a bin has at most half the rows of another, even if chance added three standard errors to the one and took
/// three from the other.
fn is_valley(rows: f64, peak: f64) -> bool {
    peak >= 10.0 && rows + 3.0 * (rows + 1.0).sqrt() <= 0.5 * (peak - 3.0 * peak.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::rank::sort_descending;

    fn apply(rule: Rule, scores: &[f64]) -> (f64, u64) {
        let mut sorted = scores.to_vec();
        sort_descending(&mut sorted);
        let threshold = rule.apply(&sorted).unwrap();
        (threshold.score, threshold.anomalies)
    }

    /// `n` quantiles of a normal distribution, near enough: the mean of 12 equidistributed numbers, times `scale`.
    fn bell(n: usize, middle: f64, scale: f64) -> Vec<f64> {
        let uniform = |row: usize, k: usize| ((row + 1) as f64 * libm::sqrt((k * k + 1) as f64)).fract();
        let value = |row| (1..=12).map(|k| uniform(row, 3 * k)).sum::<f64>() - 6.0;
        (0..n).map(|row| middle + scale * value(row)).collect()
    }

    #[test]
    fn percentiles_are_numpys() {
        let scores = [4.0, 3.0, 2.0, 1.0];
        for (q, expected) in [(0.0, 1.0), (50.0, 2.5), (75.0, 3.25), (95.0, 3.849_999_999_999_999_6), (100.0, 4.0)] {
            assert_eq!(percentile(&scores, q), Some(expected), "{q}");
        }
        // np.percentile([0.1, 0.2, 0.4, 0.7, 0.9, 1.1, 1.3], 95)
        assert_eq!(percentile(&[1.3, 1.1, 0.9, 0.7, 0.4, 0.2, 0.1], 95.0), Some(1.24));
        assert_eq!(percentile(&[7.0, f64::NAN], 50.0), Some(7.0));
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(percentile(&scores, 101.0), None);
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
    fn top_k_is_exact_whatever_ties() {
        let scores = [0.9, 0.5, 0.5, 0.5, 0.1];
        assert_eq!(apply(Rule::TopK(0), &scores), (0.9, 0));
        assert_eq!(apply(Rule::TopK(1), &scores), (0.5, 1));
        assert_eq!(apply(Rule::TopK(2), &scores), (0.5, 2));
        assert_eq!(apply(Rule::TopK(4), &scores), (0.1, 4));
        assert_eq!(apply(Rule::TopK(9), &scores), (0.1_f64.next_down(), 5));
    }

    #[test]
    fn auto_is_above_one_half() {
        assert_eq!(apply(Rule::Auto, &[0.6, 0.5, 0.5, 0.4]), (0.5, 1));
    }

    #[test]
    fn no_scores_are_no_anomalies() {
        for rule in [Rule::Contamination(0.1), Rule::TopK(3), Rule::Auto, Rule::Robust] {
            assert_eq!(apply(rule, &[]), (f64::INFINITY, 0));
            assert_eq!(apply(rule, &[f64::NAN]), (f64::INFINITY, 0));
        }
    }

    #[test]
    fn robust_says_nothing_where_nothing_stands_out() {
        assert_eq!(apply(Rule::Robust, &bell(10_000, 0.45, 0.02)).1, 0);
        assert_eq!(apply(Rule::Robust, &[0.5; 100]).1, 0);
        assert_eq!(apply(Rule::Robust, &[0.5]).1, 0);
        assert_eq!(apply(Rule::Robust, &[0.5, 0.7]).1, 0);
        let even: Vec<f64> = (0..1000).map(|row| 0.4 + f64::from(row) / 5000.0).collect();
        assert_eq!(apply(Rule::Robust, &even).1, 0);
    }

    #[test]
    fn robust_finds_a_small_far_tail() {
        let mut scores = bell(10_000, 0.45, 0.02);
        scores.extend([0.7, 0.72, 0.75]);
        assert_eq!(apply(Rule::Robust, &scores).1, 3);
    }

    #[test]
    fn robust_finds_a_group_behind_a_valley() {
        let mut scores = bell(10_000, 0.45, 0.03);
        // 8 % at 4 deviations: too near to be far, but apart.
        scores.extend(bell(800, 0.57, 0.005));
        let (score, anomalies) = apply(Rule::Robust, &scores);
        assert!((0.53..0.56).contains(&score), "{score}");
        assert!((790..=830).contains(&anomalies), "{anomalies}");
    }

    #[test]
    fn explanations_have_the_numbers() {
        let threshold = Rule::Robust.apply(&[0.9, 0.42, 0.41, 0.4, 0.4, 0.39]).unwrap();
        assert_eq!(
            threshold.explanation,
            "1 row scores above 0.5162, which is 5 robust standard deviations (0.0222) above the median score of 0.4050."
        );
    }
}
