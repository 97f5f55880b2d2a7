//! One shard: a range of the file's bytes, the rows that begin in it, and what is known of them.

mod compare;
mod crowds;
mod describe;
mod draw;
mod export;
mod fit;
mod group;
mod keep;
mod learn;
mod open;
mod pass;
mod rank;
mod read;
mod rejected;
mod rows;
mod run;
mod score;
mod similar;

use std::{ops::Range, sync::Arc};

use compare::Earlier;
use crowds::Crowds;
use futures_util::future::LocalBoxFuture;
use keep::Kept;
pub(super) use keep::KeptRows;
pub(super) use pass::{Passing, Visitor};
use run::Run;
pub(super) use score::TOPS;

use super::{
    DataRequest, EngineError, ExportRequest, FitRequest, Outlet, Progress, Reply, Request, ScoreRequest, Stage,
    grouping::{choose_groups, compare_points, join_points},
    message::WhichRun,
    train_on_cpu,
};
use crate::{
    context::{Clock, apart},
    ingest::{Layout, Parts, Source},
    table::{RowSample, Schema, SmallestKeys, Table},
};

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
    /// All rows, if they are held.
    table: Table,
    /// Rows of the largest sample, and the seed of all samples.
    sampling: (usize, u64),
    /// Where rows are not held, those that may be in a sample.
    drawn: Option<SmallestKeys<u64>>,
    /// The largest hash of the rows in the file's sample.
    cutoff: u64,
    /// First shard only: the whole file's sample.
    sample: RowSample,
    /// The run that is shown, and the one that is being made.
    run: Option<Run>,
    next: Option<Run>,
    /// The last run of another detector on the same rows.
    earlier: Option<Earlier>,
    /// What the last filter leaves of the run that is shown.
    kept: Option<Kept>,
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
            cutoff: 0,
            sample: RowSample::default(),
            run: None,
            next: None,
            earlier: None,
            kept: None,
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
        (self.run, self.next, self.earlier, self.kept) = (None, None, None, None);
        (self.table, self.drawn, self.layout, self.stretch, self.rows) = (Table::default(), None, None, 0..0, 0);
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`EngineError`]
    pub async fn handle(&mut self, request: Request, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        // In boxes, so that each stays a function of its own: joined into one of 230 KB, they were still being compiled by the
        // browser when a third file was read.
        let work: LocalBoxFuture<'_, Result<Reply, EngineError>> = match request {
            Request::Data(request) => Box::pin(self.data(request, outlet)),
            Request::Fit(request) => Box::pin(self.fit(request, outlet)),
            Request::Score(request) => Box::pin(self.scores(request, outlet)),
            Request::Export(request) => Box::pin(self.files(request, outlet)),
            Request::Ask(query) => Box::pin(async move { Ok(Reply::Answer(query.answer(self, outlet).await?)) }),
        };
        work.await
    }

    async fn data(&mut self, request: DataRequest, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let work: LocalBoxFuture<'_, Result<Reply, EngineError>> = match request {
            DataRequest::Generate { rows, seed } => Box::pin(generate(rows, seed, outlet)),
            DataRequest::Unpack { input, container, entry, encoding, budget } => {
                Box::pin(async move { self.unpack(input, &container, entry, encoding, budget, outlet).await })
            }
            DataRequest::Parse { layout, range, begin, budget, sample } => {
                Box::pin(self.parse(layout, range, begin, budget, sample, outlet))
            }
            DataRequest::FindRow { row } => Box::pin(self.find_row(row, outlet)),
            DataRequest::Describe { profile } => Box::pin(async move { self.describe(&profile, outlet).await }),
            DataRequest::Examine { input } => return self.examine(input),
            DataRequest::Sniff { choices, names } => return self.sniff(&choices, &names),
            DataRequest::DropRows => return self.drop_rows(),
            DataRequest::Assign(schema) => return self.assign(schema),
            DataRequest::Draw { rows } => return Ok(Reply::Drawn(self.smallest_hashes(rows))),
            DataRequest::Sample { cutoff } => return Ok(Reply::Sampled(self.sample_up_to(cutoff)?)),
            DataRequest::KeepSample { part, first } => return Ok(self.keep_sample(part, first)),
            DataRequest::CountRows => return Ok(Reply::Counted(self.rows)),
            DataRequest::CountSample => return Ok(Reply::Counted(self.sample.rows as u64)),
        };
        work.await
    }

    async fn fit(&mut self, request: FitRequest, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let work: LocalBoxFuture<'_, Result<Reply, EngineError>> = match request {
            FitRequest::Forest { treatment, params, profile } => {
                Box::pin(async move { self.fit_forest(treatment, params, &profile, outlet).await })
            }
            FitRequest::Nearest { treatment, params, profile, normal } => {
                Box::pin(async move { self.fit_nearest(treatment, params, (&profile, normal), outlet).await })
            }
            FitRequest::Prepare { treatment, profile } => {
                Box::pin(async move { self.prepare(treatment, &profile, outlet).await })
            }
            FitRequest::Train(job) => Box::pin(async move { train_on_cpu(&job, "there is no GPU here", outlet).await }),
            FitRequest::Calibrate { plan, network, rows } => {
                Box::pin(async move { self.calibrate(&plan, *network, rows, outlet).await })
            }
            FitRequest::Space { plan } => return self.space(&plan),
            FitRequest::Clock { column } => return Ok(Reply::Clock(Clock::of(self.sample.times(column)))),
            FitRequest::Apart { plan, bursts, rows } => {
                let sample = self.sample.block(&self.layout()?.schema);
                return Ok(Reply::Apart(apart(&bursts, &plan, &sample, rows)));
            }
            FitRequest::Compare { params, points, share } => {
                Box::pin(async move { compare_points(params, &points, share, outlet).await })
            }
            FitRequest::Join { points, cores, share } => {
                Box::pin(async move { join_points(&points, cores, share, outlet).await })
            }
            FitRequest::Reference { plan } => return self.reference(&plan),
            FitRequest::Group { params, space, points, cores, edges, reference } => {
                return choose_groups(params, &space, &points, (&cores, edges), reference.as_ref());
            }
            FitRequest::Learn { plan, model, profile } => return self.learn(&plan, &model, &profile),
            FitRequest::Populate { plan, model, profile, known } => {
                return self.populate((&plan, &model), &profile, known.as_deref());
            }
            FitRequest::OpenModel { bytes } => {
                let saved = crate::model::read(&bytes).map_err(|unsound| EngineError::Model(unsound.to_string()))?;
                return Ok(Reply::Model(Box::new(saved)));
            }
            FitRequest::Refit { params, top, others } => Box::pin(self.refit(params, top, others, outlet)),
        };
        work.await
    }

    async fn scores(&mut self, request: ScoreRequest, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let work: LocalBoxFuture<'_, Result<Reply, EngineError>> = match request {
            ScoreRequest::Score { plan, model, count } => Box::pin(self.score(plan, model, count, outlet)),
            ScoreRequest::Rank(scores) => Box::pin(self.rank(scores, outlet)),
            ScoreRequest::FirstScores { rows, run } => Box::pin(self.first_scores(rows, run, outlet)),
            ScoreRequest::Agree(pairs) => Box::pin(self.agree(pairs, outlet)),
            ScoreRequest::Trace { ends, clock, frequent } => {
                Box::pin(async move { self.trace((&ends, &clock, &frequent), outlet).await })
            }
            ScoreRequest::Assign { groups, bursts, compared, clock, span } => {
                Box::pin(self.assign_groups((groups, bursts), compared, (span, clock), outlet))
            }
            ScoreRequest::Sift => return self.sifted(),
            ScoreRequest::Points { space, compared } => return self.points(&space, compared),
            ScoreRequest::Settle { groups, bursts, kept, numbers } => {
                return self.settle((groups, bursts), &kept, numbers);
            }
            ScoreRequest::KeepRanks(ranks) => return self.keep_ranks(ranks),
            ScoreRequest::RankSummaries(summaries) => return self.rank_summaries(summaries),
            ScoreRequest::KeepShardRanks(ranks) => return self.keep_shard_ranks(ranks),
            ScoreRequest::Judge { rules, calibration, run } => return self.judge(&rules, &calibration, run),
            ScoreRequest::Adopt => return self.adopt(),
            ScoreRequest::PairRanks => return self.pair_ranks(),
            ScoreRequest::KeepConsensus(ranks) => return self.keep_consensus(ranks),
        };
        work.await
    }

    async fn files(&mut self, request: ExportRequest, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        match request {
            ExportRequest::Results { export, header } => self.export(&export, header, outlet).await,
            ExportRequest::Rejected { line, header } => self.export_rejected(line, header, outlet).await,
            ExportRequest::Model(saved, runtimes) => {
                let refused = |error: crate::model::SaveError| EngineError::Unsaved(error.to_string());
                outlet.write(&crate::model::write_for(&saved, runtimes).map_err(refused)?);
                Ok(Reply::Done)
            }
            ExportRequest::CountLines => Ok(Reply::Counted(self.lines)),
        }
    }

    fn assign(&mut self, schema: Arc<Schema>) -> Result<Reply, EngineError> {
        let layout = self.layout.as_mut().ok_or_else(|| EngineError::Protocol("no file was read".into()))?;
        Arc::make_mut(layout).schema = schema;
        self.kept = None;
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

    fn layout(&self) -> Result<&Arc<Layout>, EngineError> {
        self.layout.as_ref().ok_or_else(|| EngineError::Protocol("no file was read".into()))
    }

    /// What is known of the file.
    pub(super) fn file_layout(&self) -> Result<Arc<Layout>, EngineError> {
        self.layout().cloned()
    }

    /// All rows, if they are held.
    pub(super) fn held_table(&self) -> Option<&Table> {
        self.held.then_some(&self.table)
    }

    /// The sample of the file's rows; empty but in the first shard.
    pub(super) fn sample(&self) -> &RowSample {
        &self.sample
    }

    /// The seed of all samples.
    pub(super) fn sample_seed(&self) -> u64 {
        self.sampling.1
    }

    /// The run that is shown. Every row of its table has a score and a rank.
    pub(super) fn run(&self) -> Result<&Run, EngineError> {
        self.run.as_ref().ok_or_else(|| EngineError::Protocol("nothing was scored".into()))
    }

    /// The run that is being made.
    fn next(&mut self) -> Result<&mut Run, EngineError> {
        self.next.as_mut().ok_or_else(|| EngineError::Protocol("nothing is being scored".into()))
    }

    fn which(&self, run: WhichRun) -> Result<&Run, EngineError> {
        match run {
            WhichRun::Shown => self.run(),
            WhichRun::Next => self.next.as_ref().ok_or_else(|| EngineError::Protocol("nothing is being scored".into())),
        }
    }

    /// The rows that the scores and ranks of a run are of: all, or where rows are not held, the highest-scoring.
    pub(super) fn table<'a>(&'a self, run: &'a Run) -> &'a Table {
        if self.held { &self.table } else { &run.table }
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
