//! Rows → forest: a sample of rows, and of features where asked for, for each tree.

use std::ops::ControlFlow;

use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::error::FitError;
use super::grow::{Growth, grow};
use super::params::{CheckedParams, Params};
use super::score::IsolationForest;
use super::tree::Tree;
use crate::detect::draw::sample_without_replacement;

impl CheckedParams {
    /// Fits a forest on `x`, rows × features, no value infinite.
    ///
    /// Each tree takes min(`sample_size`, rows) rows without replacement and splits them, as deep as `max_depth` or
    /// ceil(log2(sample)), on a feature drawn evenly from those not constant in the node, at a value drawn evenly
    /// between its smallest and largest there. Tree i draws from its own stream i of the seed, so that it is the same
    /// in a forest of any size.
    ///
    /// A missing value (NaN) is treated as in scikit-learn: a split of rows of which some lack the value sends these
    /// left or right by chance, together; at a split that has seen none, missing values follow most rows.
    ///
    /// `progress` is called after each tree with the fraction done, in (0, 1].
    ///
    /// # Errors
    /// [`FitError`] when there is nothing to fit on, a value is infinite, or `progress` answered
    /// [`ControlFlow::Break`].
    pub fn fit(
        &self,
        x: ArrayView2<'_, f32>,
        progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<IsolationForest, FitError> {
        let mut growing = self.growing(x)?;
        while growing.grow(1) {
            if progress(growing.done()).is_break() {
                return Err(FitError::Cancelled);
            }
        }
        Ok(growing.finish())
    }

    /// The same, some trees at a time, for those who do other things in between.
    ///
    /// # Errors
    /// As [`CheckedParams::fit`].
    pub fn growing<'a>(&self, x: ArrayView2<'a, f32>) -> Result<Growing<'a>, FitError> {
        let (rows, features) = x.dim();
        if rows == 0 {
            return Err(FitError::NoRows);
        }
        if features == 0 {
            return Err(FitError::NoFeatures);
        }
        refuse_infinite(x)?;
        let params = *self.params();
        let sample_size = params.sample_size.min(rows);
        // ceil(log2(max(sample, 2))), as the bits of the sample − 1.
        let usual_depth = (usize::BITS - (sample_size.max(2) - 1).leading_zeros()) as usize;
        let growth = Growth {
            depth_limit: params.max_depth.unwrap_or(usual_depth),
            extension: params.extension.min(features - 1),
        };
        Ok(Growing { params, x, sample_size, growth, trees: Vec::with_capacity(params.trees) })
    }
}

/// A forest of which some trees are missing.
pub struct Growing<'a> {
    params: Params,
    x: ArrayView2<'a, f32>,
    sample_size: usize,
    growth: Growth,
    trees: Vec<Tree>,
}

impl Growing<'_> {
    /// Grows up to `trees` more trees; false if none was missing.
    pub fn grow(&mut self, trees: usize) -> bool {
        let (rows, features) = self.x.dim();
        let first = self.trees.len();
        for tree in first..self.params.trees.min(first.saturating_add(trees)) {
            let mut rng = ChaCha8Rng::seed_from_u64(self.params.seed);
            rng.set_stream(tree as u64);
            let sample = sample_without_replacement(rows, self.sample_size, &mut rng);
            let max_features = self.params.max_features.unwrap_or(features).min(features);
            let drawn = if max_features < features {
                sample_without_replacement(features, max_features, &mut rng)
            } else {
                (0..features).collect()
            };
            self.trees.push(grow(self.x, sample, drawn, self.growth, rng));
        }
        self.trees.len() > first
    }

    /// As many trees as look at some ten thousand rows.
    pub fn some(&self) -> usize {
        (65_536 / self.sample_size.max(1)).max(1)
    }

    /// The fraction of the trees that are there.
    pub fn done(&self) -> f64 {
        self.trees.len() as f64 / self.params.trees.max(1) as f64
    }

    /// The forest of the trees that are there.
    pub fn finish(self) -> IsolationForest {
        IsolationForest::assemble(self.trees, self.sample_size, self.x.ncols())
    }
}

/// Finds the first infinite value, by column, then row.
fn refuse_infinite(x: ArrayView2<'_, f32>) -> Result<(), FitError> {
    // All values at once first, in the order of memory if there is one.
    let none = |none: bool, value: &f32| none & !value.is_infinite();
    if x.as_slice_memory_order().map_or_else(|| x.iter().fold(true, none), |values| values.iter().fold(true, none)) {
        return Ok(());
    }
    for (column, values) in x.columns().into_iter().enumerate() {
        if let Some(row) = values.iter().position(|value| value.is_infinite()) {
            return Err(FitError::Infinite { row, column });
        }
    }
    Ok(())
}
