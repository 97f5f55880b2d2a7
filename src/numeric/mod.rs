//! Small calculations that several stages need, each in one place.
//!
//! | module | has |
//! |---|---|
//! | [`grouped`] | numbers as text, with commas between the thousands |
//! | [`order`] | lists in order |
//! | [`quantile`] | the value below which a share of the values lies |
//! | [`signed_log`] | a logarithm with a place for zero and negative values |
//! | [`tail`] | where a tail ends, if it goes on as it begins |

pub mod grouped;
pub mod order;
pub mod quantile;
pub mod signed_log;
pub mod tail;
