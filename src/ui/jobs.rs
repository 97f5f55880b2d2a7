//! What goes on: one job at a time, each with a turn of its own.
//!
//! Whoever starts a job takes a new turn, and what was begun before shows nothing any more: a [`Job`] says whether it is
//! still the newest whenever it has waited for something. How a job ended is told here and nowhere else.

use futures_channel::oneshot;
use futures_util::future::{FutureExt, LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use super::{
    parts::NotLoaded,
    state::{Notice, Page},
};
use crate::{
    engine::{EngineError, Host, Progress},
    web::{Listeners, WebHost, now},
};

/// What kind of job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Files are read.
    Read,
    /// A detector is run.
    Run,
    /// Something is written or looked into; data and results stay.
    Aside,
}

/// How the last job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// As it should.
    Well,
    /// The visitor ended it.
    Cancelled,
    /// With an error, which is a notice.
    Failed,
}

/// How far the work is, and how fast it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// How far.
    pub progress: Progress,
    /// When this stage began.
    pub since: f64,
    /// When this was heard.
    pub at: f64,
}

/// Why a job ended without what it was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The engine's reason.
    Engine(EngineError),
    /// The page's own.
    Words(String),
}

/// What a job does.
type Work = dyn FnOnce(Job) -> LocalBoxFuture<'static, Result<(), Failure>>;

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<NotLoaded> for Failure {
    fn from(_: NotLoaded) -> Self {
        Self::Words(NotLoaded::WORDS.to_owned())
    }
}

impl Failure {
    fn words(&self) -> String {
        match self {
            Self::Engine(error) => error.to_string(),
            Self::Words(words) => words.clone(),
        }
    }
}

/// The job at hand and the workers that do it.
#[derive(Clone, Copy)]
pub struct Jobs {
    /// How far the work is.
    pub pace: RwSignal<Option<Pace>>,
    /// For how many seconds a worker has said nothing that has something to do.
    pub silence: RwSignal<Option<u32>>,
    /// Workers that were started; none yet at first.
    pub worker_count: RwSignal<usize>,
    kind: RwSignal<Option<Kind>>,
    ended: RwSignal<Ended>,
    host: StoredValue<Option<WebHost>, LocalStorage>,
    /// Workers of a second file, which the job at hand needs no longer than it lasts.
    second: StoredValue<Option<WebHost>, LocalStorage>,
    queue: StoredValue<Option<oneshot::Receiver<()>>, LocalStorage>,
    turn: StoredValue<u64>,
}

/// A job: what it may ask, and whether it still counts.
#[derive(Clone)]
pub struct Job {
    /// The page that it is done for.
    pub page: Page,
    /// The workers, who answer this job's questions only while it is the newest.
    pub host: WebHost,
    turn: u64,
}

impl Job {
    /// Waits for an answer.
    ///
    /// # Errors
    /// What the answer says; [`EngineError::Cancelled`] where something newer was begun meanwhile.
    pub async fn wait<T>(&self, answer: impl Future<Output = Result<T, EngineError>>) -> Result<T, EngineError> {
        let answer = answer.await;
        if self.is_current() { answer } else { Err(EngineError::Cancelled) }
    }

    /// Workers for a second file. They end with the job, or before.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] where the browser starts no more; [`EngineError::Cancelled`].
    pub async fn second(&self) -> Result<WebHost, EngineError> {
        let jobs = self.page.jobs;
        let second = self.wait(WebHost::start(jobs.listeners(self.page))).await?;
        jobs.second.set_value(Some(second.clone()));
        Ok(second)
    }

    /// Lets go of the workers of a second file: they end when nobody else holds them.
    pub fn end_second(&self) {
        // Those that a newer job has begun are its own.
        if self.is_current() {
            drop(self.page.jobs.take_second());
        }
    }

    /// Nothing newer was begun.
    pub fn is_current(&self) -> bool {
        self.page.jobs.is_current(self.turn)
    }
}

impl Jobs {
    /// Nothing goes on.
    pub fn new() -> Self {
        Self {
            pace: RwSignal::new(None),
            silence: RwSignal::new(None),
            worker_count: RwSignal::new(0),
            kind: RwSignal::new(None),
            ended: RwSignal::new(Ended::Well),
            host: StoredValue::new_local(None),
            second: StoredValue::new_local(None),
            queue: StoredValue::new_local(None),
            turn: StoredValue::new(0),
        }
    }

    /// What goes on.
    pub fn kind(self) -> Option<Kind> {
        self.kind.get()
    }

    /// How the last job ended.
    pub fn ended(self) -> Ended {
        self.ended.get()
    }

    /// Does something in a turn of its own, with workers that do nothing else.
    pub fn start<W>(page: Page, kind: Kind, work: W)
    where
        W: AsyncFnOnce(Job) -> Result<(), Failure> + 'static,
    {
        // In a box, so that what is around it is compiled once and not for each kind of work.
        Self::start_boxed(page, kind, Box::new(move |job| async move { work(job).await }.boxed_local()));
    }

    fn start_boxed(page: Page, kind: Kind, work: Box<Work>) {
        let jobs = page.jobs;
        let turn = jobs.begin(page);
        jobs.kind.set(Some(kind));
        spawn_local(async move {
            let result = async {
                // What is asked beside the job need not be ended for what only looks.
                let host = jobs.workers(page, kind != Kind::Aside).await?;
                if !jobs.is_current(turn) {
                    return Err(EngineError::Cancelled.into());
                }
                if kind != Kind::Read && !page.data.at_hand.get_untracked() {
                    return Err(EngineError::RowsLost { reason: "it did not answer and was replaced".into() }.into());
                }
                work(Job { page, host, turn }).await
            };
            let result = result.await;
            if jobs.is_current(turn) {
                jobs.finish(page, result);
            }
        });
    }

