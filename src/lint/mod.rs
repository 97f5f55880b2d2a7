//! What an analyst should know about a table before trusting the scores of a detector, each with a remedy.
//!
//! Looks at the schema, the exact profile and the row sample, so it does not depend on the shards.
//!
//! | file | tells of |
//! |---|---|
//! | `single` | single columns, and repeated rows |
//! | `answers` | columns that give a label away; `labels` has the questions that they answer |
//! | `twins` | columns that equal others, or match them value for value |
//! | `powers` | quantities that are multiples or powers of others |
//! | `sums` | quantities that are the sum of two others |
//! | `claim` | nothing by itself: whether what is said of columns holds in the sampled rows |

mod answers;
mod claim;
mod labels;
mod pattern;
mod powers;
mod quantity;
mod single;
mod sums;
mod twins;

use serde::{Deserialize, Serialize};

use crate::table::{MISSING_KEY, Profile, Role, RowSample, Schema, Storage, number_key};

use answers::Answers;
pub use labels::is_normal;
use powers::Powers;
use quantity::{Probes, Quantity};
use sums::Sums;
use twins::Twins;

/// What is noteworthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// The column's values match the label's one to one, so it gives the answer away.
    LabelInDisguise,
    /// The column alone tells a class of the label from all others, nearly without fail.
    Leak,
    /// The column's values match those of another column one to one, under other names.
    Renamed,
    /// The column equals another one in every row.
    Duplicate,
    /// The column can be computed from one or two others: see [`Relation`].
    Derived,
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

/// What a column has to do with others, as it was found in the sampled rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Relation {
    /// It tells rows with this value of the label from all others.
    Separates {
        /// The value; "normal" where several stand for that.
        class: String,
        /// Area under the ROC curve, 0.99 to 1, of the column's values in the better direction, or of the share of the
        /// class among the other rows with the same value.
        auroc: f64,
    },
    /// It has the same values.
    Equal,
    /// It is so many times a power of the other column, to 0.002 %.
    Power {
        /// How many times, in six digits.
        factor: f64,
        /// Which power.
        exponent: Exponent,
    },
    /// It is the sum of the other column and this one, to 0.002 %.
    Sum(usize),
}

/// A power of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exponent {
    /// The quantity itself.
    One,
    /// Its square.
    Two,
    /// Its square root.
    Half,
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
    /// How often; where a column can be computed from others, in how many rows it is not what is computed.
    pub amount: Amount,
    /// What the columns have to do with each other, where there is more to say than the kind does.
    pub relation: Option<Relation>,
    /// What can be done.
    pub remedy: Remedy,
}

impl Lint {
    /// The column says again what another one does, and should be left out.
    fn of_two(kind: Kind, column: usize, other: usize, amount: Amount) -> Self {
        Self { kind, column: Some(column), other: Some(other), amount, relation: None, remedy: Remedy::LeaveOut }
    }
}

/// Everything noteworthy about a table, all at once.
pub fn lint(schema: &Schema, profile: &Profile, sample: &RowSample) -> Vec<Lint> {
    let mut linting = Linting::new(schema, profile, sample);
    while linting.look() {}
    linting.finish()
}

/// A table that is being looked at, in four passes over its columns: alone, and for what they have in common.
pub struct Linting<'a> {
    table: Described<'a>,
    answers: Answers,
    twins: Twins,
    quantities: Vec<Quantity>,
    probes: Probes,
    powers: Powers,
    sums: Sums,
    found: Vec<Lint>,
    done: usize,
}

/// Passes over the columns.
const PASSES: usize = 4;

impl<'a> Linting<'a> {
    /// Begins with a table that was read.
    pub fn new(schema: &'a Schema, profile: &'a Profile, sample: &'a RowSample) -> Self {
        let table = Described { schema, profile, sample };
        Self {
            table,
            answers: Answers::new(table),
            twins: Twins::default(),
            quantities: Vec::new(),
            probes: Probes::new(sample.rows),
            powers: Powers::default(),
            sums: Sums::default(),
            found: Vec::new(),
            done: 0,
        }
    }

