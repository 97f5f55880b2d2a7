//! Records of cells between delimiters: dialect, header and names.

use super::{
    Outline, check_width, decimal, dialect,
    fit::{ends_in_delimiter, first_is_unnamed},
    head::{HEAD_ROWS, Head, Row, usual_width},
    header::is_header,
    names::unique_names,
    preamble::{Described, Preamble},
};
use crate::{
    ingest::{Choices, Dialect, FindingKind, Findings, Format, IngestError, Number, families, parse_number, totals},
    table::Role,
};

/// The names that a file has for its columns, before they are made unique.
struct Heading {
    offset: usize,
    cells: Vec<Vec<u8>>,
    /// As it stands in the file, if it is to stand like that above results.
    raw: Option<Vec<u8>>,
    /// It is the first of the records.
    is_record: bool,
    /// What the file says of its columns beside their names.
    roles: Vec<Option<Role>>,
}

pub(super) fn outline(head: &Head<'_>, choices: &Choices, findings: &mut Findings) -> Result<Outline, IngestError> {
    let mut preamble = Preamble::read(head)?;
    let mut choices = choices.clone();
    if let Some((offset, line)) = head.lines(preamble.end).next()
        && let Some(delimiter) = dialect::separator_line(line)
    {
        choices.delimiter = choices.delimiter.or(Some(delimiter));
        preamble.end = offset + line.len();
    }
    let mut dialect = dialect::sniff(head, &preamble, &choices)?;
    let mut rows = head.rows(preamble.end, &Format::Delimited(dialect), HEAD_ROWS)?;
    if let Some(first) = rows.first().filter(|row| head.is_cut_off(row)) {
        return Err(IngestError::EndlessHeader { bytes: first.end - first.offset });
    }
    check_width(rows.iter().map(|row| row.cells.len()).max().unwrap_or(0))?;
    for row in rows.drain(..above_header(&rows, &choices)) {
        findings.note(FindingKind::LineAboveHeader, row.offset as u64, head.lines_before(row.offset) + 1, None);
    }
    let mut heading = heading(head, preamble, dialect, &choices, &rows)?;
    let mut data_start = rows.first().map_or(head.bytes.len(), |row| row.offset);
    if heading.as_ref().is_some_and(|heading| heading.is_record) {
        data_start = head.next_line(rows.remove(0).end);
    }
    if rows.is_empty() {
        return Err(
            heading.map_or(IngestError::Empty, |heading| IngestError::HeaderOnly { columns: heading.cells.len() })
        );
    }
    let mut width = usual_width(&rows);
    if let Some(heading) = &mut heading
        && ends_in_delimiter(&heading.cells, &rows, width)
    {
        width -= 1;
        dialect.trailing = true;
        heading.cells.truncate(width);
        // The rows are not written as they stand either.
        heading.raw = None;
        rows.iter_mut().for_each(|row| row.cells.truncate(width));
        let line = head.lines_before(rows[0].offset) + 1;
        findings.note(FindingKind::TrailingDelimiter, rows[0].offset as u64, line, None);
    }
    leave_totals_out(head, &mut rows, dialect);
    let format = Format::Delimited(decimal::sniff(&rows, dialect, &choices));
    let Some(heading) = heading else {
        let roles = Vec::new();
        return Ok(Outline { format, width, row_cells: width, names: None, header: None, data_start, roles, rows });
    };
    let columns = heading.cells.len();
    check_width(columns)?;
    let (offset, line) = (heading.offset as u64, head.lines_before(heading.offset) + 1);
    if heading.is_record && numbers(&heading.cells) * 2 > columns {
        findings.note(FindingKind::NumbersAsNames, offset, line, None);
    }
    let mut note = |kind, place: usize| findings.note(kind, offset, line, Some(place as u32));
    let Heading { mut cells, mut roles, .. } = heading;
    if width == columns + 1 {
        if let Some((place, name)) = unnamed_repeat(&cells, &rows) {
            cells.insert(place, name.into());
            note(FindingKind::UnnamedRepeat, place);
        } else if first_is_unnamed(&cells, &rows) {
            cells.insert(0, row_name(&cells));
            roles.splice(..0, (!roles.is_empty()).then_some(None));
            note(FindingKind::UnnamedRowNumbers, 0);
        }
    }
    cells.resize(cells.len().max(width), Vec::new());
    let row_cells = row_cells(&rows, cells.len());
    (row_cells..cells.len()).for_each(|place| note(FindingKind::NameWithoutCells, place));
    Ok(Outline {
        format,
        width: cells.len(),
        row_cells,
        names: Some(unique_names(cells.iter().map(Vec::as_slice), findings, offset, line)),
        header: heading.raw.filter(|_| cells.len() == columns),
        data_start,
        roles,
        rows,
    })
}

