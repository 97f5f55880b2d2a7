//! How far the flows of a file are from those that a detector was fitted on.
//!
//! Per column, the population stability index: Σ (now − then) · ln(now / then) over bins of about a tenth of the flows each (of
//! amounts) or the values that at least one in a hundred flows had (of what is counted), with bins for others and for missing
//! values. Below 0.1 is usual, above 0.25 much (Siddiqi, *Credit Risk Scorecards*, 2006, chapter 9). By chance alone it is
//! (1/n + 1/m) · χ² with a degree of freedom less than there are bins (Yurdakul & Naranjo, *Statistical properties of the
//! population stability index*, 2020), so that of few flows more is asked. Of amounts also the Kolmogorov–Smirnov distance at
//! the hundredths of what was: the greatest difference between the shares of flows with at most some value.

use serde::{Deserialize, Serialize};

use super::{Population, Shape, population::NAMED};
use crate::{numeric::order::ordered, table::key_number};

/// From this index on, a column is told to be others.
const MUCH: f64 = 0.25;
/// Deviations of chance that an index must be beyond.
const BEYOND_CHANCE: f64 = 4.0;
/// Flows of a bin of amounts; flows of the last one, and of values that have one of their own.
const BIN: f64 = 0.1;
const FREQUENT: f64 = 0.01;
/// Values that are new or gone are named, but no more than so many.
const MOST_NAMED: usize = 5;
/// From this share of columns on, a network is told to be another one; up to the other, it is told to be the same.
const ANOTHER: f64 = 0.5;
const SAME: f64 = 0.1;

/// How far flows are from those that a detector was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Of the columns, those farthest from what they were first.
    pub columns: Vec<ColumnDrift>,
    /// Of the scores.
    pub scores: Shift,
    /// Flows that tell of it: those of then, and those of now.
    pub rows: [u64; 2],
}

/// How far one column is from what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// Which column of the file.
    pub column: usize,
    /// How far.
    pub shift: Shift,
    /// Medians of amounts, then and now.
    pub medians: Option<[f64; 2]>,
    /// Shares of flows without a value, then and now.
    pub missing: [f64; 2],
    /// Values that were not there then, with their share now.
    pub new: Vec<(String, f64)>,
    /// Values that are not there now, with their share then.
    pub gone: Vec<(String, f64)>,
}

/// How far one distribution is from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// Population stability index; 0 where they are the same.
    pub psi: f64,
    /// Kolmogorov–Smirnov distance of amounts, in 0..=1.
    pub ks: Option<f64>,
    /// The index that chance alone hardly exceeds, of so few flows.
    pub by_chance: f64,
}

impl Shift {
    /// Whether that is much, and more than chance.
    #[must_use]
    pub fn is_much(&self) -> bool {
        self.psi >= MUCH && self.psi > self.by_chance
    }
}

/// What that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The flows are like those that the detector was fitted on.
    Same,
    /// Some columns are others now.
    Shifted,
    /// Most columns are.
    AnotherNetwork,
}

impl Drift {
    /// Of flows of now, told by the same values as those of then.
    #[must_use]
    pub fn between(then: &Population, now: &Population) -> Self {
        let rows = [then.rows, now.rows];
        let names = [&then.names, &now.names];
        let of = |(&column, now): (&usize, &Shape)| {
            let then = then.columns.get(&column)?;
            let name = |side: usize, key: u32| match names[side].get(&column) {
                Some(names) => names.get(&key).cloned(),
                None => Some(key_number(key).to_string()),
            };
            let medians = then.median().zip(now.median()).map(|(then, now)| [then, now]);
            Some(ColumnDrift {
                column,
                shift: shift(then, now),
                medians,
                missing: [then.missing(), now.missing()],
                new: only_in(now, then, |key| name(1, key)),
                gone: only_in(then, now, |key| name(0, key)),
            })
        };
        let columns: Vec<ColumnDrift> = now.columns.iter().filter_map(of).collect();
        let columns = ordered(columns, |a, b| b.shift.psi.total_cmp(&a.shift.psi));
        Self { columns, scores: shift(&then.scores, &now.scores), rows }
    }

    /// Columns that are others now.
    #[must_use]
    pub fn shifted(&self) -> usize {
        self.columns.iter().filter(|column| column.shift.is_much()).count()
    }

