use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{Failure, Job, Jobs, Kind, Page, read::read};
use crate::{engine, table::Role, ui::state::Loaded};

/// Gives columns other roles, by name. Results of the old ones are dropped when the new ones hold.
pub fn assign_roles(page: Page, roles: BTreeMap<String, Role>) {
    page.data.choices.update(|choices| choices.roles.extend(roles.clone()));
    Jobs::start(page, Kind::Read, async move |job| assign(&job, roles).await);
}

/// The same as a part of another job.
pub(super) async fn change_roles(job: &Job, roles: BTreeMap<String, Role>) -> Result<(), Failure> {
    job.page.data.choices.update(|choices| choices.roles.extend(roles.clone()));
    assign(job, roles).await
}

pub(super) async fn assign(job: &Job, roles: BTreeMap<String, Role>) -> Result<(), Failure> {
    let page = job.page;
    let loaded = page.data.loaded.get_untracked().filter(|_| page.data.at_hand.get_untracked());
    let Some(loaded) = loaded else { return read(job).await };
    // Until all have the new roles, some workers have the old ones.
    page.data.let_go();
    match job.wait(engine::assign(&job.host, &loaded.dataset, &roles)).await? {
        Some(dataset) => {
            page.data.keep(Loaded { dataset, took: loaded.took });
            page.runs.forget();
            page.judging.forget();
            page.review.forget_groups();
            Ok(())
        }
        None => read(job).await,
    }
}
