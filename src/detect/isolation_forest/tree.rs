//! One tree as flat arrays: small enough to stay in the cache while rows walk through it.

use serde::{Deserialize, Serialize};

use super::error::TreeError;
use super::parts::TreeParts;

/// Euler–Mascheroni constant γ (`numpy.euler_gamma`).
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// Mean path length c(n) of an unsuccessful search in a binary search tree of `n` rows: what the splits that a leaf of
/// `n` rows did not make would have added to a path.
///
/// 0 for n ≤ 1, 1 for n = 2, else 2 (ln(n − 1) + γ) − 2 (n − 1) / n (Liu et al. 2008, equation 1; scikit-learn's
/// `_average_path_length`).
#[must_use]
pub fn average_path_length(n: usize) -> f64 {
    match n {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let less_one = n as f64 - 1.0;
            2.0 * (libm::log(less_one) + EULER_GAMMA) - 2.0 * less_one / n as f64
        }
    }
}

/// One of the features that a plane combines: adds weight × (value − origin).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The feature, from 0.
    pub feature: u32,
    /// The middle of the feature's values in the node: keeps differences exact where values are large.
    pub origin: f32,
    /// What a unit of the feature weighs.
    pub weight: f32,
}

/// Where a row lies across a plane; NaN if it lacks a value.
pub(super) fn project(terms: &[Term], value: impl Fn(usize) -> f32) -> f32 {
    let part = |term: &Term| {
        let difference = f64::from(value(term.feature as usize)) - f64::from(term.origin);
        f64::from(term.weight) * difference
    };
    terms.iter().map(part).sum::<f64>() as f32
}

/// What a node compares with its threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Split<'a> {
    /// The value of this feature, from 0.
    Feature(usize),
    /// The sum of these terms.
    Plane(&'a [Term]),
}

impl Split<'_> {
    /// What is compared of a row; NaN if the row lacks a value for it.
    ///
    /// # Panics
    /// If the row has too few values.
    #[must_use]
    pub fn value(&self, row: &[f32]) -> f32 {
        match self {
            Self::Feature(feature) => row[*feature],
            Self::Plane(terms) => project(terms, |feature| row[feature]),
        }
    }
}

/// A node as the walk reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    /// Position in the padded row (see [`Tree::add_depths`]): feature + 1, or 0 in a leaf.
    slot: u32,
    threshold: f32,
    /// Left child, or the node itself in a leaf: a row that has arrived stays, and the walk needs no exit.
    left: u32,
    missing_left: bool,
}

impl Node {
    #[inline(always)]
    fn child(self, value: f32) -> u32 {
        let right = (value > self.threshold) | (value.is_nan() & !self.missing_left);
        self.left + u32::from(right)
    }
}

/// A fitted isolation tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "TreeParts", into = "TreeParts")]
pub struct Tree {
    nodes: Vec<Node>,
    /// As in [`TreeParts`].
    planes: Vec<Vec<Term>>,
    samples: Vec<u32>,
    /// Per node, the mean over its sample rows of the depth they end at, c(leaf) included.
    depth: Vec<f64>,
    /// Number of splits on the longest path.
    height: u32,
}

impl Tree {
    /// Rows that walk through the tree side by side, to hide the latency of memory.
    pub(super) const LANES: usize = 8;

