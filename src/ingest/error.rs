//! Why a file cannot be used at all. (What is odd about single rows is a [`super::Finding`], not an error.)

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::numeric::grouped::count;

/// Why a file cannot be used, in words for the person who dropped it.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum IngestError {
    /// Zero bytes, or blank lines only.
    #[error("The file is empty. Choose a file with one flow per line.")]
    Empty,
    /// One record.
    #[error("The file has a header line ({} columns) but no rows below it.", count(*columns as u64))]
    HeaderOnly {
        /// Columns of that header.
        columns: usize,
    },
    /// Zero bytes in the text, or a known signature.
    #[error("This is not a text file (it looks like {what}). Export the flows as CSV and drop that file.")]
    Binary {
        /// What it seems to be.
        what: String,
    },
    /// Text, but of a kind that is no table of one row per line.
    #[error("This is {what}. {advice}")]
    OtherFormat {
        /// What it is.
        what: String,
        /// What to do, in a sentence or two.
        advice: String,
    },
    /// Nothing to compute with.
    #[error(
        "None of the {} columns ({names}) holds numbers to compare flows by, and fewer than two hold values that repeat. \
         Flow files have columns such as duration, packets and bytes.",
        count(*columns as u64)
    )]
    NoNumbers {
        /// Columns of the file.
        columns: usize,
        /// The first few names.
        names: String,
    },
    /// Wider than any flow file.
    #[error(
        "The first line has {} columns; a table may have at most {}. Is this a flow file?",
        count(*columns as u64),
        count(*most as u64)
    )]
    TooManyColumns {
        /// Columns of the first line.
        columns: usize,
        /// Columns allowed.
        most: usize,
    },
    /// Every row was rejected.
    #[error("None of the {} rows below the header could be used.", count(*rejected))]
    NoUsableRows {
        /// Rows rejected.
        rejected: u64,
    },
    /// The first record is longer than what is looked at.
    #[error("The first line does not end within {} bytes. Is this a CSV file?", count(*bytes as u64))]
    EndlessHeader {
        /// Bytes looked at.
        bytes: usize,
    },
    /// JSON, but not a line per flow.
    #[error(
        "The file is one JSON {} over several lines. Write one object per line, for example with jq -c, and drop that \
         file.",
        if *array { "array" } else { "object" }
    )]
    JsonDocument {
        /// It begins with a bracket.
        array: bool,
    },
    /// An archive or a packed file that cannot be unpacked.
    #[error("The packed file could not be unpacked: {reason}.")]
    Packed {
        /// What is wrong with it.
        reason: String,
    },
    /// A Parquet file whose rows are no rows of single cells.
    #[error(
        "The column {column} holds lists. Write the table without it, with one value per row and column, and drop that \
         file."
    )]
    Lists {
        /// Its name.
        column: String,
    },
    /// More came out of it than there is room for.
    #[error(
        "This packed file holds more than {} MB, the most that is unpacked here. Unpack it yourself and drop what is \
         inside.",
        count(*most_mb)
    )]
    TooMuchUnpacked {
        /// Megabytes that may come out.
        most_mb: u64,
    },
    /// One of several files does not belong.
    #[error("{name} has other columns than {first}. Files that are read together must have the same columns.")]
    OtherColumns {
        /// The file.
        name: String,
        /// The file that it is compared with.
        first: String,
    },
    /// The operating system or browser refused.
    #[error("The file could not be read at byte {byte}: {reason}. If it was changed or moved, choose it again.")]
    Read {
        /// Where.
        byte: u64,
        /// The system's words.
        reason: String,
    },
}

impl IngestError {
    /// [`IngestError::Packed`], in the words of whoever failed.
    pub(super) fn packed(error: impl std::fmt::Display) -> Self {
        Self::Packed { reason: error.to_string() }
    }
}
