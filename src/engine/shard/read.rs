//! Bytes → rows.

use std::{
    io::{Read, SeekFrom},
    ops::Range,
    sync::Arc,
};

use super::{Shard, Source};
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::{Choices, HEAD_BYTES, IngestError, Layout, RecordReader, TableBuilder, split::guess_start},
    table::Table,
};

/// Bytes asked of the source at a time; browsers read large slices several times faster than small ones.
const SLICE: usize = 8 << 20;
/// Bytes read between two ticks.
const STRIDE: u64 = 2 << 20;

impl<S: Source> Shard<S> {
    pub(super) fn source(&mut self) -> Result<&mut S, EngineError> {
        self.source.as_mut().ok_or_else(|| EngineError::Protocol("no file was opened".into()))
    }

    pub(super) fn sniff(&mut self, choices: &Choices) -> Result<Reply, EngineError> {
        let source = self.source()?;
        let mut head = Vec::new();
        let mut read = || {
            let bytes = source.seek(SeekFrom::End(0))?;
            source.seek(SeekFrom::Start(0))?;
            source.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|error: std::io::Error| IngestError::Read { byte: 0, reason: error.to_string() })?;
        let (layout, findings) = Layout::sniff(&head, bytes, choices)?;
        Ok(Reply::Sniffed(Arc::new(layout), findings))
    }

    pub(super) async fn parse(
        &mut self,
        layout: Arc<Layout>,
        range: Range<u64>,
        begin: Option<u64>,
        budget: u64,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let most_rows = budget / layout.schema.row_bytes();
        let total = range.end - range.start;
        // Two tables at a time would be too much, and a cancelled reading must not leave the one before.
        self.table = Table::default();
        let source = self.source()?;
        let begin = match begin {
            Some(begin) => begin,
            None => guess_start(source, range.start, &layout.format, layout.schema.width())?,
        };
        let mut builder = TableBuilder::new(&layout);
        let slice = SLICE.min((total as usize).max(1 << 16));
        let mut reader = RecordReader::new(source, begin, &layout.format, slice)?;
        let mut tick_at = begin;
        let end = loop {
            let next = reader.next_offset()?;
            if next >= tick_at {
                let done = next.clamp(range.start, range.end) - range.start;
                outlet.tick(Progress { stage: Stage::Reading, done, total, rows: builder.rows() }).await?;
                tick_at = next + STRIDE;
                if builder.rows() > most_rows {
                    let share = (next - range.start.min(next)).max(1) as f64 / total.max(1) as f64;
                    let needed = (builder.rows() * layout.schema.row_bytes()) as f64 / share;
                    return Err(EngineError::TooLarge { needed_mb: needed as u64 >> 20, budget_mb: budget >> 20 });
                }
            }
            if next >= range.end {
                break next;
            }
            match reader.next_record()? {
                Some(record) => builder.push(&record),
                None => break next,
            }
        };
        let (table, profile, findings) = builder.finish(reader.lines());
        outlet.tick(Progress { stage: Stage::Reading, done: total, total, rows: profile.rows }).await?;
        self.table = table;
        self.layout = Some(layout);
        self.model = None;
        self.scores.clear();
        self.ranks.clear();
        Ok(Reply::Parsed { begin, end, profile, findings })
    }
}
