//! The set-up in three steps, and the button that runs it.

mod data;
mod detector;
pub mod outlook;
mod run;
pub mod threshold;
mod trained_on;

pub use data::DataStep;
pub use detector::DetectorStep;
pub use run::{RunStep, ran_as};
pub use threshold::ThresholdStep;
