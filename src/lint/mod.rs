//! What an analyst should know about a table before trusting the scores of a detector, each with a remedy.
//!
//! Looks at the schema, the exact profile and the row sample, so it does not depend on the shards.

mod pairs;
mod single;

use serde::{Deserialize, Serialize};

use crate::table::{Profile, RowSample, Schema};

/// What is noteworthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// The column's values match the label's one to one, so it gives the answer away.
    LabelInDisguise,
    /// The column's values match those of another column one to one, under other names.
    Renamed,
    /// The column equals another one in every row.
    Duplicate,
    /// The column is nearly a multiple of another one.
    NearDuplicate,
    /// The column has −1 and no other negative value.
    MinusOne,
    /// The column has infinite values, such as rates of flows with zero duration.
    Infinite,
    /// The values seem to be in two units, a power of ten apart.
    MixedUnits,
    /// Rows equal an earlier one in every column but times and identifiers.
    RepeatedRows,
    /// The column has one value.
    Constant,
    /// A few values are far larger than all others.
    Skewed,
}

/// How often something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Amount {
    /// In exactly as many rows.
    Rows(u64),
    /// In this share of the sampled rows.
    Share(f64),
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// Leave the column out of every comparison.
    LeaveOut,
    /// Read −1 as a missing value.
    MinusOneIsMissing,
    /// Compare sizes on a logarithmic scale, as Recommended does.
    LogarithmicScale,
    /// Train on each distinct row once.
    DeduplicateTrainingRows,
}

impl Remedy {
    /// It concerns the next run as a whole, not single columns.
    pub fn is_of_runs(self) -> bool {
        matches!(self, Self::LogarithmicScale | Self::DeduplicateTrainingRows)
    }
}

/// One thing that was noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lint {
    /// What.
    pub kind: Kind,
    /// In which column, where it is about one.
    pub column: Option<usize>,
    /// The other column, where it is about two.
    pub other: Option<usize>,
    /// How often.
    pub amount: Amount,
    /// What can be done.
    pub remedy: Remedy,
}

/// Everything noteworthy about a table: the most serious kinds first, each in the order of the columns.
pub fn lint(schema: &Schema, profile: &Profile, sample: &RowSample) -> Vec<Lint> {
    let mut found = single::columns(schema, profile, sample);
    found.extend(pairs::pairs(schema, profile, sample));
    found.extend(single::repeated_rows(profile));
    found.sort_by_key(|lint| (lint.kind, lint.column));
    found
}

/// The amount that a number of sampled rows stands for.
fn amount(rows: usize, profile: &Profile, sample: &RowSample) -> Amount {
    if sample.rows as u64 == profile.rows {
        Amount::Rows(rows as u64)
    } else {
        Amount::Share(rows as f64 / sample.rows.max(1) as f64)
    }
}

#[cfg(test)]
mod tests;
