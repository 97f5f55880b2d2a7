//! About the file's data.

use std::{ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    ingest::{Choices, Container, Encoding, Layout},
    table::{Profile, RowSample, Schema},
};

/// What is asked about the file's data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum DataRequest {
    /// Write a synthetic file.
    Generate {
        /// Rows.
        rows: u64,
        /// Seed.
        seed: u64,
    },
    /// Tell what a file that was given is packed in, and how its text is encoded if it is not packed.
    Examine {
        /// The file's number.
        input: usize,
    },
    /// Write the plain UTF-8 text of a file that was given.
    Unpack {
        /// The file's number.
        input: usize,
        /// What it is packed in.
        container: Container,
        /// The number of the archive's entry.
        entry: usize,
        /// Its encoding, if the user said it.
        encoding: Option<Encoding>,
        /// Bytes that may come out.
        budget: u64,
    },
    /// Tell the layout of the files that were joined.
    Sniff {
        /// What the user said about it.
        choices: Choices,
        /// The files' names.
        names: Vec<String>,
    },
    /// Read the records that begin in `range`.
    Parse {
        /// The file's layout.
        layout: Arc<Layout>,
        /// Bytes.
        range: Range<u64>,
        /// Where the first record begins, if that is known.
        begin: Option<u64>,
        /// Bytes of memory that the rows may take; past them, they are dropped and read again when they are needed.
        budget: u64,
        /// Rows of the file's largest sample, and the seed of all samples.
        sample: (usize, u64),
    },
    /// Say how many rows the shard has.
    CountRows,
    /// Say at which byte a row begins.
    FindRow {
        /// Its number in the shard, from 0.
        row: u64,
    },
    /// Drop the rows: others have no room for theirs.
    DropRows,
    /// Use these names and roles from now on; what is stored does not change.
    Assign(Arc<Schema>),
    /// Give the smallest hashes of the shard's rows.
    Draw {
        /// How many.
        rows: usize,
    },
    /// Give the rows with hashes up to `cutoff`.
    Sample {
        /// The largest hash of the sample.
        cutoff: u64,
    },
    /// Keep a shard's part of the sample, behind those that came before. (First shard only, as the next three.)
    KeepSample {
        /// The part.
        part: RowSample,
        /// It is the first, and replaces what there was.
        first: bool,
    },
    /// Say how many rows the sample has.
    CountSample,
    /// Say what is usual in each column, and what is noteworthy.
    Describe {
        /// The whole file's profile.
        profile: Arc<Profile>,
    },
}
