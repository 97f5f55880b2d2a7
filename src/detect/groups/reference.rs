//! Flows known to be normal: sets that are as common among them as in the file are usual.
//!
//! A few flows of an attack among normal ones must not hide a flood of them. So it is not asked whether a normal flow is near, but how many
//! are, beside how many of the file's are: the ratio of two densities (Hido, Tsuboi, Kashima, Sugiyama and Kanamori 2011, *Statistical outlier
//! detection using direct density ratio estimation*), here by counting around a set's own rows.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::LEAST;
use crate::features::{Points, UNIT};

/// Rows whose neighbours tell how far normal flows are from each other.
const TELLING: usize = 2_048;
/// How many: four in five. Chosen by three labelled sets and eight synthetic days (`docs/ACCURACY.md`): nine in ten hides two scans
/// more, seven in ten lets usual groups through.
const MOST: (usize, usize) = (4, 5);
/// A set is usual if normal rows have at least two in three of those that they would have if it were as common among them. (Chosen in
/// `docs/ACCURACY.md`.)
const COMMON: (u64, u64) = (2, 3);
/// Rows of a set that are compared with the normal ones.
const COMPARED: usize = 16;

/// Normal rows, and how far most of them are at most from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    pub(super) points: Points,
    /// As a sum over the features.
    pub(super) usual: u32,
}

impl Reference {
    /// By these rows, of a space of so many features.
    #[must_use]
    pub fn of(points: Points, features: usize) -> Self {
        let rows = points.rows();
        let step = rows.div_ceil(TELLING).max(1);
        let mut distances: Vec<u32> =
            (0..rows).step_by(step).map(|row| nearest(&points, (&points, row), Some(row))).collect();
        distances.sort_unstable();
        let usual = distances.get(distances.len() * MOST.0 / MOST.1).copied().unwrap_or(0);
        let least = (LEAST * features as f64 * f64::from(UNIT)) as u32;
        Self { points, usual: usual.max(least).max(1) }
    }

    /// The same rows along so many of so many features: they are nearer to each other in proportion.
    #[must_use]
    pub fn along(&self, points: Points, [some, all]: [usize; 2]) -> Self {
        let usual = u64::from(self.usual) * some as u64 / all.max(1) as u64;
        Self { points, usual: (usual as u32).max(1) }
    }

    /// The rows.
    #[must_use]
    pub fn points(&self) -> &Points {
        &self.points
    }
}

/// Which rows of a file are in a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampled {
    /// So many were drawn by chance: the first.
    pub drawn: usize,
    /// Rows of the file.
    pub rows: u64,
}

/// Flows known to be normal, and others that are to be told from them.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The normal ones.
    pub reference: &'a Reference,
    /// How the others were drawn.
    pub sampled: Sampled,
}

impl Against<'_> {
    /// How far a set's rows are from the normal ones, that in the middle of some of them; none where the set is usual. Others of the sample join it
    /// at the distance `apart`, so that up to there is counted.
    pub(super) fn away(&self, sample: &Points, points: &Points, (rows, apart): (&[u32], u32)) -> Option<u32> {
        let (normal, drawn) = (&self.reference.points, self.sampled.drawn);
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let some = rows.iter().step_by(rows.len().div_ceil(COMPARED).max(1));
        let beside = some.map(|&row| {
            let point = (points, row as usize);
            let (by_chance, _) = around(sample, 0..drawn, point, apart);
            let (others, _) = around(sample, drawn..sample.rows(), point, apart);
            let (there, nearest) = around(normal, 0..normal.rows(), point, apart);
            [by_chance + others, by_chance, there, nearest]
        });
        let beside: Vec<[u32; 4]> = beside.collect();
        let [here, by_chance, there, nearest] = [0, 1, 2, 3].map(|which| {
            let mut all: Vec<u32> = beside.iter().map(|told| told[which]).collect();
            all.sort_unstable();
            all.get(all.len() / 2).copied().unwrap_or(0)
        });
        // What was counted is a sample: of normal rows there may be a standard deviation more. The file has at least those that were seen, and
        // as large a share as chance drew, two deviations less.
        let (most, least) = (there + there.isqrt() + 1, by_chance.saturating_sub(2 * by_chance.isqrt()));
        let rarer =
            |share: u32, of: u64| COMMON.1 * u64::from(most) * of < COMMON.0 * u64::from(share) * normal.rows() as u64;
        let rare = rarer(here, self.sampled.rows) || rarer(least, drawn as u64);
        let far = nearest >= apart && nearest > self.reference.usual;
        (rare || far).then_some(nearest.max(apart))
    }
}

