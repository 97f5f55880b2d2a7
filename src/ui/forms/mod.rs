//! What is typed, checked before anything is asked of the workers.
//!
//! A [`Form`] is a list of [`Field`]s that together describe one thing (a detector's parameters, a rule, the threshold).
//! Each says what it asks for and where the value goes; all else (texts, errors, whether something was changed, reset) is
//! the same for all forms. A detector's parameters are one such list.
//!
//! | module | has |
//! |---|---|
//! | [`field`] | a field: a text becomes a value, or a sentence that says what is wrong |
//! | [`form`] | a form, and the texts that were typed into it |
//! | [`forest`], [`autoencoder`], [`nearest`] | the detectors' parameters |
//! | [`first`] | the first part of a file that is a baseline |
//! | [`groups`] | what groups are looked for |
//! | [`rule`] | the rules for the threshold and their numbers |
//! | [`threshold`] | the threshold |

pub mod autoencoder;
mod field;
pub mod first;
pub mod forest;
mod form;
pub mod groups;
pub mod nearest;
pub mod rule;
pub mod threshold;

pub use field::{Field, Input, MOST_EXACT, Question};
#[cfg(test)]
pub use form::tests::typed;
pub use form::{Form, Texts};
