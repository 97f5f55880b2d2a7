//! References, arranged so that few of them are compared with a row.
//!
//! They are in cells around some of them, each cell in the order of the distance from its middle. A row that is so far from the middle
//! is at least by the difference away from those that are nearer to it or farther, so most are never looked at, and the answer is that
//! of comparing all (the triangle inequality, as in Brin 1995, *Near neighbor search in large metric spaces*).

use serde::{Deserialize, Serialize};

use super::params::MOST_REFERENCES;
use crate::features::{Point, Points};

/// The most cells.
const CELLS: usize = 128;
/// Distances of the middles are rounded, by less than this.
const SLACK: f64 = 1e-6;

/// References in cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Neighbours {
    /// With rounded coordinates.
    points: Points,
    /// How many rows each stands for.
    #[serde(with = "crate::table::packed")]
    weights: Vec<u32>,
    /// How far each is from the middle of its cell.
    #[serde(with = "crate::table::packed")]
    away: Vec<f64>,
    cells: Vec<Cell>,
}

/// References of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Cell {
    first: usize,
    end: usize,
    /// The reference in its middle.
    middle: usize,
}

/// The nearest references of a row.
pub(super) struct Near {
    wanted: u32,
    /// The squares of their distances in ascending order, and how many rows each stands for: as many as it takes to be those that are
    /// wanted.
    found: Vec<(u64, u32)>,
    /// Only what is nearer than this counts any more: squared, and as it is.
    within: (u64, f64),
    middles: Vec<f64>,
}

impl Near {
    pub fn new(wanted: usize) -> Self {
        let (found, middles) = (Vec::with_capacity(wanted.min(CELLS) + 1), Vec::with_capacity(CELLS));
        Self { wanted: wanted as u32, found, within: (u64::MAX, f64::INFINITY), middles }
    }

    fn clear(&mut self) {
        self.found.clear();
        self.within = (u64::MAX, f64::INFINITY);
    }

    fn offer(&mut self, square: u64, weight: u32) {
        let place = self.found.partition_point(|near| near.0 <= square);
        self.found.insert(place, (square, weight.min(self.wanted)));
        let mut rows = 0;
        let enough = |near: &(u64, u32)| {
            rows += near.1;
            rows >= self.wanted
        };
        if let Some(last) = self.found.iter().position(enough) {
            self.found.truncate(last + 1);
            let farthest = self.found[last].0;
            self.within = (farthest, (farthest as f64).sqrt());
        }
    }

    /// The square of the distance of the neighbour of this number, counted from 1; of the last one, if there are fewer.
    pub fn square(&self, number: usize) -> u64 {
        let mut rows = 0;
        let reached = |near: &&(u64, u32)| {
            rows += near.1 as usize;
            rows >= number
        };
        self.found.iter().find(reached).or(self.found.last()).map_or(0, |near| near.0)
    }

    /// The row lies where a reference does.
    pub fn is_at_one(&self) -> bool {
        self.found.first().is_some_and(|near| near.0 == 0)
    }
}

fn distance(one: Point<'_>, other: Point<'_>) -> f64 {
    (one.straight(other, u64::MAX).unwrap_or(u64::MAX) as f64).sqrt()
}

impl Neighbours {
    /// Arranges references. Also says where each came from: its number among them.
    pub fn of(points: &Points, weights: &[u32]) -> (Self, Vec<usize>) {
        let rows = points.rows();
        let cells = ((rows as f64).sqrt() as usize).clamp(1, CELLS).min(rows);
        // They are in the order of what they hold, so these are spread over all of it.
        let middles: Vec<usize> = (0..cells).map(|cell| cell * rows / cells).collect();
        let cell_of = |row: usize| {
            let point = points.point(row);
            let away = middles.iter().map(|&middle| distance(point, points.point(middle))).enumerate();
            let (cell, away) = away.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
            (cell, away, row)
        };
        let mut order: Vec<(usize, f64, usize)> = (0..rows).map(cell_of).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let from: Vec<usize> = order.iter().map(|&(_, _, row)| row).collect();
        let mut first = 0;
        let cell = |run: &[(usize, f64, usize)]| {
            let (from, middle) = (first, middles[run[0].0]);
            first += run.len();
            // No other reference lies where a middle does, so it is in its own cell.
            let place = run.iter().position(|&(_, _, row)| row == middle).unwrap_or(0);
            Cell { first: from, end: first, middle: from + place }
        };
        let cells = order.chunk_by(|a, b| a.0 == b.0).map(cell).collect();
        let arranged = Self {
            points: points.pick(&from),
            weights: from.iter().map(|&row| weights[row]).collect(),
            away: order.iter().map(|&(_, away, _)| away).collect(),
            cells,
        };
        (arranged, from)
    }

