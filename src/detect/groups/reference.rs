//! Flows known to be normal: groups that are like some of them are usual.

use serde::{Deserialize, Serialize};

use super::LEAST;
use crate::features::{Points, UNIT};

/// Rows whose neighbours tell how far normal flows are from each other.
const TELLING: usize = 2_048;
/// How many: four in five. Chosen by three labelled sets and eight synthetic days (`docs/ACCURACY.md`): nine in ten hides two scans
/// more, seven in ten lets usual groups through.
const MOST: (usize, usize) = (4, 5);
/// Rows of a group that are compared with the normal ones.
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
    pub(crate) fn points(&self) -> &Points {
        &self.points
    }

    /// How far a group's rows are from the normal ones, that in the middle of some of them.
    pub(super) fn away(&self, points: &Points, rows: &[u32]) -> u32 {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let some = rows.iter().step_by(rows.len().div_ceil(COMPARED).max(1));
        let mut distances: Vec<u32> = some.map(|&row| nearest(&self.points, (points, row as usize), None)).collect();
        distances.sort_unstable();
        distances.get(distances.len() / 2).copied().unwrap_or(0)
    }
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
        let far = Points::at(&rows(20_000, 1));
        assert_eq!(reference.away(&far, &[3, 4, 5]), 8 * (20_004 - 19 * 500));
        assert_eq!(reference.away(&Points::at(&rows(7, 500)), &[2, 3, 9]), 8 * 7);
        // Rows that are all equal are no measure.
        assert_eq!(Reference::of(Points::at(&rows(0, 0)), 8).usual, 1_600);
    }
}