    /// Ends what goes on, as the visitor wishes.
    pub fn cancel(page: Page) {
        let jobs = page.jobs;
        let kind = jobs.kind.get_untracked();
        let turn = jobs.begin(page);
        if kind == Some(Kind::Read) {
            page.data.go_back();
        }
        page.setup.training.forget();
        jobs.end(if kind == Some(Kind::Aside) { Ended::Well } else { Ended::Cancelled });
        jobs.look_after_workers(page, turn);
    }

    /// Starts the workers before there is anything to do.
    pub fn warm_up(page: Page) {
        page.jobs.look_after_workers(page, page.jobs.turn.get_value());
    }

    fn look_after_workers(self, page: Page, turn: u64) {
        spawn_local(async move {
            if let (Err(error), true) = (self.workers(page, true).await, self.is_current(turn)) {
                self.fail(page, error.into());
            }
        });
    }

    /// A job beside those that are started: it asks on while nothing newer is begun, and shows neither its progress nor
    /// its end. There is none before there are workers.
    pub fn beside(page: Page) -> Option<Job> {
        let jobs = page.jobs;
        Some(Job { page, host: jobs.host.get_value()?, turn: jobs.turn.get_value() })
    }

    /// Says that something failed.
    pub fn fail(self, page: Page, failure: Failure) {
        if matches!(failure, Failure::Engine(EngineError::RowsLost { .. })) {
            page.data.let_go();
        }
        page.chrome.notice.set(Some(Notice { text: failure.words() }));
        self.end(Ended::Failed);
    }

    /// Closes the notice of what failed or was cancelled.
    pub fn close_notice(self, page: Page) {
        page.chrome.notice.set(None);
        self.ended.set(Ended::Well);
    }

    /// What failed works again: its notice is closed, if that is the one in sight.
    pub fn forgive(self, page: Page, error: &EngineError) {
        let text = error.to_string();
        if page.chrome.notice.with_untracked(|notice| notice.as_ref().is_some_and(|notice| notice.text == text)) {
            self.close_notice(page);
        }
    }

    /// Takes a new turn.
    fn begin(self, page: Page) -> u64 {
        page.chrome.notice.set(None);
        self.pace.set(None);
        self.ended.set(Ended::Well);
        self.turn.update_value(|turn| *turn += 1);
        if let Some(second) = self.take_second() {
            spawn_local(async move { drop(second.cancel(false).await) });
        }
        self.host.update_value(|host| *host = host.as_ref().map(WebHost::renew));
        self.turn.get_value()
    }

    fn finish(self, page: Page, result: Result<(), Failure>) {
        drop(self.take_second());
        match result {
            Ok(()) => self.end(Ended::Well),
            Err(Failure::Engine(EngineError::Cancelled)) => self.end(Ended::Cancelled),
            Err(failure) => self.fail(page, failure),
        }
    }

    fn end(self, ended: Ended) {
        self.pace.set(None);
        self.ended.set(ended);
        // Whoever asks beside jobs begins again when one has ended, and must not be told so by its own error.
        if self.kind.get_untracked().is_some() {
            self.kind.set(None);
        }
    }

    fn is_current(self, turn: u64) -> bool {
        self.turn.get_value() == turn
    }

    /// The workers; idle ones if that is wanted: whatever they do is ended first, and those that died are replaced.
    async fn workers(self, page: Page, idle: bool) -> Result<WebHost, EngineError> {
        // One after the other, or two calls would replace the same worker twice. Dropping `_done` lets the next in.
        let (_done, next) = oneshot::channel::<()>();
        let mut before = None;
        self.queue.update_value(|queue| before = queue.replace(next));
        if let Some(before) = before {
            let _ = before.await;
        }
        match self.host.get_value() {
            Some(host) => {
                if idle && !host.cancel(page.data.at_hand.get_untracked()).await? {
                    // What they held is gone with them; whoever counts on it must hear of that.
                    page.data.let_go();
                }
                // Meanwhile a newer turn may have been begun, with a handle of its own.
                Ok(self.host.get_value().unwrap_or(host))
            }
            None => {
                let host = WebHost::start(self.listeners(page)).await?;
                self.worker_count.set(host.shards());
                self.host.set_value(Some(host.clone()));
                Ok(host)
            }
        }
    }

    fn listeners(self, page: Page) -> Listeners {
        let training = page.setup.training;
        Listeners {
            progress: Box::new(move |progress| self.hear(progress)),
            news: Box::new(move |news| training.hear(news)),
            silence: Box::new(move |seconds| self.silence.set(seconds)),
        }
    }

    fn take_second(self) -> Option<WebHost> {
        let mut second = None;
        self.second.update_value(|held| second = held.take());
        second
    }

    fn hear(self, progress: Progress) {
        if self.kind.with_untracked(Option::is_none) {
            return;
        }
        let at = now();
        let since = match self.pace.get_untracked() {
            Some(pace) if pace.progress.stage == progress.stage => pace.since,
            _ => at,
        };
        self.pace.set(Some(Pace { progress, since, at }));
    }
}
