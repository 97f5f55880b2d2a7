//! Small trees scored without walking: every split of a tree is decided for a block of rows, 128 or more at an
//! instruction, which costs less than finding out for each row which few of them matter.
//!
//! As in QuickScorer (Lucchese et al., SIGIR 2015) and RapidScorer (Ye et al., KDD 2018), rows are compared feature by
//! feature, on ranks (see [`Cuts`]), and learn their leaf from the outcomes. Here an outcome is a bit. From the bits of
//! the ranks follows which rows are above each cut, in two operations ([`at_least`]). Then each tree is gone through
//! from the root with the rows that reach each split, three operations a split, and the levels at which a row goes right
//! are the number of its leaf. No row looks at memory that depends on the row, but for the depth of that leaf.

use std::collections::BTreeMap;

use super::bits::{ALL, Bits, NO_ROW, at_least, transpose};
use super::cuts::Cuts;
use super::score::{BLOCK, Block};
use super::sketch::{MAX_SPLITS, Sketch};
use super::tree::Tree;

/// Leaves that a byte tells apart.
const PAGE: usize = 1 << u8::BITS;

/// Consecutive trees of a forest that share the ranks of their features.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RankedTrees {
    /// The features that they split on.
    cuts: Vec<(usize, Cuts)>,
    trees: Vec<RankedTree>,
}

#[derive(Debug, Clone, PartialEq)]
struct RankedTree {
    /// Level by level, from the root.
    splits: Vec<RankedSplit>,
    /// How many splits each level has, for as many levels as whole bytes have bits.
    levels: Vec<usize>,
    /// Final depth of a row, less the normal one, by the number of its leaf.
    depths: Vec<[f64; PAGE]>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct RankedSplit {
    /// Where it is told which rows go right.
    above: u32,
    /// The next splits.
    left: u16,
    right: u16,
}

/// Room that blocks and trees use one after the other.
pub(super) struct Scratch {
    /// By cut, after a place for each feature: the rows that are above it.
    above: Vec<Bits>,
    /// By split, the rows that reach it: all of them the first. The last place is of what is no split.
    reach: [Bits; MAX_SPLITS + 1],
    /// Ranks of a feature's values, a byte for each row.
    ranks: [Bits; 8],
    /// The low and the high bytes of leaves' numbers.
    leaves: [[Bits; 8]; 2],
}

impl Default for Scratch {
    fn default() -> Self {
        Self { above: Vec::new(), reach: [ALL; MAX_SPLITS + 1], ranks: [NO_ROW; 8], leaves: [[NO_ROW; 8]; 2] }
    }
}

impl RankedTrees {
    /// As many trees from the front as can share ranks, and how many they are; none if the first is too large, or has
    /// planes.
    pub(super) fn of_first(trees: &[Tree], normal: f64) -> (usize, Option<Self>) {
        let mut thresholds = BTreeMap::<usize, Vec<f32>>::new();
        let mut sketches = Vec::new();
        for tree in trees {
            let Some(sketch) = Sketch::of(tree) else { break };
            let Some(merged) = sketch.merge_cuts(&thresholds) else { break };
            thresholds.extend(merged);
            sketches.push(sketch);
        }
        let taken = sketches.len();
        let mut places = BTreeMap::new();
        let mut place = 0;
        for (&feature, thresholds) in &thresholds {
            // A rank of at least 0 has a place, too.
            for threshold in thresholds {
                place += 1;
                places.insert((feature, threshold.to_bits()), place);
            }
            place += 1;
        }
        let cuts = thresholds.iter().map(|(&feature, thresholds)| (feature, Cuts::new(thresholds))).collect();
        let trees = sketches.into_iter().map(|sketch| RankedTree::new(sketch, &places, normal)).collect();
        (taken, (taken > 0).then_some(Self { cuts, trees }))
    }

