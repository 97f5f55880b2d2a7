//! Intervals for the figures of a curve, by drawing its rows again.
//!
//! The bootstrap draws as many rows as there are, with replacement, many times over, and looks how far a figure varies
//! (Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993). Where each row instead comes Poisson(1) times, by its own
//! draw, the same holds of many rows (Hanley & MacGibbon, *Creating Non-Parametric Bootstrap Samples Using Poisson
//! Frequencies*, 2006; Chamandy, Muralidharan, Najmi & Naidu, *Estimating Uncertainty for Massive Data Streams*, 2012), and
//! n alike rows together come Poisson(n) times: one draw for each kind of rows of a step, however many they are.
//!
//! Neighbouring steps are joined before: some hundreds are left of any number of them. A step is only joined to those
//! above it while the joined ones hold at most 1/32 of the anomalies above them, and at most 1/32 of the normal rows.
//! Joined rows count as ties. That moves average precision by at most 1/128 (the odds of the precision at a row change by a
//! factor of at most 1 + 1/32, so the precision by at most a quarter of 1/32) and the area by at most 1/64 (half of the
//! joined pairs), in practice by much less. It moves the replicates alike, so they are moved back by what the figure itself
//! is moved; what remains is that rows within a joined step do not vary in their order. The threshold parts two steps that
//! are never joined: precision and recall there are exact.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

use super::{
    confusion::share,
    curve::{Curve, CurveStep},
    interval::Interval,
    poisson::Poisson,
    step::{Step, Sums},
};

/// How often the rows are drawn: such that 2.5 % and 97.5 % of the replicates are whole numbers of them (Davison & Hinkley,
/// *Bootstrap Methods and Their Application*, 1997, ch. 5).
const REPLICATES: usize = 999;
/// Joined steps hold at most one of so many rows of either kind above them.
const PART: u64 = 32;

/// Intervals of 95 % for figures of a curve: between the percentiles of the replicates.
///
/// A figure has none where the curve has no such figure. Replicates that lack it (which have none of few anomalies) are
/// left out; of fewer than ten anomalies or alarms, intervals say little.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// Of the area under the ROC curve.
    pub roc_auc: Option<Interval>,
    /// Of average precision.
    pub average_precision: Option<Interval>,
    /// Of the precision above the threshold.
    pub precision: Option<Interval>,
    /// Of the recall above the threshold.
    pub recall: Option<Interval>,
}

/// The intervals for a curve, and for flagging the rows above a threshold, by a seed that chooses the replicates.
///
/// The same everywhere. O(n) for the curve, and some 30 ms for the replicates (natively).
#[must_use]
pub fn intervals(curve: &Curve, threshold: f64, seed: u64) -> Intervals {
    let (above, below) = joined(curve, threshold);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut replicates = vec![Sums::default(); REPLICATES];
    draw(&above, &mut replicates, &mut rng);
    let flagged: Vec<Step> = replicates.iter().map(|sums| sums.seen).collect();
    draw(&below, &mut replicates, &mut rng);

    let (exact, joined) = (curve.sums(), Sums::of(above.into_iter().chain(below)));
    let of_order = |figure: fn(&Sums) -> Option<f64>| {
        let moved = figure(&exact)? - figure(&joined)?;
        let values = replicates.iter().filter_map(figure).map(|value| (value + moved).clamp(0.0, 1.0));
        percentiles(values.collect())
    };
    let precision = |flagged: &Step| share(flagged.anomalies as f64, flagged.anomalies + flagged.normal);
    let recall = |(flagged, all): (&Step, &Sums)| share(flagged.anomalies as f64, all.seen.anomalies);
    let counts = curve.at_threshold(threshold);
    Intervals {
        roc_auc: of_order(Sums::roc_auc),
        average_precision: of_order(Sums::average_precision),
        precision: counts.precision().and(percentiles(flagged.iter().filter_map(precision).collect())),
        recall: counts.recall().and(percentiles(flagged.iter().zip(&replicates).filter_map(recall).collect())),
    }
}

