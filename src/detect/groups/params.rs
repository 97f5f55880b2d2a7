//! What a group may be.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::detect::{Check, Checked};

/// What groups are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// Flows of the smallest group, among those that are compared with each other.
    pub smallest: usize,
    /// The largest share of the flows that is still a group and not the rule: of those that are compared, and of all.
    pub largest: f64,
    /// A flow is as far from all others as its neighbour of this number, itself the first: `min_samples` of HDBSCAN.
    pub neighbours: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { smallest: 8, largest: 0.1, neighbours: 5 }
    }
}

/// Parameters that no groups can be looked for with.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ParamsError {
    /// Two flows are alike by chance.
    #[error("a group needs between 3 and 1000 flows, not {0}")]
    Smallest(usize),
    /// Half of the flows are no exception.
    #[error("the largest group may have between 0.001 and 0.5 of the flows, not {0}")]
    Largest(f64),
    /// The first neighbour is the flow itself.
    #[error("the neighbour that counts is one between the 2nd and the 50th, not number {0}")]
    Neighbours(usize),
}

impl Check for Params {
    type Error = ParamsError;

    fn verify(&self) -> Result<(), ParamsError> {
        match *self {
            Self { smallest, .. } if !(3..=1_000).contains(&smallest) => Err(ParamsError::Smallest(smallest)),
            Self { largest, .. } if !(0.001..=0.5).contains(&largest) => Err(ParamsError::Largest(largest)),
            Self { neighbours, .. } if !(2..=50).contains(&neighbours) => Err(ParamsError::Neighbours(neighbours)),
            Self { .. } => Ok(()),
        }
    }
}

impl Params {
    /// Checks them.
    ///
    /// # Errors
    /// [`ParamsError`]
    pub fn check(self) -> Result<Checked<Self>, ParamsError> {
        Checked::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_named() {
        let usual = Params::default();
        assert!(usual.check().is_ok());
        for (params, words) in [
            (Params { smallest: 2, ..usual }, "between 3 and 1000 flows, not 2"),
            (Params { largest: 0.6, ..usual }, "not 0.6"),
            (Params { largest: f64::NAN, ..usual }, "not NaN"),
            (Params { neighbours: 1, ..usual }, "not number 1"),
        ] {
            assert!(params.check().unwrap_err().to_string().contains(words), "{words}");
        }
    }
}
