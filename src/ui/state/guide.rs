//! A guided first run on the sample: how far it is follows from what was really done.

use leptos::prelude::*;

use super::Page;
use crate::report::Mark;

/// The guided first run.
#[derive(Clone, Copy)]
pub struct Guide {
    on: RwSignal<bool>,
    /// A finding was gone to in the list.
    pub opened: RwSignal<bool>,
    /// The report was downloaded.
    pub reported: RwSignal<bool>,
}

impl Guide {
    /// Steps that there are.
    pub const STEPS: usize = 5;

    /// It is not wanted yet.
    pub fn new() -> Self {
        Self { on: RwSignal::new(false), opened: RwSignal::new(false), reported: RwSignal::new(false) }
    }

    /// From the beginning. What a run, marks and notes of the file say already needs no doing again.
    pub fn begin(self) {
        self.opened.set(false);
        self.reported.set(false);
        self.on.set(true);
    }

    /// No more of it.
    pub fn close(self) {
        self.on.set(false);
    }

    /// It is shown: it was asked for, and the sample is there or on its way.
    pub fn is_on(self, page: Page) -> bool {
        self.on.get() && page.data.file.with(|file| file.as_ref().map_or_else(|| page.busy(), |file| file.synthetic))
    }

    /// Steps that are done, from the first on: a run that found groups, a finding looked at, marked and noted, the report.
    pub fn done(self, page: Page) -> usize {
        let ran = page.runs.finished.with(|run| run.as_ref().is_some_and(|run| !run.outcome.groups.is_empty()));
        let [marked, noted] = page.review.notebook.with(|notebook| {
            let suspicious = notebook.iter().any(|(_, remark)| remark.mark == Some(Mark::Suspicious));
            [suspicious, notebook.iter().any(|(_, remark)| !remark.note.is_empty())]
        });
        let steps: [bool; Self::STEPS] = [ran, self.opened.get(), marked, noted, self.reported.get()];
        steps.into_iter().take_while(|done| *done).count()
    }
}
