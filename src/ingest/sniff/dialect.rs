//! Which delimiter and which quotes: those that cut the first records most alike, into cells that look like cells.
//!
//! The measure follows van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns"
//! (2019): the part of the records that have the usual width, times the part of their cells that look like something.

use super::{
    head::{Head, Row, usual_width},
    preamble::{Preamble, Quotes, SIGN},
    shape::Shape,
};
use crate::ingest::{Choices, Dialect, Format, IngestError};

const DELIMITERS: [u8; 5] = [b',', b'\t', b';', b'|', b' '];
/// Records and bytes that are cut on trial.
const RECORDS: usize = 200;
const BYTES: usize = 128 << 10;
/// What records of a single cell count: less than any that are cut well.
const UNCUT: f64 = 0.05;
/// What records cut at blanks count: these are between words and in dates, too.
const AT_BLANKS: f64 = 0.5;
/// What records count whose first one, likely the header, is not cut like the others.
const HEADLESS: f64 = 0.5;

/// The dialect of the records behind the preamble; decimal signs are not looked at.
pub(super) fn sniff(head: &Head<'_>, preamble: &Preamble, choices: &Choices) -> Result<Dialect, IngestError> {
    let head = head.cut(BYTES.max(preamble.end + 1));
    let text = &head.bytes[preamble.end..];
    let comment = (preamble.comments > 0).then_some(preamble.sign);
    let mut choices = choices.clone();
    if let Some(described) = &preamble.described {
        let delimiter = choices.delimiter.unwrap_or(described.separator);
        let quote = match described.quotes {
            Quotes::None => Some(Dialect::NO_QUOTE),
            Quotes::Double => Some(b'"'),
            Quotes::Any => None,
        };
        if let Some(quote) = quote {
            return Ok(Dialect { delimiter, quote, comment, padded: delimiter == b' ', ..Dialect::default() });
        }
        choices.delimiter = Some(delimiter);
    }
    let mut best = (f64::MIN, Dialect { comment, ..Dialect::default() });
    for mut dialect in candidates(text, comment, &choices) {
        let mut rows = head.rows(preamble.end, &Format::Delimited(dialect), RECORDS)?;
        if comment.is_none() {
            dialect.comment = comment_sign(&head, &mut rows);
        }
        let score = score(&rows, dialect);
        // The likelier come first and win where others do equally.
        if score > best.0 {
            best = (score, dialect);
        }
    }
    Ok(best.1)
}

/// The delimiter that a first line `sep=;` names, as spreadsheets write it.
pub(super) fn separator_line(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}

fn candidates(text: &[u8], comment: Option<u8>, choices: &Choices) -> Vec<Dialect> {
    let chosen = choices.delimiter.as_slice();
    let follows =
        |byte: u8, before: &[u8]| memchr::memchr_iter(byte, text).any(|at| at == 0 || before.contains(&text[at - 1]));
    let mut found = Vec::new();
    for &delimiter in if chosen.is_empty() { &DELIMITERS[..] } else { chosen } {
        let padded = delimiter == b' ';
        let plain = Dialect { delimiter, padded, comment, ..Dialect::default() };
        found.push(plain);
        if follows(b'"', b"\\") {
            found.push(Dialect { escape: Some(b'\\'), ..plain });
        }
        if follows(b'"', b" ") && !padded {
            found.push(Dialect { padded: true, ..plain });
        }
        if follows(b'\'', &[delimiter, b'\n', b'\r', b' ']) {
            let single = Dialect { quote: b'\'', ..plain };
            found.extend([single, Dialect { escape: Some(b'\\'), ..single }, Dialect { padded: true, ..single }]);
        }
    }
    found
}

fn score(rows: &[Row], dialect: Dialect) -> f64 {
    let width = usual_width(rows);
    if width == 0 {
        return 0.0;
    }
    let alike = rows.iter().filter(|row| row.cells.len() == width);
    let (mut cells, mut clean) = (0usize, 0usize);
    for cell in alike.clone().flat_map(|row| row.cells.iter()) {
        cells += 1;
        clean += usize::from(is_clean(cell, dialect));
    }
    let cut = ((width - 1) as f64 / width as f64).max(UNCUT);
    let blanks = if dialect.delimiter == b' ' { AT_BLANKS } else { 1.0 };
    let headed = if rows[0].cells.len() == width { 1.0 } else { HEADLESS };
    blanks * headed * cut * (alike.count() as f64 / rows.len() as f64) * (clean as f64 / cells as f64)
}

/// A cell with another delimiter or a quote in it is likely one that was cut in the wrong places.
fn is_clean(cell: &[u8], dialect: Dialect) -> bool {
    let suspicious = |&byte: &u8| matches!(byte, b',' | b'\t' | b';' | b'|' | b'"') && byte != dialect.delimiter;
    // Words may end in an apostrophe, numbers do not.
    let ends = |number: &[u8]| Shape::of(number) == Shape::Number;
    let trimmed = cell.trim_ascii();
    let quoted = trimmed.first() == Some(&b'\'') || trimmed.strip_suffix(b"'").is_some_and(ends);
    Shape::of(cell) != Shape::Text || !(quoted || cell.iter().any(suspicious))
}

/// A number sign, if there are lines that begin with it and none of them has the width of a record; leaves the records.
fn comment_sign(head: &Head<'_>, rows: &mut Vec<Row>) -> Option<u8> {
    let is_signed = |row: &Row| head.bytes[row.offset] == SIGN;
    let (signed, others): (Vec<Row>, Vec<Row>) = std::mem::take(rows).into_iter().partition(is_signed);
    let width = usual_width(&others);
    let comments = !others.is_empty() && !signed.is_empty() && signed.iter().all(|row| row.cells.len() != width);
    *rows = others;
    if !comments {
        rows.extend(signed);
    }
    comments.then_some(SIGN)
}
