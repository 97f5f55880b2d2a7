//! Why a row scored as it did: how much each feature shortened or lengthened its paths.
//!
//! | function | turns | into |
//! |---|---|---|
//! | [`contributions`] | a forest and a row | splits gained or lost, per feature |
//! | [`top_reasons`] | contributions | the few features that made the row stand out, with shares |

mod path;

pub use path::{contributions, expected_depth, top_reasons};
