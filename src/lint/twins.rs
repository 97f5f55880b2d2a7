//! Columns that equal others, or match them value for value.

use std::collections::HashMap;

use super::{
    Amount, Described, Kind, Lint,
    pattern::{Pattern, VALUES},
};
use crate::table::{Role, Storage};

/// The columns that were seen so far.
#[derive(Default)]
pub(super) struct Twins {
    /// By fingerprint.
    equal: HashMap<u64, usize>,
    /// By the hash of the pattern of their values.
    matching: HashMap<u64, usize>,
}

impl Twins {
    /// The earlier column that this one says the same as.
    pub fn look(&mut self, table: Described, column: usize) -> Option<Lint> {
        let field = &table.schema.fields[column];
        if field.role == Role::Label || !table.varies(column) {
            return None;
        }
        let stats = &table.profile.columns[column];
        let told = |kind, other| {
            (other != column).then(|| Lint::of_two(kind, column, other, Amount::Rows(table.profile.rows)))
        };
        if field.storage() != Storage::None
            && let Some(twin) = told(Kind::Duplicate, *self.equal.entry(stats.fingerprint).or_insert(column))
        {
            return Some(twin);
        }
        let values = stats.counts.as_ref()?.len();
        // Two values match two others by chance; three hardly do. Addresses are in the sample by their networks only.
        if !(3..=VALUES).contains(&values) || field.role == Role::Ip {
            return None;
        }
        let pattern = Pattern::of(&table.keys(column)).filter(|pattern| pattern.values > 2)?;
        told(Kind::Renamed, *self.matching.entry(pattern.hash ^ values as u64).or_insert(column))
    }
}
