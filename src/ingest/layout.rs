//! What kind of file it is, told from its first bytes: dialect, header, kinds and roles of columns.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::Cursor,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    Choices, Dialect, FilePart, FindingKind, Findings, Format, IngestError, Number, RecordReader, parse_number, roles,
};
use crate::table::{Field, Kind, Schema};

/// Bytes that [`Layout::sniff`] wants to see of a file that has as many.
pub const HEAD_BYTES: usize = 1 << 20;
/// Rows looked at to tell kinds and roles.
const HEAD_ROWS: usize = 2_000;
/// Columns that a table may have: flow tools write up to some hundred.
const MOST_COLUMNS: usize = 4_096;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What every shard needs to know to read its part of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// How records and cells are separated.
    pub format: Format,
    /// The columns.
    pub schema: Arc<Schema>,
    /// The header's bytes as they stand in the file, without the line end.
    pub header: Vec<u8>,
    /// Byte at which the first record below the header may begin.
    pub data_start: u64,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// About how many bytes a row takes; to foretell the number of rows.
    pub row_bytes: f64,
    /// The files that are read as one; none if it is one.
    pub files: Vec<FilePart>,
}

/// What the looked-at rows say about one column.
#[derive(Default)]
pub(super) struct Evidence<'a> {
    /// Cells that are numbers.
    pub numbers: usize,
    /// Cells that are neither numbers nor missing.
    pub texts: usize,
    /// The different texts among all non-missing cells.
    pub distinct: BTreeSet<&'a [u8]>,
}

impl Layout {
    /// Tells the layout from the first [`HEAD_BYTES`] (or all) of a file of `file_bytes` bytes, and what is odd about
    /// the header.
    ///
    /// # Errors
    /// [`IngestError`] if the file is empty, binary, has no rows or no columns of numbers.
    pub fn sniff(head: &[u8], file_bytes: u64, _choices: &Choices) -> Result<(Self, Findings), IngestError> {
        reject_binary(head)?;
        let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
        let mark = head.len() - text.len();
        let dialect = Dialect::sniff(text.trim_ascii_start());
        let format = Format::Delimited(dialect);
        let mut reader = RecordReader::new(Cursor::new(text), 0, &format, text.len())?;
        let mut findings = Findings::default();

        let Some(record) = reader.next_record()? else { return Err(IngestError::Empty) };
        if record.width() > MOST_COLUMNS {
            return Err(IngestError::TooManyColumns { columns: record.width(), most: MOST_COLUMNS });
        }
        let header = record.raw.to_vec();
        let numbers = record.cells().filter(|cell| matches!(parse_number(cell), Number::Value(_))).count();
        if numbers * 2 > record.width() {
            findings.note(FindingKind::NumbersAsNames, mark as u64 + record.offset, record.line, None);
        }
        let names = unique_names(record.cells(), &mut findings, mark as u64 + record.offset, record.line);
        let complete = head.len() as u64 >= file_bytes;
        if !complete && record.offset as usize + header.len() == text.len() {
            return Err(IngestError::EndlessHeader { bytes: text.len() });
        }
        let data_start = reader.next_offset()?;
        findings.lines = reader.lines();

        let rows = sample_rows(text, data_start, &format, complete)?;
        if rows.is_empty() {
            return Err(IngestError::HeaderOnly { columns: names.len() });
        }
        let mut with_numbers = 0;
        let fields: Vec<Field> = names
            .into_iter()
            .enumerate()
            .map(|(column, name)| {
                let evidence = gather(rows.iter().filter_map(|row| row.get(column)));
                let kind = evidence.kind();
                with_numbers += usize::from(kind == Kind::Number && evidence.numbers > 0);
                Field { role: roles::infer(&name, kind, &evidence), name, kind }
            })
            .collect();
        if with_numbers == 0 {
            let names: Vec<&str> = fields.iter().take(5).map(|field| field.name.as_str()).collect();
            let more = if fields.len() > 5 { ", …" } else { "" };
            return Err(IngestError::NoNumbers { columns: fields.len(), names: names.join(", ") + more });
        }
        let sampled: usize = rows.iter().map(|row| row.iter().map(|cell| cell.len() + 1).sum::<usize>()).sum();
        Ok((
            Self {
                format,
                schema: Arc::new(Schema { fields }),
                header,
                data_start: mark as u64 + data_start,
                file_bytes,
                row_bytes: sampled as f64 / rows.len() as f64,
                files: Vec::new(),
            },
            findings,
        ))
    }