    /// What it means.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let share = self.shifted() as f64 / self.columns.len().max(1) as f64;
        if share > ANOTHER {
            Verdict::AnotherNetwork
        } else if share > SAME || self.scores.is_much() {
            Verdict::Shifted
        } else {
            Verdict::Same
        }
    }
}

/// How far one is from the other.
fn shift(then: &Shape, now: &Shape) -> Shift {
    let (bins, ks) = match (then, now) {
        (
            Shape::Amounts { below: then, known: all, missing, .. },
            Shape::Amounts { below: now, known: all_now, missing: missing_now, .. },
        ) if then.len() == now.len() => {
            let [wide, rare] = [BIN, FREQUENT].map(|share| (*all as f64 * share).max(1.0) as u64);
            let cut = |least: u64| {
                let (mut bins, mut last) = (vec![[*missing, *missing_now]], [0, 0]);
                for (&then, &now) in then.iter().zip(now) {
                    if then - last[0] >= wide && all - then >= least {
                        bins.push([then - last[0], now - last[1]]);
                        last = [then, now];
                    }
                }
                bins.push([all - last[0], all_now - last[1]]);
                bins
            };
            // The last bin is open to all that is greater now, so it is no smaller than it must be; but where nearly all were
            // of one value, what is beyond that is a bin, however rare.
            let mut bins = cut(rare);
            if bins.len() == 2 {
                bins = cut(0);
            }
            let share = |rows: u64, all: u64| rows as f64 / all as f64;
            let apart = then.iter().zip(now).map(|(&then, &now)| (share(then, *all) - share(now, *all_now)).abs());
            (bins, (*all > 0 && *all_now > 0).then(|| apart.fold(0.0, f64::max)))
        }
        (
            Shape::Values { counts: then, others, missing },
            Shape::Values { counts: now, others: others_now, missing: missing_now },
        ) => {
            let all = then.values().sum::<u64>() + others + missing;
            let mut rest = [*others, now.values().sum::<u64>() + others_now];
            let mut bins = vec![[*missing, *missing_now]];
            for (key, &rows) in then {
                if rows as f64 >= FREQUENT * all as f64 {
                    let rows_now = now.get(key).copied().unwrap_or(0);
                    rest[1] -= rows_now;
                    bins.push([rows, rows_now]);
                } else {
                    rest[0] += rows;
                }
            }
            bins.push(rest);
            (bins, None)
        }
        // A column of amounts that is one of counted values now.
        _ => return Shift { psi: f64::INFINITY, ks: None, by_chance: 0.0 },
    };
    Shift { ks, ..index(&bins) }
}

/// The index over bins of rows then and now. Half a row more in each, so that an empty one counts much but not without end.
fn index(bins: &[[u64; 2]]) -> Shift {
    let bins: Vec<&[u64; 2]> = bins.iter().filter(|bin| **bin != [0, 0]).collect();
    let all = [0, 1].map(|side| bins.iter().map(|bin| bin[side] as f64 + 0.5).sum::<f64>());
    let of = |bin: &[u64; 2]| {
        let [then, now] = [0, 1].map(|side| (bin[side] as f64 + 0.5) / all[side]);
        (now - then) * libm::log(now / then)
    };
    // A sum of nothing is −0.
    let psi = bins.iter().map(|bin| of(bin)).sum::<f64>() + 0.0;
    let free = bins.len().saturating_sub(1) as f64;
    let by_chance = (1.0 / all[0] + 1.0 / all[1]) * (free + BEYOND_CHANCE * (2.0 * free).sqrt());
    Shift { psi, ks: None, by_chance }
}

