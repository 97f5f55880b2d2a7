//! How many rows have which score.

use serde::{Deserialize, Serialize};

use super::Scale;

/// Counts of scores in bins that are equally wide on a scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// How scores are laid out.
    pub scale: Scale,
    /// Ascending; a bin holds its lower edge and not its upper one, but for the last, which holds both.
    edges: Vec<f64>,
    /// Rows per bin.
    pub counts: Vec<u64>,
}

/// The widest range of a logarithmic histogram: what is further below the greatest score counts in the first bin.
const RANGE: f64 = 1e-12;

impl Histogram {
    /// Bins.
    pub const BINS: usize = 80;

    /// An empty histogram between the extreme scores.
    pub fn new(scale: Scale, low: f64, high: f64) -> Self {
        let low = if scale == Scale::Log { low.max(high * RANGE).max(f64::MIN_POSITIVE) } else { low };
        // All scores equal: one bin around them.
        let high = if high > low { high } else { low + f64::EPSILON.max(low.abs() * 1e-6) };
        let (from, to) = (scale.place(low), scale.place(high));
        let edge = |bin: usize| match bin {
            0 => low,
            Self::BINS => high,
            // A logarithm and back may leave the range by a rounding.
            _ => scale.value(from + (to - from) * (bin as f64 / Self::BINS as f64)).max(low).min(high),
        };
        Self { scale, edges: (0..=Self::BINS).map(edge).collect(), counts: vec![0; Self::BINS] }
    }

    /// Lower edge of the first bin.
    pub fn low(&self) -> f64 {
        self.edges[0]
    }

    /// Upper edge of the last bin, itself included.
    pub fn high(&self) -> f64 {
        self.edges[Self::BINS]
    }

    /// Counts one score; those outside of the range count in the outer bins.
    pub fn add(&mut self, score: f64) {
        self.add_many(score, 1);
    }

    /// Counts a score that several rows have. One that is none (NaN) counts in the first bin.
    pub fn add_many(&mut self, score: f64, rows: u64) {
        // Compared with the edges themselves, so that no rounding puts a score beside what a bin is said to hold.
        let bin = self.edges[1..Self::BINS].partition_point(|&edge| edge <= score);
        self.counts[bin] += rows;
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Lower and upper edge of a bin.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        (self.edges[bin], self.edges[bin + 1])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(scale: Scale, scores: &[f64]) -> Histogram {
        let mut histogram = Histogram::new(scale, 0.3, 0.9);
        scores.iter().for_each(|&score| histogram.add(score));
        histogram
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(scores in prop::collection::vec(0.2f64..1.0, 0..80), cut in 0usize..80) {
            for scale in [Scale::Linear, Scale::Log] {
                let (left, right) = scores.split_at(cut.min(scores.len()));
                let mut merged = histogram(scale, left);
                merged.merge(&histogram(scale, right));
                prop_assert_eq!(&merged, &histogram(scale, &scores));
                prop_assert_eq!(merged.counts.iter().sum::<u64>(), scores.len() as u64);
            }
        }

        #[test]
        fn a_score_is_between_the_edges_of_its_bin(power in -9f64..3.0, low in -9f64..3.0, span in 0f64..6.0) {
            let (score, high) = (libm::exp10(power), libm::exp10(low + span));
            for scale in [Scale::Linear, Scale::Log] {
                let mut histogram = Histogram::new(scale, libm::exp10(low), high);
                prop_assert!(histogram.edges.is_sorted());
                histogram.add(score);
                let bin = histogram.counts.iter().position(|&rows| rows == 1).expect("it was counted");
                let (from, to) = histogram.edges(bin);
                prop_assert!(score >= from || bin == 0);
                prop_assert!(score < to || bin == Histogram::BINS - 1);
            }
        }
    }

    #[test]
    fn scores_fall_between_the_edges_of_their_bin() {
        let whole = histogram(Scale::Linear, &[0.3, 0.9, 0.5]);
        assert_eq!((whole.counts[0], whole.counts[Histogram::BINS - 1]), (1, 1));
        let bin = (0..Histogram::BINS).find(|&bin| bin > 0 && whole.counts[bin] == 1).expect("a middle bin");
        let (low, high) = whole.edges(bin);
        assert!(low <= 0.5 && 0.5 < high);
    }

    #[test]
    fn on_a_logarithmic_scale_each_power_of_ten_has_as_many_bins() {
        let mut histogram = Histogram::new(Scale::Log, 1e-4, 1e4);
        for bin in [0, 10, 70] {
            assert!((histogram.edges(bin).0 / libm::exp10(bin as f64 / 10.0 - 4.0) - 1.0).abs() < 1e-12);
        }
        [1e-4, 0.5, 0.5, 2e3, 1e4, f64::NAN].into_iter().for_each(|score| histogram.add(score));
        let filled: Vec<(usize, u64)> = histogram.counts.iter().copied().enumerate().filter(|bin| bin.1 > 0).collect();
        assert_eq!(filled, [(0, 2), (36, 2), (73, 1), (79, 1)]);
    }

    #[test]
    fn an_error_of_zero_does_not_make_the_axis_endless() {
        let mut histogram = Histogram::new(Scale::Log, 0.0, 10.0);
        assert_eq!((histogram.low(), histogram.high()), (10.0 * RANGE, 10.0));
        histogram.add(0.0);
        assert_eq!(histogram.counts[0], 1);
        assert!(Histogram::new(Scale::Log, 0.0, 0.0).edges.iter().all(|edge| edge.is_finite()));
    }

    #[test]
    fn equal_scores_make_a_histogram_too() {
        for scale in [Scale::Linear, Scale::Log] {
            let mut histogram = Histogram::new(scale, 0.5, 0.5);
            (0..10).for_each(|_| histogram.add(0.5));
            assert_eq!(histogram.counts[0], 10);
            assert!(histogram.high() > histogram.low());
        }
    }
}
