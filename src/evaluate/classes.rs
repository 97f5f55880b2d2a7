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
    /// When the first one began, in nanoseconds, where rows say that.
    pub began: Option<i64>,
    /// When the first one began that is above the threshold or in a group that stands out.
    pub found: Option<i64>,
}

impl Class {
    /// One row more, which began at that time; it is among what is looked at if it is `found`.
    pub fn add(&mut self, (rank, flagged): (u32, bool), (time, found): (Option<i64>, bool)) {
        let best_rank = Some(rank);
        self.merge(&Self { rows: 1, flagged: flagged.into(), best_rank, began: time, found: time.filter(|_| found) });
    }

    /// Adds other rows of the class.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.flagged += other.flagged;
        self.best_rank = self.best_rank.into_iter().chain(other.best_rank).min();
        self.began = self.began.into_iter().chain(other.began).min();
        self.found = self.found.into_iter().chain(other.found).min();
    }

    /// How long the class went on before it was found, in nanoseconds; `None` where it was not, or rows say no times.
    #[must_use]
    pub fn time_to_detect(&self) -> Option<u64> {
        Some(self.found?.abs_diff(self.began?))
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
        for (rank, flagged, time) in [(7, false, Some(50)), (3, true, Some(90)), (8, true, None), (9, false, Some(20))]
        {
            class.add((rank, flagged), (time, flagged));
        }
        assert_eq!(class, Class { rows: 4, flagged: 2, best_rank: Some(3), began: Some(20), found: Some(90) });
        assert_eq!((class.time_to_detect(), Class::default().time_to_detect()), (Some(70), None));
        assert_eq!((class.recall(), class.recall_interval()), (Some(0.5), Interval::wilson(2, 4)));
        class.merge(&Class::default());
        assert_eq!(class.best_rank, Some(3));
    }
}
