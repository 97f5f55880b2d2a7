use std::sync::Arc;

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};

use super::{Failure, Jobs, Kind, Page};
use crate::{
    engine::{self, SortBy, StandingQuery},
    ui::{
        panels::finding_list,
        state::{Notice, Taught},
    },
    web::dom::focus_selected,
};

/// Has findings in the order that marks teach, and goes to the first.
pub fn order_by_marks(page: Page) {
    learn(page, |page| {
        page.selection.finding.set(0);
        spawn_local(go_to_first());
    });
}

/// Has flows in that order, by all marks that there are now; findings take it, too, and the selected one stays that.
pub fn list_by_marks(page: Page, by: SortBy) {
    let marks = untrack(|| page.review.marks());
    if page.runs.taught.with_untracked(|taught| taught.as_ref().is_some_and(|taught| taught.marks == marks)) {
        return page.selection.sort_by_marks(by);
    }
    let before = untrack(|| finding_list::chosen(page));
    learn(page, move |page| {
        if let Some(place) = before.and_then(|what| untrack(|| finding_list::place_of(page, &what))) {
            page.selection.finding.set(place);
        }
        page.selection.sort_by_marks(by);
    });
}

/// Has learned what marks teach.
fn learn(page: Page, then: impl FnOnce(Page) + 'static) {
    let known = untrack(|| {
        let (loaded, run) = (page.data.loaded.get()?, page.runs.finished.get()?);
        let findings = finding_list::by_severity(page)?;
        let mut offsets: Vec<u64> = findings.iter().flat_map(|finding| page.review.flows_of(finding)).collect();
        offsets.sort_unstable();
        offsets.dedup();
        Some((loaded, run, page.review.marks(), offsets))
    });
    let Some((loaded, run, marks, offsets)) = known else { return };
    Jobs::start(page, Kind::Aside, async move |job| {
        let learned = job.wait(engine::learn(&job.host, &loaded.dataset, &run.outcome, &marks)).await?;
        let Some(learned) = learned else {
            let text = "None of these marks is on flows of this run.".to_owned();
            page.chrome.notice.set(Some(Notice { text }));
            return Ok::<(), Failure>(());
        };
        let query = StandingQuery { learned: Arc::clone(&learned), offsets };
        let standings = job.wait(engine::ask_all(&job.host, query)).await?;
        page.runs.taught.set(Some(Arc::new(Taught { marks, learned, standings })));
        then(page);
        Ok(())
    });
}

/// The button that was pressed is gone, and the list may be scrolled.
async fn go_to_first() {
    tick().await;
    focus_selected("finding-list");
}

/// Has findings by severity again.
pub fn order_by_severity(page: Page) {
    page.runs.taught.set(None);
    page.selection.finding.set(0);
    page.selection.forget_marks();
    spawn_local(go_to_first());
}
