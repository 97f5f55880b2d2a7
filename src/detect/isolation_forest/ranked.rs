//! Small trees scored without walking: every split of a tree is decided for a whole block of rows, sixteen or more at an
//! instruction, which costs less than finding out for each row which few of them matter.
//!
//! The idea is that of QuickScorer (Lucchese et al., SIGIR 2015) and RapidScorer (Ye et al., KDD 2018): comparisons are
//! made on ranks (see [`Cuts`]), and rows learn their leaf from the outcomes. Here a row's state is the number of the
//! leftmost leaf that it can still reach. A split concerns the rows whose state is the first leaf below it, and moves
//! those that go right past the leaves on its left. No row looks at memory that depends on the row.

use std::collections::BTreeMap;

use super::cuts::{Cuts, MAX_CUTS, key};
use super::score::{BLOCK, Block};
use super::tree::{Split, Tree};

/// Most leaves that a byte can number.
const MAX_LEAVES: usize = 1 << u8::BITS;

/// Splits that are decided in one pass over the rows' states.
const AT_ONCE: usize = 4;

/// Consecutive trees of a forest that share the ranks of their features.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RankedTrees {
    /// The features that they split on.
    cuts: Vec<(usize, Cuts)>,
    trees: Vec<RankedTree>,
}

#[derive(Debug, Clone, PartialEq)]
struct RankedTree {
    /// Parents before children. The last pass is filled up with splits that move nothing.
    splits: Vec<[RankedSplit; AT_ONCE]>,
    /// Final depth of a row, less the normal one, by leaf from left to right.
    depths: Box<[f64; MAX_LEAVES]>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct RankedSplit {
    /// Place of the feature among those of the group.
    place: u32,
    /// A rank above it goes right.
    cut: i8,
    /// Number of the first leaf below.
    first: u8,
    /// Leaves on the left.
    left: u8,
}

impl RankedTrees {
    /// As many trees from the front as can share ranks, and how many they are; none if the first has too many leaves, or planes.
    pub(super) fn of_first(trees: &[Tree], normal: f64) -> (usize, Option<Self>) {
        let mut keys = BTreeMap::<usize, Vec<i32>>::new();
        let mut sketches = Vec::new();
        for tree in trees {
            let Some(sketch) = Sketch::of(tree) else { break };
            let Some(merged) = sketch.merge_keys(&keys) else { break };
            keys.extend(merged);
            sketches.push(sketch);
        }
        let taken = sketches.len();
        let places: BTreeMap<usize, u32> = keys.keys().copied().zip(0..).collect();
        let ranked = |sketch: Sketch| sketch.rank(&keys, &places, normal);
        let trees = sketches.into_iter().map(ranked).collect();
        let cuts = keys.iter().map(|(&feature, keys)| (feature, Cuts::new(keys))).collect();
        (taken, (taken > 0).then_some(Self { cuts, trees }))
    }

    /// Adds each row's final depth, less the normal one, to its entry of `sums`; or does nothing and returns false, if
    /// a row lacks a value of a feature that is split on. `ranks` is scratch.
    #[must_use]
    pub(super) fn add_depths(&self, block: &Block<'_>, ranks: &mut Vec<[i8; BLOCK]>, sums: &mut [f64; BLOCK]) -> bool {
        ranks.resize(self.cuts.len().max(ranks.len()), [0; BLOCK]);
        let mut buffer = [0.0; BLOCK];
        for ((feature, cuts), ranks) in self.cuts.iter().zip(ranks.iter_mut()) {
            if !cuts.rank(block.column(*feature, &mut buffer), ranks) {
                return false;
            }
        }
        for tree in &self.trees {
            let mut states = [0; BLOCK];
            for splits in &tree.splits {
                advance(&mut states, splits, ranks);
            }
            for (sum, leaf) in sums.iter_mut().zip(states) {
                *sum += tree.depths[usize::from(leaf)];
            }
        }
        true
    }
}

/// Decides some splits for all rows.
fn advance(states: &mut [u8; BLOCK], splits: &[RankedSplit; AT_ONCE], ranks: &[[i8; BLOCK]]) {
    let ranks = splits.map(|split| &ranks[split.place as usize]);
    for (row, state) in states.iter_mut().enumerate() {
        for (split, ranks) in splits.iter().zip(ranks) {
            let moves = (*state == split.first) & (ranks[row] > split.cut);
            *state = state.wrapping_add(if moves { split.left } else { 0 });
        }
    }
}

/// A tree on its way to being ranked.
struct Sketch {
    /// Feature, key of the threshold, first leaf below, leaves on the left; parents first.
    splits: Vec<(usize, i32, u8, u8)>,
    /// Final depths of the leaves, from left to right.
    depths: Vec<f64>,
}

impl Sketch {
    /// `None` if the tree has too many leaves, or planes.
    fn of(tree: &Tree) -> Option<Self> {
        if tree.has_planes() {
            return None;
        }
        let single = single_depths(tree);
        // A binary tree has one leaf more than inner nodes. This bounds the recursion as well.
        if single.iter().filter(|depth| depth.is_none()).count() >= MAX_LEAVES {
            return None;
        }
        let mut sketch = Self { splits: Vec::new(), depths: Vec::new() };
        sketch.add(tree, 0, &single);
        Some(sketch)
    }

    /// Adds what is below a node. A node whose leaves all end at one depth counts as a leaf: which one a row reaches
    /// makes no difference.
    fn add(&mut self, tree: &Tree, node: usize, single: &[Option<f64>]) {
        if let Some(depth) = single[node] {
            return self.depths.push(depth);
        }
        let Some((Split::Feature(feature), threshold)) = tree.split(node) else { return };
        let (at, first) = (self.splits.len(), self.depths.len());
        // Adding zero makes −0 a 0, as `Cuts` wants it.
        self.splits.push((feature, key(threshold + 0.0), first as u8, 0));
        let (left, right) = tree.children(node);
        self.add(tree, left, single);
        self.splits[at].3 = (self.depths.len() - first) as u8;
        self.add(tree, right, single);
    }