    /// Number of nodes, leaves included.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Number of splits on the longest path from the root.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height as usize
    }

    /// Whether nodes split along planes, not each on one feature.
    #[must_use]
    pub fn has_planes(&self) -> bool {
        !self.planes.is_empty()
    }

    /// What a node compares with which threshold, or `None` for a leaf. A row goes left iff its value is at most the
    /// threshold.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn split(&self, node: usize) -> Option<(Split<'_>, f32)> {
        let Node { slot, threshold, .. } = self.nodes[node];
        let split = match self.planes.get(node) {
            Some(terms) => Split::Plane(terms),
            None => Split::Feature((slot as usize).checked_sub(1)?),
        };
        (slot != 0).then_some((split, threshold))
    }

    /// Where a value leads from a node: to the left or right child, from a leaf to itself.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn child(&self, node: usize, value: f32) -> usize {
        let found = self.nodes[node];
        if found.slot == 0 { node } else { found.child(value) as usize }
    }

    /// The children of a node that splits; of a leaf, the leaf and nothing of meaning.
    pub(crate) fn children(&self, node: usize) -> (usize, usize) {
        let left = self.nodes[node].left as usize;
        (left, left + 1)
    }

    /// Rows of the tree's sample that reached a node.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn samples(&self, node: usize) -> usize {
        self.samples[node] as usize
    }

    /// Depth at which the sample rows of a node end, on average: for a leaf its own depth in splits plus
    /// [`average_path_length`] of its rows, else the mean of its children's, weighted by their rows.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn expected_depth(&self, node: usize) -> f64 {
        self.depth[node]
    }

    /// One past the largest feature that the tree splits on.
    pub(super) fn features(&self) -> usize {
        let terms = self.planes.iter().flatten().map(|term| term.feature + 1);
        self.nodes.iter().map(|node| node.slot).chain(terms).max().unwrap_or(0) as usize
    }

    /// Adds each row's final depth, less `normal`, to its entry of `sums`.
    ///
    /// `rows` holds `sums.len()` padded rows of `width` values: a zero, then the features. The zero is what a leaf
    /// compares with its threshold of zero, to stay where it is. `sums.len()` is a multiple of [`Tree::LANES`].
    pub(super) fn add_depths(&self, rows: &[f32], width: usize, normal: f64, sums: &mut [f64]) {
        debug_assert_eq!(rows.len(), sums.len() * width);
        debug_assert_eq!(sums.len() % Self::LANES, 0);
        if self.has_planes() {
            for (row, sum) in rows.chunks_exact(width).zip(sums) {
                *sum += self.depth[self.leaf(&row[1..])] - normal;
            }
            return;
        }
        for (rows, sums) in rows.chunks_exact(width * Self::LANES).zip(sums.chunks_exact_mut(Self::LANES)) {
            let mut at = [0_u32; Self::LANES];
            for _ in 0..self.height {
                for (lane, at) in at.iter_mut().enumerate() {
                    let node = self.nodes[*at as usize];
                    let value = rows[lane * width + node.slot as usize];
                    *at = node.child(value);
                }
            }
            for (sum, at) in sums.iter_mut().zip(at) {
                *sum += self.depth[at as usize] - normal;
            }
        }
    }

    /// The leaf that a row ends in.
    fn leaf(&self, row: &[f32]) -> usize {
        let mut node = 0;
        while let Some((split, _)) = self.split(node) {
            node = self.child(node, split.value(row));
        }
        node
    }

    /// Builds the tree from parts that are known to be one.
    pub(super) fn assemble(parts: TreeParts) -> Self {
        let TreeParts { left, feature, threshold, missing_left, samples, planes } = parts;
        // Children come after their parents: depths are known going forward, means going backward.
        let mut level = vec![0_u32; left.len()];
        let mut nodes = Vec::with_capacity(left.len());
        for (node, &left) in left.iter().enumerate() {
            nodes.push(if left == 0 {
                Node { slot: 0, threshold: 0.0, left: node as u32, missing_left: false }
            } else {
                level[left as usize] = level[node] + 1;
                level[left as usize + 1] = level[node] + 1;
                let (threshold, missing_left) = (threshold[node], missing_left[node]);
                Node { slot: feature[node] + 1, threshold, left, missing_left }
            });
        }
        let mut depth = vec![0.0; left.len()];
        for node in (0..left.len()).rev() {
            depth[node] = match left[node] as usize {
                0 => f64::from(level[node]) + average_path_length(samples[node] as usize),
                left => {
                    let of_child = |child: usize| f64::from(samples[child]) * depth[child];
                    (of_child(left) + of_child(left + 1)) / f64::from(samples[node])
                }
            };
        }
        let height = level.into_iter().max().unwrap_or(0);
        Self { nodes, planes, samples, depth, height }
    }
}

