//! The single-linkage hierarchy of mutual reachability distances: Campello, Moulavi and Sander (2013), *Density-based
//! clustering based on hierarchical density estimates*, section 3.

use super::spanning::Edge;

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

impl Node {
    /// They have no row in common.
    pub fn is_apart(&self, other: &Self) -> bool {
        self.to <= other.from || other.to <= self.from
    }
}

impl Tree {
    /// A set's rows, in no order that means anything.
    pub fn rows_of(&self, node: &Node) -> &[u32] {
        &self.order[node.from as usize..node.to as usize]
    }

    /// Joins rows that count so many times each, with these core distances, along edges. Sets that are joined at one distance are
    /// one.
    pub fn of(weights: &[u32], cores: &[u32], edges: Vec<Edge>) -> Self {
        let rows = weights.len();
        let (edges, children) = joins(rows, edges);
        // Rows first, then a set per edge.
        let mut sizes = weights.to_vec();
        let mut leaves = vec![1u32; rows];
        for &[a, b] in &children {
            sizes.push(sizes[a as usize] + sizes[b as usize]);
            leaves.push(leaves[a as usize] + leaves[b as usize]);
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

/// The edges that join sets which are not joined yet, the shortest first, and the two sets of each: rows are sets, and with each
/// edge another one begins. (Kruskal's algorithm.)
pub(super) fn joins(rows: usize, mut edges: Vec<Edge>) -> (Vec<Edge>, Vec<[u32; 2]>) {
    edges.sort_unstable();
    let mut joined = Joined { parents: (0..2 * rows as u32).collect() };
    let mut sets = Vec::with_capacity(rows);
    edges.retain(|edge| {
        let pair = edge.rows.map(|row| joined.set_of(row));
        if pair[0] == pair[1] {
            return false;
        }
        pair.iter().for_each(|&set| joined.parents[set as usize] = (rows + sets.len()) as u32);
        sets.push(pair);
        true
    });
    (edges, sets)
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