    /// About how many rows the file has.
    pub fn estimated_rows(&self) -> u64 {
        ((self.file_bytes - self.data_start.min(self.file_bytes)) as f64 / self.row_bytes) as u64
    }
}

impl Evidence<'_> {
    /// A column is numeric if at most one non-missing cell in twenty is not.
    fn kind(&self) -> Kind {
        if self.texts * 20 > self.texts + self.numbers { Kind::Text } else { Kind::Number }
    }
}

fn gather<'a>(cells: impl Iterator<Item = &'a Vec<u8>>) -> Evidence<'a> {
    let mut evidence = Evidence::default();
    for cell in cells {
        let cell = cell.trim_ascii();
        match parse_number(cell) {
            Number::Value(_) => evidence.numbers += 1,
            Number::Missing => continue,
            Number::Unreadable => evidence.texts += 1,
        }
        evidence.distinct.insert(cell);
    }
    evidence
}

/// The cells of the first rows; the last one at hand is left out if it may be cut off.
fn sample_rows(text: &[u8], start: u64, format: &Format, complete: bool) -> Result<Vec<Vec<Vec<u8>>>, IngestError> {
    let mut reader = RecordReader::new(Cursor::new(text), start, format, text.len())?;
    let mut rows = Vec::new();
    while rows.len() < HEAD_ROWS {
        let Some(record) = reader.next_record()? else { break };
        let cut_off = !complete && record.offset as usize + record.raw.len() == text.len();
        if !cut_off || rows.is_empty() {
            rows.push(record.cells().map(<[u8]>::to_vec).collect());
        }
    }
    Ok(rows)
}

