use std::sync::Arc;

use leptos::prelude::*;

use super::{Jobs, Kind, Page};
use crate::engine;

/// Seeds that are tried beside the run's own.
const OTHERS: usize = 5;
/// Rows that are compared where none is an anomaly.
const SOME: u64 = 50;

/// Fits again with other seeds, to see whether the same flows score highest.
pub fn check_stability(page: Page) {
    let (Some(loaded), Some(run)) = (page.data.loaded.get_untracked(), page.runs.finished.get_untracked()) else {
        return;
    };
    let Some(params) = run.outcome.options.detector.forest() else { return };
    let anomalies = page.runs.verdict.get_untracked().anomalies;
    let top = if anomalies == 0 { SOME } else { anomalies };
    Jobs::start(page, Kind::Aside, async move |job| {
        let stability = job.wait(engine::stability(&job.host, &loaded.dataset, params, top, OTHERS)).await?;
        page.runs.stability.set(Some(Arc::new(stability)));
        Ok(())
    });
}
