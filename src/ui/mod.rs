//! The page: what it knows (`state`), what goes on (`jobs`), what is kept known (`live`, `questions`), what a visitor
//! can do (`tasks`), what is seen (`components`, `charts`).
//!
//! Nothing is computed here that a test would want to check, except how things are put into words and charts, and that
//! is in pure functions with tests beside them.

mod charts;
mod components;
mod format;
mod forms;
mod jobs;
mod live;
mod questions;
mod reading;
mod state;
mod tasks;
mod training;
mod words;

use leptos::prelude::*;

use components::Main;
use state::Page;

/// Puts the page into the document.
pub fn mount() {
    mount_to_body(|| {
        // Made here, at the root: workers write these signals for as long as the page lives.
        let page = Page::new();
        provide_context(page);
        tasks::start(page);
        view! { <Main /> }
    });
}
