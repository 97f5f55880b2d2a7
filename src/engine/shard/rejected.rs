//! What was left out or not understood → a file.

use super::{STRIDE, Shard, Source};
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::{FindingKind, Layout, Record, RowReader, TableBuilder},
};

impl<S: Source> Shard<S> {
    /// Reads the shard's part of the file again, and writes a line for everything odd about a record: where it is, what
    /// it is, and the text. `line` lines come before the part.
    pub(super) async fn export_rejected(
        &mut self,
        line: u64,
        header: bool,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let layout = self.layout()?.clone();
        let (begin, end) = (self.stretch.start, self.stretch.end);
        let total = end - begin;
        let source = self.source()?;
        let mut reader = RowReader::new(source, begin, &layout.format, &layout.files, STRIDE)?;
        let mut builder = TableBuilder::unprofiled(&layout);
        let mut out = csv::Writer::from_writer(Vec::new());
        let unwritten = |error: csv::Error| EngineError::Protocol(error.to_string());
        if header {
            out.write_record(["file", "line", "byte", "what", "column", "text"]).map_err(unwritten)?;
        }
        let mut tick_at = begin;
        loop {
            let next = reader.next_offset()?;
            if next >= tick_at || next >= end {
                let piece = std::mem::replace(&mut out, csv::Writer::from_writer(Vec::new()));
                outlet.write(&piece.into_inner().map_err(|error| EngineError::Protocol(error.to_string()))?);
                let done = next.min(end) - begin;
                outlet.tick(Progress { stage: Stage::Writing, done, total, rows: builder.rows() }).await?;
                tick_at = next + STRIDE as u64;
                builder.take_blocks();
            }
            if next >= end {
                return Ok(Reply::Done);
            }
            let Some(record) = reader.next_row()? else { continue };
            builder.push(&record);
            for &(kind, column) in builder.notes() {
                out.write_record(described(&layout, &record, line, kind, column)).map_err(unwritten)?;
            }
        }
    }
}

/// One line of the file.
fn described(layout: &Layout, record: &Record<'_>, line: u64, kind: FindingKind, column: Option<u32>) -> [String; 6] {
    let field = column.and_then(|column| layout.schema.fields.get(column as usize));
    let text = match column {
        Some(column) => layout.text(record, column as usize),
        None => String::from_utf8_lossy(record.raw).into_owned(),
    };
    [
        layout.file_name(record.offset).to_owned(),
        (line + record.line).to_string(),
        record.offset.to_string(),
        kind.words()[0].to_owned(),
        field.map(|field| field.name.clone()).unwrap_or_default(),
        text,
    ]
}
