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
