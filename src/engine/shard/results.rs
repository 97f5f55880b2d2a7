//! Ranked rows → lists and files.

use std::{
    io::{Read, Seek, Write},
    ops::Range,
};

use super::{Fitted, STRIDE, Shard, compare::EveryRank, read::Stretch};
use crate::{
    detect::summary::{ScoreKey, ShardRanks},
    engine::{EngineError, Export, Outlet, Progress, Reply, Stage},
    explain::{self, Explanation, Explanations},
    features::FeaturePlan,
    ingest::{Layout, Record, RecordReader, Source},
    report::{RankedRow, Reason, ResultsWriter, RowResult, Selection, Typical},
    table::Block,
};

/// Reasons given per row.
const REASONS: usize = 3;
/// Bytes read around a row that is looked up by itself.
const LOOK_UP: usize = 64 << 10;
/// Bytes read at a time when most rows are wanted.
const SLICE: usize = 8 << 20;
/// Rows written between two ticks.
const WRITTEN: usize = 2_048;
/// Characters of a cell that are listed.
const LISTED_TEXT: usize = 1_000;

impl<S: Source + 'static> Shard<S> {
    /// The rows with these ranks, in file order.
    pub(super) fn rows(&mut self, ranks: Range<u32>) -> Result<Reply, EngineError> {
        self.ranked()?;
        let found: Vec<usize> = (0..self.ranks.len()).filter(|&row| ranks.contains(&self.ranks[row])).collect();
        self.ranked_rows(&found).map(Reply::Listed)
    }

    /// These rows of the table, as they are shown.
    pub(super) fn ranked_rows(&mut self, found: &[usize]) -> Result<Vec<RankedRow>, EngineError> {
        let layout = self.layout()?.clone();
        let model = self.model()?;
        let explaining = Explaining::new(&model);
        let mut rows = Vec::with_capacity(found.len());
        for &row in found {
            let (block, place) = self.table.locate(row);
            let offset = block.offsets[place];
            let reasons = explaining.reasons(block, place);
            let source = self.source.as_mut().ok_or_else(|| EngineError::Protocol("no file".into()))?;
            let mut reader = RecordReader::new(source, offset, &layout.format, LOOK_UP)?;
            let record = reader.next_record()?.ok_or_else(|| no_row(offset))?;
            let text = |column| layout.text(&record, column).chars().take(LISTED_TEXT).collect();
            rows.push(RankedRow {
                rank: self.ranks[row],
                score: self.scores[row],
                offset,
                cells: (0..layout.schema.width()).map(text).collect(),
                reasons,
            });
        }
        Ok(rows)
    }

    /// Writes the chosen rows with their results, in file order.
    pub(super) async fn export(
        &mut self,
        export: &Export,
        header: bool,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        self.ranked()?;
        if export.both {
            self.every_rank()?;
        }
        if header {
            let layout = self.layout()?;
            let mut out = Vec::new();
            ResultsWriter::new(layout, export.cells, export.both).header(&mut out).map_err(unwritten)?;
            outlet.write(&out);
        }
        let shard_ranks = self.shard_ranks.take();
        let result = match &shard_ranks {
            // Rows beyond those with exact ranks must be read and scored again.
            Some(shard_ranks) if export.selection == Selection::All || export.anomalies > shard_ranks.tops() => {
                self.export_streamed(export, shard_ranks, outlet).await
            }
            _ => self.export_kept(export, outlet).await,
        };
        self.shard_ranks = shard_ranks;
        result.map(|()| Reply::Done)
    }

    async fn export_kept(&mut self, export: &Export, outlet: &impl Outlet) -> Result<(), EngineError> {
        let model = self.model()?;
        let explaining = Explaining::new(&model);
        let total = self.table.rows();
        let anomalies = self.ranks.iter().filter(|&&rank| export.flags(rank)).count();
        let sparse = !self.held || export.selection == Selection::Anomalies && anomalies * 20 < total;
        let slice = if sparse { LOOK_UP } else { SLICE };
        if !sparse {
            self.expect_all();
        }
        let mut source = self.source.take().ok_or_else(|| EngineError::Protocol("no file".into()))?;
        let written = async {
            let mut out = Vec::with_capacity(STRIDE + STRIDE / 8);
            let begin = if total > 0 { self.table.offset(0) } else { 0 };
            let mut reader = RecordReader::new(&mut source, begin, &self.layout()?.format, slice)?;
            let both = if export.both { Some(self.every_rank()?) } else { None };
            let mut done = 0;
            for block in &self.table.blocks {
                let here = done..done + block.rows();
                let results = Results {
                    scores: &self.scores[here.clone()],
                    ranks: &self.ranks[here.clone()],
                    both: both.map(|both| both.part(here)),
                };
                for some in strides(block.rows()) {
                    self.write_rows((export, &explaining), &mut reader, (block, results), some.clone(), &mut out)?;
                    outlet.write(&out);
                    out.clear();
                    let rows = (done + some.end) as u64;
                    outlet.tick(Progress { stage: Stage::Writing, done: rows, total: total as u64, rows }).await?;
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
        written
    }

    async fn export_streamed(
        &mut self,
        export: &Export,
        shard_ranks: &ShardRanks,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let model = self.model()?;
        let (plan, scorer) = &model;
        let explaining = Explaining::new(&model);
        let format = self.layout()?.format.clone();
        let mut ranker = shard_ranks.ranker();
        let mut out = Vec::with_capacity(STRIDE * 3);
        self.expect_all();
        let (mut from, mut rows) = (self.stretch.start, 0);
        while from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            let mut source = self.source.take().ok_or_else(|| EngineError::Protocol("no file".into()))?;
            let written = async {
                let mut reader = RecordReader::new(&mut source, from, &format, STRIDE * 2 + LOOK_UP)?;
                for block in &blocks {
                    let scores = scorer.score(plan.apply(block).view());
                    let place = |(&score, &offset): (&f64, &u64)| ranker.rank(ScoreKey::new(score, offset));
                    let ranks: Vec<u32> = scores.iter().zip(&block.offsets).map(place).collect();
                    for some in strides(block.rows()) {
                        self.write_rows(
                            (export, &explaining),
                            &mut reader,
                            (block, Results { scores: &scores, ranks: &ranks, both: None }),
                            some.clone(),
                            &mut out,
                        )?;
                        rows += some.len() as u64;
                        outlet.write(&out);
                        out.clear();
                        outlet.tick(Progress { stage: Stage::Writing, done: rows, total: self.rows, rows }).await?;
                    }
                }
                Ok::<_, EngineError>(())
            }
            .await;
            self.source = Some(source);
            written?;
            from = next;
        }
        Ok(())
    }

    /// Writes those of a block's rows in `some` that are wanted.
    fn write_rows(
        &self,
        (export, explaining): (&Export, &Explaining<'_>),
        reader: &mut RecordReader<impl Read + Seek>,
        (block, results): (&Block, Results<'_>),
        some: Range<usize>,
        out: &mut Vec<u8>,
    ) -> Result<(), EngineError> {
        let layout = self.layout()?;
        let writer = ResultsWriter::new(layout, export.cells, export.both);
        for row in some {
            let (rank, offset) = (results.ranks[row], block.offsets[row]);
            if !export.wants(rank) {
                continue;
            }
            reader.seek(offset)?;
            let record = reader.next_record()?.ok_or_else(|| no_row(offset))?;
            let reasons = if export.flags(rank) {
                reasons_text(&explaining.reasons(block, row), &record, layout, &export.typical)
            } else {
                String::new()
            };
            let both = results.both.map(|both| both.of(row));
            let (anomaly, score) = (export.flags(rank), results.scores[row]);
            let result = RowResult { anomaly, score, rank, reasons: &reasons, both };
            writer.row(&record, result, out).map_err(unwritten)?;
        }
        Ok(())
    }
}

/// What the rows of a block came to.
#[derive(Clone, Copy)]
struct Results<'a> {
    scores: &'a [f64],
    ranks: &'a [u32],
    both: Option<EveryRank<'a>>,
}

/// What it takes to say why a row scored as it did.
struct Explaining<'a> {
    plan: &'a FeaturePlan,
    explanations: Explanations<'a>,
}

impl<'a> Explaining<'a> {
    fn new((plan, model): &'a Fitted) -> Self {
        Self { plan, explanations: Explanations::new(model) }
    }

    fn reasons(&self, block: &Block, place: usize) -> Vec<Reason> {
        let Explanation { contributions, expected } = self.explanations.of(&self.plan.row(block, place));
        let reason = |(number, share): (usize, f64)| {
            let feature = &self.plan.features[number];
            let expected = expected.as_ref().and_then(|expected| feature.value(expected[number]));
            Reason { column: feature.column, aspect: feature.encoding.aspect(), share, expected }
        };
        explain::top_reasons(&contributions, REASONS).into_iter().map(reason).collect()
    }
}

/// Ranges of rows to write between two ticks.
fn strides(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(WRITTEN).map(move |from| from..(from + WRITTEN).min(rows))
}

fn no_row(offset: u64) -> EngineError {
    EngineError::Protocol(format!("no row at byte {offset}"))
}

fn unwritten(error: std::io::Error) -> EngineError {
    EngineError::Protocol(error.to_string())
}

/// `Flow.IAT.Max 41 % (118000000, usually 912); …`
fn reasons_text(reasons: &[Reason], record: &Record<'_>, layout: &Layout, typical: &[Typical]) -> String {
    let mut text = Vec::new();
    for (place, reason) in reasons.iter().enumerate() {
        let separator = if place > 0 { "; " } else { "" };
        let name = layout.schema.named(reason.column, reason.aspect.as_deref());
        let cell = layout.text(record, reason.column);
        let usual = match reason.expected {
            Some(expected) => format!(", expected {}", short(expected)),
            None => typical[reason.column].text().map(|usual| format!(", usually {usual}")).unwrap_or_default(),
        };
        let written = write!(text, "{separator}{name} {:.0} % ({}{usual})", reason.share * 100.0, cell.trim());
        debug_assert!(written.is_ok(), "writing to memory does not fail");
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Four digits, as that is more than a network knows.
fn short(value: f64) -> String {
    if value.abs() >= 1_000.0 { format!("{value:.0}") } else { format!("{}", (value * 1_000.0).round() / 1_000.0) }
}
