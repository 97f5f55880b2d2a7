//! Growing the trees: scikit-learn's `ExtraTreeRegressor(max_features=1, splitter="random")` on samples without
//! replacement, which is what its `IsolationForest` is made of.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ndarray::{ArrayView1, ArrayView2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::error::FitError;
use super::params::CheckedParams;
use super::parts::TreeParts;
use super::score::IsolationForest;
use super::tree::Tree;

/// A feature whose values in a node span no more than this is constant there (scikit-learn's `FEATURE_THRESHOLD`).
const CONSTANT: f32 = 1e-7;

impl CheckedParams {
    /// Fits a forest on `x`, rows × features, all values finite.
    ///
    /// Each tree takes min(`sample_size`, rows) rows without replacement and splits them, at most
    /// ceil(log2(sample)) deep, on a feature drawn evenly from those not constant in the node, at a value drawn evenly
    /// between its smallest and largest there. Tree i draws from its own stream i of the seed, so that it is the same
    /// in a forest of any size.
    ///
    /// `progress` is called after each tree with the fraction done, in (0, 1].
    ///
    /// # Errors
    /// [`FitError`] when there is nothing to fit on, a value is not finite, or `progress` answered
    /// [`ControlFlow::Break`].
    pub fn fit(
        &self,
        x: ArrayView2<'_, f32>,
        progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<IsolationForest, FitError> {
        let (rows, features) = x.dim();
        if rows == 0 {
            return Err(FitError::NoRows);
        }
        if features == 0 {
            return Err(FitError::NoFeatures);
        }
        check_finite(x)?;
        let params = self.params();
        let sample_size = params.sample_size.min(rows);
        let mut trees = Vec::with_capacity(params.trees);
        for tree in 0..params.trees {
            let mut rng = ChaCha8Rng::seed_from_u64(params.seed);
            rng.set_stream(tree as u64);
            let sample = sample_without_replacement(rows, sample_size, &mut rng);
            trees.push(Grower::new(x, &sample, rng).grow());
            let done = (tree + 1) as f64 / params.trees as f64;
            if progress(done).is_break() {
                return Err(FitError::Cancelled);
            }
        }
        Ok(IsolationForest::assemble(trees, sample_size, features))
    }
}

/// Finds the first value that is not finite, by column, then row.
fn check_finite(x: ArrayView2<'_, f32>) -> Result<(), FitError> {
    // In the order of memory first, which is fast for either layout.
    if x.fold(true, |finite, value| finite & value.is_finite()) {
        return Ok(());
    }
    let first_in = |column: ArrayView1<'_, f32>| column.iter().position(|value| !value.is_finite());
    for (column, values) in x.columns().into_iter().enumerate() {
        if let Some(row) = first_in(values) {
            return Err(FitError::NotFinite { row, column });
        }
    }
    Ok(())
}

/// An even draw from 0..n: the high half of a random `u64` times n, drawn again in the few cases that would favour some
/// numbers (Lemire, *Fast Random Integer Generation in an Interval*, 2019).
fn below(n: u64, rng: &mut ChaCha8Rng) -> u64 {
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        let (high, low) = ((product >> 64) as u64, product as u64);
        if low >= n || low >= n.wrapping_neg() % n {
            return high;
        }
    }
}

/// An even draw from [0, 1): 53 random bits.
fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// `size` different numbers of 0..n, ascending (Floyd's algorithm: Bentley & Floyd, *A Sample of Brilliance*, 1987).
fn sample_without_replacement(n: usize, size: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut sample = BTreeSet::new();
    for last in n - size..n {
        let drawn = below(last as u64 + 1, rng) as usize;
        if !sample.insert(drawn) {
            sample.insert(last);
        }
    }
    sample.into_iter().collect()
}

/// A value drawn evenly from [min, max) such that some row is `<=` it and some row is not.
///
/// Drawn as `f64` and rounded down to `f32`: for `f32` values `v <= rounded` iff `v <= drawn`.
fn threshold_between(min: f32, max: f32, rng: &mut ChaCha8Rng) -> f32 {
    let (low, high) = (f64::from(min), f64::from(max));
    let drawn = low + unit(rng) * (high - low);
    let nearest = drawn as f32;
    let rounded = if f64::from(nearest) > drawn { nearest.next_down() } else { nearest };
    // The sum can round up to the largest value; nothing would go right.
    if rounded >= max { min } else { rounded }
}

