//! What was left out or not understood → a file.

use super::{STRIDE, Shard};
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::{FindingKind, Findings, Layout, Position, RecordReader, RowReader, Source, TableBuilder},
    report::neutral,
};

impl<S: Source + 'static> Shard<S> {
    /// Reads the shard's part of the file again, and writes a line for everything odd about a record: where it is, what
    /// it is, and the text. `line` lines come before the part.
    pub(super) async fn export_rejected(
        &mut self,
        mut line: u64,
        header: bool,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let layout = self.layout()?.clone();
        let (begin, end) = (self.stretch.start, self.stretch.end);
        self.expect_all();
        if header {
            outlet.write(b"file,line,byte,what,column,text\n");
        }
        let (mut from, mut rows) = (begin, 0);
        while from < end {
            let until = (from + STRIDE as u64).min(end);
            let (findings, next) = self.findings_in(from, until, &layout, &mut rows)?;
            let lines = findings.lines;
            outlet.write(&self.listed(findings, line, &layout)?);
            line += lines;
            from = next;
            let done = from.min(end) - begin;
            outlet.tick(Progress { stage: Stage::Writing, done, total: end - begin, rows }).await?;
        }
        Ok(Reply::Done)
    }

    /// Everything odd about the records that begin in a stretch, and where the next one begins.
    fn findings_in(
        &mut self,
        from: u64,
        until: u64,
        layout: &Layout,
        rows: &mut u64,
    ) -> Result<(Findings, u64), EngineError> {
        let mut reader = RowReader::new(self.source()?, from, &layout.format, &layout.files, STRIDE)?;
        let mut builder = TableBuilder::locating_all(layout);
        let next = loop {
            let next = reader.next_offset()?;
            if next >= until {
                break next;
            }
            match reader.next_row()? {
                Some(record) => builder.push(&record),
                None => break u64::MAX,
            }
        };
        let lines = reader.lines();
        *rows += builder.rows();
        Ok((builder.finish(lines).2, next))
    }

    /// A line for each finding, in file order.
    fn listed(&mut self, findings: Findings, line: u64, layout: &Layout) -> Result<Vec<u8>, EngineError> {
        let mut all: Vec<(Position, FindingKind)> = Vec::new();
        for (kind, finding) in findings.by_kind {
            all.extend(finding.first.into_iter().map(|position| (position, kind)));
        }
        all.sort_by_key(|&(position, kind)| (position.byte, kind, position.column));
        let Some((first, _)) = all.first() else { return Ok(Vec::new()) };
        let mut reader = RecordReader::new(self.source()?, first.byte, &layout.format, STRIDE)?;
        let mut out = csv::Writer::from_writer(Vec::new());
        for (position, kind) in all {
            reader.seek(position.byte)?;
            let Some(record) = reader.next_record()? else { continue };
            let column = position.column.map(|column| column as usize);
            let text = match column {
                Some(column) => layout.text(&record, column),
                None => String::from_utf8_lossy(record.raw).into_owned(),
            };
            let name = column.and_then(|column| layout.schema.fields.get(column)).map_or("", |field| &field.name);
            let (line, byte) = ((line + position.line).to_string(), position.byte.to_string());
            let cells = [layout.file_name(position.byte), &line, &byte, kind.words()[0], name, &text];
            out.write_record(cells.map(|cell| neutral(cell.as_bytes())))
                .map_err(|error| EngineError::Protocol(error.to_string()))?;
        }
        out.into_inner().map_err(|error| EngineError::Protocol(error.to_string()))
    }
}
