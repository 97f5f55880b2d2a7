//! What every shard needs to know of a file, told from its first bytes.

use std::{
    io::{Cursor, Read, Seek},
    ops::Range,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    Choices, FilePart, Findings, Format, IngestError, RecordReader,
    families::{self, Family},
    read_slice,
    roles::Beside,
    sniff::{self, Evidence, Head, Outline, Row},
    split, totals,
};
use crate::table::{Field, Kind, Role, Schema, Storage};

/// Bytes that [`Layout::sniff`] wants to see of a file that has as many.
pub const HEAD_BYTES: usize = 1 << 20;
/// Rows and columns of repeated values that make a table where no column holds numbers.
const FEWEST_ROWS: usize = 20;
const FEWEST_CATEGORIES: usize = 2;
/// Bytes at the end of a file in which totals are looked for.
const TAIL_BYTES: u64 = 64 << 10;
/// Rows of a preview.
const PREVIEW_ROWS: usize = 8;

/// What every shard needs to know to read its part of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// How records and cells are separated.
    pub format: Format,
    /// The columns.
    pub schema: Arc<Schema>,
    /// The header's bytes as they stand in the file, without the line end; written from the names where the file has
    /// none, or none for every column.
    pub header: Vec<u8>,
    /// Cells of a whole row: as many as there are columns in the file, or fewer where the header names more.
    pub row_cells: usize,
    /// Where the file has totals or a summary behind its rows, in order.
    pub totals: Vec<Range<u64>>,
    /// Byte at which the first record below the header may begin.
    pub data_start: u64,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// About how many bytes a row takes; to foretell the number of rows.
    pub row_bytes: f64,
    /// What was taken for granted, to be shown.
    pub assumed: Assumed,
    /// The files that are read as one; none if it is one.
    pub files: Vec<FilePart>,
    /// A column of times, and a point in time in nanoseconds: only rows with an earlier one are read.
    pub until: Option<(usize, i64)>,
}

/// What was told from the file, or chosen by the user: see [`Choices`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed {
    /// Between two cells; `None` in a file of JSON lines.
    pub delimiter: Option<u8>,
    /// The file names its columns.
    pub header: bool,
    /// The decimal sign.
    pub decimal: u8,
    /// The tool whose names, or columns, these are.
    pub family: Option<String>,
}

impl Layout {
    /// Tells the layout from the first [`HEAD_BYTES`] (or all) of a file of `file_bytes` bytes, and what is odd about
    /// its header and columns. What the user chose is not told but taken.
    ///
    /// # Errors
    /// [`IngestError`] if the file is empty, binary, has no rows or no columns to compare.
    #[inline(never)]
    pub fn sniff(head: &[u8], file_bytes: u64, choices: &Choices) -> Result<(Self, Findings), IngestError> {
        sniff::reject_binary(head)?;
        sniff::reject_documents(head)?;
        let head = Head::new(head, file_bytes);
        let mut findings = Findings::default();
        let mut outline = sniff::outline(&head, choices, &mut findings)?;
        findings.lines = head.lines_before(outline.data_start);

        let rows = std::mem::take(&mut outline.rows);
        if rows.is_empty() {
            return Err(IngestError::HeaderOnly { columns: outline.width });
        }
        let row_bytes = rows.iter().map(|row| row.end + 1 - row.offset).sum::<usize>() as f64 / rows.len() as f64;
        let (family, fields) = fields(&outline, &rows, choices, &mut findings)?;
        let assumed = Assumed {
            delimiter: match &outline.format {
                Format::Delimited(dialect) => Some(dialect.delimiter),
                Format::JsonLines(_) => None,
            },
            header: outline.names.is_some(),
            decimal: outline.format.dialect().decimal,
            family: family.map(|family| family.name.to_owned()),
        };
        let layout = Self {
            header: outline.header.unwrap_or_else(|| written_header(&fields, &outline.format)),
            format: outline.format,
            schema: Arc::new(Schema { fields }),
            row_cells: outline.row_cells,
            totals: Vec::new(),
            data_start: outline.data_start as u64,
            file_bytes,
            row_bytes,
            assumed,
            files: Vec::new(),
            until: None,
        };
        Ok((layout, findings))
    }

