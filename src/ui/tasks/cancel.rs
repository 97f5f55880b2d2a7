use leptos::{prelude::*, task::spawn_local};

use super::{Page, refresh::refresh};
use crate::ui::state::Phase;

/// Ends what is going on. A file that was read stays, if the workers still hold it; so do results, if only a download
/// was ended.
pub fn cancel(page: Page) {
    let writing = page.writing.get_untracked();
    let reading = page.phase.get_untracked() == Phase::Loading;
    let turn = page.begin();
    if writing {
        page.end(page.rest());
    } else {
        page.forget_results();
        if reading {
            page.forget_file();
        }
        page.end(Phase::Cancelled);
    }
    spawn_local(async move {
        let idle = page.idle_host().await;
        if !page.is_current(turn) {
            return;
        }
        match idle {
            Ok(_) if writing && page.loaded.with_untracked(Option::is_none) => page.end(Phase::Cancelled),
            // What the visitor wished for before a download was ended may not have been shown yet.
            Ok(_) if writing => refresh(page, None).await,
            Ok(_) => {}
            Err(error) => page.fail(&error),
        }
    });
}
