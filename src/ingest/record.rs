//! Records and their cells, straight from the bytes.
//!
//! The grammar is that of the `csv` crate with flexible widths (tested against it): a cell that begins with a quote
//! runs to the next single quote, a doubled quote inside means one, whatever follows the closing quote up to the
//! delimiter belongs to the cell; anywhere else a quote is an ordinary character; LF, CRLF and CR all end a record and
//! blank lines are none. One thing differs: a quote that nothing closes within [`LONGEST_RECORD`], or that is closed on
//! another line and then followed by more text, is taken literally, so that stray ones spoil their own lines and not
//! what lies between them.

use std::{
    io::{Read, Seek, SeekFrom},
    ops::Range,
};

use super::{Dialect, FindingKind, Format, IngestError, json_lines::ObjectSplitter};

/// Bytes that a record may span. Past them, its quotes are taken literally; a longer line is cut into pieces.
const LONGEST_RECORD: usize = 16 << 20;

/// Reads the records of a file from some byte on.
pub struct RecordReader<S> {
    source: S,
    dialect: Dialect,
    buffer: Vec<u8>,
    /// `buffer[begin..end]` is what was read and not yet given out.
    begin: usize,
    end: usize,
    /// File offset of `buffer[0]`.
    base: u64,
    at_end: bool,
    /// Line ends passed since the start.
    lines: u64,
    cells: Cells,
    /// Where every record is an object.
    objects: Option<ObjectSplitter>,
}

/// The cells of the record at hand: each a stretch of the record's own bytes or, where quotes had to be undone, of
/// `unquoted`.
#[derive(Default)]
pub(super) struct Cells {
    bounds: Vec<Bounds>,
    unquoted: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Bounds {
    start: u32,
    end: u32,
    unquoted: bool,
}

/// One record of the file.
pub struct Record<'a> {
    /// File offset of its first byte.
    pub offset: u64,
    /// Its line, counted from 1 where the reader began.
    pub line: u64,
    /// Its bytes, without the line end.
    pub raw: &'a [u8],
    /// It has a quote that nothing closes.
    pub stray_quote: bool,
    /// Why it is no row, where that is clear before its cells are looked at.
    pub rejected: Option<FindingKind>,
    cells: &'a Cells,
}

impl<'a> Record<'a> {
    /// Cells in it.
    pub fn width(&self) -> usize {
        self.cells.width()
    }

    /// The text of the cell, without its quotes; empty where the record is too short.
    pub fn cell(&self, index: usize) -> &'a [u8] {
        self.cells.text(self.raw, index)
    }

    /// The texts of all cells.
    pub fn cells(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.width()).map(|index| self.cell(index))
    }
}

/// Where a record ends in the bytes at hand.
enum Extent {
    /// Before this byte, which is a line end or the end of the file.
    Whole { end: usize, stray_quote: bool },
    /// More bytes are needed to tell.
    Open,
}

impl<S: Read + Seek> RecordReader<S> {
    /// A reader that begins at byte `start`, where a record must begin, and reads `slice` bytes at a time.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source cannot seek there.
    pub fn new(mut source: S, start: u64, format: &Format, slice: usize) -> Result<Self, IngestError> {
        seek(&mut source, start)?;
        Ok(Self {
            source,
            dialect: match format {
                Format::Delimited(dialect) => *dialect,
                // Quotes do not matter for where an object ends.
                Format::JsonLines(_) => Dialect { quote: Dialect::NO_QUOTE, ..Dialect::default() },
            },
            buffer: vec![0; slice.max(1)],
            begin: 0,
            end: 0,
            base: start,
            at_end: false,
            lines: 0,
            cells: Cells::default(),
            objects: match format {
                Format::Delimited(_) => None,
                Format::JsonLines(fields) => Some(ObjectSplitter::new(fields)),
            },
        })
    }

    /// Goes to `offset`, where a record must begin; costs nothing if those bytes are at hand already.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source cannot seek there.
    pub fn seek(&mut self, offset: u64) -> Result<(), IngestError> {
        if (self.base..self.base + self.end as u64).contains(&offset) {
            self.begin = (offset - self.base) as usize;
            return Ok(());
        }
        seek(&mut self.source, offset)?;
        (self.begin, self.end, self.base, self.at_end) = (0, 0, offset, false);
        Ok(())
    }

