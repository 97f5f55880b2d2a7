//! What of the page's program loads when it is needed.
//!
//! The build splits the program at the functions in this folder (`wasm-split`; `docs/BUILDING.md` says how): what only
//! those of one [`Part`] reach is a file, and so is what both parts share. They return futures, which are ready at once
//! when their part is there. Everything else is in the first file, which stands between the address and the first paint:
//! keep out of it what a visitor without a file cannot use.
//!
//! Each further part would multiply the files, one for every set of parts that share something.

mod more;
mod workbench;

use futures_util::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};
use wasm_split_helpers::SplitLoaderError;

use super::{charts::InSight, state::Page};
pub use more::{EVALUATE, EXPLORE, MODELS, write_report};
pub use workbench::{FILTER, STEPS, TABS, TRAINING};

/// Files of the page's program that load together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What every visit with a file needs: a detector's set-up, the tabs, Findings and Data. Loads when the page was painted.
    Workbench,
    /// The tabs Explore, Evaluate and Models, and the report. Loads when a run begins, or one of them is opened.
    More,
}

/// A part did not load: there is no network, or the site has a newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLoaded;

impl NotLoaded {
    /// What happened and what to do, in words.
    pub const WORDS: &str = "A part of this page did not load. Try again; if that does not help, reload the page.";
}

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

type Shown = Result<AnyView, NotLoaded>;

/// What a part shows in one place.
pub type View = fn() -> LocalBoxFuture<'static, Shown>;

/// What became of a part that was asked for, once that is known.
type Outcome = Option<Result<(), NotLoaded>>;

/// Which parts are there.
#[derive(Clone, Copy)]
pub struct Parts {
    /// Those that were asked for.
    known: RwSignal<Vec<(Part, Outcome)>>,
}

impl Parts {
    /// None yet.
    pub fn new() -> Self {
        Self { known: RwSignal::new(Vec::new()) }
    }

    /// What became of a part, if it was asked for and that is known.
    fn get(self, part: Part) -> Outcome {
        self.known.with(|known| known.iter().find(|known| known.0 == part)?.1)
    }

    /// Loads a part, unless it is there or under way.
    pub fn load(self, page: Page, part: Part) {
        let failed = Some(Err(NotLoaded));
        if untrack(|| self.known.with(|known| known.iter().any(|known| known.0 == part && known.1 != failed))) {
            return;
        }
        self.tell(part, None);
        spawn_local(async move {
            let begun = match part {
                Part::Workbench => workbench::show(page, None).await,
                Part::More => more::show(page, None).await,
            };
            self.tell(part, Some(begun.map(drop)));
        });
    }

    fn tell(self, part: Part, outcome: Outcome) {
        self.known.update(|known| {
            known.retain(|known| known.0 != part);
            known.push((part, outcome));
        });
    }
}

/// A view of a part, which is loaded at the latest when this is first in sight.
#[component]
pub fn Late(part: Part, show: View) -> impl IntoView {
    let page = Page::here();
    let in_sight = use_context::<InSight>();
    Effect::new(move || {
        if in_sight.is_none_or(|InSight(now)| now.get()) {
            page.parts.load(page, part);
        }
    });
    let state = Memo::new(move |_| page.parts.get(part));
    move || match state.get()? {
        Ok(()) => show().now_or_never()?.ok(),
        Err(NotLoaded) => Some(missing(page, part)),
    }
}

fn missing(page: Page, part: Part) -> AnyView {
    view! {
        <p class="note wrong" role="alert" data-testid="part-missing">
            {NotLoaded::WORDS} " "
            <button type="button" class="small" data-testid="part-again" on:click=move |_| page.parts.load(page, part)>
                "Try again"
            </button>
        </p>
    }
    .into_any()
}
