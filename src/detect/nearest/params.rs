//! What can be chosen.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::detect::{Check, Checked};

/// No neighbour of a higher number counts.
pub(super) const MOST_NEIGHBOURS: usize = 1_000;
/// No more different rows are compared with.
pub(super) const MOST_REFERENCES: usize = 16_384;

/// How many neighbours, of how many references; what is `None` is chosen by what these are (`docs/ACCURACY.md` has what of).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// The score is the distance to the neighbour of this number: `n_neighbors` of PyOD's `KNN`.
    pub neighbours: Option<usize>,
    /// Different rows that are compared with, at most.
    pub references: Option<usize>,
}

impl Params {
    /// The number of the neighbour that counts, and how many references there are at most. Of flows known to be normal, the first of
    /// many; of the file itself, where attacks are alike, the hundredth of few.
    #[must_use]
    pub fn of(self, normal: bool) -> (usize, usize) {
        let (neighbours, references) = if normal { (1, MOST_REFERENCES) } else { (100, 2_048) };
        (self.neighbours.unwrap_or(neighbours), self.references.unwrap_or(references))
    }
}

/// Parameters that nothing can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ParamsError {
    /// More are no neighbours any more.
    #[error("the neighbour that counts is one between the 1st and the 1000th, not number {0}")]
    Neighbours(usize),
    /// Too few say nothing, and too many take too long.
    #[error("between 16 and 16384 flows can be compared with, not {0}")]
    References(usize),
}

impl Check for Params {
    type Error = ParamsError;

    fn verify(&self) -> Result<(), ParamsError> {
        match *self {
            Self { neighbours: Some(number), .. } if !(1..=MOST_NEIGHBOURS).contains(&number) => {
                Err(ParamsError::Neighbours(number))
            }
            Self { references: Some(rows), .. } if !(16..=MOST_REFERENCES).contains(&rows) => {
                Err(ParamsError::References(rows))
            }
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
            (Params { neighbours: Some(0), ..usual }, "not number 0"),
            (Params { neighbours: Some(1_001), ..usual }, "not number 1001"),
            (Params { references: Some(15), ..usual }, "not 15"),
            (Params { references: Some(1 << 20), ..usual }, "not 1048576"),
        ] {
            assert!(params.check().unwrap_err().to_string().contains(words), "{words}");
        }
    }
}
