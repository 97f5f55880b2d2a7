//! What the user says about a file, in place of what would be assumed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Encoding;
use crate::table::Role;

/// Everything left at `None` or empty is told from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Between two cells.
    pub delimiter: Option<u8>,
    /// Whether the first record is a header.
    pub header: Option<bool>,
    /// How the file's bytes stand for text.
    pub encoding: Option<Encoding>,
    /// The decimal sign: a point or a comma.
    pub decimal: Option<u8>,
    /// Entries of an archive to read; empty for the only one, or all that look like tables.
    pub entries: Vec<String>,
    /// Roles by column name.
    pub roles: BTreeMap<String, Role>,
    /// Columns whose −1 means that there is no value.
    pub minus_one_is_missing: BTreeSet<String>,
}

impl Choices {
    /// The same file has the same rows by both: at most it is chosen otherwise what its columns mean.
    #[must_use]
    pub fn have_the_rows_of(&self, other: &Self) -> bool {
        let rows =
            |choices: &Self| Self { roles: BTreeMap::new(), minus_one_is_missing: BTreeSet::new(), ..choices.clone() };
        rows(self) == rows(other)
    }
}
