//! The kinds of attack that a label column names: which of them the scores find.

use std::collections::BTreeMap;

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

/// All classes, by what stands in the label column.
///
/// As many as the column has values: whoever counts them sees to it that these are not too many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes(BTreeMap<String, Class>);

impl Classes {
    /// Of classes in any order; those of one name are one class. It is cheaper to count the rows by the column's keys first
    /// than to look each row up by its text.
    #[must_use]
    pub fn of(classes: impl IntoIterator<Item = (String, Class)>) -> Self {
        let mut all = Self::default();
        for (name, class) in classes {
            all.0.entry(name).or_default().merge(&class);
        }
        all
    }

    /// Adds the classes of other rows.
    pub fn merge(&mut self, other: Self) {
        for (name, class) in other.0 {
            self.0.entry(name).or_default().merge(&class);
        }
    }

    /// The classes with the most rows first, equally large ones by name; those without rows are left out.
    #[must_use]
    pub fn by_rows(&self) -> Vec<(&str, Class)> {
        let mut classes: Vec<(&str, Class)> = self.0.iter().map(|(name, class)| (name.as_str(), *class)).collect();
        classes.retain(|(_, class)| class.rows > 0);
        // Stable, and they come by name.
        classes.sort_by_key(|(_, class)| std::cmp::Reverse(class.rows));
        classes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Row by row: its class, its rank and whether it is flagged.
    fn classes(rows: &[(u8, u32, bool)]) -> Classes {
        Classes::of(rows.iter().map(|&(name, rank, flagged)| {
            let mut class = Class::default();
            class.add(rank, flagged);
            (format!("attack {name}"), class)
        }))
    }

    #[test]
    fn the_largest_class_is_first() {
        let classes = classes(&[(2, 7, false), (1, 9, false), (2, 3, true), (3, 1, true), (2, 8, false)]);
        let class = |rows, flagged, best| Class { rows, flagged, best_rank: Some(best) };
        let expected = [("attack 2", class(3, 1, 3)), ("attack 1", class(1, 0, 9)), ("attack 3", class(1, 1, 1))];
        assert_eq!(classes.by_rows(), expected);
        let largest = classes.by_rows()[0].1;
        assert_eq!(largest.recall(), Some(1.0 / 3.0));
        assert_eq!(largest.recall_interval(), Interval::wilson(1, 3));
    }

    #[test]
    fn a_class_without_rows_is_not_listed() {
        let empty = Class::default();
        assert_eq!((empty.recall(), empty.recall_interval()), (None, None));
        assert!(Classes::of([("none".to_owned(), empty)]).by_rows().is_empty());
        assert!(Classes::default().by_rows().is_empty());
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(
            rows in prop::collection::vec((0..5_u8, 1..1_000_u32, any::<bool>()), 0..60), cut in 0..60_usize,
        ) {
            let (left, right) = rows.split_at(cut.min(rows.len()));
            let mut merged = classes(right);
            merged.merge(classes(left));
            prop_assert_eq!(&merged, &classes(&rows));
            prop_assert_eq!(merged.by_rows().iter().map(|(_, class)| class.rows).sum::<u64>(), rows.len() as u64);
        }
    }
}
