//! Rows → forest: a sample of rows, and of features where asked for, for each tree.

use std::ops::ControlFlow;

use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::error::FitError;
use super::grow::{Growth, grow};
use super::params::CheckedParams;
use super::score::IsolationForest;
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
        let (rows, features) = x.dim();
        if rows == 0 {
            return Err(FitError::NoRows);
        }
        if features == 0 {
            return Err(FitError::NoFeatures);
        }
        refuse_infinite(x)?;
        let params = self.params();
        let sample_size = params.sample_size.min(rows);
        // ceil(log2(max(sample, 2))), as the bits of the sample − 1.
        let usual_depth = (usize::BITS - (sample_size.max(2) - 1).leading_zeros()) as usize;
        let growth = Growth {
            depth_limit: params.max_depth.unwrap_or(usual_depth),
            extension: params.extension.min(features - 1),
        };
        let max_features = params.max_features.unwrap_or(features).min(features);
        let mut trees = Vec::with_capacity(params.trees);
        for tree in 0..params.trees {
            let mut rng = ChaCha8Rng::seed_from_u64(params.seed);
            rng.set_stream(tree as u64);
            let sample = sample_without_replacement(rows, sample_size, &mut rng);
            let drawn = if max_features < features {
                sample_without_replacement(features, max_features, &mut rng)
            } else {
                (0..features).collect()
            };
            trees.push(grow(x, sample, drawn, growth, rng));
            let done = (tree + 1) as f64 / params.trees as f64;
            if progress(done).is_break() {
                return Err(FitError::Cancelled);
            }
        }
        Ok(IsolationForest::assemble(trees, sample_size, features))
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
