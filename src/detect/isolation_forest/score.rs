//! Scoring: rows through all trees, a block of rows at a time.

use std::ops::Range;

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::error::ForestError;
use super::ranked::{RankedTrees, Scratch};
use super::tree::{Tree, average_path_length};
use crate::detect::fences::Fences;

/// Rows that are scored together: a bit for each makes two vectors, and what 7,000 cuts tell of them stays in the
/// second-level cache.
pub(super) const BLOCK: usize = 256;

/// Rows that walk together: with 81 features they take 21 KiB, and stay in the first-level cache beside a tree.
const WALKERS: usize = 64;

/// A block of fewer rows walks: deciding all splits costs as much for one row as for a full block.
const FEW: usize = 32;

/// The score from which on Liu, Ting and Zhou ("Isolation Forest", ICDM 2008, figure 3) speak of potential anomalies.
pub(in crate::detect) const ISOLATED: f64 = 0.6;

/// A fitted forest.
///
/// The score of a row is 2^(−Σ depth / (trees · c(sample size))), in (0, 1], high for the anomalous: scikit-learn's
/// −`score_samples` (Liu et al. 2008, equation 2). The depth in a tree is the number of splits to the leaf plus
/// [`average_path_length`] of its rows. Depths are summed in the order of the trees, so a row has the same score, bit
/// for bit, in whatever block and on whatever machine it is scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct IsolationForest {
    trees: Vec<Tree>,
    sample_size: usize,
    features: usize,
    limit: f64,
    fences: Fences,
    /// All trees, in their order. They follow from the trees.
    #[serde(skip)]
    runs: Vec<Run>,
}

/// Consecutive trees that are scored in one way.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    trees: Range<usize>,
    /// `None` for a tree that is too large; its rows walk.
    ranked: Option<RankedTrees>,
}

/// A forest from a file, before its parts are known to fit together.
#[derive(Deserialize)]
struct Unchecked {
    trees: Vec<Tree>,
    sample_size: usize,
    features: usize,
    limit: f64,
    fences: Fences,
}

impl TryFrom<Unchecked> for IsolationForest {
    type Error = ForestError;

    fn try_from(parts: Unchecked) -> Result<Self, ForestError> {
        let forest = Self::from_trees(parts.trees, parts.sample_size, parts.features)?;
        if parts.fences.features() > forest.features || parts.limit.is_nan() {
            return Err(ForestError::Calibration);
        }
        Ok(forest.with_limit(parts.limit, parts.fences))
    }
}

impl IsolationForest {
    /// A forest of trees from elsewhere, each grown on `sample_size` rows, for rows of `features` values.
    ///
    /// # Errors
    /// [`ForestError`] when there are no trees or features, or a tree does not fit the two numbers.
    pub fn from_trees(trees: Vec<Tree>, sample_size: usize, features: usize) -> Result<Self, ForestError> {
        if trees.is_empty() {
            return Err(ForestError::NoTrees);
        }
        if features == 0 {
            return Err(ForestError::NoFeatures);
        }
        for (number, tree) in trees.iter().enumerate() {
            if tree.samples(0) != sample_size {
                return Err(ForestError::SampleSize { tree: number, expected: sample_size, found: tree.samples(0) });
            }
            if tree.features() > features {
                return Err(ForestError::Feature { tree: number, feature: tree.features() - 1, features });
            }
        }
        Ok(Self::assemble(trees, sample_size, features))
    }

    /// A forest of trees that are known to belong together.
    pub(super) fn assemble(trees: Vec<Tree>, sample_size: usize, features: usize) -> Self {
        let normal = average_path_length(sample_size);
        let mut runs: Vec<Run> = Vec::new();
        let mut start = 0;
        while start < trees.len() {
            let (taken, ranked) = RankedTrees::of_first(&trees[start..], normal);
            let end = start + taken.max(1);
            match runs.last_mut() {
                Some(Run { trees, ranked: None }) if ranked.is_none() => trees.end = end,
                _ => runs.push(Run { trees: start..end, ranked }),
            }
            start = end;
        }
        Self { trees, sample_size, features, limit: ISOLATED, fences: Fences::default(), runs }
    }

    /// The same, for rows of which none scores above `limit` by chance. Those with a value beyond a fence score higher than
    /// all others: as if every tree isolated them by its first split, and nearer to 1 the farther out they are.
    pub(super) fn with_limit(self, limit: f64, fences: Fences) -> Self {
        Self { limit, fences, ..self }
    }

