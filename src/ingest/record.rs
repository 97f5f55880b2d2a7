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
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<Vec<Vec<u8>>>;

    fn format(escape: Option<u8>, comment: Option<u8>) -> Format {
        Format::Delimited(Dialect { escape, comment, ..Dialect::default() })
    }

    /// Rows and their lines, and whether all quotes are closed as they should be.
    fn read(bytes: &[u8], format: &Format, slice: usize) -> (Rows, Vec<u64>, bool) {
        let mut reader = RecordReader::new(Cursor::new(bytes), 0, format, slice).expect("seeks");
        let (mut rows, mut lines, mut closed) = (Rows::new(), Vec::new(), true);
        while let Some(record) = reader.next_record().expect("reads") {
            rows.push(record.cells().map(<[u8]>::to_vec).collect());
            lines.push(record.line);
            closed &= !record.stray_quote;
        }
        (rows, lines, closed)
    }

    fn read_by_csv_crate(bytes: &[u8], dialect: &Dialect) -> Rows {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).escape(dialect.escape);
        let mut reader = builder.from_reader(bytes);
        reader.byte_records().map(|record| record.expect("reads").iter().map(<[u8]>::to_vec).collect()).collect()
    }

    #[test]
    fn quotes_line_ends_and_blank_lines() {
        let text = b"a,\"b,1\",c\r\n\r\n\"say \"\"hi\"\"\",\"x\ny\",\n1,2\r3,\"\"\n\n";
        let (rows, lines, _) = read(text, &Format::default(), 3);
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

    #[test]
    fn comments_are_no_records_but_lines() {
        let text = b"# one\r\na,b\n#two\n\n# \"three\"\n1,#2\n\"#\",3\r# four";
        for slice in [1, 2, 3, 100] {
            let (rows, lines, _) = read(text, &format(None, Some(b'#')), slice);
            assert_eq!(rows, [[&b"a"[..], b"b"], [b"1", b"#2"], [b"#", b"3"]]);
            assert_eq!(lines, [2, 6, 7]);
        }
    }

    #[test]
    fn blanks_are_no_part_of_cells_where_they_pad_them() {
        let dialect = Dialect { padded: true, ..Dialect::default() };
        let (rows, ..) = read(b" a ,\t\" b \" , c d \n ,\"x\"\"\" y , \n", &Format::Delimited(dialect), 2);
        assert_eq!(rows, [[&b"a"[..], b" b ", b"c d"], [b"", b"x\" y", b""]]);
        let dialect = Dialect { delimiter: b' ', ..dialect };
        let (rows, ..) = read(b"  a   b\t c  \n1 \"2 3\"  \"\"\n", &Format::Delimited(dialect), 2);
        assert_eq!(rows, [[&b"a"[..], b"b", b"c"], [b"1", b"2 3", b""]]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn reads_what_the_csv_crate_reads_at_any_slice(
            text in "[ab,\"\\\\\n\r]{0,40}", slice in 1usize..20, escape in prop::option::of(Just(b'\\')),
        ) {
            let format = format(escape, None);
            let (rows, _, closed) = read(text.as_bytes(), &format, slice);
            // The csv crate has no stray quotes; the file must not have any to compare.
            if closed {
                prop_assert_eq!(rows, read_by_csv_crate(text.as_bytes(), &format.dialect()));
            }
        }

        #[test]
        fn lines_are_numbered_alike_at_any_slice(
            text in "[ab,\"\\\\#\n\r]{0,40}", slice in 1usize..20, comment in prop::option::of(Just(b'#')),
        ) {
            let format = format(None, comment);
            prop_assert_eq!(read(text.as_bytes(), &format, slice), read(text.as_bytes(), &format, 4096));
        }
    }
}
