use leptos::prelude::*;

use super::{Jobs, Page};
use crate::{
    ui::{charts::Palette, questions},
    web::dom::{colour, on_leaving, on_offline, on_scheme_change},
};

/// Readies what does not depend on a file: colours, workers, word of the offline store, what is kept known.
pub fn start(page: Page) {
    page.chrome.palette.set(palette());
    on_scheme_change(move || page.chrome.palette.set(palette()));
    on_offline(move |news| page.chrome.offline.set(Some(news)));
    on_leaving(move || untrack(|| page.busy()));
    questions::ask(page);
    Jobs::warm_up(page);
}

fn palette() -> Palette {
    Palette {
        ink: colour("--ink"),
        soft: colour("--soft"),
        line: colour("--line"),
        panel: colour("--panel"),
        calm: colour("--calm"),
        calm_soft: colour("--calm-soft"),
        odd: colour("--odd"),
    }
}
