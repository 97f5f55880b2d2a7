//! Isolation Forest, as scikit-learn defines it.
//!
//! A random tree that splits on random features at random values isolates an unusual row after few splits and a usual
//! one after many. The score of a row is how short its mean path through the trees is (Liu, Ting & Zhou,
//! *Isolation Forest*, ICDM 2008; section 2 gives the score, section 4 the procedure).
//!
//! | file | holds |
//! |---|---|
//! | `params` | [`Params`] → [`CheckedParams`]: only checked parameters can fit |
//! | `fit`, `grow`, `draw` | [`CheckedParams::fit`]: a sample for each tree; one tree; random draws |
//! | `parts` | [`TreeParts`]: a tree as it is saved, and the check that it is one |
//! | `tree` | [`Tree`]: flat arrays that rows walk through |
//! | `score` | [`IsolationForest`]: rows → scores |
//! | `ranked`, `sketch` | the same scores without walking: splits decided for blocks of rows, a bit for each |
//! | `cuts`, `bits` | what that takes: ranks of values among thresholds, and bits from them |
//! | `calibrate` | [`Calibrating`]: how high rows score by chance |
//! | `stability` | [`Stability`]: whether other seeds agree |
//! | `error` | what can be wrong with parameters, data and trees, apart from each other |
//!
//! ```
//! use flowsift::detect::isolation_forest::Params;
//! use ndarray::array;
//! use std::ops::ControlFlow;
//!
//! let rows = array![[1.0_f32, 2.0], [1.1, 2.1], [0.9, 1.9], [1.0, 2.1], [9.0, 9.0]];
//! let params = Params::default().check()?;
//! let forest = params.fit(rows.view(), &mut |_| ControlFlow::Continue(()))?;
//! let scores = forest.score(rows.view());
//! assert!(scores[..4].iter().all(|usual| *usual < scores[4]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is the same as scikit-learn's `IsolationForest()` and what is not: the procedure is the same (read in 1.9.1:
//! `ensemble/_iforest.py`, `tree/_splitter.pyx`), so trees exported from scikit-learn score the same here, and fits
//! agree over seeds; the random numbers are our own, so one fit differs from one of scikit-learn as two of its seeds do.

mod bits;
mod calibrate;
mod cuts;
mod error;
mod fit;
mod grow;
mod params;
mod parts;
mod ranked;
mod score;
mod sketch;
mod stability;
mod tree;

pub use calibrate::Calibrating;
pub use error::{FitError, ForestError, ParamsError, TreeError};
pub use fit::Growing;
pub use params::{CheckedParams, Params};
pub use parts::TreeParts;
pub(in crate::detect) use score::ISOLATED;
pub use score::IsolationForest;
pub use stability::{Stability, highest};
pub use tree::{Split, Term, Tree, average_path_length};
