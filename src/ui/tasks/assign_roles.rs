use std::{collections::BTreeMap, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use super::{Page, open_file::read_again};
use crate::{
    engine::{self, EngineError},
    table::Role,
    ui::state::{Loaded, Phase},
};

/// Gives columns other roles, by name. Results of the old ones are dropped.
pub fn assign_roles(page: Page, roles: BTreeMap<String, Role>) {
    let Some(loaded) = page.loaded.get_untracked() else { return };
    let reading = page.phase.get_untracked() == Phase::Loading;
    page.choices.update(|choices| choices.roles.extend(roles.clone()));
    if reading {
        // What is shown is not what the workers hold.
        return read_again(page);
    }
    let turn = page.begin();
    page.forget_runs();
    page.phase.set(Phase::Loading);
    spawn_local(async move {
        let assigned = async {
            let host = page.idle_host().await?;
            if !page.is_current(turn) {
                return Err(EngineError::Cancelled);
            }
            if page.loaded.with_untracked(Option::is_none) {
                return Err(EngineError::WorkerDied { reason: "it did not answer and was replaced".into() });
            }
            engine::assign(&host, &loaded.dataset, &roles).await
        };
        let assigned = assigned.await;
        if !page.is_current(turn) {
            return;
        }
        match assigned {
            Ok(Some(dataset)) => {
                page.loaded.set(Some(Arc::new(Loaded { dataset, took: loaded.took })));
                page.end(Phase::Ready);
            }
            Ok(None) => read_again(page),
            Err(error) => {
                // Some workers may have the old roles and some the new.
                page.loaded.set(None);
                page.fail(&error);
            }
        }
    });
}
