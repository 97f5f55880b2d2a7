//! Parameters, and parameters that have been checked.

use serde::{Deserialize, Serialize};

use super::error::ParamsError;

/// Most rows that the sample of one tree may have: its nodes (twice as many) are numbered by `u32`.
const MAX_SAMPLE_SIZE: usize = 1 << 30;

/// What can be chosen; [`Params::check`] turns it into what can fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// Number of trees (scikit-learn's `n_estimators`).
    pub trees: usize,
    /// Rows drawn for each tree (scikit-learn's `max_samples`); all rows where there are fewer.
    pub sample_size: usize,
    /// Seed of all random draws: the same seed, data and parameters give the same forest, bit for bit, everywhere.
    pub seed: u64,
}

impl Default for Params {
    /// 100 trees on 256 rows each, as in the paper (Liu et al. 2008, section 4) and in scikit-learn.
    fn default() -> Self {
        Self { trees: 100, sample_size: 256, seed: 42 }
    }
}

impl Params {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamsError`] when there is no tree, or a sample is too small to be split or too large to be numbered.
    pub fn check(self) -> Result<CheckedParams, ParamsError> {
        if self.trees == 0 {
            return Err(ParamsError::NoTrees);
        }
        if !(2..=MAX_SAMPLE_SIZE).contains(&self.sample_size) {
            return Err(ParamsError::SampleSize(self.sample_size));
        }
        Ok(CheckedParams(self))
    }
}

/// Parameters that a forest can be fitted with; the only way to get them is [`Params::check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Params", into = "Params")]
pub struct CheckedParams(Params);

impl CheckedParams {
    /// The parameters that were checked.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.0
    }
}

impl TryFrom<Params> for CheckedParams {
    type Error = ParamsError;

    fn try_from(params: Params) -> Result<Self, ParamsError> {
        params.check()
    }
}

impl From<CheckedParams> for Params {
    fn from(checked: CheckedParams) -> Self {
        checked.0
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
    fn samples_that_cannot_be_split_or_numbered_are_refused() {
        for sample_size in [0, 1, MAX_SAMPLE_SIZE + 1] {
            let params = Params { sample_size, ..Params::default() };
            assert_eq!(params.check(), Err(ParamsError::SampleSize(sample_size)));
        }
    }
}
