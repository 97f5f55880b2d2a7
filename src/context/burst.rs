//! Traces → bursts: whose flows lie mostly in a small part of the file.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Clock, Ends, Traces, Who, trace::LEAST};
use crate::table::Block;

/// A burst takes no larger share of the file's flows than this, from its first flow to its last.
const SHORT: f64 = 0.25;
/// Tenths of somebody's flows that may make the burst: what else they do before and after does not hide it.
const TENTHS: RangeInclusive<u64> = 5..=9;
/// What chance brings is taken to be so many times what nine in ten of those reach who have many flows. (Chosen by days of the
/// synthetic office, `docs/ACCURACY.md`.)
const CHANCE: f64 = 1.8;
/// And nine in ten of them to reach at least so much, where they are few.
const LEAST_USUAL: f64 = 10.0;
/// Bursts that are looked at more closely, at most.
const CANDIDATES: usize = 100;

/// Many flows of one host, service or pair of hosts within a short time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    /// Whose they are.
    pub who: Who,
    /// Flows.
    pub rows: u64,
    /// From the first to the last, the share of all flows of the file.
    pub share: f64,
    /// `√rows · ln(own share / share)`, where the own share is that of all flows of theirs: as a multiple of what chance does. At least 1.
    pub severity: f64,
    first: u16,
    last: u16,
}

/// The bursts of a file, the most severe first, so that rows can be assigned to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bursts {
    ends: Ends,
    clock: Clock,
    /// The bursts.
    pub bursts: Vec<Burst>,
    /// Whose they are, ascending, with their places.
    places: Vec<(Who, u8)>,
}

impl Bursts {
    /// Those that stand out. None has more rows than `most`: what is so common is the rule.
    #[must_use]
    pub fn of(ends: Ends, clock: Clock, traces: &Traces, most: u64) -> Self {
        let many = traces.0.iter().filter(|(_, parts)| rows(parts) >= u64::from(LEAST));
        let (mut speaks, mut bursts) = (Vec::new(), Vec::new());
        for (&who, parts) in many {
            let windows = windows(who, parts, &clock);
            speaks.extend(windows.iter().map(|window| window.severity).max_by(f64::total_cmp));
            let short = windows.into_iter().filter(|window| window.share <= SHORT && window.rows <= most);
            bursts.extend(short.max_by(|a, b| a.severity.total_cmp(&b.severity)));
        }
        speaks.sort_unstable_by(f64::total_cmp);
        let usual = speaks.get(speaks.len() * 9 / 10).copied().unwrap_or_default();
        let chance = CHANCE * usual.max(LEAST_USUAL);
        bursts.iter_mut().for_each(|burst| burst.severity /= chance);
        bursts.retain(|burst| burst.severity >= 1.0);
        // Of equals, the one that says most: nothing hangs on the order in which they were counted.
        bursts.sort_by(|a, b| b.severity.total_cmp(&a.severity).then_with(|| a.who.cmp(&b.who)));
        bursts.truncate(CANDIDATES);
        let mut places: Vec<(Who, u8)> = bursts.iter().map(|burst| burst.who).zip(0..).collect();
        places.sort_unstable();
        Self { ends, clock, bursts, places }
    }

    /// The place of the burst that each row of a block belongs to, the most severe of several; `None` for none.
    pub fn assign(&self, block: &Block) -> impl Iterator<Item = Option<u8>> {
        // Most rows are at a time at which there is no burst.
        let mut at = vec![false; self.clock.parts()];
        self.bursts.iter().for_each(|burst| at[usize::from(burst.first)..=usize::from(burst.last)].fill(true));
        (0..block.rows()).map(move |row| {
            let part = self.clock.part(self.ends.when(block, row)?);
            if !at[usize::from(part)] {
                return None;
            }
            let known = |who: Who| {
                let place = self.places.binary_search_by_key(&who, |known| known.0).ok()?;
                let place = self.places[place].1;
                let burst = &self.bursts[usize::from(place)];
                (burst.first..=burst.last).contains(&part).then_some(place)
            };
            self.ends.who(block, row).filter_map(known).min()
        })
    }
}

fn rows(parts: &[(u16, u32)]) -> u64 {
    parts.iter().map(|part| u64::from(part.1)).sum()
}

/// The shortest windows that hold so many tenths of somebody's rows, with what speaks for each.
fn windows(who: Who, parts: &[(u16, u32)], clock: &Clock) -> Vec<Burst> {
    let all = rows(parts);
    TENTHS.filter_map(|tenths| shortest(who, parts, (all, (all * tenths).div_ceil(10)), clock)).collect()
}

/// The shortest window that holds so many of somebody's rows.
fn shortest(who: Who, parts: &[(u16, u32)], (all, wanted): (u64, u64), clock: &Clock) -> Option<Burst> {
    let mut best: Option<(f64, u64, [u16; 2])> = None;
    let (mut from, mut inside) = (0, 0);
    for &(last, rows) in parts {
        inside += u64::from(rows);
        while inside - u64::from(parts[from].1) >= wanted {
            inside -= u64::from(parts[from].1);
            from += 1;
        }
        if inside >= wanted {
            let share = clock.share(parts[from].0, last);
            if best.is_none_or(|(least, ..)| share < least) {
                best = Some((share, inside, [parts[from].0, last]));
            }
        }
    }
    let (share, rows, [first, last]) = best?;
    // So many times as many as if they came with all others.
    let times = rows as f64 / all as f64 / share;
    Some(Burst { who, rows, share, severity: (rows as f64).sqrt() * times.ln().max(0.0), first, last })
}
