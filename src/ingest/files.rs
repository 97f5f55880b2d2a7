//! Several files that are read as one table.

use std::{
    io::{Read, Seek},
    sync::Arc,
};

use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

use super::{Format, IngestError, Layout, Record, RecordReader, Source};
use crate::table::{Field, Kind, Role};

/// One of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePart {
    /// Its name.
    pub name: String,
    /// Its first byte among those of all files.
    pub start: u64,
    /// Where the first record below its header may begin.
    pub data_start: u64,
}

/// The number of the file that has a record at `offset`.
pub fn file_at(files: &[FilePart], offset: u64) -> usize {
    files.partition_point(|file| file.start <= offset).saturating_sub(1)
}

/// The column that says which file a row is from.
const COLUMN: &str = "source_file";

impl Layout {
    /// This layout, of the first of `files`, for all of them together: `bytes` bytes, and a column more.
    #[must_use]
    pub fn of_files(mut self, files: Vec<FilePart>, bytes: u64) -> Self {
        self.file_bytes = bytes;
        if files.len() > 1 {
            let schema = Arc::make_mut(&mut self.schema);
            let taken = |name: &str| schema.fields.iter().any(|field| field.name == name);
            let numbered = (1..).map(|number| format!("{COLUMN}.{number}"));
            let name = std::iter::once(COLUMN.to_owned()).chain(numbered).find(|name| !taken(name));
            let name = name.unwrap_or_default();
            schema.fields.push(Field::new(name, Kind::Text, Role::Category));
            self.files = files;
        }
        self
    }

    /// The other file can be read as this one is: it has the same delimiter and the same columns in the same order, or
    /// most of the same paths. (Quotes, escapes and decimal signs may not occur in its first rows.)
    pub fn has_columns_of(&self, other: &Self) -> bool {
        let names = |layout: &Self| layout.schema.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
        match (&self.format, &other.format) {
            (Format::JsonLines(mine), Format::JsonLines(theirs)) => mine.is_like(theirs),
            (Format::Delimited(mine), Format::Delimited(theirs)) => {
                mine.delimiter == theirs.delimiter && names(self) == names(other)
            }
            _ => false,
        }
    }

    /// The column that says which file a row is from, where there are several.
    pub fn file_column(&self) -> Option<usize> {
        (self.files.len() > 1).then(|| self.schema.width() - 1)
    }

    /// Cells of a whole record.
    pub fn record_width(&self) -> usize {
        self.schema.width() - usize::from(self.files.len() > 1)
    }

    /// The name of the file that has a record at `offset`, where there are several.
    pub fn file_name(&self, offset: u64) -> &str {
        self.files.get(file_at(&self.files, offset)).map_or("", |file| &file.name)
    }

    /// What a record has in a column, as text.
    pub fn text(&self, record: &Record<'_>, column: usize) -> String {
        if self.file_column() == Some(column) {
            self.file_name(record.offset).to_owned()
        } else {
            String::from_utf8_lossy(record.cell(column)).into_owned()
        }
    }
}

/// Reads the rows of all files: the records but for the headers.
pub struct RowReader<'a, S> {
    records: RecordReader<S>,
    files: &'a [FilePart],
}

impl<'a, S: Read + Seek> RowReader<'a, S> {
    /// Reads from byte `start` on, where a record must begin; as [`RecordReader::new`].
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source cannot seek there.
    pub fn new(
        source: S,
        start: u64,
        format: &Format,
        files: &'a [FilePart],
        slice: usize,
    ) -> Result<Self, IngestError> {
        Ok(Self { records: RecordReader::new(source, start, format, slice)?, files })
    }

    /// The offset of the next row, or that of the end.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn next_offset(&mut self) -> Result<u64, IngestError> {
        loop {
            let next = self.records.next_offset()?;
            // One file's header is no row because reading begins below it.
            let Some(file) = self.files.get(file_at(self.files, next)).filter(|_| self.files.len() > 1) else {
                return Ok(next);
            };
            if next >= file.data_start || self.records.next_record()?.is_none() {
                return Ok(next);
            }
        }
    }

    /// The next row, or `None` at the end.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn next_row(&mut self) -> Result<Option<Record<'_>>, IngestError> {
        self.next_offset()?;
        self.records.next_record()
    }

    /// Line ends passed so far.
    pub fn lines(&self) -> u64 {
        self.records.lines()
    }
}

impl<S: Source> RowReader<'_, S> {
    /// As [`RecordReader::arriving`].
    pub fn arriving(&self, reserve: usize) -> Option<LocalBoxFuture<'static, ()>> {
        self.records.arriving(reserve)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn headers_of_later_files_are_passed_over() {
        let text = "a,b\n1,2\n\na,b\n3,4\n\n\n\na,b";
        let file = |name: &str, start, data_start| FilePart { name: name.into(), start, data_start };
        let files = [file("x", 0, 4), file("y", 9, 13), file("z", 20, 23)];
        for slice in [1, 5, 64] {
            let mut reader = RowReader::new(Cursor::new(text), 4, &Format::default(), &files, slice).expect("seeks");
            let mut rows = Vec::new();
            while let Some(row) = reader.next_row().expect("reads") {
                rows.push((file_at(&files, row.offset), String::from_utf8_lossy(row.raw).into_owned()));
            }
            assert_eq!(rows, [(0, "1,2".to_owned()), (1, "3,4".to_owned())]);
        }
    }
}
