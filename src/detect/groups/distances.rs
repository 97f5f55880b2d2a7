//! How far each different row of a sample is from its neighbours.

use serde::{Deserialize, Serialize};

use super::{
    Params,
    pairs::{Part, Share},
};
use crate::{
    detect::{Checked, different::Different, landmarks::Landmarks},
    features::Points,
};

/// Comparisons between two ticks.
const STRIDE: usize = 400_000;

/// Compares a worker's share of the pairs of rows, step by step.
pub struct Comparing {
    rows: Different,
    landmarks: Landmarks,
    parts: Vec<Part>,
    near: Near,
    /// Parts that are done, and rows of the next.
    done: (usize, usize),
}

impl Comparing {
    /// Nothing is compared yet.
    #[must_use]
    pub fn new(params: Checked<Params>, sample: &Points, share: Share) -> Self {
        let rows = Different::of(sample);
        let near = Near::none(&rows.weights, params.params().neighbours - 1);
        Self { landmarks: Landmarks::of(&rows.points), rows, parts: share.parts(), near, done: (0, 0) }
    }

    /// How much of the way is done, from 0 to 1.
    #[must_use]
    pub fn done(&self) -> f64 {
        let Some(part) = self.parts.get(self.done.0) else { return 1.0 };
        let share = self.done.1 as f64 / part.rows.of(self.rows.points.rows()).max(1) as f64;
        let share = if part.is_within() { share * share } else { share };
        (self.done.0 as f64 + share) / self.parts.len() as f64
    }

    /// Compares some more; false once all are.
    pub fn compare_some(&mut self) -> bool {
        let Self { rows: Different { points, .. }, landmarks, parts, near, done } = self;
        let points = points.points();
        let mut compared = 0;
        while let Some(part) = parts.get(done.0).filter(|_| compared < STRIDE) {
            if done.1 == part.rows.of(points.len()) {
                *done = (done.0 + 1, 0);
                continue;
            }
            let row = part.rows.row(done.1);
            let (seen, others) = (landmarks.seen()[row], part.others_of(done.1, points.len()));
            compared += others.len() + 1;
            for other in others {
                let other = part.others.row(other);
                let than = near.within(row).max(near.within(other));
                if seen.may_be_within(landmarks.seen()[other], landmarks.steps(than))
                    && let Some(distance) = points[row].nearer(points[other], than)
                {
                    near.offer(row, (distance, near.weights[other]));
                    near.offer(other, (distance, near.weights[row]));
                }
            }
            done.1 += 1;
        }
        done.0 < parts.len()
    }

    /// What was found, once all are compared.
    #[must_use]
    pub fn finish(self) -> Near {
        self.near
    }
}

/// Per different row, its nearest ones, as far as it was compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// So many are kept of each.
    most: usize,
    /// How many rows of the sample each stands for.
    #[serde(with = "crate::table::packed")]
    weights: Vec<u32>,
    /// Per row, how far its nearest are, nearest first; `u32::MAX` where there are no more.
    #[serde(with = "crate::table::packed")]
    distances: Vec<u32>,
    /// How many rows of the sample each of these stands for.
    #[serde(with = "crate::table::packed")]
    rows: Vec<u32>,
}

/// How far each different row is from its neighbour of the number that counts, itself the first, with repeats: its core
/// distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cores(#[serde(with = "crate::table::packed")] pub(super) Vec<u32>);

impl Near {
    fn none(weights: &[u32], most: usize) -> Self {
        let all = weights.len() * most;
        Self { most, weights: weights.to_vec(), distances: vec![u32::MAX; all], rows: vec![0; all] }
    }

    /// The distance below which another one is among a row's nearest.
    #[inline]
    fn within(&self, row: usize) -> u32 {
        self.distances[(row + 1) * self.most - 1]
    }

    /// Keeps another row if it is among the nearest.
    #[inline]
    fn offer(&mut self, row: usize, (distance, rows): (u32, u32)) {
        if distance >= self.within(row) {
            return;
        }
        let (from, to) = (row * self.most, (row + 1) * self.most);
        let place = from + self.distances[from..to].partition_point(|&near| near <= distance);
        self.distances.copy_within(place..to - 1, place + 1);
        self.rows.copy_within(place..to - 1, place + 1);
        (self.distances[place], self.rows[place]) = (distance, rows);
    }

    /// Joins what another worker found of the same rows.
    pub fn merge(&mut self, other: &Self) {
        for row in 0..self.weights.len() {
            for place in row * self.most..(row + 1) * self.most {
                self.offer(row, (other.distances[place], other.rows[place]));
            }
        }
    }

    /// The core distances, once all workers' are joined.
    #[must_use]
    pub fn cores(&self) -> Cores {
        let near = self.distances.chunks_exact(self.most).zip(self.rows.chunks_exact(self.most));
        let core = |((distances, rows), &weight): ((&[u32], &[u32]), &u32)| {
            let (mut seen, mut core) = (weight as usize, 0);
            for (&distance, &rows) in distances.iter().zip(rows) {
                if seen > self.most || rows == 0 {
                    break;
                }
                (core, seen) = (distance, seen + rows as usize);
            }
            core
        };
        Cores(near.zip(&self.weights).map(core).collect())
    }
}
