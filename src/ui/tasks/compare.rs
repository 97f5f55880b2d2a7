use leptos::prelude::*;

use super::{Page, run::begin};
use crate::{
    ui::state::{Tab, TrainedOn},
    web::dom::scroll_to,
};

/// Runs the other detector on the same flows, treated in the same way, and shows what both make of them.
pub fn compare(page: Page) {
    let Some(finished) = page.runs.finished.get_untracked() else { return };
    let treatment = finished.outcome.options.treatment;
    page.setup.mode.set(treatment.mode);
    page.setup.one_hot.set(treatment.one_hot);
    page.setup.networks.set(treatment.networks);
    // A saved detector would only be run again.
    page.setup.trained_on.update(|trained_on| {
        if *trained_on == TrainedOn::Model {
            *trained_on = TrainedOn::Itself;
        }
    });
    page.setup.method.set(page.setup.compared_with(finished.method()));
    begin(page, move || {
        page.chrome.open(Tab::Explore);
        scroll_to("comparison");
    });
}
