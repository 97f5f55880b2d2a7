//! The kinds of attack that a label column names: which of them the scores find.

use serde::{Deserialize, Serialize};

use super::{confusion::share, interval::Interval};

/// The rows of one class of the label column. Counts and a minimum, which merge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Rows of the class.
    pub rows: u64,
    /// Those above the threshold.
    pub flagged: u64,
    /// The rank of the most anomalous one, 1 for that of all rows; `None` while there is no row.
    pub best_rank: Option<u32>,
}

impl Class {
    /// One row more.
    pub fn add(&mut self, rank: u32, flagged: bool) {
        self.merge(&Self { rows: 1, flagged: flagged.into(), best_rank: Some(rank) });
    }

    /// Adds other rows of the class.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.flagged += other.flagged;
        self.best_rank = self.best_rank.into_iter().chain(other.best_rank).min();
    }

    /// The share of the rows that are above the threshold, in 0..=1; `None` without rows.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.flagged as f64, self.rows)
    }

    /// How far chance may have moved the recall.
    #[must_use]
    pub fn recall_interval(&self) -> Option<Interval> {
        Interval::wilson(self.flagged, self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_the_share_of_its_rows_that_is_flagged_and_its_best_rank() {
        let mut class = Class::default();
        assert_eq!((class.recall(), class.recall_interval(), class.best_rank), (None, None, None));
        for (rank, flagged) in [(7, false), (3, true), (8, false)] {
            class.add(rank, flagged);
        }
        assert_eq!(class, Class { rows: 3, flagged: 1, best_rank: Some(3) });
        assert_eq!((class.recall(), class.recall_interval()), (Some(1.0 / 3.0), Interval::wilson(1, 3)));
        class.merge(&Class::default());
        assert_eq!(class.best_rank, Some(3));
    }
}
