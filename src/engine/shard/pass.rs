//! One pass over ranked rows in file order, whether they are held or must be read again.

use std::ops::Range;

use super::{STRIDE, Shard, compare::EveryRank, read::Stretch, rows::no_row, run::Run};
use crate::{
    detect::summary::{ScoreKey, ShardRanks},
    engine::{EngineError, Outlet, Progress, Stage},
    ingest::{Parts, Record, RecordReader, Source},
    report::{BothRanks, RankedCells},
    table::Block,
};

/// Bytes read around a row that is looked up by itself.
pub(super) const LOOK_UP: usize = 64 << 10;
/// Bytes read at a time when most rows are wanted.
const SLICE: usize = 8 << 20;
/// Rows passed between two ticks.
const PASSED: usize = 2_048;

/// A ranked row as it passes by.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Passing<'a> {
    /// Where its cells are.
    pub block: &'a Block,
    pub place: usize,
    /// Its number in the shard, in file order.
    pub row: usize,
    pub score: f64,
    pub rank: u32,
    /// The number of its group, 0 for none.
    pub group: u8,
    /// Its ranks by both detectors, if two were compared.
    pub both: Option<BothRanks>,
}

impl<'a> Passing<'a> {
    /// What a filter looks at, where rows of rank 1 to `anomalies` are the anomalies.
    pub fn cells(self, anomalies: u64) -> RankedCells<'a> {
        let Passing { block, place, score, rank, group, .. } = self;
        RankedCells { block, place, score, rank, group, anomalies }
    }

    /// The byte at which its record begins.
    pub fn offset(&self) -> u64 {
        self.block.offsets[self.place]
    }
}

/// What to do with each row. Passes take it as `dyn`: they are long, and a copy of them for each kind of visitor was a
/// twentieth of the worker's program.
pub(in crate::engine) trait Visitor {
    /// Few rows are read as text: they are looked up one by one.
    fn is_sparse(&self) -> bool {
        false
    }

    /// The row must be read as text.
    fn needs_text(&self, row: Passing<'_>) -> bool;

    /// Takes the row, with its record if that was needed.
    ///
    /// # Errors
    /// [`EngineError`], which ends the pass.
    fn visit(&mut self, row: Passing<'_>, record: Option<&Record<'_>>) -> Result<(), EngineError>;

    /// Some rows have passed: what was made of them can be handed on.
    fn pause(&mut self) {}
}

impl<S: Source + 'static> Shard<S> {
    pub(super) fn take_source(&mut self) -> Result<Parts<S>, EngineError> {
        self.source.take().ok_or_else(|| EngineError::Protocol("no file was opened".into()))
    }

    /// Shows every row of the shown run's table to the visitor, in file order: all rows where they are held, else the
    /// highest-scoring.
    pub(in crate::engine) async fn pass_table(
        &mut self,
        stage: Stage,
        visitor: &mut dyn Visitor,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let sparse = !self.held || visitor.is_sparse();
        if !sparse {
            self.expect_all();
        }
        let mut source = self.take_source()?;
        let passed = async {
            let run = self.run()?;
            let table = self.table(run);
            let total = table.rows();
            let begin = if total > 0 { table.offset(0) } else { 0 };
            let slice = if sparse { LOOK_UP } else { SLICE };
            let mut reader = RecordReader::new(&mut source, begin, &self.layout()?.format, slice)?;
            let both = self.every_rank().ok();
            let mut done = 0;
            for block in &table.blocks {
                let here = done..done + block.rows();
                let groups = run.assigned.get(here.clone()).unwrap_or_default();
                let results = Results { scores: &run.scores[here.clone()], ranks: &run.ranks[here], groups, both };
                for some in strides(block.rows()) {
                    show(visitor, &mut reader, (block, done), results, some.clone())?;
                    visitor.pause();
                    outlet.tick(Progress::of(stage, done + some.end, total)).await?;
                    if let Some(arrival) = reader.arriving(STRIDE) {
                        arrival.await;
                    }
                }
                done += block.rows();
            }
            Ok(())
        }
        .await;
        self.source = Some(source);
        passed
    }

    /// Shows every row of the shard to the visitor, in file order; rows that are not held are read, scored and ranked
    /// again.
    pub(in crate::engine) async fn pass_all(
        &mut self,
        stage: Stage,
        visitor: &mut dyn Visitor,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let Some(ranks) = self.run.as_mut().and_then(|run| run.shard_ranks.take()) else {
            return self.pass_table(stage, visitor, outlet).await;
        };
        let passed = self.pass_streamed(&ranks, stage, visitor, outlet).await;
        if let Some(run) = &mut self.run {
            run.shard_ranks = Some(ranks);
        }
        passed
    }

    async fn pass_streamed(
        &mut self,
        ranks: &ShardRanks,
        stage: Stage,
        visitor: &mut dyn Visitor,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let Run { plan, model, crowds, .. } = self.run()?;
        let (plan, model, crowds) = (plan.clone(), model.clone(), crowds.clone());
        let format = self.layout()?.format.clone();
        let mut ranker = ranks.ranker();
        self.expect_all();
        let (mut from, mut rows) = (self.stretch.start, 0);
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            let mut source = self.take_source()?;
            let passed = async {
                let mut reader = RecordReader::new(&mut source, from, &format, STRIDE * 2 + LOOK_UP)?;
                for block in &blocks {
                    let scores = model.score(&plan, block);
                    let rank = |(&score, &offset): (&f64, &u64)| ranker.rank(ScoreKey::new(score, offset));
                    let assigned = crowds.as_ref().map(|crowds| crowds.assign(block)).unwrap_or_default();
                    let ranks: Vec<u32> = scores.iter().zip(&block.offsets).map(rank).collect();
                    for some in strides(block.rows()) {
                        let results = Results { scores: &scores, ranks: &ranks, groups: &assigned, both: None };
                        show(visitor, &mut reader, (block, rows), results, some.clone())?;
                        visitor.pause();
                        let done = rows + some.end;
                        outlet.tick(Progress::of(stage, done, self.rows as usize)).await?;
                    }
                    rows += block.rows();
                }
                Ok::<_, EngineError>(())
            }
            .await;
            self.source = Some(source);
            passed?;
            from = next;
        }
        Ok(())
    }
}

/// What the rows of a block came to.
#[derive(Clone, Copy)]
struct Results<'a> {
    scores: &'a [f64],
    ranks: &'a [u32],
    /// None where no groups were looked for.
    groups: &'a [u8],
    /// Of all rows of the shard.
    both: Option<EveryRank<'a>>,
}

/// Shows some rows of a block, whose first is row number `first` of the shard.
fn show<R: std::io::Read + std::io::Seek>(
    visitor: &mut dyn Visitor,
    reader: &mut RecordReader<R>,
    (block, first): (&Block, usize),
    results: Results<'_>,
    some: Range<usize>,
) -> Result<(), EngineError> {
    for place in some {
        let row = first + place;
        let both = results.both.map(|both| both.of(row));
        let group = results.groups.get(place).copied().unwrap_or(0);
        let row = Passing { block, place, row, score: results.scores[place], rank: results.ranks[place], group, both };
        if visitor.needs_text(row) {
            reader.seek(row.offset())?;
            let record = reader.next_record()?.ok_or_else(|| no_row(row.offset()))?;
            visitor.visit(row, Some(&record))?;
        } else {
            visitor.visit(row, None)?;
        }
    }
    Ok(())
}

/// Ranges of rows between two ticks.
fn strides(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(PASSED).map(move |from| from..(from + PASSED).min(rows))
}
