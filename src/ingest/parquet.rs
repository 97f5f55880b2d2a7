//! A Parquet file → the same table as CSV text: a comma between cells, quotes where they are needed and doubled inside.
//!
//! Columns are decoded some thousand rows at a time, all in step. Points in time become ISO 8601's text (with a blank for
//! the T), truth values 1 and 0, numbers the shortest text that reads as the same number, and nothing an empty cell.

mod cell;
mod column;
mod footer;
mod pages;
mod stretch;

use std::{
    cell::{Cell, RefCell},
    io::{Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};

use self::{
    cell::Meaning,
    column::Column,
    pages::{Pages, Room},
    stretch::Stretch,
};
use super::IngestError;

/// Cells and rows that are decoded at a time.
const CELLS: usize = 1 << 18;
const ROWS: usize = 4_096;
/// Bytes of text written at a time.
const PIECE: usize = 1 << 20;
/// Bytes of memory that the pages which are read in step may take.
const ROOM: u64 = 1 << 30;

/// A Parquet file that is being written out as text.
pub struct ParquetText<S> {
    source: Rc<RefCell<S>>,
    metadata: ParquetMetaData,
    meanings: Vec<Meaning>,
    room: Room,
    columns: Vec<Column>,
    /// Row groups that were begun.
    groups: usize,
    /// Rows of the group at hand that were not decoded yet.
    left: u64,
    /// Of the rows that were decoded, how many were written, and how many there are.
    written: usize,
    decoded: usize,
    rows: u64,
    bytes: u64,
    budget: u64,
}

impl<S: Read + Seek + 'static> ParquetText<S> {
    /// Reads what the file says of its columns. Fails later once more than `budget` bytes of text have come out.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if it is damaged; [`IngestError::Lists`] if its rows are no rows of single cells.
    pub fn open(mut source: S, budget: u64) -> Result<Self, IngestError> {
        let length = source.seek(SeekFrom::End(0)).map_err(IngestError::packed)?;
        footer::check(&mut source, length)?;
        let source = Rc::new(RefCell::new(source));
        let metadata = guarded(|| {
            let options = ParquetMetaDataOptions::new()
                .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
                .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
                .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
            let reader = ParquetMetaDataReader::new().with_metadata_options(Some(options));
            reader.parse_and_finish(&Stretch::new(&source, 0..length)).map_err(IngestError::packed)
        })?;
        let columns = metadata.file_metadata().schema_descr().columns();
        if let Some(column) = columns.iter().find(|column| column.max_rep_level() > 0) {
            return Err(IngestError::Lists { column: column.path().string() });
        }
        if columns.is_empty() {
            return Err(IngestError::Packed { reason: "it has no columns".into() });
        }
        let within = |start: i64, length_of: i64| {
            let end = u64::try_from(start).ok().zip(u64::try_from(length_of).ok());
            end.and_then(|(start, length)| start.checked_add(length)).is_some_and(|end| end <= length)
        };
        for group in metadata.row_groups() {
            let start = |chunk: &parquet::file::metadata::ColumnChunkMetaData| {
                chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset())
            };
            let whole = group.columns().iter().all(|chunk| within(start(chunk), chunk.compressed_size()));
            if !whole || group.num_rows() < 0 || group.num_columns() != columns.len() {
                return Err(IngestError::Packed { reason: "a column lies outside of the file".into() });
            }
        }
        let meanings = columns.iter().map(|column| Meaning::of(column)).collect::<Result<_, _>>()?;
        Ok(Self {
            source,
            metadata,
            meanings,
            room: Rc::new(Cell::new(ROOM)),
            columns: Vec::new(),
            groups: 0,
            left: 0,
            written: 0,
            decoded: 0,
            rows: 0,
            bytes: 0,
            budget,
        })
    }

    /// Appends the next piece of text to `out`, the names of the columns first; `false` at the end.
    ///
    /// # Errors
    /// [`IngestError`] if the file is damaged, or its text is longer than the budget allows.
    pub fn next_piece(&mut self, out: &mut Vec<u8>) -> Result<bool, IngestError> {
        let before = out.len();
        if self.bytes == 0 {
            self.write_names(out);
        }
        let more = self.written < self.decoded || guarded(|| self.decode())?;
        while self.written < self.decoded && out.len() - before < PIECE {
            self.write_row(out);
        }
        self.bytes += (out.len() - before) as u64;
        if self.bytes > self.budget {
            return Err(IngestError::TooMuchUnpacked { most_mb: self.budget >> 20 });
        }
        Ok(more)
    }

    /// Rows that were written, and rows that there are.
    pub fn progress(&self) -> (u64, u64) {
        let rows = self.metadata.row_groups().iter().map(|group| group.num_rows().unsigned_abs());
        (self.rows, rows.fold(0, u64::saturating_add))
    }

    /// Gives the source back.
    pub fn into_source(self) -> Option<S> {
        drop(self.columns);
        Rc::into_inner(self.source).map(RefCell::into_inner)
    }

    fn write_names(&self, out: &mut Vec<u8>) {
        for (number, column) in self.metadata.file_metadata().schema_descr().columns().iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            cell::quoted(&column.path().string(), out);
        }
        out.push(b'\n');
    }

    fn write_row(&mut self, out: &mut Vec<u8>) {
        let before = out.len();
        for (number, column) in self.columns.iter_mut().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            column.write(self.written, out);
        }
        if out.len() == before {
            // A line with nothing on it is no row.
            out.extend(b"\"\"");
        }
        out.push(b'\n');
        self.written += 1;
        self.rows += 1;
    }

    /// Decodes the next rows; `false` if there are none.
    fn decode(&mut self) -> Result<bool, IngestError> {
        while self.left == 0 {
            if self.groups == self.metadata.num_row_groups() {
                return Ok(false);
            }
            self.begin_group()?;
        }
        let rows = ROWS.min(CELLS / self.columns.len() + 1).min(usize::try_from(self.left).unwrap_or(ROWS));
        for column in &mut self.columns {
            if column.read(rows)? != rows {
                return Err(IngestError::Packed { reason: "a column has fewer cells than there are rows".into() });
            }
        }
        (self.written, self.decoded) = (0, rows);
        self.left -= rows as u64;
        Ok(true)
    }

    fn begin_group(&mut self) -> Result<(), IngestError> {
        // Gives its room back before the next takes some.
        self.columns.clear();
        let group = self.metadata.row_group(self.groups);
        self.groups += 1;
        self.left = group.num_rows().unsigned_abs();
        for (chunk, &meaning) in group.columns().iter().zip(&self.meanings) {
            let (start, length) = chunk.byte_range();
            let stretch = Stretch::of_pages(&self.source, start..start + length);
            let pages = Pages::new(stretch, chunk, self.left as usize, &self.room)?;
            self.columns.push(Column::new(&chunk.column_descr_ptr(), meaning, pages));
        }
        Ok(())
    }
}

/// The decoder panics on some damaged files. Natively, that is an error like others; in a browser, a panic ends the
/// worker, and the page tells why.
fn guarded<T>(decode: impl FnOnce() -> Result<T, IngestError>) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(IngestError::Packed { reason: words.unwrap_or("its decoder stopped").to_owned() })
    })
}