    /// The score that no row is expected to exceed by chance; 0.6 where that is not known.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.limit
    }

    /// Where the usual values of its features end.
    #[must_use]
    pub fn fences(&self) -> &Fences {
        &self.fences
    }

    /// The score of a row that every tree isolates by its first split.
    pub(crate) fn first_split(&self) -> f64 {
        let normal = average_path_length(self.sample_size);
        score_of(1.0 - normal, normal)
    }

    /// The score of a row that is so far outside, in lengths of tails, whose trees say `score`.
    fn beside_trees(&self, score: f64, outside: f64) -> f64 {
        let first_split = self.first_split();
        if outside > 0.0 { score.max(first_split + (1.0 - first_split) * outside / (1.0 + outside)) } else { score }
    }

    /// By how many splits a row's mean depth is shorter because of the values that are outside, given its depth by the trees.
    pub(crate) fn spared_splits(&self, depth: f64, outside: f64) -> f64 {
        let normal = average_path_length(self.sample_size);
        let by_trees = score_of(depth - normal, normal);
        depth + normal * libm::log2(self.beside_trees(by_trees, outside))
    }

    /// The trees, in the order in which their depths are summed.
    #[must_use]
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Rows that each tree was grown on.
    #[must_use]
    pub fn sample_size(&self) -> usize {
        self.sample_size
    }

    /// Number of values that a row must have.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// The scores of `x`, rows × features, one per row.
    ///
    /// A missing value (NaN) goes where each split says (see [`super::TreeParts::missing_left`]).
    ///
    /// # Panics
    /// If `x` has another number of columns than the forest has features.
    #[must_use]
    pub fn score(&self, x: ArrayView2<'_, f32>) -> Vec<f64> {
        let mut scores = vec![0.0; x.nrows()];
        self.score_into(x, &mut scores);
        scores
    }

    /// [`IsolationForest::score`] into a slice, for callers that hand over a few thousand rows at a time to report
    /// progress in between. Either layout of `x` will do.
    ///
    /// # Panics
    /// If `x` has another number of columns than the forest has features, or another number of rows than `out`.
    pub fn score_into(&self, x: ArrayView2<'_, f32>, out: &mut [f64]) {
        assert_eq!(x.ncols(), self.features, "columns of the matrix and features of the forest");
        assert_eq!(x.nrows(), out.len(), "rows of the matrix and scores");
        let normal = average_path_length(self.sample_size);
        let (mut scratch, mut rows) = (Scratch::default(), Vec::new());
        let mut outside = [0.0; BLOCK];
        for (x, out) in x.axis_chunks_iter(Axis(0), BLOCK).zip(out.chunks_mut(BLOCK)) {
            let block = Block { x };
            let mut sums = [0.0; BLOCK];
            for Run { trees, ranked } in &self.runs {
                let ranked = ranked.as_ref().filter(|_| out.len() >= FEW);
                if !ranked.is_some_and(|ranked| ranked.add_depths(&block, &mut scratch, &mut sums)) {
                    block.walk(&self.trees[trees.clone()], normal, &mut rows, &mut sums);
                }
            }
            for (score, sum) in out.iter_mut().zip(sums) {
                *score = score_of(sum, self.trees.len() as f64 * normal);
            }
            self.fences.outside(x, &mut outside[..out.len()]);
            for (score, outside) in out.iter_mut().zip(outside) {
                *score = self.beside_trees(*score, f64::from(outside));
            }
        }
    }
}

/// The score that belongs to a row whose depths, over all trees, exceed the `normal` sum of depths by `excess`.
///
/// Summed as excess, so that rows which nothing tells apart score exactly one half: the rounding of a hundred depths
/// would put all of them above or below the threshold of one half.
fn score_of(excess: f64, normal: f64) -> f64 {
    // A forest fitted on a single row knows nothing; scikit-learn's answer is one half.
    let relative = if normal == 0.0 { 0.0 } else { excess / normal };
    libm::exp2(-1.0 - relative)
}

/// Up to [`BLOCK`] rows that are scored together.
pub(super) struct Block<'a> {
    x: ArrayView2<'a, f32>,
}

impl Block<'_> {
    /// A feature's values, zeros behind them if the block is not full. `buffer` is for values that do not lie side by
    /// side.
    pub(super) fn column<'b>(&'b self, feature: usize, buffer: &'b mut [f32; BLOCK]) -> &'b [f32; BLOCK] {
        let column = self.x.column(feature);
        if let Some(Ok(values)) = column.to_slice().map(TryInto::try_into) {
            return values;
        }
        for (to, value) in buffer.iter_mut().zip(column) {
            *to = *value;
        }
        buffer
    }

    /// Adds each row's final depth in these trees, less `normal`, to its entry of `sums`. `rows` is scratch.
    fn walk(&self, trees: &[Tree], normal: f64, rows: &mut Vec<f32>, sums: &mut [f64; BLOCK]) {
        let width = self.x.ncols() + 1;
        rows.resize(WALKERS * width, 0.0);
        for (x, sums) in self.x.axis_chunks_iter(Axis(0), WALKERS).zip(sums.chunks_mut(WALKERS)) {
            // Rows beyond the last are left over from earlier ones, or zero: walked for nothing.
            let padded = x.nrows().next_multiple_of(Tree::LANES);
            gather(x, width, rows);
            for tree in trees {
                tree.add_depths(&rows[..padded * width], width, normal, &mut sums[..padded]);
            }
        }
    }
}

/// Copies rows to the front of `rows`, one after the other, each as a zero and its features (see
/// [`Tree::add_depths`]).
fn gather(x: ArrayView2<'_, f32>, width: usize, rows: &mut [f32]) {
    let by_column = x.strides()[0].unsigned_abs() < x.strides()[1].unsigned_abs();
    if by_column {
        for (feature, column) in x.columns().into_iter().enumerate() {
            for (row, value) in rows.chunks_exact_mut(width).zip(column) {
                row[1 + feature] = *value;
            }
        }
    } else {
        for (row, values) in rows.chunks_exact_mut(width).zip(x.rows()) {
            for (to, value) in row[1..].iter_mut().zip(values) {
                *to = *value;
            }
        }
    }
}
