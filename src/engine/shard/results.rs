//! Ranked rows → lists and files.

use std::{io::Write, ops::Range};

use super::{STRIDE, Shard, Source};
use crate::{
    engine::{EngineError, Export, Outlet, Progress, Reply, Stage},
    explain,
    ingest::{Record, RecordReader},
    report::{RankedRow, Reason, ResultsWriter, Selection, Typical},
    table::{Block, Schema},
};

/// Reasons given per row.
const REASONS: usize = 3;
/// Bytes read around a row that is looked up by itself.
const LOOK_UP: usize = 64 << 10;
/// Bytes read at a time when most rows are wanted.
const SLICE: usize = 8 << 20;
/// Characters of a cell that are listed.
const LISTED_TEXT: usize = 1_000;

impl<S: Source> Shard<S> {
    /// The rows with these ranks, in file order.
    pub(super) fn rows(&mut self, ranks: Range<u32>) -> Result<Reply, EngineError> {
        self.ranked()?;
        let found: Vec<usize> = (0..self.ranks.len()).filter(|&row| ranks.contains(&self.ranks[row])).collect();
        let layout = self.layout()?.clone();
        let mut rows = Vec::with_capacity(found.len());
        for row in found {
            let (block, place) = self.table.locate(row);
            let offset = block.offsets[place];
            let reasons = self.reasons(block, place);
            let source = self.source.as_mut().ok_or_else(|| EngineError::Protocol("no file".into()))?;
            let mut reader = RecordReader::new(source, offset, &layout.format, LOOK_UP)?;
            let Some(record) = reader.next_record()? else {
                return Err(EngineError::Protocol(format!("no row at byte {offset}")));
            };
            let text = |cell: &[u8]| String::from_utf8_lossy(cell).chars().take(LISTED_TEXT).collect();
            rows.push(RankedRow {
                rank: self.ranks[row],
                score: self.scores[row],
                offset,
                cells: (0..layout.schema.width()).map(|column| text(record.cell(column))).collect(),
                reasons,
            });
        }
        Ok(Reply::Listed(rows))
    }

    /// Writes the chosen rows with their results, in file order.
    pub(super) async fn export(
        &mut self,
        export: &Export,
        header: bool,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        self.ranked()?;
        let layout = self.layout()?.clone();
        let writer = ResultsWriter::new(&layout, export.cells);
        let failed = |error: std::io::Error| EngineError::Protocol(error.to_string());
        let mut out = Vec::with_capacity(STRIDE + STRIDE / 8);
        if header {
            writer.header(&layout, &mut out).map_err(failed)?;
        }
        let total = self.table.rows();
        let is_anomaly = |rank: u32| u64::from(rank) <= export.anomalies;
        let wanted = |rank: u32| export.selection == Selection::All || is_anomaly(rank);
        let anomalies = self.ranks.iter().filter(|&&rank| is_anomaly(rank)).count();
        let sparse = export.selection == Selection::Anomalies && anomalies * 20 < total;
        let mut source = self.source.take().ok_or_else(|| EngineError::Protocol("no file".into()))?;
        let result = async {
            let begin = if total > 0 { self.table.offset(0) } else { 0 };
            let slice = if sparse { LOOK_UP } else { SLICE };
            let mut reader = RecordReader::new(&mut source, begin, &layout.format, slice)?;
            for row in 0..total {
                let rank = self.ranks[row];
                if row % 16_384 == 0 || out.len() >= STRIDE {
                    outlet.write(&out);
                    out.clear();
                    let done = row as u64;
                    outlet.tick(Progress { stage: Stage::Writing, done, total: total as u64, rows: done }).await?;
                }
                if !wanted(rank) {
                    continue;
                }
                let (block, place) = self.table.locate(row);
                reader.seek(block.offsets[place])?;
                let Some(record) = reader.next_record()? else {
                    return Err(EngineError::Protocol(format!("no row at byte {}", block.offsets[place])));
                };
                let reasons = if is_anomaly(rank) {
                    reasons_text(&self.reasons(block, place), &record, &layout.schema, &export.typical)
                } else {
                    String::new()
                };
                let score = self.scores[row];
                writer.row(&record, is_anomaly(rank), score, rank, &reasons, &mut out).map_err(failed)?;
            }
            outlet.write(&out);
            Ok(Reply::Done)
        }
        .await;
        self.source = Some(source);
        result
    }

    /// Why a row scored as it did.
    fn reasons(&self, block: &Block, place: usize) -> Vec<Reason> {
        let Some((plan, forest)) = &self.model else { return Vec::new() };
        let features = plan.row(block, place);
        let contributions = explain::contributions(forest, &features);
        let heaviest = explain::top_reasons(&contributions, REASONS);
        heaviest.into_iter().map(|(feature, share)| Reason { column: plan.features[feature].column, share }).collect()
    }
}

/// `Flow.IAT.Max 41 % (118000000, usually 912); …`
fn reasons_text(reasons: &[Reason], record: &Record<'_>, schema: &Schema, typical: &[Typical]) -> String {
    let mut text = Vec::new();
    for (place, reason) in reasons.iter().enumerate() {
        let separator = if place > 0 { "; " } else { "" };
        let name = &schema.fields[reason.column].name;
        let cell = String::from_utf8_lossy(record.cell(reason.column));
        let usual = typical[reason.column].text().map(|usual| format!(", usually {usual}")).unwrap_or_default();
        let written = write!(text, "{separator}{name} {:.0} % ({}{usual})", reason.share * 100.0, cell.trim());
        debug_assert!(written.is_ok(), "writing to memory does not fail");
    }
    String::from_utf8_lossy(&text).into_owned()
}