impl TryFrom<TreeParts> for Tree {
    type Error = TreeError;

    fn try_from(parts: TreeParts) -> Result<Self, TreeError> {
        parts.check()?;
        Ok(Self::assemble(parts))
    }
}

impl From<Tree> for TreeParts {
    fn from(tree: Tree) -> Self {
        let mut parts = TreeParts { samples: tree.samples, planes: tree.planes, ..TreeParts::default() };
        for node in tree.nodes {
            let leaf = node.slot == 0;
            parts.left.push(if leaf { 0 } else { node.left });
            parts.feature.push(node.slot.saturating_sub(1));
            parts.threshold.push(node.threshold);
            parts.missing_left.push(node.missing_left);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::super::parts::tests::{oblique_parts, parts};
    use super::*;

    #[test]
    fn average_path_lengths_are_scikit_learns() {
        assert_eq!(average_path_length(0), 0.0);
        assert_eq!(average_path_length(1), 0.0);
        assert_eq!(average_path_length(2), 1.0);
        // sklearn.ensemble._iforest._average_path_length
        for (n, expected) in [
            (3, 1.207_392_357_589_623),
            (5, 2.327_020_052_042_847),
            (256, 10.244_770_920_119_917),
            (999, 12.967_939_884_427_995),
        ] {
            assert!((average_path_length(n) - expected).abs() < 1e-13, "c({n})");
        }
    }

    #[test]
    fn depths_count_splits_and_what_leaves_leave_out() {
        let tree = Tree::try_from(parts()).unwrap();
        assert_eq!((tree.node_count(), tree.height(), tree.features()), (5, 2, 2));
        let depths: Vec<f64> = (0..5).map(|node| tree.expected_depth(node)).collect();
        let inner = (2.0 + 2.0 * 3.0) / 3.0;
        assert_eq!(depths, [(3.0 * inner + 2.0 * 2.0) / 5.0, inner, 2.0, 2.0, 3.0]);
    }

    #[test]
    fn rows_walk_to_their_leaves() {
        let tree = Tree::try_from(parts()).unwrap();
        let rows = [
            [0.0, -1.0, 0.5], // ≤ goes left, twice
            [0.0, 0.0, 0.0],
            [0.0, 0.0, 0.6],
            [0.0, f32::NAN, 0.0], // NaN goes where the node says: left at node 1, right at the root
            [0.0, 0.0, f32::NAN],
            [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY],
            [0.0, f32::INFINITY, 0.0],
            [0.0, 0.0, 0.0],
        ];
        let mut sums = [10.5; Tree::LANES];
        tree.add_depths(rows.as_flattened(), 3, 0.5, &mut sums);
        assert_eq!(sums, [12.0, 13.0, 12.0, 12.0, 12.0, 12.0, 13.0, 13.0]);
        let node = tree.child(0, 0.5);
        assert_eq!((node, tree.split(node)), (1, Some((Split::Feature(0), -1.0))));
        assert_eq!((tree.child(1, f32::NAN), tree.child(4, 7.0), tree.samples(4)), (3, 4, 2));
    }

    #[test]
    fn rows_walk_across_planes() {
        let tree = Tree::try_from(oblique_parts()).unwrap();
        assert_eq!((tree.features(), tree.has_planes(), tree.split(2)), (2, true, None));
        // The root compares x₁ − 2 (x₀ − 1) with 0.5: 0.5, 0.6, −3.5, NaN (right), then x₀ with −1.
        for (row, leaf) in [([1.0, 0.5], 4), ([1.0, 0.6], 2), ([-1.0, -8.0], 3), ([f32::NAN, 0.0], 2)] {
            assert_eq!(tree.leaf(&row), leaf, "{row:?}");
        }
        let mut sums = [0.0; Tree::LANES];
        tree.add_depths([0.0, 1.0, 0.5].repeat(Tree::LANES).as_slice(), 3, 1.0, &mut sums);
        assert_eq!(sums, [2.0; Tree::LANES]);
    }
}