    /// Adds each row's final depth, less the normal one, to its entry of `sums`; or does nothing and returns false, if
    /// a row lacks a value of a feature that is split on.
    #[must_use]
    pub(super) fn add_depths(&self, block: &Block<'_>, scratch: &mut Scratch, sums: &mut [f64; BLOCK]) -> bool {
        let places = self.cuts.iter().map(|(_, cuts)| cuts.ranks()).sum();
        scratch.above.resize(scratch.above.len().max(places), NO_ROW);
        let mut rest = scratch.above.as_mut_slice();
        let mut buffer = [0.0; BLOCK];
        for (feature, cuts) in &self.cuts {
            let ranks = &mut scratch.ranks;
            if !cuts.rank(block.column(*feature, &mut buffer), bytemuck::cast_mut(ranks)) {
                return false;
            }
            transpose(ranks);
            let of_feature;
            (of_feature, rest) = rest.split_at_mut(cuts.ranks());
            at_least(ranks, of_feature);
        }
        for tree in &self.trees {
            tree.find_leaves(scratch);
            tree.add_depths(&scratch.leaves, sums);
        }
        true
    }
}

impl RankedTree {
    /// `places` tell by feature and threshold (its bits) where it is told which rows are above.
    fn new(sketch: Sketch, places: &BTreeMap<(usize, u32), u32>, normal: f64) -> Self {
        let mut levels = Vec::new();
        let mut splits = Vec::new();
        for split in sketch.splits {
            let above = places[&(split.feature, split.threshold.to_bits())];
            splits.push(RankedSplit { above, left: split.left as u16, right: split.right as u16 });
            levels.resize(split.level + 1, 0);
            levels[split.level] += 1;
        }
        levels.resize(levels.len().max(1).next_multiple_of(8), 0);
        let last = sketch.leaves.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let mut depths = vec![[0.0; PAGE]; last / PAGE + 1];
        for (number, depth) in sketch.leaves {
            depths[number / PAGE][number % PAGE] = depth - normal;
        }
        Self { splits, levels, depths }
    }

    /// Finds the number of each row's leaf.
    fn find_leaves(&self, Scratch { above, reach, leaves, .. }: &mut Scratch) {
        let mut splits = self.splits.iter().enumerate();
        for (to, splits_of_level) in leaves.as_flattened_mut().iter_mut().zip(&self.levels) {
            let mut went_right = NO_ROW;
            for (place, split) in splits.by_ref().take(*splits_of_level) {
                // Remainders of what is in bounds anyway, so that no check is made.
                let (here, above) = (reach[place % reach.len()], &above[split.above as usize]);
                let (mut left, mut right) = (here, here);
                for word in 0..here.len() {
                    right[word] &= above[word];
                    left[word] ^= right[word];
                    went_right[word] |= right[word];
                }
                reach[usize::from(split.left) % reach.len()] = left;
                reach[usize::from(split.right) % reach.len()] = right;
            }
            *to = went_right;
        }
        leaves.iter_mut().take(self.levels.len() / 8).for_each(transpose);
    }

