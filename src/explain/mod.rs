//! Why a row scored as it did: how much each feature shortened or lengthened its paths, or how badly it was given back.
//!
//! | item | turns | into |
//! |---|---|---|
//! | [`Explanations`] | a model and a row | what each feature contributed, and what was expected of it |
//! | [`Explainer`], [`contributions()`] | a forest and a row | splits gained or lost, per feature |
//! | [`top_reasons`] | contributions | the few features that made the row stand out, with shares |
//! | [`Importance`] | contributions of many rows | what each feature weighs over all |

mod contributions;
mod explanation;
mod importance;
mod path;
mod quadrature;
mod reasons;
mod shapley;

pub use contributions::{Explainer, contributions, expected_depth};
pub use explanation::{Explanation, Explanations};
pub use importance::Importance;
pub use reasons::top_reasons;
