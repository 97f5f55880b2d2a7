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
use futures_util::future::LocalBoxFuture;

use super::{EngineError, Outlet, Progress, Reply, Request, Stage, train_on_cpu};
use crate::{
    detect::{
        Model,
        rank::Ties,
        summary::{Bins, ScoreKey, ShardRanks},
        threshold::Ranked,
    },
    features::FeaturePlan,
    ingest::{Layout, Parts, Source},
    lint,
    report::{Axis, Density, Typical, View, ViewQuery},
    table::{Profile, RowSample, Schema, SmallestKeys, Table},
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
    drawn: Option<SmallestKeys<u64>>,
    /// First shard only: the whole file's sample.
    sample: RowSample,
    model: Option<Fitted>,
    scores: Vec<f64>,
    ranks: Vec<u32>,
    /// The last run of the other detector on the same rows, and the ranks by both together.
    earlier: Option<Earlier>,
    consensus: Vec<u32>,
    /// Where rows are not held: the highest-scoring, and where these and the others stand.
    tops: Option<SmallestKeys<ScoreKey>>,
    shard_ranks: Option<Box<ShardRanks>>,
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
            shard_ranks: None,
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
        (self.model, self.tops, self.shard_ranks, self.ranking) = (None, None, None, None);
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
        // In boxes, so that each stays a function of its own: joined into one of 230 KB, they were still being compiled by the
        // browser when a third file was read.
        let work: LocalBoxFuture<'_, Result<Reply, EngineError>> = match request {
            Request::Generate { rows, seed } => Box::pin(generate(rows, seed, outlet)),
            Request::Unpack { input, container, entry, encoding, budget } => {
                Box::pin(async move { self.unpack(input, &container, entry, encoding, budget, outlet).await })
            }
            Request::Parse { layout, range, begin, budget, sample } => {
                Box::pin(self.parse(layout, range, begin, budget, sample, outlet))
            }
            Request::Fit { treatment, params, profile } => {
                Box::pin(async move { self.fit(treatment, params, &profile, outlet).await })
            }
            Request::Prepare { treatment, profile } => {
                Box::pin(async move { self.prepare(treatment, &profile, outlet).await })
            }
            Request::Train(job) => Box::pin(async move { train_on_cpu(&job, "there is no GPU here", outlet).await }),
            Request::Score { plan, model } => Box::pin(self.score(plan, model, outlet)),
            Request::Rank(scores) => Box::pin(self.rank(scores, outlet)),
            Request::FirstScores(rows) => Box::pin(self.first_scores(rows, outlet)),
            Request::Refit { params, top, others } => Box::pin(self.refit(params, top, others, outlet)),
            Request::Agree(pairs) => Box::pin(self.agree(pairs, outlet)),
            Request::Export { export, header } => Box::pin(async move { self.export(&export, header, outlet).await }),
            Request::ExportRejected { line, header } => Box::pin(self.export_rejected(line, header, outlet)),
            Request::Examine { input } => return self.examine(input),
            Request::Sniff { choices, names } => return self.sniff(&choices, &names),
            Request::DropRows => return self.drop_rows(),
            Request::Assign(schema) => return self.assign(schema),
            Request::Draw { rows } => return Ok(Reply::Drawn(self.smallest_hashes(rows))),
            Request::Sample { cutoff } => return Ok(Reply::Sampled(self.sample_up_to(cutoff)?)),
            Request::KeepSample { part, first } => return Ok(self.keep_sample(part, first)),
            Request::CountSample => return Ok(Reply::Counted(self.sample.rows as u64)),
            Request::Describe { profile } => return self.describe(&profile),
            Request::KeepRanks(ranks) => return self.keep_ranks(ranks),
            Request::RankSummaries(summaries) => return Ok(self.rank_summaries(summaries)),
            Request::KeepShardRanks(shard_ranks) => return self.keep_shard_ranks(shard_ranks),
            Request::Judge { rules, calibration } => return self.judge(&rules, &calibration),
            Request::Weigh(ranks) => return self.weigh(ranks),
            Request::CountAbove(threshold) => return Ok(Reply::Counted(self.count_above(threshold))),
            Request::PairRanks => return self.pair_ranks(),
            Request::KeepConsensus(ranks) => return self.keep_consensus(ranks),
            Request::Compare { flagged, highest, ranks } => return self.compare(flagged, highest, &ranks),
            Request::View(query) => return self.view(&query),
            Request::Rows(ranks) => return self.rows(ranks),
            Request::CountLines => return Ok(Reply::Counted(self.lines)),
        };
        work.await
    }

    fn assign(&mut self, schema: Arc<Schema>) -> Result<Reply, EngineError> {
        let layout = self.layout.as_mut().ok_or_else(|| EngineError::Protocol("no file was read".into()))?;
        Arc::make_mut(layout).schema = schema;
        Ok(Reply::Done)
    }

    fn keep_sample(&mut self, part: RowSample, first: bool) -> Reply {
        if first {
            self.sample = part;
        } else {
            self.sample.merge(part);
        }
        Reply::Done
    }

    #[inline(never)]
    fn describe(&self, profile: &Profile) -> Result<Reply, EngineError> {
        let columns = profile.columns.iter().enumerate();
        let typical = columns.map(|(column, stats)| Typical::of(column, stats, &self.sample)).collect();
        let lints = lint::lint(&self.layout()?.schema, profile, &self.sample);
        Ok(Reply::Described(typical, lints))
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
        if let Some(shard_ranks) = &self.shard_ranks {
            shard_ranks.own().descending().for_each(|(bin, rows)| view.histogram.add_many(Bins::middle(bin), rows));
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
