//! The columns of the block that is being filled.

use super::{
    Dialect, Number, NumberStyle,
    batch::Batch,
    cell::{is_missing, parse_number},
    number::parse_f32,
};
use crate::table::{Column, MISSING_KEY, Profiler, text_key};

/// Characters of a category's text that are kept to show it.
const SHOWN_TEXT: usize = 64;

/// A number column.
pub(super) struct OpenNumber {
    /// Its place in the table.
    pub column: usize,
    style: NumberStyle,
    /// Room is made as rows come: a file may have many columns and few rows.
    values: Vec<f32>,
}

impl OpenNumber {
    pub fn new(column: usize, dialect: &Dialect) -> Self {
        Self { column, style: NumberStyle::from(dialect), values: Vec::new() }
    }

    /// Takes in the cells of a batch. Where there is neither a number nor nothing, row and column are added to
    /// `unreadable`.
    pub fn push(&mut self, batch: &Batch, unreadable: &mut Vec<(usize, usize)>) {
        let style = self.style;
        if style.is_plain() {
            self.push_read(batch, unreadable, |text, length| {
                parse_f32(text, length).map_or_else(|| read(parse_number(&text[..length])), Some)
            });
        } else {
            self.push_read(batch, unreadable, |text, length| read(style.parse(&text[..length])));
        }
    }

    fn push_read(
        &mut self,
        batch: &Batch,
        unreadable: &mut Vec<(usize, usize)>,
        read: impl Fn(&[u8], usize) -> Option<f32>,
    ) {
        let start = self.values.len();
        self.values.resize(start + batch.rows().len(), f32::NAN);
        for (row, (value, (text, length))) in self.values[start..].iter_mut().zip(batch.column(self.column)).enumerate()
        {
            match read(text, length) {
                // Adding zero makes −0 a 0: which of the two is the minimum would depend on the platform.
                Some(found) => *value = found + 0.0,
                None => unreadable.push((row, self.column)),
            }
        }
    }

    /// A bit per row of the last `rows`, least first: it is set where there is a number.
    pub fn numbers(&self, rows: usize) -> u32 {
        let last = self.values[self.values.len() - rows..].iter().enumerate();
        last.fold(0, |numbers, (row, value)| numbers | u32::from(!value.is_nan()) << row)
    }

    /// Keeps those of the last `rows` cells whose bit is set in `kept`.
    pub fn keep(&mut self, rows: usize, kept: u32) {
        let start = self.values.len() - rows;
        let mut end = start;
        for row in 0..rows {
            if kept >> row & 1 == 1 {
                self.values[end] = self.values[start + row];
                end += 1;
            }
        }
        self.values.truncate(end);
    }

    /// The column so far, which leaves no rows.
    pub fn close(&mut self, profiler: &mut Profiler) -> Column {
        profiler.add_numbers(self.column, &self.values);
        let column = Column::of_numbers(&self.values);
        self.values.clear();
        column
    }
}

/// The number as it is stored; `None` if the cell is unreadable.
fn read(number: Number) -> Option<f32> {
    match number {
        Number::Value(value) => Some(value as f32),
        Number::Missing => Some(f32::NAN),
        Number::Unreadable => None,
    }
}

/// A category column.
pub(super) struct OpenCategory {
    /// Its place in the table.
    pub column: usize,
    keys: Vec<u32>,
    /// The text last seen and its key: values come in runs.
    last: (Vec<u8>, u32),
}

impl OpenCategory {
    pub fn new(column: usize) -> Self {
        Self { column, keys: Vec::new(), last: (Vec::new(), MISSING_KEY) }
    }

    /// Takes in and counts those cells of a batch whose row's bit is set in `kept`.
    pub fn push(&mut self, batch: &Batch, kept: u32, profiler: &mut Profiler) {
        for (row, (text, length)) in batch.column(self.column).enumerate() {
            if kept >> row & 1 == 0 {
                continue;
            }
            let text = text[..length].trim_ascii();
            if text != self.last.0 {
                self.last.0.clear();
                self.last.0.extend(text);
                self.last.1 = if is_missing(text) { MISSING_KEY } else { text_key(text) };
            }
            let key = self.last.1;
            self.keys.push(key);
            if key != MISSING_KEY {
                let shown = || String::from_utf8_lossy(text).chars().take(SHOWN_TEXT).collect();
                profiler.count_text(self.column, key, shown);
            }
        }
    }

    /// The column so far, which leaves no rows.
    pub fn close(&mut self, profiler: &mut Profiler) -> Column {
        profiler.add_keys(self.column, &self.keys);
        let column = Column::of_keys(&self.keys);
        self.keys.clear();
        column
    }
}
