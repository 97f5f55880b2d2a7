//! One shard: a range of the file's bytes, the rows that begin in it, and what is known of them.

mod read;
mod results;
mod score;

use std::{
    io::{Read, Seek},
    sync::Arc,
};

use super::{EngineError, Outlet, Progress, Reply, Request, Stage};
use crate::{
    detect::isolation_forest::IsolationForest,
    features::FeaturePlan,
    ingest::Layout,
    report::{Typical, View},
    table::{RowSample, SampleKeys, Table},
};

/// The file's bytes, read from wherever they are.
pub trait Source: Read + Seek {}
impl<S: Read + Seek> Source for S {}

/// One shard's state. Every request replaces what it makes anew and leaves the rest; a cancelled one leaves the
/// state as it was or, where that is a half-made table, empty.
pub struct Shard<S> {
    source: Option<S>,
    layout: Option<Arc<Layout>>,
    table: Table,
    /// First shard only: the whole file's sample.
    sample: RowSample,
    model: Option<(Arc<FeaturePlan>, Arc<IsolationForest>)>,
    scores: Vec<f64>,
    ranks: Vec<u32>,
}

impl<S> Default for Shard<S> {
    fn default() -> Self {
        Self {
            source: None,
            layout: None,
            table: Table::default(),
            sample: RowSample::default(),
            model: None,
            scores: Vec::new(),
            ranks: Vec::new(),
        }
    }
}

impl<S: Source> Shard<S> {
    /// Drops what there was and begins with another file.
    pub fn open(&mut self, source: S) {
        *self = Self { source: Some(source), ..Self::default() };
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`EngineError`]
    pub async fn handle(&mut self, request: Request, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        match request {
            Request::Generate { rows, seed } => generate(rows, seed, outlet).await,
            Request::Sniff { choices } => self.sniff(&choices),
            Request::Parse { layout, range, begin, budget } => self.parse(layout, range, begin, budget, outlet).await,
            Request::Draw { seed, capacity } => Ok(Reply::Drawn(SampleKeys::draw(seed, capacity, &self.table))),
            Request::Sample { seed, cutoff } => {
                let width = self.layout()?.schema.width();
                Ok(Reply::Sampled(RowSample::take(seed, cutoff, &self.table, width)))
            }
            Request::KeepSample { part, first } => {
                if first {
                    self.sample = part;
                } else {
                    self.sample.merge(part);
                }
                Ok(Reply::Done)
            }
            Request::Describe { profile } => {
                let columns = profile.columns.iter().enumerate();
                Ok(Reply::Described(columns.map(|(column, stats)| Typical::of(column, stats, &self.sample)).collect()))
            }
            Request::Fit { mode, params, profile } => self.fit(mode, params, &profile, outlet).await,
            Request::Score { plan, forest } => self.score(plan, forest, outlet).await,
            Request::Rank { scores, rule } => rank(scores, rule, outlet).await,
            Request::KeepRanks(ranks) => self.keep_ranks(ranks),
            Request::CountAbove(threshold) => {
                Ok(Reply::Counted(self.scores.iter().filter(|&&score| score > threshold).count() as u64))
            }
            Request::View(query) => {
                self.ranked()?;
                Ok(Reply::Viewed(View::new(&query, &self.table, &self.scores, &self.ranks)))
            }
            Request::Rows(ranks) => self.rows(ranks),
            Request::Export { export, header } => self.export(&export, header, outlet).await,
        }
    }

    fn layout(&self) -> Result<&Arc<Layout>, EngineError> {
        self.layout.as_ref().ok_or_else(|| EngineError::Protocol("no file was read".into()))
    }

    /// Every row has a score and a rank.
    fn ranked(&self) -> Result<(), EngineError> {
        let rows = self.table.rows();
        if self.scores.len() == rows && self.ranks.len() == rows {
            Ok(())
        } else {
            Err(EngineError::Protocol("the rows were not ranked".into()))
        }
    }
}

use score::rank;

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
