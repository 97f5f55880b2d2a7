//! How many rows have which score.

use serde::{Deserialize, Serialize};

/// Counts of scores in equal bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Lower edge of the first bin.
    pub low: f64,
    /// Upper edge of the last bin, itself included.
    pub high: f64,
    /// Rows per bin.
    pub counts: Vec<u64>,
}

impl Histogram {
    /// Bins.
    pub const BINS: usize = 80;

    /// An empty histogram between the extreme scores.
    pub fn new(low: f64, high: f64) -> Self {
        // All scores equal: one bin around them.
        let high = if high > low { high } else { low + f64::EPSILON.max(low.abs() * 1e-6) };
        Self { low, high, counts: vec![0; Self::BINS] }
    }

    /// Counts one score; those outside of the range count in the outer bins.
    pub fn add(&mut self, score: f64) {
        self.add_many(score, 1);
    }

    /// Counts a score that several rows have.
    pub fn add_many(&mut self, score: f64, rows: u64) {
        let share = (score - self.low) / (self.high - self.low);
        let bin = ((share * Self::BINS as f64) as usize).min(Self::BINS - 1);
        self.counts[bin] += rows;
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Lower and upper edge of a bin.
    pub fn edges(&self, bin: usize) -> (f64, f64) {
        let width = (self.high - self.low) / Self::BINS as f64;
        (self.low + width * bin as f64, self.low + width * (bin + 1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn histogram(scores: &[f64]) -> Histogram {
        let mut histogram = Histogram::new(0.3, 0.9);
        scores.iter().for_each(|&score| histogram.add(score));
        histogram
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(scores in prop::collection::vec(0.2f64..1.0, 0..80), cut in 0usize..80) {
            let (left, right) = scores.split_at(cut.min(scores.len()));
            let mut merged = histogram(left);
            merged.merge(&histogram(right));
            prop_assert_eq!(&merged, &histogram(&scores));
            prop_assert_eq!(merged.counts.iter().sum::<u64>(), scores.len() as u64);
        }
    }

    #[test]
    fn scores_fall_between_the_edges_of_their_bin() {
        let whole = histogram(&[0.3, 0.9, 0.5]);
        assert_eq!((whole.counts[0], whole.counts[Histogram::BINS - 1]), (1, 1));
        let bin = (0..Histogram::BINS).find(|&bin| bin > 0 && whole.counts[bin] == 1).expect("a middle bin");
        let (low, high) = whole.edges(bin);
        assert!(low <= 0.5 && 0.5 < high);
    }

    #[test]
    fn equal_scores_make_a_histogram_too() {
        let mut histogram = Histogram::new(0.5, 0.5);
        (0..10).for_each(|_| histogram.add(0.5));
        assert_eq!(histogram.counts[0], 10);
        assert!(histogram.high > histogram.low);
    }
}
