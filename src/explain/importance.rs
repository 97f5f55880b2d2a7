//! What features weigh over many rows.

use serde::{Deserialize, Serialize};

/// Parts that a split is counted in: sums of whole numbers do not depend on how rows are grouped.
const PARTS: f64 = (1_u64 << 40) as f64;

/// How much each feature made rows stand out, on average over rows that shards add by themselves and then merge. What made
/// a row look usual does not count, as for the reasons of a single row (`top_reasons`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Importance {
    /// Sums of what shortened paths, by feature, in [`PARTS`].
    sums: Vec<u128>,
    rows: u64,
}

impl Importance {
    /// Counts a row with these contributions.
    pub fn add(&mut self, contributions: &[f64]) {
        self.sums.resize(contributions.len().max(self.sums.len()), 0);
        for (sum, contribution) in self.sums.iter_mut().zip(contributions) {
            *sum = sum.saturating_add(((-contribution).max(0.0) * PARTS) as u128);
        }
        self.rows += 1;
    }

    /// Counts the other's rows as well.
    pub fn merge(&mut self, other: &Self) {
        self.sums.resize(other.sums.len().max(self.sums.len()), 0);
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.saturating_add(*more);
        }
        self.rows += other.rows;
    }

    /// The mean number of splits that each feature spared; nothing if no row was counted.
    #[must_use]
    pub fn means(&self) -> Vec<f64> {
        self.sums.iter().map(|sum| *sum as f64 / PARTS / self.rows as f64).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_of_what_made_rows_stand_out_and_merge() {
        let rows = [[1.0, -0.5], [-3.0, 0.1], [0.1, 0.25]];
        let mut whole = Importance::default();
        rows.iter().for_each(|row| whole.add(row));
        let means = whole.means();
        assert!((means[0] - 3.0 / 3.0).abs() < 1e-11 && (means[1] - 0.5 / 3.0).abs() < 1e-11, "{means:?}");
        for cut in 0..=3 {
            let (mut head, mut tail) = (Importance::default(), Importance::default());
            rows[..cut].iter().for_each(|row| head.add(row));
            rows[cut..].iter().for_each(|row| tail.add(row));
            tail.merge(&head);
            assert_eq!(tail, whole);
        }
        assert!(Importance::default().means().is_empty());
    }
}
