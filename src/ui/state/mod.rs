//! What the page knows, in parts: each a `Copy` struct of signals with the operations that belong to it.
//!
//! | part | holds |
//! |---|---|
//! | [`data`] | the files, how they are read, what was read |
//! | [`setup`] | the detector of the next run |
//! | [`settings`] | what is chosen for a run, to be put back and written down |
//! | [`library`] | the detectors that are kept |
//! | [`runs`] | the last run, its threshold, and what was asked about it |
//! | [`history`] | the runs before it |
//! | [`judging`] | by which labels the last run is judged |
//! | [`learning`] | what marks taught of the last run |
//! | [`review`] | what is said of findings |
//! | [`hiding`] | which findings are hidden by rules |
//! | [`selection`] | which flows are looked at |
//! | [`chrome`] | the page itself: notices, colours, whether it is stored |
//! | [`guide`] | how far a guided first run is |
//!
//! A result stands until a new one replaces it: whatever fails or is cancelled leaves all of this as it was.

mod chrome;
mod data;
mod guide;
mod hiding;
mod history;
mod judging;
mod learning;
mod library;
mod review;
mod runs;
mod selection;
mod settings;
mod setup;
mod trained_on;

use std::sync::Arc;

use leptos::prelude::*;

pub use chrome::{Chrome, Notice, Tab};
pub use data::{Data, Loaded, OpenedFile};
pub use guide::Guide;
pub use hiding::Hiding;
#[cfg(test)]
pub use history::tests::past;
pub use history::{COMPARED, Differs, Past, ReadAs, remember};
pub use judging::{Judging, Line, has_labels, label_columns, usual_normal};
pub use learning::{Taught, can_learn, is_subject};
pub use library::{ENDING, Kept, LONGEST_NOTE, Library, NOTE, cut, name_of};
pub use review::{KNOWN_BY, Review};
pub use runs::{Agreed, Finished, KeptAs, Listing, Members, Runs, Verdict};
pub use selection::{MOST_COLUMNS, PAGE_SIZES, Selection};
pub use settings::Settings;
pub use setup::Setup;
pub use trained_on::TrainedOn;

use super::{
    jobs::{Ended, Jobs, Kind},
    live::Questions,
    parts::Parts,
};
use crate::report::RankedRow;

/// Where the visitor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// No file yet.
    Empty,
    /// A file is being read.
    Loading,
    /// A file was read.
    Ready,
    /// A detector runs.
    Running,
    /// There are results.
    Done,
    /// The visitor ended something.
    Cancelled,
    /// Something failed.
    Error,
}

impl Phase {
    /// The state's name for scripts and styles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Error => "error",
        }
    }
}

/// Everything the page knows.
#[derive(Clone, Copy)]
pub struct Page {
    /// The files and what was read.
    pub data: Data,
    /// The next run.
    pub setup: Setup,
    /// The detectors that are kept.
    pub library: Library,
    /// The last run.
    pub runs: Runs,
    /// By which labels the last run is judged.
    pub judging: Judging,
    /// What is said of findings.
    pub review: Review,
    /// Which findings are hidden.
    pub hiding: Hiding,
    /// Which flows are looked at.
    pub selection: Selection,
    /// The page itself.
    pub chrome: Chrome,
    /// The guided first run.
    pub guide: Guide,
    /// What goes on.
    pub jobs: Jobs,
    /// What is asked about the last run whenever something changes.
    pub questions: Questions,
    /// What of the program is loaded.
    pub parts: Parts,
}

impl Page {
    /// A page without a file.
    pub fn new() -> Self {
        Self {
            data: Data::new(),
            setup: Setup::new(),
            library: Library::new(),
            runs: Runs::new(),
            judging: Judging::new(),
            review: Review::new(),
            hiding: Hiding::new(),
            selection: Selection::new(),
            chrome: Chrome::new(),
            guide: Guide::new(),
            jobs: Jobs::new(),
            questions: Questions::new(),
            parts: Parts::new(),
        }
    }

    /// The page that the component is on.
    pub fn here() -> Self {
        expect_context()
    }

