//! Parameters, and parameters that have been checked.

use serde::{Deserialize, Serialize};

use super::error::ParamsError;
use crate::detect::{Check, Checked};

/// Most rows that the sample of one tree may have: its nodes (twice as many) are numbered by `u32`.
const MAX_SAMPLE_SIZE: usize = 1 << 30;

/// What can be chosen; [`Params::check`] turns it into what can fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// Number of trees (scikit-learn's `n_estimators`).
    pub trees: usize,
    /// Rows drawn for each tree (scikit-learn's `max_samples`); all rows where there are fewer.
    pub sample_size: usize,
    /// Features drawn for each tree (scikit-learn's `max_features`); all where there are fewer, or if `None`.
    pub max_features: Option<usize>,
    /// Most splits from the root to a leaf; ceil(log2(sample)) if `None`, the depth at which a usual row is alone.
    pub max_depth: Option<usize>,
    /// Features that a split combines beyond its first (the extension level of Hariri, Carrasco Kind & Brunner,
    /// *Extended Isolation Forest*, 2019); all where there are fewer. 0 splits on one feature at a time, as usual; more
    /// split along hyperplanes, which do not favour the directions of the axes, and take longer.
    pub extension: usize,
    /// Seed of all random draws: the same seed, data and parameters give the same forest, bit for bit, everywhere.
    pub seed: u64,
}

impl Default for Params {
    /// 100 trees on 256 rows each, as in the paper (Liu et al. 2008, section 4) and in scikit-learn.
    fn default() -> Self {
        Self { trees: 100, sample_size: 256, max_features: None, max_depth: None, extension: 0, seed: 42 }
    }
}

impl Params {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamsError`] when there is no tree, a sample is too small to be split or too large to be numbered, or trees
    /// may see no feature or make no split.
    pub fn check(self) -> Result<CheckedParams, ParamsError> {
        Checked::new(self)
    }
}

/// Parameters that a forest can be fitted with.
pub type CheckedParams = Checked<Params>;

impl CheckedParams {
    /// The same with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Checked(Params { seed, ..self.0 })
    }
}

impl Check for Params {
    type Error = ParamsError;

    fn verify(&self) -> Result<(), ParamsError> {
        if self.trees == 0 {
            return Err(ParamsError::NoTrees);
        }
        if !(2..=MAX_SAMPLE_SIZE).contains(&self.sample_size) {
            return Err(ParamsError::SampleSize(self.sample_size));
        }
        if self.max_features == Some(0) {
            return Err(ParamsError::NoFeatures);
        }
        if self.max_depth == Some(0) {
            return Err(ParamsError::NoDepth);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_scikit_learns() {
        let params = Params::default();
        assert_eq!((params.trees, params.sample_size, params.seed), (100, 256, 42));
        assert_eq!(params.check().unwrap().params(), &params);
    }

    #[test]
    fn no_trees_is_refused() {
        let params = Params { trees: 0, ..Params::default() };
        assert_eq!(params.check(), Err(ParamsError::NoTrees));
    }

    #[test]
    fn trees_without_features_or_splits_are_refused() {
        let params = Params { max_features: Some(0), ..Params::default() };
        assert_eq!(params.check(), Err(ParamsError::NoFeatures));
        let params = Params { max_depth: Some(0), ..Params::default() };
        assert_eq!(params.check(), Err(ParamsError::NoDepth));
        let least = Params { max_features: Some(1), max_depth: Some(1), extension: usize::MAX, ..Params::default() };
        assert!(least.check().is_ok());
    }

    #[test]
    fn samples_that_cannot_be_split_or_numbered_are_refused() {
        for sample_size in [0, 1, MAX_SAMPLE_SIZE + 1] {
            let params = Params { sample_size, ..Params::default() };
            assert_eq!(params.check(), Err(ParamsError::SampleSize(sample_size)));
        }
    }
}
