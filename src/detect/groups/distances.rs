//! The different rows of a sample, and how far each is from its neighbours.

use super::landmarks::Landmarks;
use crate::features::Points;

/// Comparisons between two ticks.
const STRIDE: usize = 400_000;

/// Rows, as far as they were compared.
pub(super) struct Distances {
    /// The different rows, in an order that depends on nothing but them.
    pub points: Points,
    /// How many rows of the sample each stands for.
    pub weights: Vec<u32>,
    pub landmarks: Landmarks,
    /// Per row, its nearest ones with their weights, nearest first: as many as may matter.
    nearest: Vec<Vec<(u32, u32)>>,
    /// The distance below which another one is among these.
    within: Vec<u32>,
    neighbours: usize,
    done: usize,
}

impl Distances {
    /// Collapses rows that are equal; nothing is compared yet.
    pub fn of(sample: &Points, neighbours: usize) -> Self {
        let content = |row: usize| (sample.places(row), sample.codes(row));
        let mut order: Vec<usize> = (0..sample.rows()).collect();
        order.sort_unstable_by(|&a, &b| content(a).cmp(&content(b)));
        let runs = || order.chunk_by(|&a, &b| content(a) == content(b));
        let weights: Vec<u32> = runs().map(|run| run.len() as u32).collect();
        let points = sample.pick(&runs().map(|run| run[0]).collect::<Vec<_>>());
        let rows = points.rows();
        let landmarks = Landmarks::of(&points);
        Self {
            points,
            weights,
            landmarks,
            nearest: vec![Vec::new(); rows],
            within: vec![u32::MAX; rows],
            neighbours,
            done: 0,
        }
    }

    /// How much of the way is done.
    pub fn done(&self) -> f64 {
        let share = self.done as f64 / self.points.rows().max(1) as f64;
        share * share
    }

    /// Compares some more rows with all before them; false once all are.
    pub fn compare_some(&mut self) -> bool {
        let rows = self.points.rows();
        let until = (self.done + STRIDE / (self.done + 1) + 1).min(rows);
        let points = self.points.points();
        for row in self.done..until {
            let (seen, before) = (self.landmarks.seen()[row], &self.landmarks.seen()[..row]);
            for (other, &other_seen) in before.iter().enumerate() {
                let than = self.within[row].max(self.within[other]);
                if !seen.may_be_within(other_seen, self.landmarks.steps(than)) {
                    continue;
                }
                let Some(distance) = points[row].nearer(points[other], than) else { continue };
                for (row, near) in [(row, other), (other, row)] {
                    if distance < self.within[row] {
                        let near = (distance, self.weights[near]);
                        self.within[row] = offer(&mut self.nearest[row], self.neighbours, near);
                    }
                }
            }
        }
        self.done = until;
        until < rows
    }

    /// How far each row is from its neighbour of the number that counts, itself the first, with repeats: its core distance.
    pub fn cores(&self) -> Vec<u32> {
        let core = |(nearest, &weight): (&Vec<(u32, u32)>, &u32)| {
            let (mut seen, mut core) = (weight as usize, 0);
            for &(distance, rows) in nearest {
                if seen >= self.neighbours {
                    break;
                }
                (core, seen) = (distance, seen + rows as usize);
            }
            core
        };
        self.nearest.iter().zip(&self.weights).map(core).collect()
    }
}

/// Keeps the nearest, one less than the number that counts, and gives the distance that another one must be below.
fn offer(nearest: &mut Vec<(u32, u32)>, neighbours: usize, (distance, weight): (u32, u32)) -> u32 {
    let most = neighbours - 1;
    let place = nearest.partition_point(|near| near.0 <= distance);
    nearest.insert(place, (distance, weight));
    nearest.truncate(most);
    if nearest.len() < most { u32::MAX } else { nearest[most - 1].0 }
}
