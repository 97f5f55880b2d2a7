//! What the page knows. One struct of signals, made once at the root of the page.

use std::{ops::Range, sync::Arc};

use futures_channel::oneshot;
use leptos::prelude::*;

use super::{
    charts::Palette,
    forms::{params::ParamsForm, rule::RuleForm},
    reading::Told,
    training::Training,
};
use crate::{
    detect::{
        Method,
        isolation_forest::Stability,
        threshold::{Rule, Threshold},
    },
    engine::{Dataset, EngineError, Opened, Outcome, Progress},
    evaluate::agreement::Agreement,
    explain::Importance,
    features::Mode,
    ingest::Choices,
    report::{ConsensusRow, RankedRow, View, ViewQuery},
    web::{
        WebHost,
        dom::{File, Offline},
        now,
    },
};

/// Bytes that a worker reads in a millisecond, until that was measured here.
const READING_SPEED: f64 = 50_000.0;

/// Rows of a page of the table.
pub const PAGE_ROWS: u64 = 25;

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

/// The file that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// It was made here.
    pub synthetic: bool,
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

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// What the engine says.
    pub dataset: Dataset,
    /// Milliseconds that it took.
    pub took: f64,
}

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// What the engine says.
    pub outcome: Outcome,
    /// Milliseconds that it took.
    pub took: f64,
}

impl Finished {
    /// Which detector ran.
    pub fn method(&self) -> Method {
        self.outcome.options.detector.method()
    }
}

/// A run of the other detector on the same rows, before the last one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Earlier {
    /// Which detector.
    pub method: Method,
    /// How it treated columns.
    pub mode: Mode,
    /// The threshold that it ended with.
    pub verdict: Verdict,
}

/// What both detectors make of the same rows; pairs are in the order of [`Method::ALL`].
#[derive(Debug, Clone, PartialEq)]
pub struct Agreed {
    /// Rows that each flags.
    pub flagged: [u64; 2],
    /// Rows of each that were compared besides, the highest.
    pub highest: u64,
    /// Spearman's rank correlation, if there is one.
    pub correlation: Option<f64>,
    /// What is common to both and what is not.
    pub agreement: Agreement,
    /// The highest rows by both together.
    pub rows: Vec<ConsensusRow>,
}

/// A threshold and how many rows score above it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Verdict {
    /// The score.
    pub score: f64,
    /// Rows above it.
    pub anomalies: u64,
}

/// What several rules make of the same scores.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Compared {
    /// The rules.
    pub rules: Vec<Rule>,
    /// A verdict each.
    pub verdicts: Vec<Threshold>,
}

/// What each feature weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// In the rows of these ranks.
    pub ranks: Range<u32>,
    /// The answer.
    pub importance: Importance,
}

/// Rows of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listed {
    /// Their ranks.
    pub ranks: Range<u32>,
    /// The rows.
    pub rows: Vec<RankedRow>,
}

/// What the charts draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Charted {
    /// What was asked.
    pub query: ViewQuery,
    /// The answer.
    pub view: View,
}

