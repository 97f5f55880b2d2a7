//! The last run, its threshold, and what was asked about it.

use std::{ops::Range, sync::Arc};

use leptos::prelude::*;

use super::{Taught, history::Past};
use crate::{
    detect::{
        Method,
        isolation_forest::Stability,
        threshold::{Rule, Threshold},
    },
    engine::{Alike, Counts, Outcome, Single, Sort, SpreadQuery, TrafficQuery},
    evaluate::agreement::Agreement,
    explain::Importance,
    features::Mode,
    learn::{Learned, Standing},
    report::{ConsensusRow, Filter, RankedRow, Spread, Traffic, View, ViewQuery},
    ui::{
        forms::{Texts, rule::RuleForm},
        live::Live,
    },
};

/// How a saved detector was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAs {
    /// What it is called.
    pub name: String,
    /// The threshold that it came with.
    pub threshold: f64,
    /// What to know where the file lacks columns that it compares.
    pub without: Option<String>,
}

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Its number, counted from 1.
    pub number: u64,
    /// What the engine says.
    pub outcome: Outcome,
    /// Milliseconds that it took.
    pub took: f64,
    /// The saved detector that it was by, if it was.
    pub model: Option<KeptAs>,
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

/// What both detectors make of the same rows; pairs are in the order of [`Method`].
#[derive(Debug, Clone, PartialEq)]
pub struct Agreed {
    /// Which detectors.
    pub methods: [Method; 2],
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

/// Flows of a group, and the one in no group of alike flows that is most like it.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// The highest-scoring.
    pub first: Vec<Arc<RankedRow>>,
    /// The other one's cells.
    pub neighbour: Option<Vec<String>>,
}

/// What the table lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Rows that pass.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies, where the filter asks for that.
    pub anomalies: u64,
    /// Their order.
    pub sort: Sort,
    /// What marks taught, where that is the order.
    pub learned: Option<Arc<Learned>>,
    /// Those of them that are listed, from 0.
    pub rows: Range<usize>,
    /// Those that could be listed.
    pub total: u64,
}

/// The last run and what was asked about it.
#[derive(Clone, Copy)]
pub struct Runs {
    /// The last run, if its results still stand.
    pub finished: RwSignal<Option<Arc<Finished>>>,
    /// The run that the last one can be compared with.
    pub earlier: RwSignal<Option<Earlier>>,
    /// The last runs on the file and the last one itself, the newest last.
    pub past: RwSignal<Vec<Past>>,
    /// What a run that was made again from its manifest came to: whether to the same, and in words.
    pub repeated: RwSignal<Option<(bool, String)>>,
    /// The threshold that the visitor wants.
    pub threshold: RwSignal<f64>,
    /// What was typed into its field since it was set otherwise.
    pub threshold_typed: RwSignal<Texts>,
    /// The threshold before the visitor began to move it.
    pub before: RwSignal<Option<f64>>,
    /// The threshold that was counted last.
    pub verdict: RwSignal<Verdict>,
    /// What both detectors make of the rows.
    pub agreed: RwSignal<Option<Arc<Agreed>>>,
    /// Whether other seeds agree with the last run, if the visitor asked.
    pub stability: RwSignal<Option<Arc<Stability>>>,
    /// Rows that the filter leaves, of so many anomalies.
    pub kept: Live<(Filter, u64), Counts>,
    /// The rows of the table.
    pub listed: Live<Listing, Vec<Arc<RankedRow>>>,
    /// Flows that stand out by themselves, of so many anomalies.
    pub singles: Live<u64, Vec<Single>>,
    /// Flows of the selected group, and beside it.
    pub members: Live<u8, Members>,
    /// The selected row where no table lists it.
    pub looked_up: Live<u32, Option<Arc<RankedRow>>>,
    /// What the charts draw.
    pub charted: Live<ViewQuery, View>,
    /// Flows that are most like the one at a byte.
    pub similar: Live<u64, Vec<Alike>>,
    /// When there was how much traffic, and whose.
    pub traffic: Live<TrafficQuery, Traffic>,
    /// How the values of columns are spread, of all flows.
    pub spread: Live<SpreadQuery, Spread>,
    /// The same of the flows that are looked at.
    pub spread_of_some: Live<SpreadQuery, Spread>,
    /// What marks taught when their order was asked for: it changes then, not under whoever marks.
    pub taught: RwSignal<Option<Arc<Taught>>>,
    /// Where a flow stands by that, by the byte at which its record begins.
    pub stands: Live<(u64, Arc<Learned>), Option<Standing>>,
    /// What other rules would make of the scores.
    pub compared: Live<Vec<Rule>, Vec<Threshold>>,
    /// What each feature weighed in the rows of these ranks.
    pub weighed: Live<Range<u32>, Importance>,
    number: StoredValue<u64>,
}