    /// The keys of this tree's features with those that they have already; `None` if they become too many.
    fn merge_keys(&self, known: &BTreeMap<usize, Vec<i32>>) -> Option<BTreeMap<usize, Vec<i32>>> {
        let mut merged = BTreeMap::<usize, Vec<i32>>::new();
        for &(feature, key, ..) in &self.splits {
            let keys = merged.entry(feature).or_insert_with(|| known.get(&feature).cloned().unwrap_or_default());
            if let Err(place) = keys.binary_search(&key) {
                keys.insert(place, key);
            }
        }
        merged.values().all(|keys| keys.len() <= MAX_CUTS).then_some(merged)
    }

    fn rank(self, keys: &BTreeMap<usize, Vec<i32>>, places: &BTreeMap<usize, u32>, normal: f64) -> RankedTree {
        let ranked = |&(feature, key, first, left): &(usize, i32, u8, u8)| {
            let below = keys[&feature].partition_point(|&other| other < key);
            RankedSplit { place: places[&feature], cut: (below as i32 + i32::from(i8::MIN)) as i8, first, left }
        };
        let mut splits = Vec::new();
        for some in self.splits.chunks(AT_ONCE) {
            let mut pass = [RankedSplit::default(); AT_ONCE];
            for (to, split) in pass.iter_mut().zip(some) {
                *to = ranked(split);
            }
            splits.push(pass);
        }
        let mut depths = Box::new([0.0; MAX_LEAVES]);
        for (to, depth) in depths.iter_mut().zip(self.depths) {
            *to = depth - normal;
        }
        RankedTree { splits, depths }
    }
}

/// Per node, the depth that all leaves below it end at, if it is one. (The expected depth of such a node can differ from
/// it by a rounding.)
fn single_depths(tree: &Tree) -> Vec<Option<f64>> {
    let mut single = vec![None; tree.node_count()];
    for node in (0..tree.node_count()).rev() {
        single[node] = if tree.split(node).is_none() {
            Some(tree.expected_depth(node))
        } else {
            let (left, right) = tree.children(node);
            single[left].filter(|_| single[left] == single[right])
        };
    }
    single
}

#[cfg(test)]
mod tests {
    use super::super::parts::TreeParts;
    use super::super::score::IsolationForest;
    use super::*;
    use ndarray::Array2;

    /// A tree that splits off one row after the other, at these ascending values of feature 0; two rows are left.
    fn chain(thresholds: impl ExactSizeIterator<Item = f32>) -> Tree {
        let splits = thresholds.len() as u32;
        let mut parts = TreeParts::default();
        let mut node = |left, threshold, samples| {
            parts.left.push(left);
            parts.feature.push(0);
            parts.threshold.push(threshold);
            parts.missing_left.push(false);
            parts.samples.push(samples);
        };
        for (split, threshold) in (0..).zip(thresholds) {
            if split > 0 {
                node(2 * split + 1, threshold, splits - split + 2);
            } else {
                node(1, threshold, splits + 2);
            }
            node(0, 0.0, 1);
        }
        node(0, 0.0, 2);
        Tree::try_from(parts).unwrap()
    }

    fn whole(numbers: std::ops::Range<u16>) -> impl ExactSizeIterator<Item = f32> {
        numbers.map(f32::from)
    }

    /// How many of the trees share ranks.
    fn taken(trees: &[Tree]) -> usize {
        RankedTrees::of_first(trees, 0.0).0
    }

    #[test]
    fn trees_share_ranks_as_long_as_a_byte_counts_their_cuts() {
        let most = MAX_CUTS as u16;
        let full = chain(whole(0..most));
        assert_eq!(taken(std::slice::from_ref(&full)), 1);
        // No cut more, and one more.
        assert_eq!(taken(&[full.clone(), chain(whole(0..9)), full.clone()]), 3);
        assert_eq!(taken(&[full.clone(), chain(whole(most..most + 1)), full.clone()]), 1);
        assert_eq!(taken(&[chain(whole(0..9)), chain(whole(9..most)), chain(whole(most..most + 1))]), 2);
    }

    #[test]
    fn trees_are_ranked_as_long_as_a_byte_numbers_their_leaves() {
        // 256 leaves are numbered 0 to 255.
        assert_eq!(MAX_LEAVES, 256);
        assert_eq!(taken(&[chain(whole(0..255))]), 1);
        let two_features = |splits| {
            let mut parts = TreeParts::from(chain(whole(0..splits)));
            parts.feature.iter_mut().skip(200).for_each(|feature| *feature = 1);
            Tree::try_from(parts).unwrap()
        };
        assert_eq!(taken(&[two_features(255)]), 1);
        assert_eq!(taken(&[two_features(256)]), 0);
    }

    #[test]
    fn full_trees_score_as_by_walking() {
        let trees = vec![chain(whole(0..255)), chain(whole(255..510)), chain(whole(1..256))];
        let forest = IsolationForest::from_trees(trees, 257, 1).unwrap();
        let rows = Array2::from_shape_fn((BLOCK * 3, 1), |(row, _)| row as f32 / 1.5 - 0.5);
        let scores = forest.score(rows.view());
        for (row, score) in rows.outer_iter().zip(scores) {
            // A single row is walked.
            assert_eq!(forest.score(row.insert_axis(ndarray::Axis(0))), [score], "{row}");
        }
    }
}
