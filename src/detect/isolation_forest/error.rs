//! What can be wrong: with the parameters, with the data to fit, with trees that come from elsewhere.

use thiserror::Error;

/// A parameter that no forest can be fitted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParamsError {
    /// There must be at least one tree.
    #[error("an isolation forest needs at least one tree")]
    NoTrees,
    /// A sample must have two rows, or nothing can be isolated, and no more than node numbers can count.
    #[error("the sample of a tree must have between 2 and 1073741824 rows, not {0}")]
    SampleSize(usize),
    /// A tree must see a feature.
    #[error("each tree needs at least one feature")]
    NoFeatures,
    /// A tree must split once.
    #[error("trees must be allowed at least one split from root to leaf")]
    NoDepth,
}

/// Why a fit gave no forest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FitError {
    /// The matrix has no rows.
    #[error("there are no rows to fit the isolation forest on")]
    NoRows,
    /// The matrix has no columns.
    #[error("there are no features to fit the isolation forest on")]
    NoFeatures,
    /// A value is infinite; the feature plan fills such values before they get here.
    #[error("the value in row {row}, feature {column} (both from 0) is infinite")]
    Infinite {
        /// Row of the value, from 0: the first such row of that column.
        row: usize,
        /// Column of the value, from 0: the first column that has one.
        column: usize,
    },
    /// The progress callback asked to stop.
    #[error("the fit was cancelled")]
    Cancelled,
}

/// Why arrays from elsewhere (a file, another library) are not a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TreeError {
    /// There is no root, or the arrays differ in length, or there are more nodes than can be numbered.
    #[error("a tree needs at least one node and arrays of one length")]
    Lengths,
    /// The children of a node do not come after it, lie outside the arrays, or have another parent too.
    #[error("the children of node {0} are not two later nodes of its own")]
    Children(usize),
    /// A node's rows are not the sum of its children's, or a leaf has none.
    #[error("the row count of node {0} does not add up")]
    Samples(usize),
    /// The threshold of a split is NaN or infinite.
    #[error("the threshold of node {0} is not a finite number")]
    Threshold(usize),
    /// A feature's number is too large to be one.
    #[error("the feature of node {0} is out of range")]
    Feature(usize),
    /// A leaf has a plane, an inner node of a tree with planes has none, or its terms are not finite.
    #[error("the plane of node {0} is none")]
    Plane(usize),
}

/// Why trees from elsewhere are not a forest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ForestError {
    /// There are no trees.
    #[error("an isolation forest needs at least one tree")]
    NoTrees,
    /// The rows are said to have no features.
    #[error("an isolation forest needs at least one feature")]
    NoFeatures,
    /// A tree was grown on more or fewer rows than the forest says.
    #[error("tree {tree} was grown on {found} rows, not on {expected}")]
    SampleSize {
        /// Number of the tree, from 0.
        tree: usize,
        /// Rows that the forest says each tree was grown on.
        expected: usize,
        /// Rows at the root of this tree.
        found: usize,
    },
    /// A tree splits on a feature that the rows do not have.
    #[error("tree {tree} splits on feature {feature} (from 0), but rows have only {features}")]
    Feature {
        /// Number of the tree, from 0.
        tree: usize,
        /// The feature, from 0.
        feature: usize,
        /// How many features rows have.
        features: usize,
    },
    /// What was found out about its scores is of another forest.
    #[error("the forest's fences are of features that rows do not have, or its limit is no number")]
    Calibration,
}