/// Totals say nothing of what columns hold. Those at the end are known where the end is at hand.
fn leave_totals_out(head: &Head<'_>, rows: &mut Vec<Row>, dialect: Dialect) {
    let at_end = if head.complete && rows.len() < HEAD_ROWS { totals::at_end(rows, dialect, true) } else { 0 };
    let kept = rows.len() - at_end;
    if kept > 0 {
        rows.truncate(kept);
    }
    if rows.iter().any(|row| !totals::is_total(row.cells.iter())) {
        rows.retain(|row| !totals::is_total(row.cells.iter()));
    }
}

/// Cells that rows have: as many as there are names, or somewhat fewer if all at hand agree on it.
fn row_cells(rows: &[Row], names: usize) -> usize {
    let widest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(names);
    let alike = rows.len() > 1 && rows.iter().all(|row| row.cells.len() == widest);
    if alike && widest * 2 >= names { widest.min(names) } else { names }
}

/// A name for a column of row numbers that no other column has.
fn row_name(names: &[Vec<u8>]) -> Vec<u8> {
    let numbered = (2..).map(|number| format!("row {number}"));
    let free = |name: &String| names.iter().all(|taken| taken.trim_ascii() != name.as_bytes());
    std::iter::once("row".to_owned()).chain(numbered).find(free).unwrap_or_default().into()
}

/// First records that are a title, or say who made the file when: those with less than half of the usual cells or, as
/// spreadsheets write them, with less than half of these filled, and a header below.
fn above_header(rows: &[Row], choices: &Choices) -> usize {
    let usual = usual_width(rows);
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
    let short = rows.iter().take_while(|row| row.cells.len() * 2 < usual).count();
    let sparse = rows.iter().take_while(|row| filled(row) * 2 < usual).count();
    let names = rows[sparse..].split_first().filter(|_| choices.header != Some(false));
    if names.is_some_and(|(names, below)| is_header(&names.cells, below)) { sparse } else { short }
}

/// Where the names are: in the file's own description of its columns, in the first record, in the comment above it, or nowhere.
fn heading(
    head: &Head<'_>,
    preamble: Preamble,
    dialect: Dialect,
    choices: &Choices,
    rows: &[Row],
) -> Result<Option<Heading>, IngestError> {
    if let Some(Described { names, roles, .. }) = preamble.described {
        let offset = preamble.last.map_or(head.start, |line| line.start - 1);
        return Ok(Some(Heading { offset, cells: names, raw: None, is_record: false, roles }));
    }
    let Some((first, below)) = rows.split_first() else { return Ok(None) };
    if choices.header.unwrap_or_else(|| is_header(&first.cells, below)) {
        let raw = Some(head.bytes[first.offset..first.end].to_vec());
        let cells = first.cells.iter().map(<[u8]>::to_vec).collect();
        return Ok(Some(Heading { offset: first.offset, cells, raw, is_record: true, roles: Vec::new() }));
    }
    let Some(line) = preamble.last.filter(|_| choices.header.is_none()) else { return Ok(None) };
    let comment = Head { bytes: &head.bytes[..line.end], start: 0, complete: true };
    let named = comment.rows(line.start, &Format::Delimited(dialect), 1)?.pop();
    Ok(named.filter(|named| named.cells.len() > 1 && named.cells.len() == first.cells.len()).map(|named| Heading {
        offset: line.start - 1,
        raw: Some(head.bytes[named.offset..named.end].to_vec()),
        cells: named.cells.iter().map(<[u8]>::to_vec).collect(),
        is_record: false,
        roles: Vec::new(),
    }))
}

fn numbers(cells: &[Vec<u8>]) -> usize {
    cells.iter().filter(|cell| matches!(parse_number(cell), Number::Value(_))).count()
}

/// Where a header of these cells lacks the name of a column that repeats another, and that name.
fn unnamed_repeat(cells: &[Vec<u8>], rows: &[Row]) -> Option<(usize, &'static str)> {
    let names: Vec<String> = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    let repeats = |one, other| {
        let equal = |row: &Row| {
            let cell = |column| row.cells.get(column).map(<[u8]>::trim_ascii);
            cell(one) == cell(other)
        };
        rows.iter().all(|row| row.cells.len() != names.len() + 1 || equal(row))
    };
    families::unnamed_repeat(&names, repeats)
}
