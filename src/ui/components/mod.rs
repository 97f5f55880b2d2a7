//! Controls that forms are made of.

mod autoencoder_options;
mod compared_rules;
mod form_field;
mod how_to_read;
mod params;
mod rule_chooser;

pub use autoencoder_options::AutoencoderOptions;
pub use compared_rules::{ComparedRules, marks};
pub use form_field::form_field;
pub use how_to_read::{HelpLink, HowToRead};
pub use params::{ForestParams, GroupParams, NearestParams};
pub use rule_chooser::RuleChooser;

use super::said as words;