    /// Steps that there are in all, each of which takes milliseconds at most.
    pub fn steps(&self) -> usize {
        PASSES * self.table.schema.width()
    }

    /// Takes the next step; `false` once all are done.
    pub fn look(&mut self) -> bool {
        if self.done >= self.steps() {
            return false;
        }
        let width = self.table.schema.width();
        let (pass, place) = (self.done / width, self.done % width);
        match pass {
            0 => self.look_at_column(place),
            1 => {
                if place == 0 {
                    self.probes.choose();
                }
                if let Some(quantity) = self.quantities.get_mut(place) {
                    quantity.probe(self.table, &self.probes);
                }
            }
            2 => {
                if place == 0 {
                    self.powers = Powers::among(&self.quantities);
                }
                let found = self.powers.look(self.table, &self.quantities, place);
                self.note_derived(place, found);
            }
            _ => {
                if place == 0 {
                    self.sums = Sums::among(self.table, &self.quantities);
                }
                let found = self.sums.look(self.table, &self.quantities, place);
                self.note_derived(place, found);
            }
        }
        self.done += 1;
        self.done < self.steps()
    }

    /// Everything noteworthy: the most serious kinds first, each in the order of the columns.
    pub fn finish(mut self) -> Vec<Lint> {
        self.found.extend(single::repeated_rows(self.table.profile));
        self.found.sort_by_key(|lint| (lint.kind, lint.column));
        self.found
    }

    /// A column that gives a label away is not told of for what it has in common with others, nor one that equals
    /// another one for more.
    fn look_at_column(&mut self, column: usize) {
        let table = self.table;
        single::column(table, column, &mut self.found);
        let told = self.answers.look(table, column).or_else(|| self.twins.look(table, column));
        if told.is_none() && quantity::is_one(table, column) {
            self.probes.note(table, column);
            self.quantities.push(Quantity::new(column));
        }
        self.found.extend(told);
    }

    fn note_derived(&mut self, place: usize, found: Option<Lint>) {
        if found.is_some() {
            self.quantities[place].derived = true;
        }
        self.found.extend(found);
    }
}

/// What is known of a table.
#[derive(Clone, Copy)]
struct Described<'a> {
    schema: &'a Schema,
    profile: &'a Profile,
    sample: &'a RowSample,
}

impl Described<'_> {
    /// Two rows hold different values there, and the column was not left out.
    fn varies(self, column: usize) -> bool {
        self.role(column) != Role::Ignored && self.profile.columns[column].varies()
    }

    fn role(self, column: usize) -> Role {
        self.schema.fields[column].role
    }

    /// The value of each sampled row of a column of numbers; NaN where there is none.
    #[inline(never)]
    fn numbers(self, column: usize) -> Vec<f64> {
        self.sample.numbers(column).map(f64::from).collect()
    }

    /// A key for the value of each sampled row, [`MISSING_KEY`] where there is none; nothing of text that is not stored.
    fn keys(self, column: usize) -> Vec<u32> {
        let number = |value: f32| if value.is_nan() { MISSING_KEY } else { number_key(value) };
        match self.schema.fields[column].storage() {
            Storage::Number => self.sample.numbers(column).map(number).collect(),
            Storage::Category => self.sample.bits(column).to_vec(),
            Storage::Time { .. } | Storage::None => Vec::new(),
        }
    }

    /// The amount that a number of sampled rows stands for.
    fn amount(self, rows: usize) -> Amount {
        if self.sample.rows as u64 == self.profile.rows {
            Amount::Rows(rows as u64)
        } else {
            Amount::Share(rows as f64 / self.sample.rows.max(1) as f64)
        }
    }
}

#[cfg(test)]
mod tests;
