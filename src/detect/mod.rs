//! Matrix → scores: a folder per algorithm, and the threshold that turns scores into a verdict.
//!
//! | module | holds |
//! |---|---|
//! | [`isolation_forest`] | parameters → checked parameters → a fitted forest → scores |
//! | [`rank`] | the order of the scores |
//! | [`summary`] | that order where not all scores fit in memory |
//! | [`threshold`] | from which score on a row counts as an anomaly |

pub mod isolation_forest;
pub mod rank;
pub mod summary;
pub mod threshold;