    /// Where the visitor stands.
    pub fn phase(self) -> Phase {
        match (self.jobs.kind(), self.jobs.ended()) {
            (Some(Kind::Read), _) => Phase::Loading,
            (Some(Kind::Run), _) => Phase::Running,
            (None, Ended::Cancelled) => Phase::Cancelled,
            (None, Ended::Failed) => Phase::Error,
            (Some(Kind::Aside) | None, _) => match self.data.at_hand.get() {
                true if self.runs.finished.with(Option::is_some) => Phase::Done,
                true => Phase::Ready,
                false => Phase::Empty,
            },
        }
    }

    /// Something goes on that must not be interfered with.
    pub fn busy(self) -> bool {
        self.jobs.kind().is_some()
    }

    /// The same, to bind to.
    pub fn is_busy(self) -> Signal<bool> {
        Signal::derive(move || self.busy())
    }

    /// The detector runs or a file is written. Reading may be interrupted by another wish how to read, these may not.
    pub fn computing(self) -> Signal<bool> {
        Signal::derive(move || self.jobs.kind().is_some_and(|kind| kind != Kind::Read))
    }

    /// There are results, and the workers can be asked about them.
    pub fn can_ask(self) -> bool {
        self.data.at_hand.get() && self.runs.finished.with(Option::is_some)
    }

    /// There are results to show.
    pub fn has_results(self) -> bool {
        self.runs.finished.with(Option::is_some) && self.runs.charted.is_known()
    }

    /// Looks at the flows that pass this, as if it had been typed.
    pub fn look_for(self, text: String) {
        self.selection.text.set(text);
        if let Some(schema) = untrack(|| self.data.schema()) {
            self.selection.apply(&schema, &untrack(|| self.review.marks()));
        }
    }

    /// A tab has something to show.
    pub fn has(self, tab: Tab) -> bool {
        match tab {
            Tab::Findings | Tab::Explore => self.has_results(),
            Tab::Evaluate => {
                self.has_results()
                    && self.data.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| has_labels(&loaded.dataset)))
            }
            Tab::Data | Tab::Models => self.data.file.with(Option::is_some),
        }
    }

    /// The tab that is open: the wanted one, or the first that has something to show.
    pub fn tab(self) -> Option<Tab> {
        let wanted = self.chrome.tab.get();
        std::iter::once(wanted).chain(Tab::ALL).find(|tab| self.has(*tab))
    }

    /// The row that is explained: the selected one, in whichever table it is, or the first of those listed.
    pub fn explained(self) -> Option<Arc<RankedRow>> {
        let selected = self.selection.rank.get();
        let of_both = self.runs.agreed.with(|agreed| {
            let found = agreed.as_ref()?.rows.iter().find(|both| Some(both.row.rank) == selected)?;
            Some(Arc::new(found.row.clone()))
        });
        self.runs.listed.with(|listed| {
            let listed = listed.map(Vec::as_slice).unwrap_or_default();
            let found = listed.iter().find(|row| Some(row.rank) == selected).cloned();
            let elsewhere = || self.runs.looked_up.with(|row| row?.clone().filter(|row| Some(row.rank) == selected));
            found.or(of_both).or_else(elsewhere).or(listed.first().cloned())
        })
    }

    /// The rank of that row.
    pub fn explained_rank(self) -> Option<u32> {
        let selected = self.selection.rank.get();
        let in_both = self.runs.agreed.with(|agreed| {
            agreed.as_ref().is_some_and(|agreed| agreed.rows.iter().any(|both| Some(both.row.rank) == selected))
        });
        self.runs.listed.with(|listed| {
            let listed = listed.map(Vec::as_slice).unwrap_or_default();
            let elsewhere = || {
                self.runs
                    .looked_up
                    .with(|row| row.is_some_and(|row| row.as_ref().is_some_and(|row| Some(row.rank) == selected)))
            };
            let there = in_both || listed.iter().any(|row| Some(row.rank) == selected) || elsewhere();
            selected.filter(|_| there).or(listed.first().map(|row| row.rank))
        })
    }
}
