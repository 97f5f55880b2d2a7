//! What is asked of the workers whenever something changes.
//!
//! A [`Live`] holds an answer and what it answers. A question says what it wants to know now, by the signals that it
//! reads; one loop asks what is wanted and not known yet, the most important first, until all is known. Wishes may
//! change while they are answered (a threshold that is dragged): after every answer the loop begins anew, so wishes in
//! between are never asked for.

use std::{rc::Rc, sync::Arc};

use futures_util::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use super::{
    jobs::{Job, Jobs},
    state::Page,
};
use crate::{engine::EngineError, web::WebHost};

/// An answer, and what it answers. An older answer stands until the newer one is there.
pub struct Live<K: 'static, A: 'static> {
    known: RwSignal<Option<Arc<(K, A)>>>,
    outdated: RwSignal<bool>,
}

impl<K, A> Clone for Live<K, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, A> Copy for Live<K, A> {}

impl<K: PartialEq + Send + Sync + 'static, A: Send + Sync + 'static> Live<K, A> {
    /// No answer yet.
    pub fn new() -> Self {
        Self { known: RwSignal::new(None), outdated: RwSignal::new(false) }
    }

    /// The newest answer and what it answers.
    pub fn get(self) -> Option<Arc<(K, A)>> {
        self.known.get()
    }

    /// The same, without following it.
    pub fn get_untracked(self) -> Option<Arc<(K, A)>> {
        self.known.get_untracked()
    }

    /// Looks at the newest answer.
    pub fn with<R>(self, look: impl FnOnce(Option<&A>) -> R) -> R {
        self.known.with(|known| look(known.as_ref().map(|known| &known.1)))
    }

    /// The answer to this, as it is now.
    pub fn answer_to(self, wanted: &K) -> Option<Arc<(K, A)>> {
        self.known.get().filter(|known| known.0 == *wanted && !self.outdated.get())
    }

    /// There is an answer.
    pub fn is_known(self) -> bool {
        self.known.with(Option::is_some)
    }

    /// Takes in an answer.
    pub fn set(self, wanted: K, answer: A) {
        self.outdated.set(false);
        self.known.set(Some(Arc::new((wanted, answer))));
    }

    /// Drops the answer: it is about something that is no more.
    pub fn forget(self) {
        self.known.set(None);
    }

    /// The same would be answered otherwise now. The answer stands until it was asked again.
    pub fn outdate(self) {
        self.outdated.set(true);
    }

    /// What is wanted, unless it is known.
    fn missing(self, wanted: Option<K>) -> Option<K> {
        let outdated = self.outdated.get();
        wanted
            .filter(|wanted| outdated || self.known.with(|known| known.as_ref().is_none_or(|known| known.0 != *wanted)))
    }
}

type Asking = LocalBoxFuture<'static, Result<(), EngineError>>;
/// Asks, if something is missing.
type Ask = dyn Fn(&Job) -> Option<Asking>;

/// Something that is to be known.
struct Question {
    is_missing: Box<dyn Fn() -> bool>,
    ask: Box<Ask>,
}

/// All questions, the most important first.
#[derive(Clone, Copy)]
pub struct Questions {
    all: StoredValue<Vec<Rc<Question>>, LocalStorage>,
    /// A loop is at work.
    serving: StoredValue<bool>,
    /// Has the loop begin again.
    woken: Trigger,
    /// The last loop's error, which is over once a later one has none.
    failed: StoredValue<Option<EngineError>>,
}

impl Questions {
    /// None yet.
    pub fn new() -> Self {
        Self {
            all: StoredValue::new_local(Vec::new()),
            serving: StoredValue::new(false),
            woken: Trigger::new(),
            failed: StoredValue::new(None),
        }
    }

    /// Keeps something known: whenever `missing` gives something, it is asked, and the answer is taken in.
    pub fn keep_known<K: 'static, A: 'static>(
        self,
        missing: impl Fn() -> Option<K> + 'static,
        ask: impl AsyncFn(&WebHost, &K) -> Result<A, EngineError> + 'static,
        take: impl Fn(K, A) + 'static,
    ) {
        let (missing, ask, take) = (Rc::new(missing), Rc::new(ask), Rc::new(take));
        let wanted = Rc::clone(&missing);
        let question = Question {
            is_missing: Box::new(move || missing().is_some()),
            ask: Box::new(move |job| {
                let wanted = wanted()?;
                let (ask, take, job) = (Rc::clone(&ask), Rc::clone(&take), job.clone());
                let asking = async move {
                    let answer = job.wait(ask(&job.host, &wanted)).await?;
                    take(wanted, answer);
                    Ok(())
                };
                Some(asking.boxed_local())
            }),
        };
        self.all.update_value(|all| all.push(Rc::new(question)));
        self.woken.notify(); // it may come when all others are answered
    }

    /// The same for a [`Live`].
    pub fn keep_live<K, A>(
        self,
        live: Live<K, A>,
        wanted: impl Fn() -> Option<K> + 'static,
        ask: impl AsyncFn(&WebHost, &K) -> Result<A, EngineError> + 'static,
    ) where
        K: PartialEq + Send + Sync + 'static,
        A: Send + Sync + 'static,
    {
        self.keep_known(move || live.missing(wanted()), ask, move |wanted, answer| live.set(wanted, answer));
    }

    /// Asks whenever something is missing, for as long as the page lives.
    pub fn follow(self, page: Page) {
        Effect::new(move || {
            self.woken.track();
            // Looks at all of them, so that it is run again when any of what they hang on changes.
            let missing =
                self.all.get_value().iter().fold(false, |missing, question| (question.is_missing)() | missing);
            if missing && page.can_ask() && !page.busy() && !self.serving.get_value() {
                self.serving.set_value(true);
                spawn_local(self.serve(page));
            }
        });
    }

    async fn serve(self, page: Page) {
        let result = match Jobs::beside(page) {
            Some(job) => self.settle(&job).await,
            None => Ok(()),
        };
        self.serving.set_value(false);
        match result {
            Ok(()) => {
                if let Some(error) = self.failed.get_value() {
                    self.failed.set_value(None);
                    page.jobs.forgive(page, &error);
                }
            }
            // What is still missing is asked when what was begun meanwhile has ended.
            Err(EngineError::Cancelled) => self.woken.notify(),
            // Not asked again before something changes.
            Err(error) => {
                page.jobs.fail(page, error.clone().into());
                self.failed.set_value(Some(error));
            }
        }
    }

    /// Asks until nothing is missing.
    ///
    /// # Errors
    /// What the workers say.
    pub async fn settle(self, job: &Job) -> Result<(), EngineError> {
        while let Some(asking) = untrack(|| self.all.get_value().iter().find_map(|question| (question.ask)(job))) {
            asking.await?;
        }
        Ok(())
    }
}
