//! The columns of the block that is being filled.

use super::{
    Dialect, FilePart, Layout, Number, NumberStyle,
    batch::{BATCH_ROWS, Batch},
    cell::is_missing,
    files::file_at,
    number::parse_f32,
    numeral::read_cell,
};
use crate::table::{Column, Field, MISSING_KEY, Profiler, Role, network_key, network_name, text_key};

/// Characters of a category's text that are kept to show it.
const SHOWN_TEXT: usize = 64;

/// A number column.
pub(super) struct OpenNumber {
    /// Its place in the table.
    pub column: usize,
    field: Field,
    style: NumberStyle,
    /// Room is made as rows come: a file may have many columns and few rows.
    values: Vec<f32>,
}

impl OpenNumber {
    pub fn new(column: usize, field: &Field, dialect: &Dialect) -> Self {
        Self { column, field: field.clone(), style: NumberStyle::from(dialect), values: Vec::new() }
    }

    /// Takes in the cells of a batch. Where there is neither a number nor nothing, row and column are added to
    /// `unreadable`.
    pub fn push(&mut self, batch: &Batch, unreadable: &mut Vec<(usize, usize)>) {
        let Self { column, field, style, values } = self;
        let (start, rows) = (values.len(), batch.rows().len());
        let plain = style.is_plain() && !field.minus_one_is_missing;
        // A bit per row that still has to be read, least first.
        let mut others = u32::MAX;
        if plain {
            others = batch.push_wholes(*column, values);
        } else {
            values.resize(start + rows, f32::NAN);
        }
        others &= u32::MAX >> (BATCH_ROWS - rows);
        let values = &mut values[start..];
        while others != 0 {
            let row = others.trailing_zeros() as usize;
            others &= others - 1;
            let (text, length) = batch.cell(row, *column);
            let quickly = if plain { parse_f32(text, length) } else { None };
            match quickly.or_else(|| read(read_cell(&text[..length], field, *style))) {
                // Adding zero makes −0 a 0: which of the two is the minimum would depend on the platform.
                Some(found) => values[row] = found + 0.0,
                None => {
                    values[row] = f32::NAN;
                    unreadable.push((row, *column));
                }
            }
        }
        // Whole numbers were taken in without a look.
        if field.zero_is_missing {
            values.iter_mut().filter(|value| **value == 0.0).for_each(|value| *value = f32::NAN);
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
    role: Role,
    /// The files whose names it holds, if it does not hold cells.
    files: Option<Vec<FilePart>>,
    keys: Vec<u32>,
    /// The text last seen and its key: values come in runs.
    last: (Vec<u8>, u32),
}

impl OpenCategory {
    pub fn new(column: usize, layout: &Layout) -> Self {
        let files = (layout.file_column() == Some(column)).then(|| layout.files.clone());
        let role = layout.schema.fields[column].role;
        Self { column, role, files, keys: Vec::new(), last: (Vec::new(), MISSING_KEY) }
    }

    /// Takes in and counts those cells of a batch whose row's bit is set in `kept`.
    pub fn push(&mut self, batch: &Batch, kept: u32, profiler: &mut Profiler) {
        if let Some(files) = self.files.take() {
            for (row, place) in batch.rows().iter().enumerate() {
                let name = &files[file_at(&files, place.offset)].name;
                self.push_kept(row, kept, name.as_bytes(), profiler);
            }
            self.files = Some(files);
        } else {
            for (row, text) in batch.column(self.column).enumerate() {
                self.push_kept(row, kept, text, profiler);
            }
        }
    }

    fn push_kept(&mut self, row: usize, kept: u32, text: &[u8], profiler: &mut Profiler) {
        if kept >> row & 1 == 0 {
            return;
        }
        let text = text.trim_ascii();
        if text != self.last.0 {
            self.last.0.clear();
            self.last.0.extend(text);
            self.last.1 = match self.role {
                _ if is_missing(text) => MISSING_KEY,
                Role::Ip => network_key(text),
                _ => text_key(text),
            };
        }
        let key = self.last.1;
        self.keys.push(key);
        if key != MISSING_KEY {
            let is_address = self.role == Role::Ip;
            profiler.count_text(self.column, key, || {
                let text = String::from_utf8_lossy(text);
                let shown = if is_address { network_name(&text) } else { text.into_owned() };
                shown.chars().take(SHOWN_TEXT).collect()
            });
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