/// Trimmed names, made unique as pandas does: `Name`, `Name.1`, …
fn unique_names<'a>(
    cells: impl Iterator<Item = &'a [u8]>,
    findings: &mut Findings,
    byte: u64,
    line: u64,
) -> Vec<String> {
    let mut taken = HashSet::new();
    // Per name, the number tried last: a header of one name over and over must not take quadratic time.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    cells
        .enumerate()
        .map(|(column, cell)| {
            let mut note = |kind| findings.note(kind, byte, line, Some(column as u32));
            let trimmed = cell.trim_ascii();
            if trimmed.len() != cell.len() {
                note(FindingKind::PaddedName);
            }
            if trimmed.is_empty() {
                note(FindingKind::EmptyName);
            }
            let mut name = name_of(cell, column);
            if taken.contains(&name) {
                note(FindingKind::RepeatedName);
                let number = numbers.entry(name.clone()).or_insert(0);
                while taken.contains(&name) {
                    *number += 1;
                    name = format!("{}.{number}", name_of(cell, column));
                }
            }
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// A cell's trimmed text, or the column's place where there is none.
fn name_of(cell: &[u8], column: usize) -> String {
    match cell.trim_ascii() {
        b"" => format!("Column {}", column + 1),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}

fn reject_binary(head: &[u8]) -> Result<(), IngestError> {
    const SIGNATURES: [(&[u8], &str); 12] = [
        (b"\x1f\x8b", "a gzip archive; unpack it first"),
        (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
        (b"BZh", "a bzip2 archive; unpack it first"),
        (b"PAR1", "a Parquet file"),
        (b"\xd4\xc3\xb2\xa1", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\xa1\xb2\xc3\xd4", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\x0a\x0d\x0d\x0a", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    ];
    if head.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err(IngestError::Empty);
    }
    for (signature, what) in SIGNATURES {
        if head.starts_with(signature) {
            return Err(IngestError::Binary { what: what.into() });
        }
    }
    match memchr::memchr(0, head) {
        Some(_) => Err(IngestError::Binary { what: "binary data".into() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Role;

    fn sniff(text: &str) -> Result<(Layout, Findings), IngestError> {
        Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default())
    }

    #[test]
    fn names_are_trimmed_numbered_and_counted() {
        let (layout, findings) = sniff("\u{feff} Flow ID, Bytes,Bytes,\n1,2,3,4\n").expect("a table");
        let names: Vec<&str> = layout.schema.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["Flow ID", "Bytes", "Bytes.1", "Column 4"]);
        assert_eq!(findings.count(FindingKind::PaddedName), 2);
        assert_eq!(findings.count(FindingKind::RepeatedName), 1);
        assert_eq!(findings.count(FindingKind::EmptyName), 1);
        assert_eq!(layout.header, " Flow ID, Bytes,Bytes,".as_bytes());
        assert_eq!((layout.data_start, findings.lines), (26, 1));
    }

    #[test]
    fn kinds_and_roles_are_told_apart() {
        let row = |n: u64| {
            format!(
                "10.0.0.{}-x,10.0.0.{},{},443,6,26/04/201711:11:{n:02},{},{},SF,BENIGN,HTTP\n",
                n % 9,
                n % 9,
                1024 + n,
                n * 7,
                n * 3
            )
        };
        let rows: String = (0..40).map(row).collect();
        let text = format!(
            "Flow.ID,Source.IP,Source.Port,Destination.Port,Protocol,Timestamp,Flow.Duration,Bytes,State,Label,ProtocolName\n{rows}"
        );
        let (layout, _) = sniff(&text).expect("a table");
        let roles: Vec<Role> = layout.schema.fields.iter().map(|field| field.role).collect();
        use Role::*;
        assert_eq!(roles, [Identifier, Ip, Port, Port, Protocol, Time, Duration, Measure, Category, Label, Category]);
    }

    #[test]
    fn unusable_files_say_why() {
        assert_eq!(sniff("").unwrap_err(), IngestError::Empty);
        assert_eq!(sniff("\n \r\n").unwrap_err(), IngestError::Empty);
        assert_eq!(sniff("a,b,c\n").unwrap_err(), IngestError::HeaderOnly { columns: 3 });
        assert!(matches!(sniff("PK\u{3}\u{4}zip").unwrap_err(), IngestError::Binary { .. }));
        assert!(matches!(sniff("a,b\n1,\0\n").unwrap_err(), IngestError::Binary { .. }));
        assert_eq!(
            sniff("host,state\nx,up\ny,down\n").unwrap_err(),
            IngestError::NoNumbers { columns: 2, names: "host, state".into() }
        );
        let endless = "x".repeat(100);
        assert_eq!(
            Layout::sniff(endless.as_bytes(), 1_000, &Choices::default()).unwrap_err(),
            IngestError::EndlessHeader { bytes: 100 }
        );
    }

    #[test]
    fn a_first_row_in_place_of_a_header_is_noticed() {
        let count = |text| sniff(text).expect("a table").1.count(FindingKind::NumbersAsNames);
        assert_eq!(count("0,tcp,181,5450\n0,tcp,239,486\n"), 1);
        assert_eq!(count("duration,proto,src,2017\n0,tcp,239,486\n"), 0);
    }

    #[test]
    fn rows_are_foretold() {
        let text = format!("a,b\n{}", "1234,5678\n".repeat(500));
        let (layout, _) = sniff(&text).expect("a table");
        assert_eq!(layout.estimated_rows(), 500);
    }
}