/// Values that many rows of the one have and none of the other; nothing where the other's were too many to be told.
fn only_in(one: &Shape, other: &Shape, name: impl Fn(u32) -> Option<String>) -> Vec<(String, f64)> {
    let (Shape::Values { counts, .. }, Shape::Values { counts: known, others: 0, .. }) = (one, other) else {
        return Vec::new();
    };
    let all = one.rows() as f64;
    let mut only: Vec<(u64, u32)> =
        counts.iter().filter(|(key, _)| !known.contains_key(key)).map(|(&key, &rows)| (rows, key)).collect();
    only.retain(|(rows, _)| *rows as f64 >= NAMED * all);
    only.sort_unstable_by_key(|&(rows, key)| (std::cmp::Reverse(rows), key));
    only.into_iter().filter_map(|(rows, key)| Some((name(key)?, rows as f64 / all))).take(MOST_NAMED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(values: impl IntoIterator<Item = f64>, like: Option<&Shape>) -> Shape {
        Shape::of_amounts(values.into_iter().collect(), like.and_then(Shape::edges))
    }

    #[test]
    fn the_same_amounts_are_no_shift_and_others_are() {
        let then = amounts((0..1_000).map(f64::from), None);
        let same = shift(&then, &amounts((0..1_000).map(f64::from), Some(&then)));
        assert_eq!((same.psi, same.ks), (0.0, Some(0.0)));
        // A tenth of all lies beyond what was there.
        let later = shift(&then, &amounts((100..1_100).map(f64::from), Some(&then)));
        assert!((later.ks.unwrap() - 0.1).abs() < 0.011, "{later:?}");
        assert!(later.is_much(), "one bin of ten is empty: {later:?}");
        let doubled = shift(&then, &amounts((0..1_000).map(|value| f64::from(value) * 1.1), Some(&then)));
        assert!(!doubled.is_much(), "{doubled:?}");
    }

    #[test]
    fn what_was_nearly_always_the_same_may_change_much() {
        let then = amounts((0..1_000).map(|row| if row < 995 { 0.0 } else { f64::from(row) }), None);
        let now = amounts((0..1_000).map(|row| if row < 300 { 0.0 } else { 5.0 }), Some(&then));
        assert!(shift(&then, &now).is_much());
        let constant = amounts(std::iter::repeat_n(7.0, 1_000), None);
        assert!(shift(&constant, &amounts((0..1_000).map(f64::from), Some(&constant))).is_much());
        assert!(!shift(&constant, &amounts(std::iter::repeat_n(7.0, 1_000), Some(&constant))).is_much());
    }

    #[test]
    fn a_median_is_of_the_flows_themselves() {
        let then = amounts([1.0, 2.0, 3.0], None);
        assert_eq!(then.median(), Some(2.0));
        assert_eq!(amounts([2_000.0, 3_000.0, 1_000.0], Some(&then)).median(), Some(2_000.0));
        let none = amounts([f64::NAN, f64::NAN], Some(&then));
        assert_eq!((none.median(), shift(&then, &none).ks), (None, None));
    }

    #[test]
    fn the_index_is_that_of_the_definition() {
        // Two bins of half each then, a quarter and three quarters now: (0.25 − 0.5) ln 0.5 + (0.75 − 0.5) ln 1.5.
        let found = index(&[[500_000, 250_000], [500_000, 750_000]]);
        assert!((found.psi - 0.274_653).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn of_few_rows_more_is_asked() {
        let then = amounts((0..40).map(f64::from), None);
        let now = amounts((0..12).map(|row| f64::from(row * 7 % 40)), Some(&then));
        let found = shift(&then, &now);
        assert!(found.psi < found.by_chance && !found.is_much(), "{found:?}");
    }

    #[test]
    fn what_is_new_and_gone_is_named() {
        let keys = |of: &[(u32, usize)]| {
            Shape::of_keys(
                of.iter().flat_map(|&(key, rows)| std::iter::repeat_n(key, rows)).collect::<Vec<_>>().into_iter(),
            )
        };
        let then = keys(&[(6, 900), (17, 90), (1, 10)]);
        let now = keys(&[(6, 900), (47, 95), (1, 5)]);
        let name = |key: u32| Some(key.to_string());
        assert_eq!(only_in(&now, &then, name), [("47".to_owned(), 0.095)]);
        assert_eq!(only_in(&then, &now, name), [("17".to_owned(), 0.09)]);
        assert!(shift(&then, &now).is_much());
        // Where not all were told, none can be told to be new.
        let many = keys(&(0..2_000).map(|key| (key, 1)).collect::<Vec<_>>());
        assert!(only_in(&now, &many, name).is_empty());
    }

    #[test]
    fn missing_values_count() {
        let then = amounts((0..500).map(f64::from), None);
        let now = amounts((0..500).map(|row| if row % 2 == 0 { f64::NAN } else { f64::from(row) }), Some(&then));
        let found = shift(&then, &now);
        assert!(found.is_much() && found.ks.unwrap() < 0.01, "{found:?}");
    }
}
