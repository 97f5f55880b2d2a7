use leptos::prelude::*;

use super::{Page, load_sample};

/// Begins the guided first run, on the sample: reads it unless it is at hand.
pub fn guide(page: Page) {
    page.guide.begin();
    let there = page.data.file.with_untracked(|file| file.as_ref().is_some_and(|file| file.synthetic));
    if !(there && page.data.at_hand.get_untracked()) {
        load_sample(page);
    }
}
