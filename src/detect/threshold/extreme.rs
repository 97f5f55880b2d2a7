//! A budget of false alarms, by extreme value theory.
//!
//! Whatever the distribution of usual scores, what exceeds a high score of it is distributed nearly as a generalised
//! Pareto distribution (Pickands, Balkema & de Haan), whose tail says how rarely a still higher score is exceeded.
//!
//! Anomalies are in the tail as well; a few far ones would make it look heavy and so hide themselves. A first estimate
//! therefore uses quartiles, which up to a quarter of the tail hardly moves, and excesses far beyond that estimate are left out
//! of the final fit. Where anomalies are most of the tail, they count as the tail, and few are flagged.

use super::{Ranked, Reason, Threshold, contamination::top};

/// The share of the rows that counts as the tail.
const TAIL: f64 = 0.05;

/// Rows that are enough to see a tail's shape, where the file has ten times as many.
const ENOUGH: u64 = 100;

/// Fewest rows that show a shape at all.
const FEWEST: u64 = 10;

/// Most rows that are looked at, evenly over the tail.
const MOST: u64 = 10_000;

/// Excesses beyond this many times the one that a tenth of a row is expected to exceed are left out of the fit.
const BEYOND: f64 = 1.5;

pub(super) fn alerts_per_million(alerts: f64, scores: &dyn Ranked) -> Threshold {
    let rows = scores.rows();
    let tail = ((TAIL * rows as f64) as u64).max((rows / 10).min(ENOUGH));
    let expected = alerts / 1e6 * rows as f64;
    if tail < FEWEST || expected >= tail as f64 {
        // Too few rows to extrapolate, or no need to.
        let score = top(expected as u64, scores).score;
        return Threshold::at(score, scores, Reason::Exceeded { per_million: alerts });
    }
    let start = scores.score(tail);
    let looked_at = tail.min(MOST);
    let mut ascending: Vec<f64> =
        (0..looked_at).rev().map(|place| scores.score(place * tail / looked_at) - start).collect();
    if let Some(first) = Pareto::of_quartiles(&ascending) {
        let most = BEYOND * first.exceeded_with(0.1 / tail as f64);
        ascending.truncate(ascending.partition_point(|excess| *excess <= most));
    }
    let score = start + Pareto::fit(&ascending).exceeded_with(expected / tail as f64);
    Threshold::at(score, scores, Reason::Tail { per_million: alerts, start, rows: scores.rows() })
}

/// A generalised Pareto distribution.
#[derive(Debug, Clone, Copy)]
struct Pareto {
    /// Below 0 for a tail that ends, 0 for an exponential one, above 0 for a heavy one (ξ).
    shape: f64,
    scale: f64,
}

impl Pareto {
    /// By the median and the third quartile of ascending values (Pickands, *Statistical Inference Using Extreme Order
    /// Statistics*, 1975); `None` if they are equal.
    fn of_quartiles(ascending: &[f64]) -> Option<Self> {
        let quantile = |quarters: usize| ascending[quarters * (ascending.len() - 1) / 4];
        let (median, third) = (quantile(2), quantile(3));
        if !(median > 0.0 && third > median) {
            return None;
        }
        let shape = libm::log2((third - median) / median);
        let unit = Self { shape, scale: 1.0 };
        Some(Self { shape, scale: median / unit.exceeded_with(0.5) })
    }

    /// By probability-weighted moments of ascending values (Hosking & Wallis, *Parameter and Quantile Estimation for the
    /// Generalized Pareto Distribution*, Technometrics 1987, section 3; their k is −shape).
    fn fit(ascending: &[f64]) -> Self {
        let count = ascending.len() as f64;
        let exceeded = |place: usize| 1.0 - (place as f64 + 0.65) / count;
        let mean = ascending.iter().sum::<f64>() / count;
        let weighted = ascending.iter().enumerate().map(|(place, value)| value * exceeded(place)).sum::<f64>() / count;
        let rest = mean - 2.0 * weighted;
        // No value exceeds another by much: an exponential tail of their mean.
        if rest <= 0.0 {
            return Self { shape: 0.0, scale: mean };
        }
        Self { shape: 2.0 - mean / rest, scale: 2.0 * mean * weighted / rest }
    }