    /// References.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    pub fn points(&self) -> &Points {
        &self.points
    }

    /// How many rows each stands for.
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// Of points that lie in one space: searching finds what comparing all would.
    pub fn are_sound(&self) -> bool {
        let rows = self.points.rows();
        let mut before = 0;
        let mut is_next = |cell: &Cell| {
            let follows = cell.first == std::mem::replace(&mut before, cell.end);
            follows && cell.end <= rows && (cell.first..cell.end).contains(&cell.middle)
        };
        let is_arranged = |cell: &Cell| {
            let (middle, away) = (self.points.point(cell.middle), &self.away[cell.first..cell.end]);
            let is_so_far = |(row, away): (usize, &f64)| distance(middle, self.points.point(row)) == *away;
            away.is_sorted() && (cell.first..).zip(away).all(is_so_far)
        };
        (1..=MOST_REFERENCES).contains(&rows)
            && [self.weights.len(), self.away.len()] == [rows; 2]
            && !self.weights.contains(&0)
            && self.points.are_rounded()
            && self.cells.len() <= CELLS
            && self.cells.iter().all(&mut is_next)
            && before == rows
            && self.cells.iter().all(is_arranged)
    }

    /// Finds the nearest of a row.
    pub fn find(&self, point: Point<'_>, near: &mut Near) {
        near.clear();
        let mut middles = std::mem::take(&mut near.middles);
        middles.clear();
        middles.extend(self.cells.iter().map(|cell| distance(point, self.points.point(cell.middle))));
        let nearest = (0..middles.len()).min_by(|&a, &b| middles[a].total_cmp(&middles[b]));
        for cell in nearest.into_iter().chain((0..middles.len()).filter(|&cell| Some(cell) != nearest)) {
            let Cell { first, end, .. } = self.cells[cell];
            let (away, middle) = (&self.away[first..end], middles[cell]);
            let least = middle - near.within.1 - SLACK;
            let from = away.partition_point(|&away| away < least);
            for (row, away) in (first + from..).zip(&away[from..]) {
                if *away > middle + near.within.1 + SLACK {
                    break;
                }
                if let Some(square) = point.straight(self.points.point(row), near.within.0) {
                    near.offer(square, self.weights[row]);
                }
            }
        }
        near.middles = middles;
    }

    /// The first reference at this distance from a row, which is given squared.
    pub fn first_at(&self, point: Point<'_>, square: u64) -> Option<usize> {
        let reach = (square as f64).sqrt() + SLACK;
        let at = |cell: &Cell| {
            let middle = distance(point, self.points.point(cell.middle));
            let possible = |row: &usize| (self.away[*row] - middle).abs() <= reach;
            let exact = |row: &usize| point.straight(self.points.point(*row), square.saturating_add(1)) == Some(square);
            (cell.first..cell.end).filter(possible).find(exact)
        };
        self.cells.iter().find_map(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_be_searched_in_vain_is_told() {
        let points = Points::at(&(0..90).map(|row| vec![row * 7 % 300; 9]).collect::<Vec<_>>()).rounded();
        let sound = Neighbours::of(&points, &[2; 90]).0;
        assert!(sound.are_sound());
        let told = |change: &dyn Fn(&mut Neighbours)| {
            let mut other = sound.clone();
            change(&mut other);
            !other.are_sound()
        };
        assert!(told(&|other| other.weights[3] = 0));
        assert!(told(&|other| other.weights.truncate(89)));
        assert!(told(&|other| other.away[89] += 1.0), "it is not so far from the middle");
        assert!(told(&|other| other.away[89] = f64::NAN));
        assert!(told(&|other| other.points = Points::at(&vec![vec![30_000; 9]; 90])), "coordinates are not rounded");
        assert!(told(&|other| other.cells[1].first += 1), "nobody would find a reference between two cells");
        assert!(told(&|other| other.cells[0].middle = 89));
        assert!(told(&|other| other.cells[0].end = usize::MAX));
        assert!(told(&|other| other.cells.truncate(1)));
        let none = Points::at(&[]);
        assert!(!Neighbours::of(&none, &[]).0.are_sound());
        let many = Points::at(&vec![vec![1]; MOST_REFERENCES + 1]);
        assert!(!Neighbours::of(&many, &[1; MOST_REFERENCES + 1]).0.are_sound());
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_comparing_all_finds(
            rows in prop::collection::vec((prop::collection::vec(0i16..300, 9), 1u32..5), 1..80),
            others in prop::collection::vec(prop::collection::vec(0i16..300, 9), 1..9),
            wanted in 1usize..9,
        ) {
            let (rows, weights): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let points = Points::at(&rows).rounded();
            let (neighbours, from) = Neighbours::of(&points, &weights);
            prop_assert!(neighbours.are_sound());
            prop_assert_eq!(from.iter().collect::<std::collections::BTreeSet<_>>().len(), rows.len());
            let others = Points::at(&others.into_iter().chain(rows).collect::<Vec<_>>()).rounded();
            let mut near = Near::new(wanted);
            for other in others.points() {
                neighbours.find(other, &mut near);
                let square = |row: usize| other.straight(points.point(row), u64::MAX).expect("nothing is farther");
                let mut all: Vec<u64> =
                    (0..points.rows()).flat_map(|row| vec![square(row); weights[row] as usize]).collect();
                all.sort_unstable();
                for number in 1..=wanted {
                    prop_assert_eq!(near.square(number), all[(number - 1).min(all.len() - 1)]);
                }
                prop_assert_eq!(near.is_at_one(), all[0] == 0);
                let first = neighbours.first_at(other, near.square(wanted)).expect("there is one");
                let found = other.straight(neighbours.points().point(first), u64::MAX);
                prop_assert_eq!(found, Some(near.square(wanted)));
            }
        }
    }
}
