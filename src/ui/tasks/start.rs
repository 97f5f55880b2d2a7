use leptos::{prelude::*, task::spawn_local};

use super::Page;
use crate::{
    ui::charts::Palette,
    web::dom::{colour, on_offline, on_scheme_change},
};

/// Readies what does not depend on a file: colours, workers, word of the offline store.
pub fn start(page: Page) {
    page.palette.set(palette());
    on_scheme_change(move || page.palette.set(palette()));
    on_offline(move |news| page.offline.set(Some(news)));
    let turn = page.turn();
    spawn_local(async move {
        if let Err(error) = page.idle_host().await
            && page.is_current(turn)
        {
            page.fail(&error);
        }
    });
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
