//! One shard: a range of the file's bytes, the rows that begin in it, and what is known of them.

mod compare;
mod draw;
mod open;
mod read;
mod rejected;
mod results;
mod score;
mod verdict;

use std::{ops::Range, sync::Arc};

use compare::Earlier;

use super::{EngineError, Outlet, Progress, Reply, Request, Stage, train_on_cpu};
use crate::{
    detect::{
        Model,
        rank::Ties,
        summary::{Bins, Place, Standing},
        threshold::Ranked,
    },
    features::FeaturePlan,
    ingest::{Layout, Parts, Source},
    lint,
    report::{Axis, Density, Typical, View, ViewQuery},
    table::{Keeper, RowSample, Table},
};

/// How a row becomes a score.
type Fitted = (Arc<FeaturePlan>, Model);

/// One shard's state. Every request replaces what it makes anew and leaves the rest; a cancelled one leaves the
/// state as it was or, where that is a half-made table, empty.
pub struct Shard<S> {
    /// The files that were given; those that were joined are gone from here.
    inputs: Vec<Option<S>>,
    source: Option<Parts<S>>,
    layout: Option<Arc<Layout>>,
    /// From the first byte of the first row to that of the row behind the last.
    stretch: Range<u64>,
    rows: u64,
    lines: u64,
    /// The rows are in memory; if not, they are read again when they are needed.
    held: bool,
    /// All rows, if they are held; else the highest-scoring ones, once there are scores.
    table: Table,
    /// Rows of the largest sample, and the seed of all samples.
    sampling: (usize, u64),
    /// Where rows are not held, those that may be in a sample.
    drawn: Option<Keeper<u64>>,
    /// First shard only: the whole file's sample.
    sample: RowSample,
    model: Option<Fitted>,
    scores: Vec<f64>,
    ranks: Vec<u32>,
    /// The last run of the other detector on the same rows, and the ranks by both together.
    earlier: Option<Earlier>,
    consensus: Vec<u32>,
    /// Where rows are not held: the highest-scoring, and where these and the others stand.
    tops: Option<Keeper<Place>>,
    standing: Option<Box<Standing>>,
    /// First shard only: the scores of all rows of the file, for rules to judge. Eight bytes a row where rows are held.
    ranking: Option<Box<dyn Ranked>>,
    /// First shard only: which of them are equal, where rows are held.
    ties: Ties,
}

impl<S> Default for Shard<S> {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            source: None,
            layout: None,
            stretch: 0..0,
            rows: 0,
            lines: 0,
            held: true,
            table: Table::default(),
            sampling: (0, 0),
            drawn: None,
            sample: RowSample::default(),
            model: None,
            scores: Vec::new(),
            ranks: Vec::new(),
            earlier: None,
            consensus: Vec::new(),
            tops: None,
            standing: None,
            ranking: None,
            ties: Ties::default(),
        }
    }
}

