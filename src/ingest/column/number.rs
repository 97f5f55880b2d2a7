//! Numbers.

use super::keep;
use crate::{
    ingest::{
        Dialect, Number, NumberStyle,
        batch::{BATCH_ROWS, Batch},
        number::parse_f32,
        numeral::read_cell,
    },
    table::{Column, Field, MISSING_WHOLE, Numbers, Profiler},
};

/// From here on, 32-bit floats do not hold every whole number.
const LARGE: f32 = 16_777_216.0;

/// It is finite, and may be a whole number that is rounded. Told by its bits, many at a time.
fn is_large(value: f32) -> bool {
    (value.to_bits() & i32::MAX as u32).wrapping_sub(LARGE.to_bits()) < f32::INFINITY.to_bits() - LARGE.to_bits()
}

/// A number column.
pub struct OpenNumber {
    /// Its place in the table.
    pub column: usize,
    field: Field,
    style: NumberStyle,
    /// Room is made as rows come: a file may have many columns and few rows.
    values: Vec<f32>,
    /// Rows and values of large whole numbers.
    exact: Vec<(u32, i64)>,
}

impl OpenNumber {
    pub fn new(column: usize, field: &Field, dialect: &Dialect) -> Self {
        let style = NumberStyle::from(dialect);
        Self { column, field: field.clone(), style, values: Vec::new(), exact: Vec::new() }
    }

    /// Takes in the cells of a batch. Where there is neither a number nor nothing, row and column are added to
    /// `unreadable`.
    pub fn push(&mut self, batch: &Batch, unreadable: &mut Vec<(usize, usize)>) {
        let Self { column, field, style, values, exact } = self;
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
        if values.iter().fold(false, |any, value| any | is_large(*value)) {
            let large = values.iter().enumerate().filter(|(_, value)| is_large(**value));
            exact.extend(large.filter_map(|(row, _)| {
                let (text, length) = batch.cell(row, *column);
                Some(((start + row) as u32, whole_of(&text[..length], field, *style)?))
            }));
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
        keep(&mut self.values, start, kept);
        let before = |row: u32| u32::count_ones(kept & ((1 << row) - 1));
        self.exact.retain_mut(|(row, _)| match row.checked_sub(start as u32) {
            None => true,
            Some(last) => {
                *row = start as u32 + before(last);
                kept >> last & 1 == 1
            }
        });
    }

    /// The column so far, which leaves no rows.
    pub fn close(&mut self, profiler: &mut Profiler) -> Column {
        profiler.add_numbers(self.column, Numbers { values: &self.values, exact: &self.exact, per: 1 });
        let column = self.wholes().map_or_else(|| Column::of_numbers(&self.values), |all| Column::of_wholes(&all));
        self.values.clear();
        self.exact.clear();
        column
    }

    /// All cells as whole numbers, if they are that and some are large.
    fn wholes(&self) -> Option<Vec<i64>> {
        let mut exact = self.exact.iter().peekable();
        exact.peek()?;
        let whole = |(row, &value): (usize, &f32)| match exact.next_if(|(place, _)| *place as usize == row) {
            Some(&(_, value)) => Some(value),
            None if value.is_nan() => Some(MISSING_WHOLE),
            None => (!is_large(value) && value as i32 as f32 == value).then_some(value as i64),
        };
        self.values.iter().enumerate().map(whole).collect()
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

/// A whole number as it is written: digits, or what a 64-bit float holds exactly.
fn whole_of(text: &[u8], field: &Field, style: NumberStyle) -> Option<i64> {
    if style.is_plain() {
        let (whole, rest) = leading_whole(text.trim_ascii());
        match rest {
            [] => return whole.filter(|&value| value != MISSING_WHOLE),
            // Most large numbers with a point are fractions.
            [b'.', rest @ ..]
                if rest.iter().any(|digit| matches!(digit, b'1'..=b'9')) && rest.iter().all(u8::is_ascii_digit) =>
            {
                return None;
            }
            _ => {}
        }
    }
    match read_cell(text, field, style) {
        Number::Value(value) if value.fract() == 0.0 && value.abs() <= EXACT => Some(value as i64),
        _ => None,
    }
}

/// The digits that a text begins with, after a sign, as a number if it has 64 bits; and what follows them.
fn leading_whole(text: &[u8]) -> (Option<i64>, &[u8]) {
    let (negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
    let count = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at(count);
    let push = |value: i64, digit: &u8| value.checked_mul(10)?.checked_add(i64::from(digit - b'0'));
    let value = if count == 0 { None } else { digits.iter().try_fold(0, push) };
    (value.map(|value| if negative { -value } else { value }), rest)
}

/// Up to here, 64-bit floats hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;