    /// Where the totals or the summary begin that stand behind the rows of a file of this layout, if there are any: `rows` is
    /// where its rows begin and where it ends.
    ///
    /// # Errors
    /// [`IngestError::Read`] if the source fails.
    pub fn find_totals(
        &self,
        source: &mut (impl Read + Seek),
        rows: Range<u64>,
    ) -> Result<Option<Range<u64>>, IngestError> {
        let Format::Delimited(dialect) = self.format else { return Ok(None) };
        let from = rows.end.saturating_sub(TAIL_BYTES).max(rows.start);
        let whole = from == rows.start;
        let begin = if whole { from } else { split::guess_start(source, from, &self.format, self.row_cells)? };
        let tail = read_slice(source, begin, rows.end.saturating_sub(begin) as usize)?;
        let last = Head { bytes: &tail, start: 0, complete: true }.rows(0, &self.format, usize::MAX)?;
        let count = totals::at_end(&last, dialect, whole);
        let first = last.get(last.len() - count).filter(|_| count < last.len());
        Ok(first.map(|first| begin + first.offset as u64..rows.end))
    }

    /// About how many rows the file has.
    pub fn estimated_rows(&self) -> u64 {
        ((self.file_bytes - self.data_start.min(self.file_bytes)) as f64 / self.row_bytes) as u64
    }

    /// The cells of the first rows, from the bytes that [`Layout::sniff`] saw: as many in each row as there are columns.
    ///
    /// # Errors
    /// [`IngestError::Read`] if these are other bytes.
    pub fn preview(&self, head: &[u8]) -> Result<Vec<Vec<String>>, IngestError> {
        let mut reader = RecordReader::new(Cursor::new(head), self.data_start, &self.format, head.len())?;
        let mut rows = Vec::new();
        while rows.len() < PREVIEW_ROWS {
            let Some(record) = reader.next_record()? else { break };
            if record.rejected.is_none() {
                rows.push((0..self.schema.width()).map(|column| self.text(&record, column)).collect());
            }
        }
        Ok(rows)
    }
}

/// The columns, and the tool that they are from.
fn fields(
    outline: &Outline,
    rows: &[Row],
    choices: &Choices,
    findings: &mut Findings,
) -> Result<(Option<&'static Family>, Vec<Field>), IngestError> {
    let evidence = Evidence::gather(rows, outline.width, outline.format.dialect());
    let (family, names) = match &outline.names {
        Some(names) => (families::recognise(names.iter().map(String::as_str)), names.clone()),
        None => match families::columns_of(&evidence) {
            Some((family, columns)) => (Some(family), columns.iter().map(|column| column.name().to_owned()).collect()),
            None => (None, (1..=outline.width).map(|place| format!("Column {place}")).collect()),
        },
    };
    let beside = Beside::of(&names, family, &evidence);
    let mut fields: Vec<Field> = Vec::with_capacity(names.len());
    for (place, name) in names.into_iter().enumerate() {
        let said = outline.roles.get(place).copied().flatten();
        let found = sniff::columns::column(place, name, family, said, &evidence[place], &beside, choices);
        for kind in found.odd {
            findings.note(kind, rows[0].offset as u64, findings.lines + 1, Some(place as u32));
        }
        fields.push(found.field);
    }
    let with_numbers = fields
        .iter()
        .zip(&evidence)
        .any(|(field, evidence)| field.kind == Kind::Number && !evidence.numbers.is_empty());
    let sorts = |(field, evidence): &(&Field, &Evidence<'_>)| {
        let few = (2..=evidence.filled() / 2).contains(&evidence.distinct().len());
        few && field.storage() == Storage::Category && field.role != Role::Label
    };
    // Text has commas, too: only some columns of values that come again are a table.
    let with_categories =
        rows.len() >= FEWEST_ROWS && fields.iter().zip(&evidence).filter(sorts).count() >= FEWEST_CATEGORIES;
    if !with_numbers && !with_categories {
        let names: Vec<&str> = fields.iter().take(5).map(|field| field.name.as_str()).collect();
        let more = if fields.len() > 5 { ", …" } else { "" };
        return Err(IngestError::NoNumbers { columns: fields.len(), names: names.join(", ") + more });
    }
    Ok((family, fields))
}

/// A header of these names in the file's own dialect.
fn written_header(fields: &[Field], format: &Format) -> Vec<u8> {
    let dialect = format.dialect();
    let mut writer =
        csv::WriterBuilder::new().delimiter(dialect.delimiter).quote(dialect.quote).from_writer(Vec::new());
    let written = writer.write_record(fields.iter().map(|field| &field.name));
    let mut header = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    header.truncate(header.trim_ascii_end().len());
    header
}

#[cfg(test)]
mod tests;
