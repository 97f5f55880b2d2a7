use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::engine;

/// Seeds that are tried beside the run's own.
const OTHERS: usize = 5;
/// Rows that are compared where none is an anomaly.
const SOME: u64 = 50;

/// Fits again with other seeds, to see whether the same flows score highest.
pub fn check_stability(page: Page) {
    let (Some(loaded), Some(finished)) = (page.loaded.get_untracked(), page.finished.get_untracked()) else { return };
    let turn = page.begin();
    // Only now: each turn has a handle of its own.
    let Some(host) = page.host() else { return };
    page.writing.set(true);
    let anomalies = page.verdict.get_untracked().anomalies;
    let top = if anomalies == 0 { SOME } else { anomalies };
    spawn_local(async move {
        let params = finished.outcome.options.params;
        let stability = engine::stability(&host, &loaded.dataset, params, top, OTHERS).await;
        if !page.is_current(turn) {
            return;
        }
        match stability {
            Ok(stability) => {
                page.stability.set(Some(Arc::new(stability)));
                page.end(page.rest());
                // What the visitor wished for before may not have been shown yet.
                refresh(page, None).await;
            }
            Err(error) => page.fail(&error),
        }
    });
}
