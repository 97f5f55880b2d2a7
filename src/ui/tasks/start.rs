use leptos::prelude::*;

use super::{Jobs, Page, learn_models, learn_rules};
use crate::{
    ui::{charts::Palette, state::Tab},
    web::dom::{colour, hash, on_hash_change, on_leaving, on_offline, on_scheme_change},
};

/// Readies what does not depend on a file: colours, workers, word of the offline store, what is kept known.
pub fn start(page: Page) {
    page.chrome.palette.set(palette());
    on_scheme_change(move || page.chrome.palette.set(palette()));
    on_offline(move |news| page.chrome.offline.set(Some(news)));
    on_leaving(move || untrack(|| page.busy()) || page.review.is_saving() || page.hiding.is_saving());
    let follow = move || Tab::named(&hash()).into_iter().for_each(|tab| page.chrome.tab.set(tab));
    follow();
    on_hash_change(follow);
    learn_models(page);
    learn_rules(page);
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
