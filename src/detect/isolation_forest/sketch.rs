//! What matters of a tree for scores, level by level.

use std::collections::BTreeMap;

use super::cuts::MAX_CUTS;
use super::tree::{Split, Tree};

/// Most splits of a tree. The rows that reach each of them take 32 KiB, a first-level cache; this number is that of none.
pub(super) const MAX_SPLITS: usize = 1_023;

/// Most levels of splits: the depths of as many leaves as numbers of so many bits tell apart take 32 KiB.
pub(super) const MAX_LEVELS: usize = 12;

/// A tree on its way to being ranked.
pub(super) struct Sketch {
    /// Level by level, from the root.
    pub(super) splits: Vec<SketchedSplit>,
    /// Numbers and final depths. A number has a bit for each level, the root's the lowest, at which rows go right.
    pub(super) leaves: Vec<(usize, f64)>,
}

pub(super) struct SketchedSplit {
    pub(super) feature: usize,
    pub(super) threshold: f32,
    /// Splits above it.
    pub(super) level: usize,
    /// Places of the next splits, [`MAX_SPLITS`] where there is a leaf.
    pub(super) left: usize,
    pub(super) right: usize,
}

/// A node that splits and waits for its turn.
#[derive(Clone, Copy)]
struct Met {
    node: usize,
    level: usize,
    /// Number of the leaf that is reached by going left from here on.
    leaf: usize,
}

impl Sketch {
    /// `None` if the tree is too large, or has planes.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        if tree.has_planes() {
            return None;
        }
        let single = single_depths(tree);
        let mut sketch = Self { splits: Vec::new(), leaves: Vec::new() };
        // In their order; those that had their turn stay.
        let mut met = Vec::new();
        sketch.meet(Met { node: 0, level: 0, leaf: 0 }, &single, &mut met);
        while let Some(&Met { node, level, leaf }) = met.get(sketch.splits.len()) {
            let (Split::Feature(feature), threshold) = tree.split(node)? else { return None };
            if met.len() > MAX_SPLITS || level == MAX_LEVELS {
                return None;
            }
            let (left, right) = tree.children(node);
            let left = sketch.meet(Met { node: left, level: level + 1, leaf }, &single, &mut met);
            let right = sketch.meet(Met { node: right, level: level + 1, leaf: leaf | 1 << level }, &single, &mut met);
            // Adding zero makes −0 a 0, as `Cuts` wants it.
            sketch.splits.push(SketchedSplit { feature, threshold: threshold + 0.0, level, left, right });
        }
        Some(sketch)
    }

    /// Notes a node, and returns its place among the splits. A node whose leaves all end at one depth counts as a leaf:
    /// which one a row reaches makes no difference.
    fn meet(&mut self, node: Met, single: &[Option<f64>], met: &mut Vec<Met>) -> usize {
        if let Some(depth) = single[node.node] {
            self.leaves.push((node.leaf, depth));
            return MAX_SPLITS;
        }
        met.push(node);
        met.len() - 1
    }

    /// The thresholds of this tree's features with those that they have already, ascending; `None` if they become too
    /// many.
    pub(super) fn merge_cuts(&self, known: &BTreeMap<usize, Vec<f32>>) -> Option<BTreeMap<usize, Vec<f32>>> {
        let mut merged = BTreeMap::<usize, Vec<f32>>::new();
        for split in &self.splits {
            let known = || known.get(&split.feature).cloned().unwrap_or_default();
            let cuts = merged.entry(split.feature).or_insert_with(known);
            if let Err(place) = cuts.binary_search_by(|cut| cut.total_cmp(&split.threshold)) {
                cuts.insert(place, split.threshold);
            }
        }
        merged.values().all(|cuts| cuts.len() <= MAX_CUTS).then_some(merged)
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