    /// File offset of the next record's first byte; of the file's end, if there is none.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn next_offset(&mut self) -> Result<u64, IngestError> {
        loop {
            while self.begin < self.end {
                match self.buffer[self.begin] {
                    b'\n' => self.lines += 1,
                    // The LF of a CRLF is the line's end; a CR alone is one itself.
                    b'\r' if self.begin + 1 < self.end => {
                        self.lines += u64::from(self.buffer[self.begin + 1] != b'\n');
                    }
                    b'\r' if self.at_end => self.lines += 1,
                    b'\r' => break,
                    _ => return Ok(self.base + self.begin as u64),
                }
                self.begin += 1;
            }
            if self.at_end && self.begin == self.end {
                return Ok(self.base + self.end as u64);
            }
            self.read_more()?;
        }
    }

    /// Line ends passed so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The next record, or `None` at the end of the file.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, IngestError> {
        self.next_offset()?;
        if self.begin == self.end {
            return Ok(None);
        }
        let (length, stray_quote) = self.measure()?;
        let record = self.begin..self.begin + length;
        let line = self.lines + 1;
        let raw = &self.buffer[record.clone()];
        let rejected = match &mut self.objects {
            Some(objects) => objects.split(raw, &mut self.cells),
            None => {
                self.cells.split(raw, self.dialect, stray_quote);
                None
            }
        };
        if memchr::memchr(self.dialect.quote, raw).is_some() {
            self.lines += line_ends(raw);
        }
        self.begin = record.end;
        Ok(Some(Record {
            offset: self.base + record.start as u64,
            line,
            raw: &self.buffer[record],
            stray_quote,
            rejected,
            cells: &self.cells,
        }))
    }

    /// The length of the record that begins at `self.begin`, reading on until its end is at hand, and whether it has
    /// a stray quote.
    fn measure(&mut self) -> Result<(usize, bool), IngestError> {
        loop {
            let bytes = &self.buffer[self.begin..self.end];
            let whole = self.at_end || bytes.len() >= LONGEST_RECORD;
            match extent(&bytes[..bytes.len().min(LONGEST_RECORD)], self.dialect, whole) {
                Extent::Whole { end, stray_quote } => return Ok((end, stray_quote)),
                Extent::Open => self.read_more()?,
            }
        }
    }

    /// Moves what is left to the front of the buffer and fills the rest, with a larger buffer if there is no rest.
    fn read_more(&mut self) -> Result<(), IngestError> {
        self.buffer.copy_within(self.begin..self.end, 0);
        self.base += self.begin as u64;
        self.end -= self.begin;
        self.begin = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let position = self.base + self.end as u64;
        let read = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let read = read.map_err(|error| IngestError::Read { byte: position, reason: error.to_string() })?;
        self.at_end = read == 0;
        self.end += read;
        Ok(())
    }
}

fn seek(source: &mut impl Seek, byte: u64) -> Result<(), IngestError> {
    match source.seek(SeekFrom::Start(byte)) {
        Ok(_) => Ok(()),
        Err(error) => Err(IngestError::Read { byte, reason: error.to_string() }),
    }
}

/// Where the record at the front of `bytes` ends. `whole`: no more bytes will come.
fn extent(bytes: &[u8], dialect: Dialect, whole: bool) -> Extent {
    let line = memchr::memchr2(b'\n', b'\r', bytes);
    let first_line = &bytes[..line.unwrap_or(bytes.len())];
    if memchr::memchr(dialect.quote, first_line).is_none() {
        return match line {
            Some(end) => Extent::Whole { end, stray_quote: false },
            None if whole => Extent::Whole { end: bytes.len(), stray_quote: false },
            None => Extent::Open,
        };
    }
    let literal = Extent::Whole { end: first_line.len(), stray_quote: true };
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&dialect.quote) {
            let Some(close) = closing_quote(bytes, at + 1, dialect.quote) else {
                return if whole { literal } else { Extent::Open };
            };
            let next = bytes.get(close + 1).copied();
            if next.is_none() && !whole {
                return Extent::Open;
            }
            let ends = next.is_none_or(|byte| byte == dialect.delimiter || matches!(byte, b'\n' | b'\r'));
            if !ends && close > first_line.len() {
                return literal;
            }
            at = close + 1;
        }
        match memchr::memchr3(dialect.delimiter, b'\n', b'\r', &bytes[at..]) {
            Some(step) if bytes[at + step] == dialect.delimiter => at += step + 1,
            Some(step) => return Extent::Whole { end: at + step, stray_quote: false },
            None if whole => return Extent::Whole { end: bytes.len(), stray_quote: false },
            None => return Extent::Open,
        }
    }
}

