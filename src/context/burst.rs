//! Traces → bursts: whose flows lie mostly in a small part of the file.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Clock, Ends, Traces, Who, series, trace::LEAST};
use crate::table::Block;

/// A burst takes no larger share of the file's flows than this, from its first flow to its last.
const SHORT: f64 = 0.25;
/// Tenths of somebody's flows that may make the burst: what else they do before and after does not hide it.
const TENTHS: RangeInclusive<u64> = 5..=9;
/// What chance brings is taken to be so many times what nine in ten of those reach who have many flows. (Chosen by days of the
/// synthetic office, `docs/ACCURACY.md`.)
const CHANCE: f64 = 1.8;
/// And nine in ten of them to reach at least so much.
const LEAST_USUAL: f64 = 10.0;
/// Of fewer, a tenth may be the burst itself, which is told of as client, service and pair: these say nothing of what is usual.
const MANY: usize = 50;
/// Flows beside a burst belong to it where there are so many times as many a part as in it.
const DENSE: f64 = 0.25;
/// Bursts that are looked at more closely, at most, and series.
pub(super) const CANDIDATES: usize = 100;

/// Many flows of one host, service or pair of hosts within a short time; or, of a conversation, at even intervals: a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    /// Whose they are.
    pub who: Who,
    /// Flows.
    pub rows: u64,
    /// The share of the file that it takes, of all other flows or of time, whichever is larger.
    pub share: f64,
    /// `√rows · ln(own share / share)`, where the own share is that of all flows of theirs: as a multiple of what chance does. At least 1.
    /// (Of a series, how even it is.)
    pub severity: f64,
    /// What is usual between two flows of a series, in nanoseconds; `None` of a burst.
    pub period: Option<i64>,
    /// The features along which the fewest other rows are where its are, and their share. (Of those that are told of.)
    pub distinct: Vec<(u32, f64)>,
    pub(super) first: u16,
    pub(super) last: u16,
}

impl Burst {
    /// Rows at this time of somebody are its own.
    fn holds(&self, part: u16) -> bool {
        (self.first..=self.last).contains(&part)
    }
}

/// The bursts and series of a file, so that rows can be assigned to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bursts {
    ends: Ends,
    clock: Clock,
    /// The bursts and series.
    pub bursts: Vec<Burst>,
    /// Whose they are, ascending, with their places.
    places: Vec<(Who, u8)>,
}

impl Bursts {
    /// Those that stand out among `all` rows. None has more rows than `most`: what is so common is the rule.
    #[must_use]
    pub fn of((ends, clock): (Ends, Clock), traces: &Traces, all: u64, most: u64) -> Self {
        let many = traces.parts.iter().filter(|(_, parts)| rows(parts) >= u64::from(LEAST));
        let (mut speaks, mut bursts) = (Vec::new(), Vec::new());
        for (&who, parts) in many {
            let windows = windows(who, parts, (&clock, all));
            speaks.extend(windows.iter().map(|window| window.severity).max_by(f64::total_cmp));
            let short = windows.into_iter().filter(|window| window.share <= SHORT && window.rows <= most);
            bursts.extend(short.max_by(|a, b| a.severity.total_cmp(&b.severity)));
        }
        speaks.sort_unstable_by(f64::total_cmp);
        let usual = speaks.get(speaks.len() * 9 / 10).filter(|_| speaks.len() >= MANY).copied().unwrap_or_default();
        let chance = CHANCE * usual.max(LEAST_USUAL);
        bursts.iter_mut().for_each(|burst| burst.severity /= chance);
        bursts.retain(|burst| burst.severity >= 1.0);
        // Of equals, the one that says most: nothing hangs on the order in which they were counted.
        bursts.sort_by(|a, b| b.severity.total_cmp(&a.severity).then_with(|| a.who.cmp(&b.who)));
        bursts.truncate(CANDIDATES);
        bursts.extend(series::all(traces, &clock, most));
        Self { ends, clock, bursts, places: Vec::new() }.placed()
    }

    fn placed(mut self) -> Self {
        self.places = self.bursts.iter().map(|burst| burst.who).zip(0..).collect();
        self.places.sort_unstable();
        self
    }

