//! Matrix → scores: a folder per algorithm, and the threshold that turns scores into a verdict.
//!
//! | module | holds |
//! |---|---|
//! | [`autoencoder`] | parameters → training → a network → reconstruction errors as scores |
//! | [`groups`] | sets of rows that are alike and that nothing else is like |
//! | [`isolation_forest`] | parameters → checked parameters → a fitted forest → scores |
//! | [`Fences`] | values so far out that they speak for themselves |
//! | [`Check`], [`Checked`] | parameters that have been checked: only these are taken |
//! | [`Method`], [`Model`] | which of them, and a fitted one of any |
//! | [`nearest`] | parameters → flows known to be normal → how far others are from them, as scores |
//! | `different`, `landmarks` | rows that are equal, once; which rows need not be compared |
//! | [`rank`] | the order of the scores |
//! | [`summary`] | that order where not all scores fit in memory |
//! | [`threshold`] | from which score on a row counts as an anomaly |

pub mod autoencoder;
mod checked;
mod different;
pub(crate) mod draw;
mod fences;
pub mod groups;
pub mod isolation_forest;
mod landmarks;
mod model;
pub mod nearest;
pub mod rank;
pub mod summary;
pub mod threshold;

pub use checked::{Check, Checked};
pub use fences::Fences;
pub use model::{Expected, Method, Model};
