//! What comes of flagging some of the rows: alarms that are right or wrong, and what goes unnoticed.

use serde::{Deserialize, Serialize};

/// A confusion matrix, in rows. Counts, which add up over shards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Anomalies that are flagged (true positives).
    pub true_alarms: u64,
    /// Normal rows that are flagged (false positives).
    pub false_alarms: u64,
    /// Anomalies that are not flagged (false negatives).
    pub missed: u64,
    /// Normal rows that are not flagged (true negatives).
    pub passed: u64,
}

impl Confusion {
    /// Rows that are flagged.
    #[must_use]
    pub fn flagged(&self) -> u64 {
        self.true_alarms + self.false_alarms
    }

    /// The share of the flagged rows that are anomalies; `None` if none is flagged.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.true_alarms as f64, self.flagged())
    }

    /// The share of the anomalies that are flagged (the true positive rate); `None` if there are none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.true_alarms as f64, self.true_alarms + self.missed)
    }

    /// The share of the normal rows that are flagged (the false positive rate); `None` if there are none.
    #[must_use]
    pub fn false_alarm_rate(&self) -> Option<f64> {
        share(self.false_alarms as f64, self.false_alarms + self.passed)
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.true_alarms += other.true_alarms;
        self.false_alarms += other.false_alarms;
        self.missed += other.missed;
        self.passed += other.passed;
    }
}

/// What the first rows hold, in the order in which they are called anomalies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// How many rows these are.
    pub rows: u64,
    /// Anomalies among them: an expected number where only some rows of a tie are among the first.
    pub anomalies: f64,
    /// Anomalies among all rows.
    pub of: u64,
}

impl First {
    /// The share of these rows that are anomalies ("precision at k"); `None` if these are no rows.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.anomalies, self.rows)
    }

    /// The share of the anomalies that are among these rows ("recall at k"); `None` if there are none.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.anomalies, self.of)
    }
}

/// `part` of the `whole`, as a share; `None` of nothing.
pub(super) fn share(part: f64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_textbook() {
        let counts = Confusion { true_alarms: 3, false_alarms: 1, missed: 9, passed: 7 };
        assert_eq!((counts.precision(), counts.recall()), (Some(0.75), Some(0.25)));
        assert_eq!((counts.false_alarm_rate(), counts.flagged()), (Some(0.125), 4));
        let mut twice = counts;
        twice.merge(&counts);
        assert_eq!(twice, Confusion { true_alarms: 6, false_alarms: 2, missed: 18, passed: 14 });
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        let none = Confusion::default();
        assert_eq!((none.precision(), none.recall(), none.false_alarm_rate()), (None, None, None));
        let quiet = Confusion { missed: 2, passed: 5, ..none };
        assert_eq!((quiet.precision(), quiet.recall(), quiet.false_alarm_rate()), (None, Some(0.0), Some(0.0)));
        let first = First { rows: 0, anomalies: 0.0, of: 0 };
        assert_eq!((first.precision(), first.recall()), (None, None));
    }
}
