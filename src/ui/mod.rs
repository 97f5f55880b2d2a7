//! The page. A newcomer reads it in this order:
//!
//! | module | holds |
//! |---|---|
//! | `state` | what the page knows, in parts |
//! | `jobs` | what goes on: turns, progress, how it ended |
//! | `live` | what is asked of the workers whenever something changes |
//! | `tasks` | what a visitor can do, a verb per file |
//! | `panels` | what is seen, a folder per panel: component, chart, words, what it keeps known |
//! | `pages`, `frame` | where panels stand: tabs, and what is around them |
//! | `forms`, `charts`, [`words`] | what panels share |
//! | `report`, `manifest` | what is taken away of a run |
//!
//! Nothing is computed here that a test would want to check, except how things are put into words and charts, and that
//! is in pure functions with tests beside them.

mod charts;
mod components;
mod forms;
mod frame;
mod jobs;
mod live;
mod manifest;
mod pages;
mod panels;
mod parts;
mod report;
mod state;
mod tasks;
mod training;

use leptos::prelude::*;

// As panels know them.
use crate::{
    findings,
    words::{self, format},
};
use state::Page;

/// Puts the page into the document.
pub fn mount() {
    mount_to_body(|| {
        // Made here, at the root: workers write these signals for as long as the page lives.
        let page = Page::new();
        provide_context(page);
        tasks::start(page);
        view! { <frame::Main /> }
    });
}

/// Words that follow what they are about. As a signal and not as a closure, which would be a type of its own with all
/// the code that renders it.
fn said(say: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(say)
}