/// A node that waits to be split.
struct Pending {
    node: usize,
    /// Its rows: a range of `Grower::order`.
    start: usize,
    end: usize,
    depth: u32,
    /// How many of `Grower::features`, from the front, are not known to be constant in it.
    varying: usize,
}

/// Grows one tree, depth first, left before right.
struct Grower {
    rng: ChaCha8Rng,
    /// The sample, feature by feature.
    values: Vec<f32>,
    rows: usize,
    /// Rows of the sample, partitioned as the tree grows.
    order: Vec<u32>,
    /// Features, those that a node found constant moved behind its others. The nodes below a node reorder only what it
    /// left in front, so a waiting sibling still finds its own features in front.
    features: Vec<u32>,
    parts: TreeParts,
}

impl Grower {
    fn new(x: ArrayView2<'_, f32>, sample: &[usize], rng: ChaCha8Rng) -> Self {
        let rows = sample.len();
        let mut values = vec![0.0; rows * x.ncols()];
        for (to, &row) in sample.iter().enumerate() {
            for (feature, &value) in x.row(row).iter().enumerate() {
                values[feature * rows + to] = value;
            }
        }
        Self {
            rng,
            values,
            rows,
            order: (0..rows as u32).collect(),
            features: (0..x.ncols() as u32).collect(),
            parts: TreeParts::default(),
        }
    }

    fn grow(mut self) -> Tree {
        // ceil(log2(max(rows, 2))), as the bits of rows − 1.
        let depth_limit = usize::BITS - (self.rows.max(2) - 1).leading_zeros();
        let root = self.add_leaf(self.rows);
        let mut pending =
            vec![Pending { node: root, start: 0, end: self.rows, depth: 0, varying: self.features.len() }];
        while let Some(Pending { node, start, end, depth, mut varying }) = pending.pop() {
            if end - start < 2 || depth == depth_limit {
                continue;
            }
            let Some((feature, min, max)) = self.draw_feature(start, end, &mut varying) else {
                continue;
            };
            let threshold = threshold_between(min, max, &mut self.rng);
            let middle = start + self.partition(start, end, feature, threshold);
            let left = self.add_leaf(middle - start);
            let right = self.add_leaf(end - middle);
            self.parts.left[node] = left as u32;
            self.parts.feature[node] = feature;
            self.parts.threshold[node] = threshold;
            let child = |node, start, end| Pending { node, start, end, depth: depth + 1, varying };
            pending.push(child(right, middle, end));
            pending.push(child(left, start, middle));
        }
        Tree::assemble(self.parts)
    }

    fn add_leaf(&mut self, samples: usize) -> usize {
        self.parts.left.push(0);
        self.parts.feature.push(0);
        self.parts.threshold.push(0.0);
        self.parts.samples.push(samples as u32);
        self.parts.left.len() - 1
    }

    fn column(&self, feature: u32) -> &[f32] {
        let start = feature as usize * self.rows;
        &self.values[start..start + self.rows]
    }

    /// Draws features until one varies among the node's rows, and returns it with its smallest and largest value there.
    fn draw_feature(&mut self, start: usize, end: usize, varying: &mut usize) -> Option<(u32, f32, f32)> {
        while *varying > 0 {
            let drawn = below(*varying as u64, &mut self.rng) as usize;
            let feature = self.features[drawn];
            let column = self.column(feature);
            let (mut min, mut max) = (f32::INFINITY, f32::NEG_INFINITY);
            for &row in &self.order[start..end] {
                let value = column[row as usize];
                min = min.min(value);
                max = max.max(value);
            }
            if max > min + CONSTANT {
                return Some((feature, min, max));
            }
            *varying -= 1;
            self.features.swap(drawn, *varying);
        }
        None
    }

    /// Moves the rows that go left to the front, and returns how many they are.
    fn partition(&mut self, start: usize, end: usize, feature: u32, threshold: f32) -> usize {
        let from = feature as usize * self.rows;
        let column = &self.values[from..from + self.rows];
        let order = &mut self.order[start..end];
        let mut left = 0;
        for at in 0..order.len() {
            if column[order[at] as usize] <= threshold {
                order.swap(left, at);
                left += 1;
            }
        }
        left
    }
}
