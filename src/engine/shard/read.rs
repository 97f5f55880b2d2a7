//! Bytes → rows.

use std::{ops::Range, sync::Arc};

use super::{
    Shard,
    draw::{draw, offer},
    pass::LOOK_UP,
};
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::{Layout, Parts, RowReader, Source, TableBuilder, split::guess_start},
    table::{Block, SmallestKeys, Table},
};

/// Bytes asked of the source at a time; browsers read large slices several times faster than small ones.
const SLICE: usize = 8 << 20;
/// Bytes read between two ticks.
const STRIDE: u64 = 1 << 20;
/// Bytes read again at a time.
const STRETCH: u64 = 2 << 20;

/// The rows that begin in some stretch of the file, and where the next one begins.
pub(super) struct Stretch {
    pub blocks: Vec<Block>,
    pub next: u64,
}

impl<S: Source + 'static> Shard<S> {
    pub(super) fn source(&mut self) -> Result<&mut Parts<S>, EngineError> {
        self.source.as_mut().ok_or_else(|| EngineError::Protocol("no file was opened".into()))
    }

    pub(super) async fn parse(
        &mut self,
        layout: Arc<Layout>,
        range: Range<u64>,
        begin: Option<u64>,
        budget: u64,
        sample: (usize, u64),
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        self.forget();
        let total = range.end - range.start;
        let source = self.source()?;
        let from = begin.unwrap_or(range.start);
        source.expect(from..range.end);
        if let Some(arrival) = source.arriving(from..from + STRIDE) {
            arrival.await;
        }
        let begin = match begin {
            Some(begin) => begin,
            None => guess_start(source, range.start, &layout.format, layout.record_width())?,
        };
        let mut table = Table::default();
        // Once there is one, rows are not held.
        let mut drawn: Option<SmallestKeys<u64>> = None;
        let mut bytes = 0;
        let mut take = |blocks: Vec<Block>| {
            for block in blocks {
                bytes += block.bytes();
                match &mut drawn {
                    None if bytes as u64 <= budget => table.blocks.push(block),
                    None => {
                        table.blocks.push(block);
                        drawn = Some(draw(std::mem::take(&mut table), sample, layout.schema.width()));
                    }
                    Some(drawn) => offer(drawn, &block, sample.1),
                }
            }
        };
        let mut builder = TableBuilder::new(&layout);
        let slice = SLICE.min((total as usize).max(1 << 16));
        let mut reader = RowReader::new(source, begin, &layout.format, &layout.files, slice)?;
        let mut tick_at = begin;
        let end = loop {
            let next = reader.next_offset()?;
            if next >= tick_at {
                let done = next.clamp(range.start, range.end) - range.start;
                outlet.tick(Progress { stage: Stage::Reading, done, total, rows: builder.rows() }).await?;
                tick_at = next + STRIDE;
                take(builder.take_blocks());
                if let Some(arrival) = reader.arriving(STRIDE as usize) {
                    arrival.await;
                }
            }
            if next >= range.end {
                break next;
            }
            match reader.next_row()? {
                Some(record) => builder.push(&record),
                None => break next,
            }
        };
        let (last, profile, findings) = builder.finish(reader.lines());
        take(last.blocks);
        outlet.tick(Progress { stage: Stage::Reading, done: total, total, rows: profile.rows }).await?;
        self.source()?.expect(0..0);
        let held = drawn.is_none();
        (self.table, self.held, self.drawn, self.sampling) = (table, held, drawn, sample);
        self.stretch = begin..end;
        (self.rows, self.lines) = (profile.rows, findings.lines);
        self.layout = Some(layout);
        Ok(Reply::Parsed { begin, end, profile, findings, held })
    }

    /// The whole of the shard's part will be read again.
    pub(super) fn expect_all(&mut self) {
        if let Some(source) = &mut self.source {
            source.expect(self.stretch.clone());
        }
    }

    /// Reads about 2 MiB of rows again, from a byte where one begins.
    pub(super) async fn read_stretch(&mut self, from: u64) -> Result<Stretch, EngineError> {
        if let Some(arrival) = self.source()?.arriving(from..from + STRETCH) {
            arrival.await;
        }
        self.read_rows(from, from + STRETCH)
    }

    /// The byte at which row number `row` of the shard begins.
    pub(super) async fn find_row(&mut self, row: u64, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let mut left = row as usize;
        let mut find = |blocks: &[Block]| {
            for block in blocks {
                match block.offsets.get(left) {
                    Some(&offset) => return Some(Reply::Counted(offset)),
                    None => left -= block.rows(),
                }
            }
            None
        };
        let mut found = find(&self.table.blocks);
        let mut from = if self.held { u64::MAX } else { self.stretch.start };
        while found.is_none() && from < self.stretch.end {
            let Stretch { blocks, next } = self.read_stretch(from).await?;
            found = find(&blocks);
            from = next;
            let Range { start, end } = self.stretch;
            let progress = Progress { stage: Stage::Reading, done: from.min(end) - start, total: end - start, rows: 0 };
            outlet.tick(progress).await?;
        }
        found.ok_or_else(|| EngineError::Protocol("the shard has no such row".into()))
    }

    /// Reads the rows that begin before byte `until` again, from a byte where one begins.
    pub(super) fn read_rows(&mut self, from: u64, until: u64) -> Result<Stretch, EngineError> {
        let layout = Arc::clone(self.layout()?);
        let until = until.min(self.stretch.end);
        let mut builder = TableBuilder::unprofiled(&layout);
        let mut reader =
            RowReader::new(self.source()?, from, &layout.format, &layout.files, (until - from) as usize + LOOK_UP)?;
        loop {
            let next = reader.next_offset()?;
            if next >= until {
                return Ok(Stretch { blocks: builder.finish(0).0.blocks, next });
            }
            match reader.next_row()? {
                Some(record) => builder.push(&record),
                None => return Ok(Stretch { blocks: builder.finish(0).0.blocks, next: u64::MAX }),
            }
        }
    }
}
