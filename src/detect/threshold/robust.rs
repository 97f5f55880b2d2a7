//! Far above the median, by measures that outliers do not move.

use super::{Ranked, Reason, Threshold};

/// Median absolute deviations in a standard deviation, of a normal distribution: 1 / Φ⁻¹(3/4).
const TO_DEVIATION: f64 = 1.482_602_218_505_602;

/// Mean absolute deviations in a standard deviation, of a normal distribution: √(π / 2).
const MEAN_TO_DEVIATION: f64 = 1.253_314_137_315_500_1;

pub(super) fn robust(deviations: f64, scores: &dyn Ranked) -> Threshold {
    let median = middle(scores.rows(), |place| scores.score(place));
    let deviation = TO_DEVIATION * middle(scores.rows(), |place| deviation(place, median, scores));
    // Zero where more than half of the scores are equal; Iglewicz and Hoaglin then take the mean absolute deviation.
    let deviation = if deviation > 0.0 { deviation } else { mean_deviation(median, scores) * MEAN_TO_DEVIATION };
    let score = median + deviations * deviation;
    Threshold::at(score, scores, Reason::AboveMedian { deviations, deviation, median })
}

/// The middle of sorted values, or the mean of the middle two.
fn middle(count: u64, value: impl Fn(u64) -> f64) -> f64 {
    0.5 * (value((count - 1) / 2) + value(count / 2))
}

/// The absolute deviation of this rank, 0 for the smallest.
///
/// Deviations grow from the median to either side. Those of the `low` lowest scores are below the one looked for, where
/// `low` is found by halving: it is too small as long as the next lower score deviates less than the last higher one
/// that would be taken instead.
fn deviation(rank: u64, median: f64, scores: &dyn Ranked) -> f64 {
    let rows = scores.rows();
    // Scores above the median, and the others.
    let high = scores.above(median);
    let above = |place: u64| scores.score(high - 1 - place) - median;
    let below = |place: u64| median - scores.score(high + place);
    let taken = rank + 1;
    let (mut least, mut most) = (taken.saturating_sub(high), taken.min(rows - high));
    while least < most {
        let low = least + (most - least) / 2;
        if below(low) < above(taken - low - 1) { least = low + 1 } else { most = low }
    }
    let of_low = if least > 0 { below(least - 1) } else { 0.0 };
    let of_high = if taken > least { above(taken - least - 1) } else { 0.0 };
    of_low.max(of_high)
}

fn mean_deviation(median: f64, scores: &dyn Ranked) -> f64 {
    let sum: f64 = (0..scores.rows()).map(|place| (scores.score(place) - median).abs()).sum();
    sum / scores.rows() as f64
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, tests::apply};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_fence_is_so_many_deviations_above_the_median() {
        // Median 5, deviations 0 1 1 2 2 3 3 4 95: median 2.
        let scores = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 100.0];
        let (score, anomalies) = apply(Rule::Robust(3.5), &scores);
        assert!((score - (5.0 + 3.5 * 2.0 * 1.482_602_218_505_602)).abs() < 1e-12);
        assert_eq!(anomalies, 1);
        // Of an even number, the mean of the middle two: median 2.5, deviations 0.5 0.5 1.5 1.5.
        assert!(
            (apply(Rule::Robust(2.0), &[4.0, 3.0, 2.0, 1.0]).0 - (2.5 + 2.0 * 1.482_602_218_505_602)).abs() < 1e-12
        );
        // More than half alike: the mean deviation, 9 / 10.
        let mut alike = [1.0; 10];
        alike[0] = 10.0;
        let (score, anomalies) = apply(Rule::Robust(2.0), &alike);
        assert!((score - (1.0 + 2.0 * 0.9 * 1.253_314_137_315_500_1)).abs() < 1e-12 && anomalies == 1);
    }

    proptest! {
        #[test]
        fn deviations_are_sorted_absolute_differences(
            scores in prop::collection::vec(prop_oneof![(0..6_i32).prop_map(f64::from), 0.0..1.0_f64], 1..40),
        ) {
            let mut sorted = scores;
            sorted.sort_by(|a, b| b.total_cmp(a));
            let median = middle(sorted.rows(), |place| sorted.score(place));
            let mut deviations: Vec<f64> = sorted.iter().map(|score| (score - median).abs()).collect();
            deviations.sort_by(f64::total_cmp);
            for (rank, expected) in (0..).zip(deviations) {
                prop_assert_eq!(deviation(rank, median, &sorted), expected);
            }
        }
    }
}