/// Adds steps to each replicate, their rows drawn anew. Step by step, so that what a mean needs is made ready once.
fn draw(steps: &[Step], replicates: &mut [Sums], rng: &mut ChaCha8Rng) {
    for step in steps {
        let (anomalies, normal) = (Poisson::of(step.anomalies), Poisson::of(step.normal));
        for sums in &mut *replicates {
            sums.add(Step { anomalies: anomalies.draw(rng), normal: normal.draw(rng) });
        }
    }
}

/// The steps above a threshold and those that are not, each with its neighbours joined.
fn joined(curve: &Curve, threshold: f64) -> (Vec<Step>, Vec<Step>) {
    let (above, below) = curve.steps().split_at(curve.above(threshold));
    let mut seen = Step::default();
    let mut join = |steps: &[CurveStep]| {
        let mut joined: Vec<Step> = Vec::new();
        // The rows above the step that is being joined to.
        let mut before = seen;
        for step in steps.iter().map(|step| step.rows()) {
            let room = |so_far: u64, more: u64, before: u64| so_far + more <= before / PART;
            match joined.last_mut() {
                Some(last)
                    if room(last.anomalies, step.anomalies, before.anomalies)
                        && room(last.normal, step.normal, before.normal) =>
                {
                    last.anomalies += step.anomalies;
                    last.normal += step.normal;
                }
                _ => {
                    before = seen;
                    joined.push(step);
                }
            }
            seen.anomalies += step.anomalies;
            seen.normal += step.normal;
        }
        joined
    };
    (join(above), join(below))
}

