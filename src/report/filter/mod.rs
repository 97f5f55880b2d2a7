//! Which rows are looked at: what a person types, and whether a row passes.
//!
//! One filter is taken by everything that shows or writes ranked rows, so that table, charts and downloads are of the
//! same rows.

pub mod edit;
mod outline;
mod parse;

use std::{net::IpAddr, sync::Arc};

use serde::{Deserialize, Serialize};

pub use outline::Outline;
pub use parse::{FilterError, point_in_time};

use super::{Mark, Marks};
use crate::{
    ingest::{Layout, Number, NumberStyle, Record, read_cell},
    table::{Block, Column, Host, MISSING_WHOLE},
};

/// From here on, whole numbers are not all exact as 32-bit floats.
const EXACT_32: f64 = 16_777_216.0;
/// The same of 64-bit floats.
const EXACT_64: u64 = 1 << 53;

/// Rows that pass: those for which every term holds. The default lets all pass.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// What must hold.
    pub terms: Vec<Term>,
    /// What is said of rows, where a term asks for that.
    pub marks: Arc<Marks>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The test must fail.
    pub negated: bool,
    /// The test.
    pub test: Test,
}

/// What is asked of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Some cell contains this; capitals do not matter. Lower case.
    Anywhere(String),
    /// The cells of some of these columns contain this, or where it is a number and the column one of numbers, equal it.
    Cell {
        /// Columns.
        columns: Vec<usize>,
        /// Lower case.
        text: String,
        /// The same as a number.
        number: Option<f64>,
    },
    /// The cell of some of these columns is this; capitals do not matter.
    Whole {
        /// Columns.
        columns: Vec<usize>,
        /// Lower case.
        text: String,
    },
    /// An address in some of these columns is in this network.
    Network {
        /// Columns.
        columns: Vec<usize>,
        /// Any address of the network.
        address: IpAddr,
        /// Leading bits that all of its addresses share.
        bits: u8,
    },
    /// A number in this column, compared.
    Number {
        /// The column.
        column: usize,
        /// How.
        comparison: Comparison,
        /// With what.
        value: f64,
    },
    /// A point in time in this column, compared.
    Time {
        /// The column.
        column: usize,
        /// How.
        comparison: Comparison,
        /// With what.
        nanoseconds: i64,
    },
    /// The row is inside an outline on two columns.
    Inside(Outline),
    /// The score, compared.
    Score(Comparison, f64),
    /// The rank, compared.
    Rank(Comparison, f64),
    /// The row is an anomaly.
    Anomaly,
    /// The row is in the group of this number.
    Group(u8),
    /// The row, or its group, has this mark; or any.
    Marked(Option<Mark>),
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// <
    Less,
    /// ≤
    AtMost,
    /// =
    Equal,
    /// ≥
    AtLeast,
    /// >
    More,
}

impl Comparison {
    fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}

/// A ranked row, as far as it is in memory.
#[derive(Debug, Clone, Copy)]
pub struct RankedCells<'a> {
    /// The block that holds its cells.
    pub block: &'a Block,
    /// Its place there.
    pub place: usize,
    /// Its score.
    pub score: f64,
    /// Its rank.
    pub rank: u32,
    /// The number of its group, 0 for none.
    pub group: u8,
    /// Rows of rank 1 to this are anomalies.
    pub anomalies: u64,
}

impl Filter {
    /// These terms.
    #[must_use]
    pub fn of(terms: Vec<Term>) -> Self {
        Self { terms, marks: Arc::default() }
    }

    /// The same, told what is said of rows; where no term asks for that, just the same.
    #[must_use]
    pub fn with_marks(mut self, marks: &Arc<Marks>) -> Self {
        let asks = self.terms.iter().any(|term| matches!(term.test, Test::Marked(_)));
        self.marks = if asks { Arc::clone(marks) } else { Arc::default() };
        self
    }

