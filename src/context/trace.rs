//! Rows → who has many of them, and when these were.

use std::{collections::HashMap, ops::RangeInclusive};

use serde::{Deserialize, Serialize};

use super::{Clock, Ends, Who};
use crate::table::Block;

/// Flows of the smallest burst.
pub(super) const LEAST: u16 = 16;
/// Buckets of which so many at most are traced: what is traced travels between workers.
const TRACED: usize = 16_384;
/// Of conversations, rows: when each of these was travels.
const TIMES: u64 = 1 << 21;

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

    /// Who has so many rows that a burst or a series is possible: of very many such those with the most rows, of conversations those with
    /// the fewest.
    #[must_use]
    pub fn frequent(&self) -> Frequent {
        let bits = |half: &[u16], wanted: RangeInclusive<u16>| {
            let bits = |rows: &[u16]| {
                rows.iter().enumerate().fold(0, |bits, (bit, rows)| bits | u64::from(wanted.contains(rows)) << bit)
            };
            half.chunks(64).map(bits).collect::<Vec<u64>>()
        };
        let (many, conversations) = self.0.split_at(self.0.len() / 2);
        Frequent([bits(many, least(many)..=u16::MAX), bits(conversations, LEAST..=most(conversations))].concat())
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

/// The most rows of a conversation whose times are looked at. More than can be counted are too many.
fn most(buckets: &[u16]) -> u16 {
    let mut of_size = vec![0_u64; usize::from(u16::MAX)];
    buckets.iter().filter(|&&rows| rows < u16::MAX).for_each(|&rows| of_size[usize::from(rows)] += 1);
    let mut left = TIMES;
    let sizes = (u64::from(LEAST)..).zip(&of_size[usize::from(LEAST)..]);
    let fitting = sizes.take_while(|(rows, buckets)| {
        let fits = left.checked_sub(rows * **buckets);
        left = fits.unwrap_or_default();
        fits.is_some()
    });
    LEAST - 1 + fitting.count() as u16
}

impl Frequent {
    #[inline]
    fn holds(&self, who: Who) -> bool {
        let bucket = bucket(who, 64 * self.0.len());
        self.0[bucket / 64] >> (bucket % 64) & 1 == 1
    }
}

/// When the rows were of those who have many.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Traces {
    /// Parts of the file's [`Clock`], ascending, with the rows in each; not of conversations.
    pub(super) parts: HashMap<Who, Vec<(u16, u32)>>,
    /// When each row of a conversation was.
    pub(super) conversations: HashMap<Who, Times>,
}

/// Points in time, in nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Times(#[serde(with = "crate::table::packed")] pub(super) Vec<i64>);

impl Traces {
    /// Traces the rows of a block.
    pub fn add(&mut self, (ends, clock, frequent): (&Ends, &Clock, &Frequent), block: &Block) {
        for row in 0..block.rows() {
            let Some(time) = ends.when(block, row) else { continue };
            let mut part = None;
            for who in ends.who(block, row).filter(|&who| frequent.holds(who)) {
                if who.is_conversation() {
                    self.conversations.entry(who).or_default().0.push(time);
                } else {
                    let part = *part.get_or_insert_with(|| clock.part(time));
                    add(self.parts.entry(who).or_default(), part, 1);
                }
            }
        }
    }

    /// Joins what was traced elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (who, parts) in other.parts {
            let mine = self.parts.entry(who).or_default();
            parts.into_iter().for_each(|(part, rows)| add(mine, part, rows));
        }
        for (who, times) in other.conversations {
            self.conversations.entry(who).or_default().0.extend(times.0);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_conversations_those_with_the_fewest_rows_are_looked_at() {
        let of = |sizes: &[(usize, u16)]| {
            sizes.iter().flat_map(|&(buckets, rows)| vec![rows; buckets]).collect::<Vec<u16>>()
        };
        let far = u16::MAX - 1;
        assert_eq!(most(&of(&[(9, 3), (100, 16), (10, far)])), far, "all but what could not be counted");
        let many = of(&[(9, 3), (40_000, 16), (22_000, 70), (1, u16::MAX)]);
        assert_eq!(most(&many), 69, "there is no room for another 1,540,000 rows");
        assert_eq!(most(&of(&[(200_000, 16)])), LEAST - 1, "for none");
    }
}