/// The 2.5 % and the 97.5 % point of the replicates; `None` if they are too few to have any.
fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    let beyond = ((values.len() + 1) / 40).checked_sub(1)?;
    Some(Interval { low: values[beyond], high: values[values.len() - 1 - beyond] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Normal rows have even scores of 0 to 1, anomalies the square roots of such.
    fn rows(anomalies: u64, normal: u64) -> Vec<(f64, bool)> {
        let even = |rows: u64| {
            // Rows by the golden ratio, so that neither kind follows the other.
            let place = move |row: u64| (row as f64 * 0.618_033_988_749_894_9).fract();
            (0..rows).map(place)
        };
        even(anomalies).map(|score| (score.sqrt(), true)).chain(even(normal).map(|score| (score, false))).collect()
    }

    fn of_rows(rows: &[(f64, bool)]) -> Curve {
        Curve::of(rows.iter().copied()).unwrap()
    }

    fn width(interval: Option<Interval>) -> f64 {
        let interval = interval.unwrap();
        interval.high - interval.low
    }

    #[test]
    fn intervals_are_as_wide_as_the_theory_has_it() {
        let rows = rows(1_000, 9_000);
        let curve = of_rows(&rows);
        let found = intervals(&curve, 0.8, 1);
        // The area's standard error by the variances of its two sides (DeLong, DeLong & Clarke-Pearson, 1988). A normal row
        // at x is below an anomaly with probability 1 − x², an anomaly at y above a normal row with y.
        let variance = |share: fn(f64) -> f64, label: bool| {
            let values: Vec<f64> = rows.iter().filter(|row| row.1 == label).map(|row| share(row.0)).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64).powi(2)
        };
        let error = (variance(|score| score, true) + variance(|score| 1.0 - score * score, false)).sqrt();
        let near = |interval: Option<Interval>, error: f64| {
            let ratio = width(interval) / (2.0 * 1.96 * error);
            assert!((0.9..1.1).contains(&ratio), "{interval:?} is {ratio} of what it should be");
        };
        near(found.roc_auc, error);
        let counts = curve.at_threshold(0.8);
        let binomial = |share: f64, rows: u64| (share * (1.0 - share) / rows as f64).sqrt();
        near(found.precision, binomial(counts.precision().unwrap(), counts.flagged()));
        near(found.recall, binomial(counts.recall().unwrap(), curve.anomalies()));
        let inside = |interval: Option<Interval>, value: f64| interval.is_some_and(|i| i.low < value && value < i.high);
        assert!(inside(found.roc_auc, curve.roc_auc().unwrap()));
        assert!(inside(found.average_precision, curve.average_precision().unwrap()));
    }

    #[test]
    fn joining_does_not_change_the_intervals_much() {
        let curve = of_rows(&rows(2_000, 8_000));
        let found = intervals(&curve, 0.8, 1);
        let steps: Vec<Step> = curve.steps().iter().map(|step| step.rows()).collect();
        let mut replicates = vec![Sums::default(); REPLICATES];
        draw(&steps, &mut replicates, &mut ChaCha8Rng::seed_from_u64(2));
        for (interval, figure) in [
            (found.roc_auc, Sums::roc_auc as fn(&Sums) -> Option<f64>),
            (found.average_precision, Sums::average_precision),
        ] {
            let (found, whole) =
                (interval.unwrap(), percentiles(replicates.iter().filter_map(figure).collect()).unwrap());
            // What two sets of replicates differ by is about a tenth of the width.
            let near = |a: f64, b: f64| (a - b).abs() < 0.15 * (whole.high - whole.low);
            assert!(near(found.low, whole.low) && near(found.high, whole.high), "{found:?} {whole:?}");
        }
    }

    #[test]
    fn few_steps_are_left_of_many() {
        let curve = of_rows(&rows(100_000, 400_000));
        let (above, below) = joined(&curve, 0.9);
        let steps = above.len() + below.len();
        assert!((200..1_000).contains(&steps), "{steps}");
        assert_eq!(Sums::of(above).seen.anomalies, curve.at_threshold(0.9).true_alarms);
    }

    #[test]
    fn the_seed_decides_alone() {
        let curve = of_rows(&rows(30, 200));
        let found = intervals(&curve, 0.8, 5);
        assert_eq!(found, intervals(&curve, 0.8, 5));
        assert_ne!(found, intervals(&curve, 0.8, 6));
        // The same bits on every platform.
        let bits = |interval: Option<Interval>| interval.map(|ends| [ends.low, ends.high].map(f64::to_bits));
        assert_eq!(bits(found.roc_auc), Some([4_603_128_710_498_586_108, 4_604_961_644_509_508_389]));
        assert_eq!(bits(found.average_precision), Some([4_594_008_753_486_076_793, 4_599_958_181_551_985_833]));
        assert_eq!(bits(found.precision), Some([4_592_330_122_156_561_517, 4_599_553_872_492_430_649]));
        assert_eq!(bits(found.recall), Some([4_596_096_635_101_874_649, 4_603_000_504_860_316_233]));
    }

    #[test]
    fn what_is_not_defined_has_no_interval() {
        assert_eq!(intervals(&Curve::default(), 0.5, 1), Intervals::default());
        let normal = intervals(&of_rows(&rows(0, 50)), 0.5, 1);
        assert_eq!(normal, Intervals { precision: Some(Interval { low: 0.0, high: 0.0 }), ..Intervals::default() });
        let one = Some(Interval { low: 1.0, high: 1.0 });
        let anomalies = intervals(&of_rows(&rows(50, 0)), 0.0, 1);
        assert_eq!((anomalies.roc_auc, anomalies.average_precision, anomalies.precision), (None, one, one));
        let quiet = intervals(&of_rows(&rows(50, 50)), 2.0, 1);
        assert_eq!((quiet.precision, quiet.recall), (None, Some(Interval { low: 0.0, high: 0.0 })));
    }

    proptest! {
        #[test]
        fn joining_moves_figures_by_no_more_than_is_said(
            rows in prop::collection::vec((0..3_000_i32, any::<bool>()), 1..4_000), threshold in 0..3_000_i32,
        ) {
            let curve = of_rows(&rows.iter().map(|&(score, label)| (f64::from(score), label)).collect::<Vec<_>>());
            let (above, below) = joined(&curve, threshold.into());
            let (exact, joined) = (curve.sums(), Sums::of(above.into_iter().chain(below)));
            prop_assert_eq!(exact.seen, joined.seen);
            let moved = |figure: fn(&Sums) -> Option<f64>| {
                figure(&exact).zip(figure(&joined)).map_or(0.0, |(exact, joined)| (exact - joined).abs())
            };
            prop_assert!(moved(Sums::average_precision) <= 1.0 / 128.0 && moved(Sums::roc_auc) <= 1.0 / 64.0);
        }
    }
}
