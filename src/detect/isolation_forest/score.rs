//! Scoring: rows through all trees, a block of rows at a time.

use ndarray::{ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::error::ForestError;
use super::tree::{Tree, average_path_length};

/// Rows that are scored together: with 81 features they take 21 KiB, and stay in the first-level cache beside a tree.
const BLOCK: usize = 64;

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
}

/// A forest from a file, before its parts are known to fit together.
#[derive(Deserialize)]
struct Unchecked {
    trees: Vec<Tree>,
    sample_size: usize,
    features: usize,
}

impl TryFrom<Unchecked> for IsolationForest {
    type Error = ForestError;

    fn try_from(parts: Unchecked) -> Result<Self, ForestError> {
        Self::from_trees(parts.trees, parts.sample_size, parts.features)
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
        Self { trees, sample_size, features }
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
    /// A value that is NaN goes right at every split, as one larger than all would; the feature plan fills missing
    /// values, so that none should get here.
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
        let width = self.features + 1;
        let normal = average_path_length(self.sample_size);
        let mut rows = vec![0.0; BLOCK * width];
        for (x, out) in x.axis_chunks_iter(Axis(0), BLOCK).zip(out.chunks_mut(BLOCK)) {
            gather(x, width, &mut rows);
            // Rows beyond the last are left over from an earlier block, or zero: walked for nothing.
            let padded = out.len().next_multiple_of(Tree::LANES);
            let mut sums = [0.0; BLOCK];
            for tree in &self.trees {
                tree.add_depths(&rows[..padded * width], width, normal, &mut sums[..padded]);
            }
            for (score, sum) in out.iter_mut().zip(sums) {
                *score = score_of(sum, self.trees.len() as f64 * normal);
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
