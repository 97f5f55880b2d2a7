//! Which rows join which others: minimum spanning trees of the mutual reachability distances, each the largest of two rows'
//! distance and their core distances.
//!
//! Every worker finds the trees of its parts of the pairs (Prim's algorithm). A pair that is in none of them is the longest of a
//! circle, so a tree of all pairs is among theirs. (Ties may give another tree, but joined sets at any distance are the same.)

use serde::{Deserialize, Serialize};

use super::{
    distances::Cores,
    pairs::{Part, Share},
};
use crate::{
    detect::{
        different::Different,
        landmarks::{Landmarks, Seen},
    },
    features::Points,
};

/// Comparisons between two ticks.
const STRIDE: usize = 400_000;

/// Two rows and what joins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    pub(super) distance: u32,
    pub(super) rows: [u32; 2],
}

/// Joins the rows by a worker's share of the pairs, step by step.
pub struct Joining {
    points: Points,
    landmarks: Landmarks,
    cores: Cores,
    parts: Vec<Part>,
    /// Parts that were begun.
    begun: usize,
    spanning: Option<Spanning>,
    edges: Vec<Edge>,
}

impl Joining {
    /// No rows are joined yet. The core distances must be those of the same sample.
    #[must_use]
    pub fn new(sample: &Points, cores: Cores, share: Share) -> Self {
        let points = Different::of(sample).points;
        let landmarks = Landmarks::of(&points);
        Self { points, landmarks, cores, parts: share.parts(), begun: 0, spanning: None, edges: Vec::new() }
    }

    /// How much of the way is done, from 0 to 1.
    #[must_use]
    pub fn done(&self) -> f64 {
        let left = self.spanning.as_ref().map_or(0.0, Spanning::left);
        if self.parts.is_empty() { 1.0 } else { (self.begun as f64 - left) / self.parts.len() as f64 }
    }

    /// Joins some more; false once all are.
    pub fn join_some(&mut self) -> bool {
        let Self { points, landmarks, cores, parts, begun, spanning, edges } = self;
        let Some(growing) = spanning else {
            let Some(&part) = parts.get(*begun) else { return false };
            (*spanning, *begun) = (Spanning::new(part, cores, landmarks), *begun + 1);
            return true;
        };
        for _ in 0..STRIDE / (growing.outside() + 1) + 1 {
            match growing.join(points, landmarks) {
                Some(edge) => edges.push(edge),
                None => {
                    *spanning = None;
                    break;
                }
            }
        }
        true
    }

    /// What joins them, once all are.
    #[must_use]
    pub fn finish(self) -> Vec<Edge> {
        self.edges
    }
}

/// The tree of one part of the pairs, as far as it has grown.
struct Spanning {
    rows: usize,
    /// Rows that are not joined yet; the part's others on the second side, where they are others.
    sides: [Vec<Outside>; 2],
    newest: Outside,
    /// The side whose rows the newest is compared with.
    across: usize,
    within: bool,
}

/// A row that is not joined yet.
#[derive(Clone, Copy)]
struct Outside {
    seen: Seen,
    row: u32,
    core: u32,
    /// The nearest row that is joined, and how far it is.
    nearest: u32,
    distance: u32,
}

impl Spanning {
    /// The first row alone; `None` where it is compared with none.
    fn new(part: Part, Cores(cores): &Cores, landmarks: &Landmarks) -> Option<Self> {
        let outside = |row: usize| {
            let (seen, core) = (landmarks.seen()[row], cores[row]);
            Outside { seen, row: row as u32, core, nearest: 0, distance: u32::MAX }
        };
        let mut first: Vec<Outside> = part.rows.all(cores.len()).map(outside).collect();
        let second: Vec<Outside> =
            if part.is_within() { Vec::new() } else { part.others.all(cores.len()).map(outside).collect() };
        let newest = (!first.is_empty()).then(|| first.swap_remove(0))?;
        let (rows, within) = (first.len() + second.len(), part.is_within());
        let across = usize::from(!within);
        let sides = [first, second];
        (!sides[across].is_empty()).then_some(Self { rows, sides, newest, across, within })
    }

    fn outside(&self) -> usize {
        self.sides.iter().map(Vec::len).sum()
    }

    /// How much of the way is left.
    fn left(&self) -> f64 {
        let share = self.outside() as f64 / self.rows as f64;
        share * share
    }

    /// Joins the nearest row; `None` once all are.
    fn join(&mut self, points: &Points, landmarks: &Landmarks) -> Option<Edge> {
        let Self { sides, newest, across, within, .. } = self;
        let point = points.point(newest.row as usize);
        let nobody = (u32::MAX, u32::MAX, 0, 0);
        let mut next = nobody;
        for (place, other) in sides[*across].iter_mut().enumerate() {
            let least = newest.core.max(other.core);
            if least < other.distance
                && newest.seen.may_be_within(other.seen, landmarks.steps(other.distance))
                && let Some(distance) = point.nearer(points.point(other.row as usize), other.distance)
            {
                (other.nearest, other.distance) = (newest.row, distance.max(least));
            }
            if (other.distance, other.row) < (next.0, next.1) {
                next = (other.distance, other.row, *across, place);
            }
        }
        for (place, other) in sides[1 - *across].iter().enumerate() {
            if (other.distance, other.row) < (next.0, next.1) {
                next = (other.distance, other.row, 1 - *across, place);
            }
        }
        let (.., side, place) = (next != nobody).then_some(next)?;
        *newest = sides[side].swap_remove(place);
        *across = if *within { 0 } else { 1 - side };
        Some(Edge { distance: newest.distance, rows: [newest.nearest, newest.row] })
    }
}