    /// All rows pass.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a row passes, by what is in memory of it; `None` if its text must be read to tell.
    pub fn passes(&self, row: RankedCells<'_>) -> Option<bool> {
        let mut known = true;
        for term in &self.terms {
            match term.test.holds(row, &self.marks) {
                Some(holds) if holds == term.negated => return Some(false),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(true)
    }

    /// Whether a row passes, by its text as well.
    pub fn passes_as_text(&self, row: RankedCells<'_>, record: &Record<'_>, layout: &Layout) -> bool {
        let holds = |test: &Test| test.holds(row, &self.marks).unwrap_or_else(|| test.holds_in_text(record, layout));
        self.terms.iter().all(|term| holds(&term.test) != term.negated)
    }
}

impl Test {
    fn holds(&self, row: RankedCells<'_>, marks: &Marks) -> Option<bool> {
        match self {
            Self::Score(comparison, value) => Some(comparison.holds(row.score, *value)),
            Self::Rank(comparison, value) => Some(comparison.holds(f64::from(row.rank), *value)),
            Self::Anomaly => Some(u64::from(row.rank) <= row.anomalies),
            Self::Group(number) => Some(row.group == *number),
            Self::Marked(wanted) => {
                let mark = marks.of(row.block.offsets[row.place], row.group).mark;
                Some(mark.is_some() && wanted.is_none_or(|wanted| mark == Some(wanted)))
            }
            Self::Number { column, comparison, value } => stored(row, *column, *comparison, *value),
            Self::Time { column, comparison, nanoseconds } => {
                let cell = row.block.columns.get(*column).and_then(Column::exact).map(|(cells, _)| cells.at(row.place));
                Some(cell.is_some_and(|cell| cell != MISSING_WHOLE && comparison.holds(cell, *nanoseconds)))
            }
            Self::Cell { columns, number: Some(value), .. } => {
                let equal = columns.iter().map(|&column| stored(row, column, Comparison::Equal, *value));
                equal.reduce(or).unwrap_or(Some(false))
            }
            Self::Network { columns, address, bits } => {
                let inside = |&column: &usize| match row.block.columns.get(column)? {
                    Column::Address(hosts) => Some(is_in(hosts.at(row.place), *address, *bits)),
                    _ => None,
                };
                columns.iter().map(inside).reduce(or).unwrap_or(Some(false))
            }
            Self::Inside(outline) => Some(outline.holds(row)),
            Self::Anywhere(_) | Self::Cell { .. } | Self::Whole { .. } => None,
        }
    }

    fn holds_in_text(&self, record: &Record<'_>, layout: &Layout) -> bool {
        let style = NumberStyle::from(&layout.format.dialect());
        let compared = |column: usize, comparison: Comparison, value: f64| {
            let cell = read_cell(record.cell(column), &layout.schema.fields[column], style);
            matches!(cell, Number::Value(cell) if comparison.holds(cell, value))
        };
        match self {
            Self::Anywhere(text) => (0..layout.schema.width()).any(|column| contains(record, layout, column, text)),
            Self::Cell { columns, text, number } => columns.iter().any(|&column| match number {
                Some(value) if layout.schema.fields[column].kind == crate::table::Kind::Number => {
                    compared(column, Comparison::Equal, *value)
                }
                _ => contains(record, layout, column, text),
            }),
            Self::Whole { columns, text } => {
                columns.iter().any(|&column| layout.text(record, column).trim().to_lowercase() == *text)
            }
            Self::Network { columns, address, bits } => {
                let host = |column: usize| Host::read(layout.text(record, column).trim().as_bytes());
                columns.iter().any(|&column| is_in(host(column), *address, *bits))
            }
            Self::Number { column, comparison, value } => compared(*column, *comparison, *value),
            Self::Time { .. } | Self::Inside(_) | Self::Score(..) | Self::Rank(..) => false,
            Self::Anomaly | Self::Group(_) | Self::Marked(_) => false,
        }
    }
}

/// Either holds; not known unless that is certain.
fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), other) | (other, Some(false)) => other,
        (None, None) => None,
    }
}

/// Compares a stored number; `None` where the text may say more than what is stored.
fn stored(row: RankedCells<'_>, column: usize, comparison: Comparison, value: f64) -> Option<bool> {
    let cells = row.block.columns.get(column)?;
    if let Some((cells, per)) = cells.exact() {
        let cell = cells.at(row.place);
        let number = cell as f64 / per as f64;
        let rounded = number == value && cell.unsigned_abs() >= EXACT_64;
        return if cell == MISSING_WHOLE { Some(false) } else { (!rounded).then(|| comparison.holds(number, value)) };
    }
    let Column::Number(cells) = cells else { return None };
    let cell = f32::from_bits(cells.at(row.place));
    let rounded = value as f32;
    // Rounding keeps the order, so only where both round to the same can the text say otherwise.
    let fraction = rounded.fract() != 0.0 || value.fract() != 0.0;
    if cell == rounded && (fraction || value.abs() >= EXACT_32) {
        return None;
    }
    Some(comparison.holds(cell, rounded))
}

fn contains(record: &Record<'_>, layout: &Layout, column: usize, text: &str) -> bool {
    let cell = layout.text(record, column);
    if cell.is_ascii() { cell.to_ascii_lowercase().contains(text) } else { cell.to_lowercase().contains(text) }
}

fn is_in(host: Host, network: IpAddr, bits: u8) -> bool {
    fn same(a: u128, b: u128, width: u8, bits: u8) -> bool {
        bits == 0 || (a ^ b) >> (width - bits.min(width)) == 0
    }
    match (host, network) {
        (Host::Address(IpAddr::V4(a)), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32, bits),
        (Host::Address(IpAddr::V6(a)), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128, bits),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
