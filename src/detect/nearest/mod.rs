//! Nearest neighbours: how far a flow is from those that are known.
//!
//! The score of a row is its distance in the straight line to the k-th nearest of some reference rows, in a
//! [`Space`](crate::features::Space), where 1 is as much as another protocol (Ramaswamy, Rastogi and Shim 2000, *Efficient algorithms for
//! mining outliers from large data sets*; PyOD's `KNN` with `method="largest"`). Rows that are equal are kept once, with how many they
//! are.
//!
//! | module | holds |
//! |---|---|
//! | `params` | how many neighbours, of how many references |
//! | `neighbours` | references, arranged so that few are compared |
//! | `fit` | a sample → references, and how far such rows are from each other |
//! | `score` | rows → distances, and what differs from the nearest reference |
//! | `values` | what references hold, to be shown |

mod fit;
mod neighbours;
mod params;
mod score;
mod values;

#[cfg(test)]
mod tests;

pub use fit::{Fitting, Known, Nearest, Usual};
pub use params::{Params, ParamsError};
pub use score::Alike;