/// The quote that closes a cell whose text begins at `from`, doubled ones passed over.
fn closing_quote(bytes: &[u8], mut from: usize, quote: u8) -> Option<usize> {
    loop {
        let at = from + memchr::memchr(quote, &bytes[from..])?;
        if bytes.get(at + 1) != Some(&quote) {
            return Some(at);
        }
        from = at + 2;
    }
}

/// Line ends inside a record: LF, CRLF and CR count one each.
pub(super) fn line_ends(raw: &[u8]) -> u64 {
    let counted = |at: usize| raw[at] == b'\n' || raw.get(at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', raw).filter(|&at| counted(at)).count() as u64
}

impl Cells {
    /// Makes `width` empty cells.
    pub fn reset(&mut self, width: usize) {
        self.unquoted.clear();
        self.bounds.clear();
        self.bounds.resize(width, Bounds { start: 0, end: 0, unquoted: false });
    }

    /// Lets a cell, or a further one, be a stretch of the record's own bytes.
    pub fn place(&mut self, column: Option<usize>, range: Range<usize>) {
        self.put(column, range, false);
    }

    /// Lets a cell, or a further one, be what `write` appends.
    pub fn place_unquoted(&mut self, column: Option<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.unquoted.len();
        write(&mut self.unquoted);
        self.put(column, start..self.unquoted.len(), true);
    }

    fn put(&mut self, column: Option<usize>, range: Range<usize>, unquoted: bool) {
        match column.and_then(|column| self.bounds.get_mut(column)) {
            Some(bounds) => *bounds = Bounds { start: range.start as u32, end: range.end as u32, unquoted },
            None => self.push(range.start, range.end, unquoted),
        }
    }

    /// Cells there are.
    pub fn width(&self) -> usize {
        self.bounds.len()
    }

    /// The text of a cell of the record `raw`; empty where there is none.
    pub fn text<'a>(&'a self, raw: &'a [u8], index: usize) -> &'a [u8] {
        let Some(bounds) = self.bounds.get(index) else { return b"" };
        let text = if bounds.unquoted { &self.unquoted } else { raw };
        &text[bounds.start as usize..bounds.end as usize]
    }

    fn split(&mut self, raw: &[u8], dialect: Dialect, literal: bool) {
        self.bounds.clear();
        self.unquoted.clear();
        if literal || memchr::memchr(dialect.quote, raw).is_none() {
            let mut start = 0;
            for end in memchr::memchr_iter(dialect.delimiter, raw) {
                self.push(start, end, false);
                start = end + 1;
            }
            self.push(start, raw.len(), false);
        } else {
            self.split_quoted(raw, dialect);
        }
    }

    fn split_quoted(&mut self, raw: &[u8], dialect: Dialect) {
        let mut at = 0;
        loop {
            let end_of =
                |from: usize| from + memchr::memchr(dialect.delimiter, &raw[from..]).unwrap_or(raw.len() - from);
            let end = if raw.get(at) == Some(&dialect.quote) {
                let close = closing_quote(raw, at + 1, dialect.quote).unwrap_or(raw.len());
                let end = end_of((close + 1).min(raw.len()));
                let inside = &raw[at + 1..close];
                let after = &raw[(close + 1).min(end)..end];
                if after.is_empty() && memchr::memchr(dialect.quote, inside).is_none() {
                    self.push(at + 1, close, false);
                } else {
                    self.unquote(inside, after, dialect.quote);
                }
                end
            } else {
                let end = end_of(at);
                self.push(at, end, false);
                end
            };
            if end == raw.len() {
                return;
            }
            at = end + 1;
        }
    }

    fn unquote(&mut self, mut inside: &[u8], after: &[u8], quote: u8) {
        let start = self.unquoted.len();
        while let Some(at) = memchr::memchr(quote, inside) {
            self.unquoted.extend(&inside[..=at]);
            inside = &inside[at + 2..];
        }
        self.unquoted.extend(inside);
        self.unquoted.extend(after);
        self.push(start, self.unquoted.len(), true);
    }

    fn push(&mut self, start: usize, end: usize, unquoted: bool) {
        // Records are at most LONGEST_RECORD long, so 32 bits hold any place in one.
        self.bounds.push(Bounds { start: start as u32, end: end as u32, unquoted });
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<Vec<Vec<u8>>>;

    fn read(bytes: &[u8], slice: usize) -> (Rows, Vec<u64>) {
        let mut reader = RecordReader::new(Cursor::new(bytes), 0, &Format::default(), slice).expect("seeks");
        let (mut rows, mut lines) = (Rows::new(), Vec::new());
        while let Some(record) = reader.next_record().expect("reads") {
            rows.push(record.cells().map(<[u8]>::to_vec).collect());
            lines.push(record.line);
        }
        (rows, lines)
    }

    fn read_by_csv_crate(bytes: &[u8]) -> Rows {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        reader.byte_records().map(|record| record.expect("reads").iter().map(<[u8]>::to_vec).collect()).collect()
    }

    /// The csv crate has no stray quotes; the file must not have any to compare.
    fn closes_its_quotes(bytes: &[u8]) -> bool {
        let mut reader = RecordReader::new(Cursor::new(bytes), 0, &Format::default(), 64).expect("seeks");
        while let Some(record) = reader.next_record().expect("reads") {
            if record.stray_quote {
                return false;
            }
        }
        true
    }

    #[test]
    fn quotes_line_ends_and_blank_lines() {
        let text = b"a,\"b,1\",c\r\n\r\n\"say \"\"hi\"\"\",\"x\ny\",\n1,2\r3,\"\"\n\n";
        let (rows, lines) = read(text, 3);
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).into()).collect()).collect();
        assert_eq!(rows, [vec!["a", "b,1", "c"], vec!["say \"hi\"", "x\ny", ""], vec!["1", "2"], vec!["3", ""]]);
        assert_eq!(lines, [1, 3, 5, 6]);
    }

    #[test]
    fn a_stray_quote_spoils_its_own_line_only() {
        let text = b"a,b\n1,\"two\n3,4\n5,6\n";
        let mut reader = RecordReader::new(Cursor::new(text), 0, &Format::default(), 4).expect("seeks");
        let mut seen = Vec::new();
        while let Some(record) = reader.next_record().expect("reads") {
            seen.push((record.offset, record.width(), record.stray_quote));
        }
        assert_eq!(seen, [(0, 2, false), (4, 2, true), (11, 2, false), (15, 2, false)]);
    }

    #[test]
    fn two_stray_quotes_do_not_swallow_what_lies_between() {
        let text = b"a,b\n1,\"two\n3,4\n5,6\n7,\"eight\n9,10\n";
        let mut reader = RecordReader::new(Cursor::new(text), 0, &Format::default(), 4).expect("seeks");
        let mut strays = Vec::new();
        while let Some(record) = reader.next_record().expect("reads") {
            strays.push(record.stray_quote);
        }
        assert_eq!(strays, [false, true, false, false, true, false]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn reads_what_the_csv_crate_reads_at_any_slice(text in "[ab,\"\n\r]{0,40}", slice in 1usize..20) {
            let bytes = text.as_bytes();
            prop_assume!(closes_its_quotes(bytes));
            prop_assert_eq!(read(bytes, slice).0, read_by_csv_crate(bytes));
        }

        #[test]
        fn lines_are_numbered_alike_at_any_slice(text in "[ab,\"\n\r]{0,40}", slice in 1usize..20) {
            prop_assert_eq!(read(text.as_bytes(), slice), read(text.as_bytes(), 4096));
        }
    }
}