impl Runs {
    /// None yet.
    pub fn new() -> Self {
        Self {
            finished: RwSignal::new(None),
            earlier: RwSignal::new(None),
            past: RwSignal::new(Vec::new()),
            repeated: RwSignal::new(None),
            threshold: RwSignal::new(0.0),
            threshold_typed: RwSignal::new(Texts::default()),
            before: RwSignal::new(None),
            verdict: RwSignal::new(Verdict::default()),
            agreed: RwSignal::new(None),
            stability: RwSignal::new(None),
            kept: Live::new(),
            listed: Live::new(),
            singles: Live::new(),
            members: Live::new(),
            looked_up: Live::new(),
            charted: Live::new(),
            similar: Live::new(),
            traffic: Live::new(),
            spread: Live::new(),
            spread_of_some: Live::new(),
            taught: RwSignal::new(None),
            stands: Live::new(),
            compared: Live::new(),
            weighed: Live::new(),
            number: StoredValue::new(0),
        }
    }

    /// The detector of the last run.
    pub fn method(self) -> Option<Method> {
        self.finished.with(|run| run.as_ref().map(|run| run.method()))
    }

    /// A new run replaces the last one, which is kept to be compared with where it was by another detector, as the
    /// workers do.
    pub fn keep(self, outcome: Outcome, took: f64, model: Option<KeptAs>) -> Arc<Finished> {
        self.settle_last();
        let method = outcome.options.detector.method();
        let last = self.finished.get_untracked().filter(|run| run.method() != method).map(|run| Earlier {
            method: run.method(),
            mode: run.outcome.options.treatment.mode,
            verdict: self.verdict.get_untracked(),
        });
        let earlier = last.or(self.earlier.get_untracked().filter(|earlier| earlier.method != method));
        self.outdate();
        self.earlier.set(earlier);
        self.number.update_value(|number| *number += 1);
        let Threshold { score, anomalies, .. } = outcome.threshold;
        self.set_threshold(score);
        self.verdict.set(Verdict { score, anomalies });
        let finished = Arc::new(Finished { number: self.number.get_value(), outcome, took, model });
        self.finished.set(Some(Arc::clone(&finished)));
        finished
    }

    /// Drops all results: they are of rows that are no more, or of other columns.
    pub fn forget(self) {
        self.settle_last();
        self.finished.set(None);
        self.earlier.set(None);
        self.verdict.set(Verdict::default());
        self.outdate();
        self.kept.forget();
        self.listed.forget();
        self.singles.forget();
        self.members.forget();
        self.looked_up.forget();
        self.charted.forget();
        self.similar.forget();
        self.traffic.forget();
        self.spread.forget();
        self.spread_of_some.forget();
        self.stands.forget();
        self.compared.forget();
        self.weighed.forget();
    }

    /// What was answered was about another run.
    fn outdate(self) {
        self.repeated.set(None);
        self.before.set(None);
        self.agreed.set(None);
        self.stability.set(None);
        self.taught.set(None);
        self.stands.forget();
        self.kept.outdate();
        self.listed.outdate();
        self.singles.outdate();
        self.members.forget();
        self.looked_up.outdate();
        self.charted.outdate();
        self.similar.forget();
        self.traffic.outdate();
        self.spread_of_some.outdate();
        self.compared.outdate();
        // By feature, of which the next run has others.
        self.weighed.forget();
    }

    /// Changes what is remembered of the last run, if its results still stand.
    fn update_last(self, change: impl FnOnce(&mut Past)) {
        let number = self.finished.with_untracked(|run| run.as_ref().map(|run| run.number));
        self.past.update(|past| {
            if let Some(last) = past.last_mut().filter(|last| Some(last.number) == number) {
                change(last);
            }
        });
    }

    /// The threshold that the last run has now is the one that it ends with.
    fn settle_last(self) {
        let verdict = self.verdict.get_untracked();
        self.update_last(|last| last.verdict = verdict);
    }

    /// The rule that was applied to the last run, as it was typed.
    pub fn remember_rule(self, rule: RuleForm) {
        self.update_last(|last| last.settings.rule = rule);
    }

    /// The last run as it is remembered, with the threshold that it has now.
    pub fn last(self) -> Option<Past> {
        let number = self.finished.with(|run| run.as_ref().map(|run| run.number))?;
        let mut last = self.past.with(|past| past.last().filter(|last| last.number == number).cloned())?;
        last.verdict = self.verdict.get();
        Some(last)
    }

    /// The threshold that the visitor wants from now on.
    pub fn set_threshold(self, score: f64) {
        self.threshold.set(score);
        self.threshold_typed.update(Texts::reset);
    }

    /// Remembers where the threshold is, before it is moved.
    pub fn remember(self) {
        self.before.set(Some(self.threshold.get_untracked()));
    }

    /// Moves the threshold back to where it was remembered; once more, forth again.
    pub fn undo(self) {
        if let Some(before) = self.before.get_untracked() {
            self.remember();
            self.set_threshold(before);
        }
    }

    /// Where undoing leads, if that is elsewhere.
    pub fn undone(self) -> Option<f64> {
        self.before.get().filter(|before| *before != self.threshold.get())
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
        self.set_threshold(score);
        // As the rule counted them: of equal scores, some may be anomalies and some not.
        self.verdict.set(Verdict { score, anomalies });
    }
}