    /// The value that is exceeded with this chance.
    fn exceeded_with(self, chance: f64) -> f64 {
        let Self { shape, scale } = self;
        if shape.abs() < 1e-9 {
            -scale * libm::log(chance)
        } else {
            scale / shape * libm::expm1(-shape * libm::log(chance))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;

    /// Even quantiles of a distribution, from high to low.
    fn quantiles(count: u32, exceeded_with: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..count).map(|place| exceeded_with((f64::from(place) + 0.5) / f64::from(count))).collect()
    }

    #[test]
    fn the_tail_of_a_pareto_distribution_is_found_again() {
        for shape in [-0.5, -0.1, 0.0, 0.2] {
            let truth = Pareto { shape, scale: 3.0 };
            let ascending: Vec<f64> =
                quantiles(5_000, |chance| truth.exceeded_with(chance)).into_iter().rev().collect();
            for found in [Pareto::fit(&ascending), Pareto::of_quartiles(&ascending).unwrap()] {
                assert!((found.shape - shape).abs() < 0.02 && (found.scale - 3.0).abs() < 0.05, "{shape}: {found:?}");
            }
        }
    }

    #[test]
    fn known_values_of_the_distribution() {
        let close = |shape, chance, expected: f64| {
            let value = Pareto { shape, scale: 2.0 }.exceeded_with(chance);
            assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
        };
        close(0.0, 0.5, 2.0 * std::f64::consts::LN_2);
        close(-1.0, 0.25, 1.5); // even on 0..2
        close(0.5, 0.25, 4.0); // 2 / 0.5 · (4^0.5 − 1)
    }

    #[test]
    fn few_values_are_fitted_as_by_hand() {
        // Chances 0.675 and 0.175: mean 2, weighted mean 0.6.
        let Pareto { shape, scale } = Pareto::fit(&[1.0, 3.0]);
        assert!((shape + 0.5).abs() < 1e-12 && (scale - 3.0).abs() < 1e-12, "{shape} {scale}");
        // Median 2, third quartile 6: it takes as many again twice, so the shape is log2 2.
        let Pareto { shape, scale } = Pareto::of_quartiles(&[1.0, 1.5, 2.0, 6.0, 90.0]).unwrap();
        assert!((shape - 1.0).abs() < 1e-12 && (scale - 2.0).abs() < 1e-12, "{shape} {scale}");
    }

    #[test]
    fn the_tail_is_a_twentieth_or_a_hundred_rows_or_a_tenth() {
        let reason = |rows: u32, alerts: f64| {
            let scores: Vec<f64> = (1..=rows).rev().map(f64::from).collect();
            Rule::PeaksOverThreshold(alerts).apply(&scores).unwrap().reason
        };
        for (rows, tail) in
            [(100, 10), (109, 10), (990, 99), (1_000, 100), (1_100, 100), (2_019, 100), (2_020, 101), (60_000, 3_000)]
        {
            let expected = Reason::Tail { per_million: 100.0, start: f64::from(rows - tail), rows: u64::from(rows) };
            assert_eq!(reason(rows, 100.0), expected, "{rows}");
        }
        // Too few rows; as many alerts as the tail has rows.
        assert_eq!(reason(99, 100.0), Reason::Exceeded { per_million: 100.0 });
        assert_eq!(reason(1_000, 100_000.0), Reason::Exceeded { per_million: 100_000.0 });
        assert!(matches!(reason(1_000, 99_999.0), Reason::Tail { .. }));
    }

    #[test]
    fn of_a_long_tail_some_rows_are_looked_at_evenly() {
        // Two of three excesses of a tail of 30,000 are not on the line: they are not looked at.
        let scores: Vec<f64> =
            (0..600_000).map(|place| f64::from(600_000 - place) + if place % 3 == 0 { 0.0 } else { 0.4 }).collect();
        let ascending: Vec<f64> = (0..10_000).rev().map(|place| f64::from(30_000 - 3 * place)).collect();
        let expected = 570_000.0 + Pareto::fit(&ascending).exceeded_with(60.0 / 30_000.0);
        let found = Rule::PeaksOverThreshold(100.0).apply(&scores).unwrap().score;
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }

    #[test]
    fn what_is_half_as_far_again_as_a_tenth_of_a_row_exceeds_is_no_tail() {
        let usual: Vec<f64> = quantiles(1_999, |chance| -libm::log(chance));
        // A row more, which is in the tail of a hundred but moves none of its quartiles, at this multiple.
        let threshold = |times: f64| {
            let start = usual[99];
            let ascending =
                |far: f64| -> Vec<f64> { usual[..99].iter().rev().map(|score| score - start).chain([far]).collect() };
            let far = times * Pareto::of_quartiles(&ascending(1e9)).unwrap().exceeded_with(0.1 / 100.0);
            let scores: Vec<f64> = [start + far].into_iter().chain(usual.iter().copied()).collect();
            let kept = Pareto::fit(&ascending(far)).exceeded_with(0.002);
            let left_out = Pareto::fit(&ascending(far)[..99]).exceeded_with(0.002);
            let found = Rule::PeaksOverThreshold(100.0).apply(&scores).unwrap().score - start;
            (found, kept, left_out)
        };
        let (found, kept, left_out) = threshold(1.499);
        assert!((found - kept).abs() < 1e-9 && (kept - left_out).abs() > 0.1, "{found} {kept} {left_out}");
        let (found, _, left_out) = threshold(1.501);
        assert!((found - left_out).abs() < 1e-9, "{found} {left_out}");
    }

    #[test]
    fn exponential_scores_exceed_as_often_as_budgeted() {
        // Chance c is exceeded at −ln c.
        for count in [2_000, 50_000, 1_000_000] {
            let scores = quantiles(count, |chance| -libm::log(chance));
            for alerts in [1.0_f64, 100.0, 5_000.0, 50_000.0] {
                let threshold = Rule::PeaksOverThreshold(alerts).apply(&scores).unwrap();
                let exact = -libm::log(alerts / 1e6);
                assert!((threshold.score / exact - 1.0).abs() < 0.06, "{count}, {alerts}: {} {exact}", threshold.score);
            }
        }
    }

    #[test]
    fn tails_that_end_and_heavy_ones_exceed_as_often_as_budgeted() {
        for shape in [-0.4, -0.2, 0.1, 0.3] {
            let truth = Pareto { shape, scale: 0.1 };
            let scores = quantiles(1_000_000, |chance| 0.4 + truth.exceeded_with(chance));
            for alerts in [20_u64, 100, 2_000] {
                let flagged = Rule::PeaksOverThreshold(alerts as f64).apply(&scores).unwrap().anomalies;
                assert!(flagged.abs_diff(alerts) <= alerts / 5, "{shape}: {flagged} instead of {alerts}");
            }
        }
    }

    #[test]
    fn what_lies_below_the_highest_twentieth_says_nothing() {
        // An exponential tail of a twentieth of the rows on top of even scores.
        let score = |chance: f64| if chance < 0.05 { 1.0 - 0.1 * libm::log(chance / 0.05) } else { 1.05 - chance };
        let threshold = Rule::PeaksOverThreshold(100.0).apply(&quantiles(100_000, score)).unwrap().score;
        assert!((threshold - score(1e-4)).abs() < 0.03, "{threshold} {}", score(1e-4));
    }

    #[test]
    fn few_rows_are_not_extrapolated_from() {
        // Six rows of tail show no shape: the far one may be the tail.
        let mut scores = quantiles(60, |chance| 1.0 - chance);
        scores[0] = 50.0;
        assert_eq!(Rule::PeaksOverThreshold(1_000.0).apply(&scores).unwrap().anomalies, 0);
    }

    #[test]
    fn what_does_not_differ_has_no_tail() {
        // Half of the tail is one score.
        let mut scores = vec![0.5; 1_000];
        scores[..40].fill(0.7);
        for alerts in [1.0, 1_000.0] {
            let threshold = Rule::PeaksOverThreshold(alerts).apply(&scores).unwrap();
            assert!(threshold.score.is_finite() && threshold.anomalies <= 40, "{threshold:?}");
        }
        // As many as are asked for, where that is more than the tail.
        assert_eq!(
            Rule::PeaksOverThreshold(200_000.0)
                .apply(&(0..1_000).rev().map(f64::from).collect::<Vec<_>>())
                .unwrap()
                .anomalies,
            200
        );
    }

    #[test]
    fn few_alerts_are_few_and_outliers_exceed_them() {
        // A tail that ends at 1, and three rows far beyond.
        let mut scores = quantiles(10_000, |chance| 1.0 - chance);
        scores.splice(0..0, [3.0, 2.5, 2.0]);
        let threshold = Rule::PeaksOverThreshold(1.0).apply(&scores).unwrap();
        assert_eq!(threshold.anomalies, 3, "{threshold:?}");
        // Too few rows to tell: none is expected, none is flagged.
        assert_eq!(Rule::PeaksOverThreshold(100.0).apply(&vec![3.0, 0.5, 0.4]).unwrap().anomalies, 0);
    }
}
