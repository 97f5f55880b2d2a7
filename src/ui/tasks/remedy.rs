use leptos::prelude::*;

use super::{Page, assign_roles, choose};
use crate::{features::Mode, lint::Remedy, table::Role};

/// Does what remedies a lint, in these columns.
pub fn remedy(page: Page, remedy: Remedy, columns: Vec<String>) {
    match remedy {
        Remedy::LeaveOut => {
            assign_roles(page, columns.into_iter().map(|column| (column, Role::Ignored)).collect());
        }
        Remedy::MinusOneIsMissing => choose(page, |choices| choices.minus_one_is_missing.extend(columns)),
        Remedy::LogarithmicScale => page.setup.mode.set(Mode::Recommended),
        Remedy::DeduplicateTrainingRows => page.setup.deduplicate.set(true),
    }
}
