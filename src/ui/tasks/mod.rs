//! What a visitor can do, a verb per file. Each takes its turn ([`Page::begin`]) and shows nothing once a newer one
//! was begun.

mod assign_roles;
mod cancel;
mod check_stability;
mod choose_axes;
mod compare;
mod download;
mod load_sample;
mod move_threshold;
mod open_file;
mod refresh;
mod remedy;
mod run;
mod start;
mod turn_page;

pub use assign_roles::assign_roles;
pub use cancel::cancel;
pub use check_stability::check_stability;
pub use choose_axes::choose_axes;
pub use compare::compare;
pub use download::{What, download};
pub use load_sample::load_sample;
pub use move_threshold::{change_rule, move_threshold, restore_threshold, type_threshold};
pub use open_file::{choose, open_dropped, open_files};
pub use remedy::remedy;
pub use run::run;
pub use start::start;
pub use turn_page::{select_rank, turn_page};

use super::state::Page;
