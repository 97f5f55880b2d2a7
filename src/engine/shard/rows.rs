//! Single rows, as they are shown.

use super::{Shard, export::Explaining, pass::LOOK_UP};
use crate::{
    engine::{EngineError, ListedRow, Outlet, Progress, Stage},
    ingest::{Layout, Parts, RecordReader, Source},
    report::RankedRow,
    table::Block,
};

/// Rows that are explained between two ticks.
const TICK_ROWS: usize = 16;
/// Characters of a cell that are listed.
const LISTED_TEXT: usize = 1_000;

impl<S: Source + 'static> Shard<S> {
    /// These rows of the shown run's table, as they are shown.
    pub(in crate::engine) async fn ranked_rows(
        &mut self,
        found: &[usize],
        outlet: &impl Outlet,
    ) -> Result<Vec<RankedRow>, EngineError> {
        let layout = self.layout()?.clone();
        let mut source = self.take_source()?;
        let listed = async {
            let run = self.run()?;
            let explaining = Explaining::new(&run.plan, &run.model);
            let mut rows = Vec::with_capacity(found.len());
            for (done, &row) in found.iter().enumerate() {
                if done % TICK_ROWS == 0 {
                    outlet.tick(Progress::of(Stage::Explaining, done, found.len())).await?;
                }
                let (block, place) = self.table(run).locate(row);
                let result = (run.ranks[row], run.scores[row], run.group_of(row));
                rows.push(explaining.shown(&mut source, &layout, (block, place), result)?);
            }
            Ok(rows)
        }
        .await;
        self.source = Some(source);
        listed
    }

    /// The cells of the row at this byte, as they are listed.
    pub(in crate::engine) fn cells_at(&mut self, offset: u64) -> Result<Vec<String>, EngineError> {
        let layout = self.layout()?.clone();
        cells(self.source()?, &layout, offset)
    }

    /// The number of the group that the row at this byte is in, 0 for none; nothing where it is none of the shard's rows.
    pub(in crate::engine) fn group_at(&mut self, offset: u64) -> Result<Option<u8>, EngineError> {
        if !self.stretch.contains(&offset) {
            return Ok(None);
        }
        if self.held {
            return self.table.find(offset).map(|row| Ok(self.run()?.group_of(row))).transpose();
        }
        let read = self.read_rows(offset, offset + 1)?.blocks;
        let Some(block) = read.first().filter(|block| block.offsets.first() == Some(&offset)) else { return Ok(None) };
        Ok(Some(self.run()?.assign(block).first().copied().unwrap_or(0)))
    }

    /// Those of these rows that are the shard's, as they are shown.
    pub(in crate::engine) async fn rows_at(
        &mut self,
        wanted: &[ListedRow],
        outlet: &impl Outlet,
    ) -> Result<Vec<RankedRow>, EngineError> {
        let own: Vec<&ListedRow> = wanted.iter().filter(|row| self.stretch.contains(&row.offset)).collect();
        if self.held {
            let find = |row: &&ListedRow| self.table.find(row.offset).ok_or_else(|| no_row(row.offset));
            let found = own.iter().map(find).collect::<Result<Vec<usize>, _>>()?;
            return self.ranked_rows(&found, outlet).await;
        }
        let layout = self.layout()?.clone();
        let run = self.run()?;
        let (plan, model) = (run.plan.clone(), run.model.clone());
        let explaining = Explaining::new(&plan, &model);
        let mut rows = Vec::with_capacity(own.len());
        for (done, row) in own.iter().enumerate() {
            if done % TICK_ROWS == 0 {
                outlet.tick(Progress::of(Stage::Explaining, done, own.len())).await?;
            }
            let read = self.read_rows(row.offset, row.offset + 1)?.blocks;
            let block = read.first().filter(|block| block.offsets[0] == row.offset);
            let block = block.ok_or_else(|| no_row(row.offset))?;
            let group = self.run()?.assign(block).first().copied().unwrap_or(0);
            rows.push(explaining.shown(self.source()?, &layout, (block, 0), (row.rank, row.score, group))?);
        }
        Ok(rows)
    }
}

impl Explaining<'_> {
    fn shown<S: Source + 'static>(
        &self,
        source: &mut Parts<S>,
        layout: &Layout,
        (block, place): (&Block, usize),
        (rank, score, group): (u32, f64, u8),
    ) -> Result<RankedRow, EngineError> {
        let offset = block.offsets[place];
        let cells = cells(source, layout, offset)?;
        let (reasons, alike) = self.reasons(block, place);
        Ok(RankedRow { rank, score, group, offset, cells, reasons, alike })
    }
}

/// The cells of the row at this byte, as they are listed.
fn cells<S: Source>(source: &mut Parts<S>, layout: &Layout, offset: u64) -> Result<Vec<String>, EngineError> {
    let mut reader = RecordReader::new(source, offset, &layout.format, LOOK_UP)?;
    let record = reader.next_record()?.ok_or_else(|| no_row(offset))?;
    let text = |column| layout.text(&record, column).chars().take(LISTED_TEXT).collect();
    Ok((0..layout.schema.width()).map(text).collect())
}

pub(super) fn no_row(offset: u64) -> EngineError {
    EngineError::Protocol(format!("no row at byte {offset}"))
}
