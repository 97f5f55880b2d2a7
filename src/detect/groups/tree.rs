//! The single-linkage hierarchy of mutual reachability distances: Campello, Moulavi and Sander (2013), *Density-based
//! clustering based on hierarchical density estimates*, section 3.

use super::landmarks::{Landmarks, Seen};
use crate::features::Points;

/// Comparisons between two ticks.
const STRIDE: usize = 400_000;

/// Two rows and what joins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub distance: u32,
    pub rows: [u32; 2],
}

/// Sets of rows that hold together before others join them.
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// The rows, such that each node's are side by side.
    pub order: Vec<u32>,
    /// Rows of the sample, repeats among them.
    pub rows: u32,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// The distance at which all of its rows are joined; of one row and its repeats, that at which they have their neighbours.
    pub within: u32,
    /// The distance at which others join them.
    pub apart: u32,
    /// Rows of the sample, repeats among them.
    pub rows: u32,
    /// Where its rows are in the order.
    pub from: u32,
    pub to: u32,
}

/// The minimum spanning tree of the mutual reachability distances: each the largest of two rows' distance and their core
/// distances. (Prim's algorithm; ties may give another tree, but joined sets at any distance are the same.)
pub(super) struct Spanning {
    rows: usize,
    /// Rows that are not joined yet.
    outside: Vec<Outside>,
    newest: Outside,
    edges: Vec<Edge>,
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
    /// The first row alone, of those with these core distances; `None` where there is none.
    pub fn new(cores: &[u32], landmarks: &Landmarks) -> Option<Self> {
        let rows = cores.iter().zip(landmarks.seen()).zip(0..);
        let mut outside: Vec<Outside> =
            rows.map(|((&core, &seen), row)| Outside { seen, row, core, nearest: 0, distance: u32::MAX }).collect();
        let rows = outside.len();
        let newest = (rows > 0).then(|| outside.swap_remove(0))?;
        Some(Self { rows, outside, newest, edges: Vec::with_capacity(rows) })
    }

    /// How much of the way is done.
    pub fn done(&self) -> f64 {
        let share = self.outside.len() as f64 / self.rows as f64;
        1.0 - share * share
    }

    /// Joins some more rows; false once all are.
    pub fn join_some(&mut self, points: &Points, landmarks: &Landmarks) -> bool {
        for _ in 0..STRIDE / (self.outside.len() + 1) + 1 {
            if self.outside.is_empty() {
                break;
            }
            self.join(points, landmarks);
        }
        !self.outside.is_empty()
    }

    fn join(&mut self, points: &Points, landmarks: &Landmarks) {
        let Self { outside, newest, edges, .. } = self;
        let point = points.point(newest.row as usize);
        let mut next = (u32::MAX, u32::MAX, 0);
        for (place, other) in outside.iter_mut().enumerate() {
            let least = newest.core.max(other.core);
            if least < other.distance
                && newest.seen.may_be_within(other.seen, landmarks.steps(other.distance))
                && let Some(distance) = point.nearer(points.point(other.row as usize), other.distance)
            {
                (other.nearest, other.distance) = (newest.row, distance.max(least));
            }
            if (other.distance, other.row) < (next.0, next.1) {
                next = (other.distance, other.row, place);
            }
        }
        *newest = outside.swap_remove(next.2);
        edges.push(Edge { distance: newest.distance, rows: [newest.nearest, newest.row] });
    }

    /// The tree's edges, once all rows are joined.
    pub fn finish(self) -> Vec<Edge> {
        self.edges
    }
}

impl Tree {
    /// A set's rows, in no order that means anything.
    pub fn rows_of(&self, node: &Node) -> &[u32] {
        &self.order[node.from as usize..node.to as usize]
    }

    /// Joins rows that count so many times each along the edges of a spanning tree, the shortest first. Sets that are joined
    /// at one distance are one.
    pub fn of(weights: &[u32], cores: &[u32], mut edges: Vec<Edge>) -> Self {
        edges.sort_unstable();
        let rows = weights.len();
        let mut joined = Joined { parents: (0..2 * rows as u32).collect() };
        // Rows first, then a set per edge.
        let mut sizes = weights.to_vec();
        let mut leaves = vec![1u32; rows];
        let mut children: Vec<[u32; 2]> = Vec::with_capacity(edges.len());
        for (number, edge) in edges.iter().enumerate() {
            let [a, b] = edge.rows.map(|row| joined.set_of(row));
            let set = (rows + number) as u32;
            (joined.parents[a as usize], joined.parents[b as usize]) = (set, set);
            sizes.push(sizes[a as usize] + sizes[b as usize]);
            leaves.push(leaves[a as usize] + leaves[b as usize]);
            children.push([a, b]);
        }
        let mut from = vec![0u32; sizes.len()];
        let mut nodes = Vec::new();
        // From the whole down: a set's rows begin where its parent's do, or behind those of its sister.
        for (number, &[a, b]) in children.iter().enumerate().rev() {
            let set = rows + number;
            (from[a as usize], from[b as usize]) = (from[set], from[set] + leaves[a as usize]);
            for child in [a, b].map(|child| child as usize) {
                let within = child.checked_sub(rows).map_or_else(|| cores[child], |number| edges[number].distance);
                let apart = edges[number].distance;
                if within < apart {
                    let to = from[child] + leaves[child];
                    nodes.push(Node { within, apart, rows: sizes[child], from: from[child], to });
                }
            }
        }
        let mut order = vec![0; rows];
        for row in 0..rows {
            order[from[row] as usize] = row as u32;
        }
        Self { nodes, order, rows: weights.iter().sum() }
    }
}

/// Sets that were joined.
struct Joined {
    parents: Vec<u32>,
}

impl Joined {
    fn set_of(&mut self, mut row: u32) -> u32 {
        while self.parents[row as usize] != row {
            let above = self.parents[self.parents[row as usize] as usize];
            self.parents[row as usize] = above;
            row = above;
        }
        row
    }
}
