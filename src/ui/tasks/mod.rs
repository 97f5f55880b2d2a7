//! What a visitor can do that takes time or changes more than one thing, a verb per file. Each takes its turn
//! ([`super::jobs::Jobs::start`]) and shows nothing once a newer one was begun.

mod assign_roles;
mod check_stability;
mod clear_stored;
mod compare;
mod download;
mod guide;
mod keep_model;
mod kept_models;
mod learn;
mod move_threshold;
mod put_back;
mod read;
mod remedy;
mod repeat;
mod review;
mod run;
mod start;
mod suppress;
mod write_report;

pub use assign_roles::assign_roles;
pub use check_stability::check_stability;
pub use clear_stored::clear_stored;
pub use compare::compare;
pub use download::{What, download};
pub use guide::guide;
use keep_model::learn_models;
pub use keep_model::{download_model, keep_model};
pub use kept_models::{
    download_kept, export_models, import_models, note_model, remove_model, rename_model, use_model, use_ready,
};
pub use learn::{list_by_marks, order_by_marks, order_by_severity};
pub use move_threshold::{change_rule, move_threshold, restore_threshold, type_threshold};
pub use put_back::put_back;
pub use read::{choose, go_back, load_sample, open_dropped, open_files, read_again};
pub use remedy::remedy;
pub use repeat::{download_manifest, repeat};
pub use review::{clear_remarks, download_remarks, load_remarks, mark, note, undo_remark};
pub use run::run;
pub use start::start;
use suppress::learn_rules;
pub use suppress::{remove_suppression, suppress};
pub use write_report::{report, write_report};

use super::{
    jobs::{Failure, Job, Jobs, Kind},
    state::Page,
};