/// Everything the page knows.
#[derive(Clone, Copy)]
pub struct Page {
    /// Where the visitor stands.
    pub phase: RwSignal<Phase>,
    /// A results file is being written, or the run is looked into; results stay.
    pub writing: RwSignal<bool>,
    /// How far the work is.
    pub pace: RwSignal<Option<Pace>>,
    /// What went wrong.
    pub error: RwSignal<Option<String>>,
    /// The file.
    pub file: RwSignal<Option<OpenedFile>>,
    /// What the visitor says about it.
    pub choices: RwSignal<Choices>,
    /// What the file itself says of that.
    pub told: RwSignal<Told>,
    /// What kind of file it is, known before all of it is read.
    pub opened: RwSignal<Option<Arc<Opened>>>,
    /// What is in it. While it is read again in another way, still what was in it.
    pub loaded: RwSignal<Option<Arc<Loaded>>>,
    /// How the next run treats columns.
    pub mode: RwSignal<Mode>,
    /// Categories of few values are compared value by value.
    pub one_hot: RwSignal<bool>,
    /// Addresses are compared by their network as well.
    pub networks: RwSignal<bool>,
    /// Flows that are alike are learned from once.
    pub deduplicate: RwSignal<bool>,
    /// The autoencoder: what was chosen, and how its training goes.
    pub training: Training,
    /// The detector's parameters for the next run, as they were typed.
    pub params: RwSignal<ParamsForm>,
    /// The rule for the threshold that the visitor wants, as it was typed.
    pub rule: RwSignal<RuleForm>,
    /// What other rules would make of the last run.
    pub compared: RwSignal<Arc<Compared>>,
    /// What features weighed in the highest-scoring rows of the last run.
    pub weighed: RwSignal<Option<Arc<Weighed>>>,
    /// Whether other seeds agree with the last run, if the visitor asked.
    pub stability: RwSignal<Option<Arc<Stability>>>,
    /// The last run, if its results still stand.
    pub finished: RwSignal<Option<Arc<Finished>>>,
    /// The run that the last one can be compared with.
    pub earlier: RwSignal<Option<Earlier>>,
    /// That comparison.
    pub agreed: RwSignal<Option<Arc<Agreed>>>,
    /// The threshold that the visitor wants.
    pub threshold: RwSignal<f64>,
    /// The same as text, as the visitor typed it.
    pub threshold_text: RwSignal<String>,
    /// The threshold that was counted last.
    pub verdict: RwSignal<Verdict>,
    /// Columns of the scatter chart that the visitor wants.
    pub axes: RwSignal<Option<[usize; 2]>>,
    /// What the charts draw.
    pub charted: RwSignal<Option<Arc<Charted>>>,
    /// The page of the table that the visitor wants.
    pub table_page: RwSignal<u64>,
    /// The rows of the table.
    pub listed: RwSignal<Arc<Listed>>,
    /// Rank of the row that the visitor selected.
    pub selected: RwSignal<Option<u32>>,
    /// Whether downloads have formulas neutralised.
    pub neutralise: RwSignal<bool>,
    /// The stylesheet's colours.
    pub palette: RwSignal<Palette>,
    /// Workers that were started; none yet at first.
    pub workers: RwSignal<usize>,
    /// Whether the site is stored for use without a network.
    pub offline: RwSignal<Option<Offline>>,
    files: StoredValue<Vec<File>, LocalStorage>,
    speed: StoredValue<f64>,
    host: StoredValue<Option<WebHost>, LocalStorage>,
    queue: StoredValue<Option<oneshot::Receiver<()>>, LocalStorage>,
    turn: StoredValue<u64>,
    refreshing: StoredValue<Option<u64>>,
}