/// How many of some others are nearer to a row than this, and how far the nearest is.
fn around(others: &Points, some: Range<usize>, (points, row): (&Points, usize), than: u32) -> (u32, u32) {
    let point = points.point(row);
    some.fold((0, u32::MAX), |(count, nearest), other| match point.nearer(others.point(other), than.max(nearest)) {
        Some(distance) => (count + u32::from(distance < than), nearest.min(distance)),
        None => (count, nearest),
    })
}

/// How far a row is from the nearest of some others, but for one of them.
fn nearest(others: &Points, (points, row): (&Points, usize), but: Option<usize>) -> u32 {
    let point = points.point(row);
    let others = (0..others.rows()).filter(|&other| Some(other) != but).map(|other| others.point(other));
    others.fold(u32::MAX, |least, other| point.nearer(other, least).unwrap_or(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_how_far_normal_rows_are_from_each_other() {
        let rows = |from: i16, step: i16| (0..20).map(|row| vec![from + step * row; 8]).collect::<Vec<_>>();
        let reference = Reference::of(Points::at(&rows(0, 500)), 8);
        assert_eq!(reference.usual, 8 * 500);
        // Rows that are all equal are no measure.
        assert_eq!(Reference::of(Points::at(&rows(0, 0)), 8).usual, 1_600);
    }

    /// A hundred rows all over, and so many alike ones elsewhere.
    fn with_alike(alike: i16) -> Points {
        let all_over = (0..100).map(|row| vec![row * 100; 8]);
        Points::at(&all_over.chain((0..alike).map(|row| vec![20_000 + row; 8])).collect::<Vec<_>>())
    }

    /// How far 40 alike rows of a file are from so many normal ones and others.
    fn away(normal: i16, drawn: usize, rows: u64) -> Option<u32> {
        let (file, reference) = (with_alike(40), Reference::of(with_alike(normal), 8));
        let alike: Vec<u32> = (100..140).collect();
        let sampled = Sampled { drawn, rows };
        Against { reference: &reference, sampled }.away(&file, &file, (&alike, 8 * 1_000))
    }

    #[test]
    fn a_few_alike_rows_hide_no_crowd_of_them() {
        // 40 of 140 rows would be 33 to 40 of as many normal ones.
        for (few, hidden) in [(0, false), (1, false), (10, false), (17, false), (18, true), (40, true)] {
            assert_eq!(away(few, 140, 140).is_none(), hidden, "{few}");
        }
        // As far as nothing normal is, or as others of the file.
        assert_eq!(away(0, 140, 140), Some(8 * (20_021 - 9_900)));
        assert_eq!(away(1, 140, 140), Some(8 * 1_000));
    }

    #[test]
    fn rows_are_as_common_as_chance_drew_them_or_as_were_seen() {
        // 140 of 14,000, all drawn by chance: 40 may be 28.
        for (few, hidden) in [(0, false), (10, false), (11, true)] {
            assert_eq!(away(few, 140, 14_000).is_none(), hidden, "{few}");
        }
        // The alike ones are there because they score high: one in a hundred normal rows is as many as there are.
        assert_eq!(away(1, 100, 14_000), None);
        assert!(away(1, 100, 400).is_some());
        // Where none is normal, they are odd.
        assert!(away(0, 100, 14_000).is_some());
    }
}