    fn add_depths(&self, [low, high]: &[[Bits; 8]; 2], sums: &mut [f64; BLOCK]) {
        let low: &[u8; BLOCK] = bytemuck::cast_ref(low);
        if let [depths] = self.depths.as_slice() {
            // A word of bytes at a time: compilers would make vectors of single bytes, and take them apart again.
            for (sums, low) in sums.as_chunks_mut::<8>().0.iter_mut().zip(low.as_chunks::<8>().0) {
                let mut word = u64::from_le_bytes(*low);
                for sum in sums {
                    *sum += depths[usize::from(word as u8)];
                    word >>= u8::BITS;
                }
            }
        } else {
            let high: &[u8; BLOCK] = bytemuck::cast_ref(high);
            for ((sum, low), high) in sums.iter_mut().zip(low).zip(high) {
                *sum += self.depths[usize::from(*high)][usize::from(*low)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::ops::Range;

    use super::super::cuts::MAX_CUTS;
    use super::super::parts::TreeParts;
    use super::super::score::IsolationForest;
    use super::super::sketch::MAX_LEVELS;
    use super::*;
    use ndarray::Array2;

    /// A tree whose splits are at these values of feature 0; `left` says how many of so many more go left of one. No two
    /// neighbouring leaves hold as many rows.
    fn tree(values: Range<u16>, left: fn(u16) -> u16) -> TreeParts {
        let mut parts = TreeParts::default();
        let mut nodes = VecDeque::from([values]);
        while let Some(values) = nodes.pop_front() {
            let at = values.start + left(values.len().saturating_sub(1) as u16);
            let is_leaf = values.is_empty();
            parts.left.push(if is_leaf { 0 } else { (parts.left.len() + nodes.len() + 1) as u32 });
            parts.feature.push(0);
            parts.threshold.push(if is_leaf { 0.0 } else { f32::from(at) });
            parts.missing_left.push(false);
            parts.samples.push((values.start..=values.end).map(|leaf| 1 + u32::from(leaf % 2)).sum());
            if !is_leaf {
                nodes.extend([values.start..at, at + 1..values.end]);
            }
        }
        parts
    }

    fn balanced(values: Range<u16>) -> Tree {
        Tree::try_from(tree(values, |more| more / 2)).unwrap()
    }

    /// Balanced, on five features.
    fn mixed(values: Range<u16>) -> Tree {
        let mut parts = tree(values, |more| more / 2);
        (0..).zip(&mut parts.feature).for_each(|(place, feature)| *feature = place % 5);
        Tree::try_from(parts).unwrap()
    }

    fn chain(values: Range<u16>) -> Tree {
        Tree::try_from(tree(values, |_| 0)).unwrap()
    }

    /// How many of the trees share ranks.
    fn taken(trees: &[Tree]) -> usize {
        let (taken, ranked) = RankedTrees::of_first(trees, 0.0);
        assert_eq!(ranked.map_or(0, |ranked| ranked.trees.len()), taken);
        taken
    }

    #[test]
    fn trees_share_ranks_as_long_as_a_byte_counts_their_cuts() {
        let most = MAX_CUTS as u16;
        let full = balanced(0..most);
        assert_eq!(taken(std::slice::from_ref(&full)), 1);
        // No cut more, and one more.
        assert_eq!(taken(&[full.clone(), balanced(0..9), full.clone()]), 3);
        assert_eq!(taken(&[full.clone(), balanced(most..most + 1), full.clone()]), 1);
        assert_eq!(taken(&[balanced(0..9), balanced(9..most), balanced(most..most + 1)]), 2);
    }

    #[test]
    fn trees_are_ranked_up_to_a_number_of_splits() {
        assert_eq!(taken(&[mixed(0..MAX_SPLITS as u16)]), 1);
        assert_eq!(taken(&[mixed(0..MAX_SPLITS as u16 + 1)]), 0);
    }

    #[test]
    fn trees_are_ranked_up_to_a_number_of_levels() {
        let most = MAX_LEVELS as u16;
        assert_eq!(taken(&[chain(0..most)]), 1);
        assert_eq!(taken(&[chain(0..most + 1)]), 0);
    }

    #[test]
    fn trees_score_as_by_walking() {
        let scores_as_by_walking = |trees: Vec<Tree>| {
            let samples = trees[0].samples(0);
            assert_eq!(taken(&trees[..1]), 1);
            let forest = IsolationForest::from_trees(trees, samples, 5).unwrap();
            let rows = Array2::from_shape_fn((BLOCK * 3 - 9, 5), |(row, feature)| {
                ((row << feature) % 1_531) as f32 / 1.5 - 0.5
            });
            let scores = forest.score(rows.view());
            for (row, score) in rows.outer_iter().zip(scores) {
                // A single row is walked.
                assert_eq!(forest.score(row.insert_axis(ndarray::Axis(0))), [score], "{row}");
            }
        };
        scores_as_by_walking(vec![balanced(0..255), balanced(255..510), balanced(1..256)]);
        // Leaves that need two bytes, between others.
        scores_as_by_walking(vec![balanced(0..9), chain(400..409), balanced(200..209), chain(5..14)]);
        scores_as_by_walking(vec![chain(0..12)]);
        scores_as_by_walking(vec![mixed(0..1_023)]);
        // No split at all, behind some.
        let mut leaf = tree(0..0, |_| 0);
        leaf.samples = vec![balanced(0..9).samples(0) as u32];
        scores_as_by_walking(vec![balanced(0..9), Tree::try_from(leaf).unwrap(), chain(200..209)]);
    }
}
