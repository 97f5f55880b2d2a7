//! Telling what a file is from its first bytes.
//!
//! [`signature`] refuses what is no text; [`json`] and [`delimited`] say how records are cut and what the columns are
//! called; [`columns`] tells what they hold and mean.

mod arff;
pub(super) mod columns;
mod decimal;
mod delimited;
mod dialect;
mod events;
mod evidence;
mod fit;
mod head;
mod header;
mod json;
mod names;
mod preamble;
mod shape;
mod signature;
mod written;

pub use events::head_from_first_flow;
pub(super) use evidence::Evidence;
pub(super) use head::{Head, Row, usual_width};
pub(super) use signature::{reject_binary, reject_documents, reject_known};

use super::{Choices, Findings, Format, IngestError};
use crate::table::Role;

/// Columns that a table may have: flow tools write up to some hundred.
const MOST_COLUMNS: usize = 4_096;

/// How a file is cut, and what its columns are called.
pub(super) struct Outline {
    /// How its records are written.
    pub format: Format,
    /// Columns.
    pub width: usize,
    /// Cells of a whole row: fewer where the header names more.
    pub row_cells: usize,
    /// Unique names, where the file has any.
    pub names: Option<Vec<String>>,
    /// The header as it stands in the file, where it names every column.
    pub header: Option<Vec<u8>>,
    /// Byte at which the first row may begin.
    pub data_start: usize,
    /// What the file itself says of its columns.
    pub roles: Vec<Option<Role>>,
    /// The first rows, at most `head::HEAD_ROWS`.
    pub rows: Vec<Row>,
}

/// Tells the outline, and what is odd about the header.
pub(super) fn outline(head: &Head<'_>, choices: &Choices, findings: &mut Findings) -> Result<Outline, IngestError> {
    match json::outline(head, findings)? {
        Some(outline) => Ok(outline),
        None => delimited::outline(head, choices, findings),
    }
}

fn check_width(columns: usize) -> Result<(), IngestError> {
    if columns > MOST_COLUMNS {
        return Err(IngestError::TooManyColumns { columns, most: MOST_COLUMNS });
    }
    Ok(())
}