impl<S: Source + 'static> Shard<S> {
    /// Drops what there was and begins with other files.
    pub fn open(&mut self, inputs: Vec<S>) {
        *self = Self { inputs: inputs.into_iter().map(Some).collect(), ..Self::default() };
    }

    /// Drops the rows and what was made of them.
    fn forget(&mut self) {
        self.forget_scores();
        self.earlier = None;
        (self.table, self.drawn, self.layout, self.stretch, self.rows) = (Table::default(), None, None, 0..0, 0);
    }

    fn forget_scores(&mut self) {
        (self.model, self.tops, self.standing, self.ranking) = (None, None, None, None);
        self.scores.clear();
        self.ranks.clear();
        self.consensus.clear();
        self.ties = Ties::default();
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`EngineError`]
    pub async fn handle(&mut self, request: Request, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        match request {
            Request::Generate { rows, seed } => generate(rows, seed, outlet).await,
            Request::Examine { input } => self.examine(input),
            Request::Unpack { input, container, entry, encoding, budget } => {
                self.unpack(input, &container, entry, encoding, budget, outlet).await
            }
            Request::Sniff { choices, names } => self.sniff(&choices, &names),
            Request::Parse { layout, range, begin, budget, sample } => {
                self.parse(layout, range, begin, budget, sample, outlet).await
            }
            Request::DropRows => self.drop_rows(),
            Request::Assign(schema) => {
                let layout = self.layout.as_mut().ok_or_else(|| EngineError::Protocol("no file was read".into()))?;
                Arc::make_mut(layout).schema = schema;
                Ok(Reply::Done)
            }
            Request::Draw { rows } => Ok(Reply::Drawn(self.smallest_hashes(rows))),
            Request::Sample { cutoff } => Ok(Reply::Sampled(self.sample_up_to(cutoff)?)),
            Request::KeepSample { part, first } => {
                if first {
                    self.sample = part;
                } else {
                    self.sample.merge(part);
                }
                Ok(Reply::Done)
            }
            Request::CountSample => Ok(Reply::Counted(self.sample.rows as u64)),
            Request::Describe { profile } => {
                let columns = profile.columns.iter().enumerate();
                let typical = columns.map(|(column, stats)| Typical::of(column, stats, &self.sample)).collect();
                let lints = lint::lint(&self.layout()?.schema, &profile, &self.sample);
                Ok(Reply::Described(typical, lints))
            }
            Request::Fit { treatment, params, profile } => self.fit(treatment, params, &profile, outlet).await,
            Request::Prepare { treatment, profile } => self.prepare(treatment, &profile, outlet).await,
            Request::Train(lesson) => train_on_cpu(&lesson, "there is no GPU here", outlet).await,
            Request::Score { plan, model } => self.score(plan, model, outlet).await,
            Request::Rank(scores) => self.rank(scores, outlet).await,
            Request::KeepRanks(ranks) => self.keep_ranks(ranks),
            Request::Place(summaries) => Ok(self.place(summaries)),
            Request::KeepStanding(standing) => self.keep_standing(standing),
            Request::Judge { rules, clean } => self.judge(&rules, &clean),
            Request::FirstScores(rows) => self.first_scores(rows, outlet).await,
            Request::Weigh(ranks) => self.weigh(ranks),
            Request::Refit { params, top, others } => self.refit(params, top, others, outlet).await,
            Request::CountAbove(threshold) => Ok(Reply::Counted(self.count_above(threshold))),
            Request::PairRanks => self.pair_ranks(),
            Request::Agree(pairs) => self.agree(pairs, outlet).await,
            Request::KeepConsensus(ranks) => self.keep_consensus(ranks),
            Request::Compare { flagged, highest, ranks } => self.compare(flagged, highest, &ranks),
            Request::View(query) => self.view(&query),
            Request::Rows(ranks) => self.rows(ranks),
            Request::Export { export, header } => self.export(&export, header, outlet).await,
            Request::CountLines => Ok(Reply::Counted(self.lines)),
            Request::ExportRejected { line, header } => self.export_rejected(line, header, outlet).await,
        }
    }

    fn layout(&self) -> Result<&Arc<Layout>, EngineError> {
        self.layout.as_ref().ok_or_else(|| EngineError::Protocol("no file was read".into()))
    }

    fn model(&self) -> Result<Fitted, EngineError> {
        self.model.clone().ok_or_else(|| EngineError::Protocol("nothing was fitted".into()))
    }

    /// What the charts show of the shard's rows. Where these are not held, all scores are known by their bins, and the
    /// plane of the axes shows the file's sample, of which the first shard has all.
    fn view(&self, query: &ViewQuery) -> Result<Reply, EngineError> {
        self.ranked()?;
        let mut view = View::new(query, &self.table, &self.scores, &self.ranks);
        if let Some(standing) = &self.standing {
            standing.own().descending().for_each(|(bin, rows)| view.histogram.add_many(Bins::middle(bin), rows));
            view.density = Density::default();
            if self.sample.rows > 0 {
                let numbers = |axis: &Axis| self.sample.numbers(axis.column);
                view.density.add(&query.x, &query.y, numbers(&query.x).zip(numbers(&query.y)));
            }
        }
        Ok(Reply::Viewed(view))
    }

    /// Every row of the table has a score and a rank.
    fn ranked(&self) -> Result<(), EngineError> {
        let rows = self.table.rows();
        if self.scores.len() == rows && self.ranks.len() == rows {
            Ok(())
        } else {
            Err(EngineError::Protocol("the rows were not ranked".into()))
        }
    }
}

/// Bytes between two ticks.
const STRIDE: usize = 1 << 20;

async fn generate(rows: u64, seed: u64, outlet: &impl Outlet) -> Result<Reply, EngineError> {
    let mut flows = crate::sample::Flows::new(rows, seed);
    let mut piece = Vec::with_capacity(STRIDE + STRIDE / 8);
    while flows.write(&mut piece, STRIDE) {
        outlet.write(&piece);
        piece.clear();
        let done = flows.rows_written();
        outlet.tick(Progress { stage: Stage::Generating, done, total: rows, rows: done }).await?;
    }
    Ok(Reply::Done)
}