impl Page {
    /// A page without a file.
    pub fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Empty),
            writing: RwSignal::new(false),
            pace: RwSignal::new(None),
            error: RwSignal::new(None),
            file: RwSignal::new(None),
            choices: RwSignal::new(Choices::default()),
            told: RwSignal::new(Told::default()),
            opened: RwSignal::new(None),
            loaded: RwSignal::new(None),
            mode: RwSignal::new(Mode::default()),
            one_hot: RwSignal::new(false),
            networks: RwSignal::new(false),
            deduplicate: RwSignal::new(false),
            training: Training::new(),
            params: RwSignal::new(ParamsForm::default()),
            rule: RwSignal::new(RuleForm::from(Mode::default())),
            compared: RwSignal::new(Arc::default()),
            weighed: RwSignal::new(None),
            stability: RwSignal::new(None),
            finished: RwSignal::new(None),
            earlier: RwSignal::new(None),
            agreed: RwSignal::new(None),
            threshold: RwSignal::new(0.0),
            threshold_text: RwSignal::new(String::new()),
            verdict: RwSignal::new(Verdict::default()),
            axes: RwSignal::new(None),
            charted: RwSignal::new(None),
            table_page: RwSignal::new(0),
            listed: RwSignal::new(Arc::default()),
            selected: RwSignal::new(None),
            neutralise: RwSignal::new(false),
            palette: RwSignal::new(Palette::default()),
            workers: RwSignal::new(0),
            offline: RwSignal::new(None),
            files: StoredValue::new_local(Vec::new()),
            speed: StoredValue::new(READING_SPEED),
            host: StoredValue::new_local(None),
            queue: StoredValue::new_local(None),
            turn: StoredValue::new(0),
            refreshing: StoredValue::new(None),
        }
    }

    /// The page that the component is on.
    pub fn here() -> Self {
        expect_context()
    }

    /// Something goes on that must not be interfered with.
    pub fn busy(self) -> bool {
        matches!(self.phase.get(), Phase::Loading | Phase::Running) || self.writing.get()
    }

    /// The same, to bind to.
    pub fn is_busy(self) -> Signal<bool> {
        Signal::derive(move || self.busy())
    }

    /// The detector runs or a file is written. Reading may be interrupted by another wish how to read, these may not.
    pub fn computing(self) -> Signal<bool> {
        Signal::derive(move || self.phase.get() == Phase::Running || self.writing.get())
    }

    /// Takes a new turn: what was begun before it must not show its results any more.
    pub fn begin(self) -> u64 {
        self.error.set(None);
        self.pace.set(None);
        self.writing.set(false);
        self.turn.update_value(|turn| *turn += 1);
        self.host.update_value(|host| *host = host.as_ref().map(WebHost::renew));
        self.turn.get_value()
    }

    /// Nothing newer was begun.
    pub fn is_current(self, turn: u64) -> bool {
        self.turn.get_value() == turn
    }

    /// Where the visitor stands while nothing goes on and a file is loaded.
    pub fn rest(self) -> Phase {
        if self.finished.with_untracked(Option::is_some) { Phase::Done } else { Phase::Ready }
    }

    /// Says that the newest turn is over.
    pub fn end(self, phase: Phase) {
        self.pace.set(None);
        self.writing.set(false);
        self.phase.set(phase);
    }

    /// Says that the newest turn failed.
    pub fn fail(self, error: &EngineError) {
        if matches!(error, EngineError::WorkerDied { .. }) {
            self.forget_file();
        }
        let phase = if *error == EngineError::Cancelled { Phase::Cancelled } else { Phase::Error };
        self.error.set((phase == Phase::Error).then(|| error.to_string()));
        self.end(phase);
    }

    /// The files to read from now on.
    pub fn keep_files(self, files: Vec<File>) {
        self.files.set_value(files);
    }

    /// Does something with the files that were given.
    pub fn with_files(self, act: impl FnOnce(&[File])) {
        self.files.with_value(|files| act(files));
    }

    /// Takes in what was told; nobody hears of it unless it is new.
    pub fn learn(self, take: impl FnOnce(&mut Told)) {
        let mut told = self.told.get_untracked();
        take(&mut told);
        if self.told.with_untracked(|known| *known != told) {
            self.told.set(told);
        }
    }

    /// Learns how fast files are read here.
    pub fn measure_reading(self, bytes: u64, milliseconds: f64) {
        // What is read at once says nothing about files that are not.
        if milliseconds > 200.0 {
            let workers = self.workers.get_untracked().max(1);
            self.speed.set_value(bytes as f64 / milliseconds / workers as f64);
        }
    }

    /// Milliseconds that it takes to read so many bytes, as far as is known.
    pub fn reading_time(self, bytes: u64) -> f64 {
        bytes as f64 / self.speed.get_value() / self.workers.get().max(1) as f64
    }

    /// Drops the file and all that was found in it.
    pub fn forget_file(self) {
        self.forget_runs();
        self.loaded.set(None);
        self.opened.set(None);
        self.file.set(None);
    }

    /// Drops the results of all runs.
    pub fn forget_runs(self) {
        self.forget_results();
        self.earlier.set(None);
    }

    /// Keeps of the last run what the next one, by `next`, can be compared with, as the workers do.
    pub fn set_aside(self, next: Method) {
        let last = self.finished.get_untracked().filter(|run| run.method() != next);
        let last = last.map(|run| Earlier {
            method: run.method(),
            mode: run.outcome.options.treatment.mode,
            verdict: self.verdict.get_untracked(),
        });
        self.earlier.update(|earlier| *earlier = last.or(earlier.filter(|earlier| earlier.method != next)));
    }

    /// The next run can be by this detector: nothing wrong was typed.
    pub fn is_sound(self, method: Method) -> bool {
        match method {
            Method::IsolationForest => self.params.with(|form| form.params().is_some()),
            Method::Autoencoder => self.training.params(self.mode.get()).is_ok(),
        }
    }

    /// Drops the results of the last run.
    pub fn forget_results(self) {
        self.training.forget();
        self.finished.set(None);
        self.agreed.set(None);
        self.compared.set(Arc::default());
        self.weighed.set(None);
        self.stability.set(None);
        self.verdict.set(Verdict::default());
        self.axes.set(None);
        self.charted.set(None);
        self.table_page.set(0);
        self.listed.set(Arc::default());
        self.selected.set(None);
    }

    /// The threshold that the visitor wants from now on.
    pub fn set_threshold(self, score: f64, text: String) {
        self.threshold.set(score);
        self.threshold_text.set(text);
    }

    /// Rows of the file.
    pub fn rows(self) -> u64 {
        self.loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.profile.rows))
    }

    /// The threshold that a rule gave, from now on.
    pub fn adopt(self, rule: Rule, threshold: Threshold) {
        let (score, anomalies) = (threshold.score, threshold.anomalies);
        self.finished.update(|finished| {
            if let Some(finished) = finished {
                let outcome = &mut Arc::make_mut(finished).outcome;
                outcome.options.rule = Some(rule);
                outcome.threshold = threshold;
            }
        });
        self.set_threshold(score, score.to_string());
        // As the rule counted them: of equal scores, some may be anomalies and some not.
        self.verdict.set(Verdict { score, anomalies });
    }

    /// The row that is explained: the selected one, in whichever table it is, or the first of the anomalies.
    pub fn explained(self) -> Option<RankedRow> {
        let (listed, agreed) = (self.listed.get(), self.agreed.get());
        let selected = self.selected.get();
        let both = agreed.iter().flat_map(|agreed| &agreed.rows).map(|both| &both.row);
        let found = listed.rows.iter().chain(both).find(|row| Some(row.rank) == selected);
        found.or(listed.rows.first()).cloned()
    }

    /// The workers, if they were started.
    pub fn host(self) -> Option<WebHost> {
        self.host.get_value()
    }

    /// The workers, idle: whatever they did is ended first, and those that died are replaced.
    pub async fn idle_host(self) -> Result<WebHost, EngineError> {
        // One after the other, or two calls would replace the same worker twice. Dropping `_done` lets the next in.
        let (_done, next) = oneshot::channel::<()>();
        let mut before = None;
        self.queue.update_value(|queue| before = queue.replace(next));
        if let Some(before) = before {
            let _ = before.await;
        }
        match self.host() {
            Some(host) => {
                if !host.cancel().await? {
                    // What they held is gone with them; whoever counts on it must hear of that.
                    self.forget_file();
                }
                // Meanwhile a newer turn may have been begun, with a handle of its own.
                Ok(self.host().unwrap_or(host))
            }
            None => {
                let host =
                    WebHost::start(move |progress| self.hear(progress), move |news| self.training.hear(news)).await?;
                self.workers.set(crate::engine::Host::shards(&host));
                self.host.set_value(Some(host.clone()));
                Ok(host)
            }
        }
    }

    fn hear(self, progress: Progress) {
        if !self.phase.with_untracked(|phase| matches!(phase, Phase::Loading | Phase::Running))
            && !self.writing.get_untracked()
        {
            return;
        }
        let at = now();
        let since = match self.pace.get_untracked() {
            Some(pace) if pace.progress.stage == progress.stage => pace.since,
            _ => at,
        };
        self.pace.set(Some(Pace { progress, since, at }));
    }

    /// Claims the refreshing of charts and table for a turn; `false` if somebody is at it already.
    pub fn claim_refresh(self, turn: u64) -> bool {
        let free = self.refreshing.get_value() != Some(turn);
        if free {
            self.refreshing.set_value(Some(turn));
        }
        free
    }

    /// Gives that up.
    pub fn release_refresh(self, turn: u64) {
        if self.refreshing.get_value() == Some(turn) {
            self.refreshing.set_value(None);
        }
    }

    /// The newest turn.
    pub fn turn(self) -> u64 {
        self.turn.get_value()
    }
}
