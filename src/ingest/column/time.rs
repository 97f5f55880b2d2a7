//! Points in time.

use super::keep;
use crate::{
    ingest::{Dialect, Number, NumberStyle, batch::Batch, cell::is_missing, numeral::read_cell, parse_nanoseconds},
    table::{Column, Field, Kind, MISSING_WHOLE, Numbers, Profiler, TimeStyle},
};

/// A column of points in time.
pub struct OpenTime {
    /// Its place in the table.
    pub column: usize,
    field: Field,
    time: TimeStyle,
    style: NumberStyle,
    /// How many nanoseconds make one of the column's unit.
    per: i64,
    nanoseconds: Vec<i64>,
    /// The text last seen and what it says: many flows begin in the same second.
    last: (Vec<u8>, i64),
}

impl OpenTime {
    pub fn new(column: usize, field: &Field, time: TimeStyle, per: i64, dialect: &Dialect) -> Self {
        let style = NumberStyle::from(dialect);
        let last = (Vec::new(), MISSING_WHOLE);
        Self { column, field: field.clone(), time, style, per, nanoseconds: Vec::new(), last }
    }

    /// Whether it is written in numbers.
    pub fn is_of_numbers(&self) -> bool {
        self.field.kind == Kind::Number
    }

    /// Takes in the cells of a batch. Where there is neither a point in time nor nothing, row and column of one written in
    /// numbers are added to `unreadable`.
    pub fn push(&mut self, batch: &Batch, unreadable: &mut Vec<(usize, usize)>) {
        for (row, text) in batch.column(self.column).enumerate() {
            let text = text.trim_ascii();
            if text != self.last.0 || text.is_empty() {
                let read = self.read(text);
                if read.is_none() && self.is_of_numbers() {
                    unreadable.push((row, self.column));
                }
                self.last.0.clear();
                // What is unreadable is to be told of each time.
                self.last.0.extend(text.iter().filter(|_| read.is_some()));
                self.last.1 = read.unwrap_or(MISSING_WHOLE);
            }
            self.nanoseconds.push(self.last.1);
        }
    }

    /// Nanoseconds, or that they are missing; `None` if the cell holds something else.
    fn read(&self, text: &[u8]) -> Option<i64> {
        if !self.is_of_numbers() {
            return parse_nanoseconds(text, self.time).or_else(|| is_missing(text).then_some(MISSING_WHOLE));
        }
        let number = match read_cell(text, &self.field, self.style) {
            Number::Missing => return Some(MISSING_WHOLE),
            Number::Unreadable => return None,
            Number::Value(number) => number,
        };
        let digits = if self.style.is_plain() { parse_nanoseconds(text, self.time) } else { None };
        let nanoseconds = (number * self.per as f64).round();
        digits.or_else(|| (nanoseconds.abs() < FARTHEST).then_some(nanoseconds as i64))
    }

    /// A bit per row of the last `rows`, least first: it is set where there is a number.
    pub fn numbers(&self, rows: usize) -> u32 {
        let last = self.nanoseconds[self.nanoseconds.len() - rows..].iter().enumerate();
        let set = |(row, value): (usize, &i64)| u32::from(*value != MISSING_WHOLE && self.is_of_numbers()) << row;
        last.map(set).fold(0, |numbers, bit| numbers | bit)
    }

    /// A bit per row of the last `rows`, least first: it is set where there is an earlier point in time.
    pub fn before(&self, rows: usize, end: i64) -> u32 {
        let last = self.nanoseconds[self.nanoseconds.len() - rows..].iter().enumerate();
        last.fold(0, |before, (row, &value)| before | u32::from(value != MISSING_WHOLE && value < end) << row)
    }

    /// Keeps those of the last `rows` cells whose bit is set in `kept`.
    pub fn keep(&mut self, rows: usize, kept: u32) {
        let start = self.nanoseconds.len() - rows;
        keep(&mut self.nanoseconds, start, kept);
    }

    /// The column so far, which leaves no rows.
    pub fn close(&mut self, profiler: &mut Profiler) -> Column {
        let column = Column::of_times(&self.nanoseconds, self.per);
        let set = |(row, &value): (usize, &i64)| (value != MISSING_WHOLE).then_some((row as u32, value));
        let exact: Vec<(u32, i64)> = self.nanoseconds.iter().enumerate().filter_map(set).collect();
        let mut scratch = Vec::new();
        let values = column.numbers(&mut scratch);
        profiler.add_numbers(self.column, Numbers { values, exact: &exact, per: self.per });
        self.nanoseconds.clear();
        column
    }
}

/// Nanoseconds, 292 years, that 63 bits do not hold any more.
const FARTHEST: f64 = 9.223_372_036_854_775e18;