    /// The places of those that are left when each row counts for the most severe one alone, in that order: what is left of others must be most
    /// of them. `rows` are the rows that belong to the same ones, by the places of these.
    #[must_use]
    pub fn disjoint(&self, rows: &[(&[u8], u64)]) -> Vec<u8> {
        let mut order: Vec<u8> = self.bursts.iter().zip(0..).map(|(_, place)| place).collect();
        order.sort_by(|&a, &b| self.bursts[usize::from(b)].severity.total_cmp(&self.bursts[usize::from(a)].severity));
        let mut kept: Vec<u8> = Vec::new();
        for place in order {
            let own = |(places, _): &&(&[u8], u64)| {
                places.contains(&place) && !places.iter().any(|other| kept.contains(other))
            };
            let rows: u64 = rows.iter().filter(own).map(|(_, rows)| rows).sum();
            if 2 * rows > self.bursts[usize::from(place)].rows {
                kept.push(place);
            }
        }
        kept
    }

    /// Those at these places alone, in that order.
    #[must_use]
    pub fn only(mut self, places: &[u8]) -> Self {
        self.bursts = places.iter().map(|&place| self.bursts[usize::from(place)].clone()).collect();
        self.placed()
    }

    /// The places of the bursts that each row of a block belongs to.
    pub fn of_rows(&self, block: &Block) -> impl Iterator<Item = impl Iterator<Item = u8>> {
        // Most rows are at a time at which there is no burst.
        let mut at = vec![false; self.clock.parts()];
        self.bursts.iter().for_each(|burst| at[usize::from(burst.first)..=usize::from(burst.last)].fill(true));
        (0..block.rows()).map(move |row| {
            let part = self.ends.when(block, row).map(|time| self.clock.part(time));
            let part = part.filter(|&part| at[usize::from(part)]);
            let known = move |(part, who): (u16, Who)| {
                let place = self.places.binary_search_by_key(&who, |known| known.0).ok()?;
                let place = self.places[place].1;
                let burst = &self.bursts[usize::from(place)];
                burst.holds(part).then_some(place)
            };
            part.into_iter()
                .flat_map(move |part| self.ends.who(block, row).map(move |who| (part, who)))
                .filter_map(known)
        })
    }

    /// The place of the burst that each row of a block belongs to, the most severe of several; `None` for none.
    pub fn assign(&self, block: &Block) -> impl Iterator<Item = Option<u8>> {
        self.of_rows(block).map(Iterator::min)
    }
}

fn rows(parts: &[(u16, u32)]) -> u64 {
    parts.iter().map(|part| u64::from(part.1)).sum()
}

/// The shortest windows that hold so many tenths of somebody's rows, with what speaks for each.
fn windows(who: Who, parts: &[(u16, u32)], file: (&Clock, u64)) -> Vec<Burst> {
    TENTHS.filter_map(|tenths| shortest(who, parts, (rows(parts) * tenths).div_ceil(10), file)).collect()
}

/// The shortest window that holds so many of somebody's rows, with those beside it that are as dense.
fn shortest(who: Who, parts: &[(u16, u32)], wanted: u64, (clock, all): (&Clock, u64)) -> Option<Burst> {
    let share_of = |first, last, own: u64| clock.share(first, last, own as f64 / all as f64);
    // From which of the parts to which, with the share of the file and the rows.
    let mut best: Option<(f64, u64, [usize; 2])> = None;
    let (mut from, mut inside) = (0, 0);
    for (to, &(last, rows)) in parts.iter().enumerate() {
        inside += u64::from(rows);
        while inside - u64::from(parts[from].1) >= wanted {
            inside -= u64::from(parts[from].1);
            from += 1;
        }
        if inside >= wanted {
            let share = share_of(parts[from].0, last, inside);
            if best.is_none_or(|(least, ..)| share < least) {
                best = Some((share, inside, [from, to]));
            }
        }
    }
    let (share, inside, [mut from, mut to]) = best?;
    // So many times as many as if they came with all others.
    let times = inside as f64 / rows(parts) as f64 / share;
    let severity = (inside as f64).sqrt() * libm::log(times).max(0.0);
    // What is asked for cuts off the ends of a burst: they belong to it where they are in the very next parts, and dense.
    let dense = DENSE * inside as f64 / (to - from + 1) as f64;
    let belongs =
        |known: usize, next: usize| parts[known].0.abs_diff(parts[next].0) == 1 && f64::from(parts[next].1) >= dense;
    while from > 0 && belongs(from, from - 1) {
        from -= 1;
    }
    while to + 1 < parts.len() && belongs(to, to + 1) {
        to += 1;
    }
    let [first, last] = [parts[from].0, parts[to].0];
    let rows = rows(&parts[from..=to]);
    Some(Burst {
        who,
        rows,
        share: share_of(first, last, rows),
        severity,
        period: None,
        distinct: Vec::new(),
        first,
        last,
    })
}
