//! How the values of columns are spread: how many rows have which, so that some rows can be held against all of them.

use serde::{Deserialize, Serialize};

use super::{Axis, Typical};
use crate::{
    numeric::order::ordered,
    table::{Block, ColumnProfile, Counts, Field, MISSING_KEY, Role, Storage, number_key},
};

/// Parts of a column; of values, the last one is of all that have none of their own.
const PARTS: usize = 24;
/// Digits that the ends of parts are rounded to, so that they can be read, where that leaves them apart.
const DIGITS: [i32; 2] = [3, 5];

/// A column, and the parts that its values are counted in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The table's column.
    pub column: usize,
    /// Its parts.
    pub parts: Parts,
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Parts {
    /// Stretches of numbers, between these ends: a part holds its lower end and not its upper one. Ascending.
    Stretches(Vec<f32>),
    /// Values one by one, by their keys, in ascending order and each with its part, the commonest being in the first; all
    /// others are in the part behind those.
    Values(Vec<(u32, u8)>),
}

impl Cut {
    /// The parts of a column: its commonest values where they are counted, else stretches of its axis. `None` for text that is
    /// not counted, and for times and addresses, which are told of by themselves.
    #[must_use]
    pub fn new(column: usize, field: &Field, profile: &ColumnProfile, typical: &Typical) -> Option<Self> {
        if field.role == Role::Ip || matches!(field.storage(), Storage::Time { .. }) {
            return None;
        }
        let counted = profile.counts.as_ref().filter(|counts| !counts.is_crowded() && counts.len() > 1);
        let parts = match counted {
            Some(counts) => values(counts),
            None => stretches(&Axis::new(column, profile, typical).filter(|_| profile.min < profile.max)?),
        };
        Some(Self { column, parts })
    }

    /// How many parts there are.
    #[must_use]
    pub fn parts(&self) -> usize {
        1 + match &self.parts {
            Parts::Stretches(ends) => ends.len(),
            Parts::Values(values) => values.len(),
        }
    }

    fn part_of_key(&self, key: u32) -> u8 {
        let part = match &self.parts {
            Parts::Values(values) if key != MISSING_KEY => {
                values.binary_search_by_key(&key, |value| value.0).map_or(values.len(), |place| values[place].1.into())
            }
            _ => self.parts(),
        };
        part as u8
    }

    fn part_of_number(&self, value: f32) -> u8 {
        match &self.parts {
            Parts::Stretches(ends) if value.is_finite() => ends.partition_point(|&end| end <= value) as u8,
            Parts::Values(_) if value.is_finite() => self.part_of_key(number_key(value)),
            _ => self.parts() as u8,
        }
    }

    fn part_of(&self, block: &Block, row: usize) -> u8 {
        let cells = &block.columns[self.column];
        match &self.parts {
            Parts::Values(_) => self.part_of_key(cells.key_at(row)),
            Parts::Stretches(_) => {
                cells.bits_at(row).map_or(self.parts() as u8, |bits| self.part_of_number(f32::from_bits(bits)))
            }
        }
    }
}

fn values(counts: &Counts) -> Parts {
    let all = counts.iter().filter(|value| value.key != MISSING_KEY).map(|value| (value.key, value.rows)).collect();
    let first = ordered(all, |a, b| b.1.cmp(&a.1)).into_iter().take(PARTS - 1);
    let parts = first.enumerate().map(|(part, (key, _))| (key, part as u8)).collect();
    Parts::Values(ordered(parts, |a, b| a.0.cmp(&b.0)))
}

fn stretches(axis: &Axis) -> Parts {
    let ends = |digits: Option<i32>| -> Vec<f32> {
        let place = |part: usize| axis.low + (axis.high - axis.low) * part as f64 / PARTS as f64;
        let end = |part: usize| {
            let value = axis.scale.value(place(part));
            digits.map_or(value, |digits| rounded(value, digits)) as f32
        };
        (1..PARTS).map(end).collect()
    };
    let apart = |ends: &Vec<f32>| ends.windows(2).all(|pair| pair[0] < pair[1]);
    let mut exact = ends(None);
    exact.dedup();
    Parts::Stretches(DIGITS.into_iter().map(|digits| ends(Some(digits))).find(apart).unwrap_or(exact))
}

/// To so many digits.
fn rounded(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let step = libm::exp10(libm::floor(libm::log10(value.abs())) + 1.0 - f64::from(digits));
    (value / step).round() * step
}

/// How many rows are in each part of each of some columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// In the order of the columns; of each its parts, and behind them the rows whose value is missing or infinite.
    pub counts: Vec<Vec<u64>>,
}

impl Spread {
    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
    }
}

/// Counts rows.
pub struct SpreadCount<'a> {
    cuts: &'a [Cut],
    counts: Vec<Vec<u64>>,
    parts: Vec<u8>,
}

impl<'a> SpreadCount<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(cuts: &'a [Cut]) -> Self {
        Self { cuts, counts: cuts.iter().map(|cut| vec![0; cut.parts() + 1]).collect(), parts: Vec::new() }
    }

    /// Counts a row of a block in all columns.
    pub fn add(&mut self, block: &Block, row: usize) {
        for (cut, counts) in self.cuts.iter().zip(&mut self.counts) {
            counts[usize::from(cut.part_of(block, row))] += 1;
        }
    }

    /// Counts all rows of a block in one of the columns.
    pub fn add_block(&mut self, block: &Block, place: usize) {
        let cut = &self.cuts[place];
        self.parts.clear();
        let (number, key) = (|value| cut.part_of_number(value), |key| cut.part_of_key(key));
        block.columns[cut.column].map(number, key, &mut self.parts);
        let counts = &mut self.counts[place];
        self.parts.iter().for_each(|&part| counts[usize::from(part)] += 1);
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Spread {
        Spread { counts: self.counts }
    }
}

/// How much of some rows would have to be moved to other parts for them to be spread as all rows are, from 0 to 1: the total
/// variation distance of both distributions. 0 where there are no rows.
#[must_use]
pub fn unlike(some: &[u64], all: &[u64]) -> f64 {
    let [of_some, of_all] = [some, all].map(|counts| counts.iter().sum::<u64>() as f64);
    if of_some == 0.0 || of_all == 0.0 {
        return 0.0;
    }
    let common: f64 = some.iter().zip(all).map(|(&some, &all)| (some as f64 / of_some).min(all as f64 / of_all)).sum();
    (1.0 - common).max(0.0)
}

#[cfg(test)]
mod tests;
