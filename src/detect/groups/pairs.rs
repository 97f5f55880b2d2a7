//! The pairs of rows that are compared, in parts, so that several workers share the work.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What one of several workers does. What they find together does not depend on how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its number, from 0.
    pub worker: usize,
    /// How many they are.
    pub workers: usize,
}

impl Share {
    /// Of one that does it all.
    pub const ALL: Self = Self { worker: 0, workers: 1 };

    /// Its parts of the pairs.
    pub(super) fn parts(self) -> Vec<Part> {
        PARTS.into_iter().skip(self.worker).step_by(self.workers).collect()
    }
}

/// Some rows of all: one, and from there each that is so many further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Every {
    from: usize,
    step: usize,
}

/// Which rows are compared with which others; where both are the same, each with those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub rows: Every,
    pub others: Every,
}

const EVEN: Every = Every { from: 0, step: 2 };
const ODD: Every = Every { from: 1, step: 2 };
/// Each pair of rows is in one of these, an eighth of rows² in each. Rows that stand side by side are alike, so each part has
/// neighbours of each row.
const PARTS: [Part; 4] = [
    Part { rows: EVEN, others: EVEN },
    Part { rows: ODD, others: ODD },
    Part { rows: Every { from: 0, step: 4 }, others: ODD },
    Part { rows: Every { from: 2, step: 4 }, others: ODD },
];

impl Every {
    /// How many these are of so many.
    pub fn of(self, rows: usize) -> usize {
        rows.saturating_sub(self.from).div_ceil(self.step)
    }

    /// Which row one of them is.
    pub fn row(self, number: usize) -> usize {
        self.from + number * self.step
    }

    /// All of them, of so many.
    pub fn all(self, rows: usize) -> impl Iterator<Item = usize> {
        (self.from..rows).step_by(self.step)
    }
}

impl Part {
    /// Each row is compared with those before it.
    pub fn is_within(self) -> bool {
        self.rows == self.others
    }

    /// The others that one of its rows is compared with, by their numbers among so many rows.
    pub fn others_of(self, number: usize, rows: usize) -> Range<usize> {
        0..if self.is_within() { number } else { self.others.of(rows) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_pair_is_in_one_part_whoever_shares_them() {
        for rows in 0..20 {
            for workers in 1..6 {
                let mut pairs = BTreeSet::new();
                for part in (0..workers).flat_map(|worker| Share { worker, workers }.parts()) {
                    for number in 0..part.rows.of(rows) {
                        let others = part.others_of(number, rows).map(|other| part.others.row(other));
                        for other in others {
                            let row = part.rows.row(number);
                            assert!(row != other && row < rows && other < rows);
                            assert!(
                                pairs.insert([row.min(other), row.max(other)]),
                                "{row} and {other} of {rows} twice"
                            );
                        }
                    }
                }
                assert_eq!(pairs.len(), rows * rows.saturating_sub(1) / 2);
            }
        }
    }
}
