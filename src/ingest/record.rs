//! Records, straight from the bytes.

use std::io::{Read, Seek, SeekFrom};

use futures_util::future::LocalBoxFuture;

use super::{
    Dialect, FindingKind, Format, IngestError, Source,
    cells::Cells,
    grammar::{self, Extent},
    json_lines::ObjectSplitter,
};

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

/// What splitting a record tells of it, beside its cells.
struct Split {
    length: usize,
    stray_quote: bool,
    rejected: Option<FindingKind>,
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

    /// All that its cells are stretches of.
    pub(super) fn texts(&self) -> [&'a [u8]; 2] {
        [self.raw, self.cells.made()]
    }

    /// Where in [`Record::texts`], one behind the other, each cell begins, and its length.
    pub(super) fn places(&self) -> impl Iterator<Item = (u32, u32)> + 'a {
        self.cells.places(self.raw.len())
    }

    /// It has a quote that neither opens, closes nor stands for one.
    pub(super) fn has_loose_quote(&self) -> bool {
        self.cells.loose_quote
    }

    /// The texts of all cells.
    pub fn cells(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.width()).map(|index| self.cell(index))
    }
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
            dialect: format.framing(),
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

    /// File offset of the next record's first byte, behind blank lines and comments; of the file's end, if there is
    /// none.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn next_offset(&mut self) -> Result<u64, IngestError> {
        let mut in_comment = false;
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
                    byte if in_comment || Some(byte) == self.dialect.comment => {
                        let rest = &self.buffer[self.begin..self.end];
                        let length = memchr::memchr2(b'\n', b'\r', rest);
                        in_comment = length.is_none();
                        self.begin += length.unwrap_or(rest.len());
                        continue;
                    }
                    _ => return Ok(self.base + self.begin as u64),
                }
                in_comment = false;
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
        let Split { length, stray_quote, rejected } = self.split()?;
        let record = self.begin..self.begin + length;
        let line = self.lines + 1;
        let raw = &self.buffer[record.clone()];
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

    /// Splits the record that begins at `self.begin`, reading on until its end is at hand.
    fn split(&mut self) -> Result<Split, IngestError> {
        loop {
            let bytes = &self.buffer[self.begin..self.end];
            let whole = self.at_end || bytes.len() >= LONGEST_RECORD;
            let bytes = &bytes[..bytes.len().min(LONGEST_RECORD)];
            if let Some(objects) = &mut self.objects {
                let line = memchr::memchr2(b'\n', b'\r', bytes).or(whole.then_some(bytes.len()));
                if let Some(length) = line {
                    let rejected = objects.split(&bytes[..length], &mut self.cells);
                    return Ok(Split { length, stray_quote: false, rejected });
                }
            } else if let Extent::Whole { end: length, stray_quote } =
                grammar::split(bytes, &self.dialect, whole, &mut self.cells)
            {
                if self.dialect.trailing {
                    self.cells.drop_empty_last();
                }
                return Ok(Split { length, stray_quote, rejected: None });
            }
            self.read_more()?;
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

impl<S: Source> RecordReader<S> {
    /// If less than `reserve` bytes are at hand and more are on their way, what is ready once these are there.
    pub fn arriving(&self, reserve: usize) -> Option<LocalBoxFuture<'static, ()>> {
        let little = self.end - self.begin < reserve;
        let missing = self.base + self.end as u64..self.base + (self.begin + reserve) as u64;
        little.then(|| self.source.arriving(missing)).flatten()
    }
}

fn seek(source: &mut impl Seek, byte: u64) -> Result<(), IngestError> {
    match source.seek(SeekFrom::Start(byte)) {
        Ok(_) => Ok(()),
        Err(error) => Err(IngestError::Read { byte, reason: error.to_string() }),
    }
}

/// Line ends inside a record: LF, CRLF and CR count one each.
pub(super) fn line_ends(raw: &[u8]) -> u64 {
    let counted = |at: usize| raw[at] == b'\n' || raw.get(at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', raw).filter(|&at| counted(at)).count() as u64
}

#[cfg(test)]
mod tests;
