//! The first bytes of a file, cut into records.

use std::io::Cursor;

use csv::ByteRecord;

use crate::ingest::{Format, IngestError, RecordReader, record::line_ends};

/// Records looked at to tell what columns hold.
pub(in crate::ingest) const HEAD_ROWS: usize = 1_000;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is looked at to tell what a file is.
pub(in crate::ingest) struct Head<'a> {
    pub bytes: &'a [u8],
    /// Where the text begins, behind a byte order mark.
    pub start: usize,
    /// It is the whole file.
    pub complete: bool,
}

/// One of the first records.
pub(in crate::ingest) struct Row {
    /// Its first byte.
    pub offset: usize,
    /// Its line end.
    pub end: usize,
    pub cells: ByteRecord,
}

impl<'a> Head<'a> {
    pub fn new(bytes: &'a [u8], file_bytes: u64) -> Self {
        let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        Self { bytes, start, complete: bytes.len() as u64 >= file_bytes }
    }

    /// Only the first `most` bytes.
    pub fn cut(&self, most: usize) -> Self {
        let bytes = &self.bytes[..self.bytes.len().min(most)];
        Self { bytes, start: self.start, complete: self.complete && bytes.len() == self.bytes.len() }
    }

    /// The lines from byte `start` on that are whole and not blank, each with its first byte.
    pub fn lines(&self, start: usize) -> impl Iterator<Item = (usize, &'a [u8])> {
        let mut at = start.min(self.bytes.len());
        std::iter::from_fn(move || {
            loop {
                let rest = &self.bytes[at..];
                let end = match memchr::memchr2(b'\n', b'\r', rest) {
                    Some(end) => end,
                    None if self.complete && !rest.is_empty() => rest.len(),
                    None => return None,
                };
                let line = (at, &rest[..end]);
                at = (at + end + 1).min(self.bytes.len());
                if !line.1.trim_ascii().is_empty() {
                    return Some(line);
                }
            }
        })
    }

    /// The first `most` records from byte `start` on, without those that are no rows for sure. The last one at hand is
    /// left out if it may be cut off, unless there is at most a header before it.
    pub fn rows(&self, start: usize, format: &Format, most: usize) -> Result<Vec<Row>, IngestError> {
        let mut reader = RecordReader::new(Cursor::new(self.bytes), start as u64, format, self.bytes.len())?;
        let mut rows = Vec::new();
        while rows.len() < most {
            let Some(record) = reader.next_record()? else { break };
            let offset = record.offset as usize;
            let mut cells = ByteRecord::with_capacity(record.raw.len(), record.width());
            cells.extend(record.cells());
            let row = Row { offset, end: offset + record.raw.len(), cells };
            if record.rejected.is_none() && (!self.is_cut_off(&row) || rows.len() < 2) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// The file may go on behind this row.
    pub fn is_cut_off(&self, row: &Row) -> bool {
        !self.complete && row.end == self.bytes.len()
    }

    /// The first byte behind the line ends at `end`.
    pub fn next_line(&self, end: usize) -> usize {
        end + self.bytes[end..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
    }

    /// Line ends before this byte.
    pub fn lines_before(&self, byte: usize) -> u64 {
        line_ends(&self.bytes[..byte])
    }
}

/// The most frequent width, the larger of equals.
pub(in crate::ingest) fn usual_width(rows: &[Row]) -> usize {
    let mut widths = std::collections::BTreeMap::new();
    for row in rows {
        *widths.entry(row.cells.len()).or_insert(0) += 1;
    }
    widths.into_iter().max_by_key(|&(width, rows)| (rows, width)).map_or(0, |(width, _)| width)
}
