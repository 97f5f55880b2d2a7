//! Table → matrix: which columns a detector sees, and as what numbers.
//!
//! A [`FeaturePlan`] is fitted once, on the merged profile and the row sample, and then applied to every block of every
//! shard. It is a pure function of those two, so it does not depend on the shards, and it is all that is needed to
//! treat another file in the same way.

mod binding;
mod encoding;
mod error;
mod plan;
mod points;
#[cfg(test)]
pub mod rows;
mod scaling;
mod space;

pub use binding::Binding;
pub use encoding::{Encoding, Grouping};
pub use error::FeatureError;
pub use plan::{Feature, FeaturePlan, Mode, Omission, Treatment};
pub(crate) use points::ROUNDED;
pub use points::{Point, Points, ROUNDED_UNIT, UNIT};
pub use scaling::{LIMIT as SCALED_LIMIT, Scaling};
pub(crate) use space::Axis;
pub use space::Space;
