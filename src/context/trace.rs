//! Rows → who has many of them, and when these were.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Clock, Ends, Who};
use crate::table::Block;

/// Flows of the smallest burst.
pub(super) const LEAST: u16 = 16;
/// Buckets of which so many at most are traced: what is traced travels between workers.
const TRACED: usize = 16_384;

/// How many rows everybody has at most, in few bytes: several share a bucket. Conversations have a half of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sieve(#[serde(with = "crate::table::packed")] Vec<u16>);

/// Who may have many rows: a bit per bucket of a [`Sieve`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frequent(#[serde(with = "crate::table::packed")] Vec<u64>);

#[inline]
fn bucket(who: Who, of: usize) -> usize {
    let half = of / 2;
    (who.scattered() as usize & (half - 1)) | if who.is_conversation() { half } else { 0 }
}

impl Sieve {
    /// An empty one for a file of so many rows.
    #[must_use]
    pub fn new(rows: u64) -> Self {
        /// 4 MB for either half, in files of millions of rows: each worker sends so much.
        const MOST: usize = 1 << 21;
        let buckets = usize::try_from(rows).unwrap_or(MOST).clamp(1 << 12, MOST).next_power_of_two();
        Self(vec![0; 2 * buckets])
    }

    /// Counts the rows of a block.
    pub fn count(&mut self, ends: &Ends, block: &Block) {
        let buckets = self.0.len();
        for row in 0..block.rows() {
            for who in ends.who(block, row) {
                let rows = &mut self.0[bucket(who, buckets)];
                *rows = rows.saturating_add(1);
            }
        }
    }

    /// Joins what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine = mine.saturating_add(*theirs));
    }

    /// Who has so many rows that a burst or a series is possible: the more such there are in a half, the more rows are asked for.
    #[must_use]
    pub fn frequent(&self) -> Frequent {
        let bits = |half: &[u16]| {
            let least = least(half);
            let bits = |rows: &[u16]| {
                rows.iter().enumerate().fold(0, |bits, (bit, &rows)| bits | u64::from(rows >= least) << bit)
            };
            half.chunks(64).map(bits).collect::<Vec<u64>>()
        };
        Frequent(self.0.chunks(self.0.len() / 2).flat_map(bits).collect())
    }
}

/// The fewest rows that are enough.
fn least(buckets: &[u16]) -> u16 {
    let mut large: Vec<u16> = buckets.iter().copied().filter(|&rows| rows >= LEAST).collect();
    if large.len() <= TRACED {
        return LEAST;
    }
    let (_, most, _) = large.select_nth_unstable_by(TRACED, |a, b| b.cmp(a));
    most.saturating_add(1)
}

impl Frequent {
    #[inline]
    fn holds(&self, who: Who) -> bool {
        let bucket = bucket(who, 64 * self.0.len());
        self.0[bucket / 64] >> (bucket % 64) & 1 == 1
    }
}

/// When the rows were of those who have many: parts of the file's [`Clock`], ascending, with the rows in each. Of conversations
/// only how many there are, as if all were in the first part: when exactly these were, another pass says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Traces(pub(super) HashMap<Who, Vec<(u16, u32)>>);

impl Traces {
    /// Traces the rows of a block.
    pub fn add(&mut self, (ends, clock, frequent): (&Ends, &Clock, &Frequent), block: &Block) {
        for row in 0..block.rows() {
            let Some(time) = ends.when(block, row) else { continue };
            let mut part = None;
            for who in ends.who(block, row).filter(|&who| frequent.holds(who)) {
                let part = match who {
                    Who::Conversation(..) => 0,
                    _ => *part.get_or_insert_with(|| clock.part(time)),
                };
                add(self.0.entry(who).or_default(), part, 1);
            }
        }
    }

    /// Joins what was traced elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (who, parts) in other.0 {
            let mine = self.0.entry(who).or_default();
            parts.into_iter().for_each(|(part, rows)| add(mine, part, rows));
        }
    }
}

/// Files are mostly in the order of time: the part is the last one, or a new one behind it.
fn add(parts: &mut Vec<(u16, u32)>, part: u16, rows: u32) {
    let place = match parts.last() {
        Some(last) if last.0 == part => Ok(parts.len() - 1),
        Some(last) if last.0 > part => parts.binary_search_by_key(&part, |known| known.0),
        _ => Err(parts.len()),
    };
    match place {
        Ok(place) => parts[place].1 += rows,
        Err(place) => parts.insert(place, (part, rows)),
    }
}
