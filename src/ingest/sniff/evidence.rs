//! What the first rows say about one column.

use std::cell::OnceCell;

use super::{decimal, head::Row, written::Written};
use crate::{
    ingest::{
        Dialect, Number, NumberStyle, numeral,
        quantity::{self, Form},
        time::{self, Clock},
    },
    table::{Kind, Role, Unit},
};

/// What the looked-at rows say about one column.
#[derive(Default)]
pub(in crate::ingest) struct Evidence<'a> {
    /// The numbers, in order.
    pub numbers: Vec<f64>,
    /// Cells that are neither numbers nor missing.
    pub texts: usize,
    /// Those of `texts` that are hexadecimal numbers, such as Argus's ports of ICMP.
    pub hexadecimal: usize,
    /// Those of `numbers` and `texts` that are written as people write quantities.
    written: Written,
    /// All non-missing cells, of equal ones that follow each other the first: many columns are mostly one value.
    changes: Vec<&'a [u8]>,
    distinct: OnceCell<Vec<&'a [u8]>>,
    clock: OnceCell<Option<Clock>>,
}

impl<'a> Evidence<'a> {
    /// What the rows say about the first `width` columns.
    pub fn gather(rows: &'a [Row], width: usize, dialect: Dialect) -> Vec<Self> {
        let style = NumberStyle::from(&dialect);
        let mut columns: Vec<Self> = (0..width).map(|_| Self::default()).collect();
        // Row by row, as they lie in memory.
        for row in rows {
            columns.iter_mut().zip(&row.cells).for_each(|(column, cell)| column.add(cell.trim_ascii(), style));
        }
        columns
    }

    fn add(&mut self, cell: &'a [u8], style: NumberStyle) {
        match style.parse(cell) {
            Number::Value(value) => self.numbers.push(value),
            Number::Missing => return,
            Number::Unreadable => match quantity::read(cell, style) {
                Some(quantity) if quantity.form != Form::Clock => {
                    self.numbers.push(quantity.value);
                    self.written.add(quantity);
                }
                other => {
                    self.texts += 1;
                    self.written.clocks += usize::from(other.is_some());
                    self.hexadecimal += usize::from(numeral::hexadecimal(cell).is_some());
                }
            },
        }
        if self.changes.last() != Some(&cell) {
            self.changes.push(cell);
        }
    }

    /// The different texts among all non-missing cells.
    pub fn distinct(&self) -> &[&'a [u8]] {
        self.distinct.get_or_init(|| {
            let mut texts = self.changes.clone();
            texts.sort_unstable();
            texts.dedup();
            texts
        })
    }

    /// Rows that have a value.
    pub fn filled(&self) -> usize {
        self.numbers.len() + self.texts
    }

    /// How a column of that role is read: as numbers if at most one cell in twenty is none; but what is counted rather
    /// than measured only if there are some and all are plain ones, and none is written like `02`; addresses never are,
    /// integers or not. A clock's hours, minutes and seconds are a number where the column is of lengths of time.
    pub fn kind(&self, role: Option<Role>) -> Kind {
        if role == Some(Role::Ip) {
            return Kind::Text;
        }
        let strict = matches!(role, Some(Role::Identifier | Role::Protocol | Role::Category | Role::Label));
        let odd = match role {
            Some(Role::Port) => self.texts - self.hexadecimal + self.written.count(),
            _ if strict => self.texts + self.written.count(),
            _ => self.texts - self.lengths(role) + self.written.doubtful(self.filled()),
        };
        let coded = strict && (odd > 0 || self.filled() == 0 || self.changes.iter().any(|cell| is_code(cell)));
        if coded || odd * 20 > self.filled() { Kind::Text } else { Kind::Number }
    }

    /// What its cells say that they are counted in.
    pub fn unit(&self, role: Role) -> Option<Unit> {
        self.written.unit().or((self.lengths(Some(role)) > 0).then_some(Unit::Seconds))
    }

    /// Some of its numbers are written as people write quantities.
    pub fn has_quantities(&self) -> bool {
        self.written.count() > 0
    }

    /// Nearly all cells are hours, minutes and seconds of less than a day: times of day, or lengths of time.
    pub fn is_clock(&self) -> bool {
        self.written.clocks > 0 && self.written.clocks * 20 >= self.filled() * 19
    }

    /// Those of `texts` that are lengths of time: hours, minutes and seconds in a column of such, or beside other lengths.
    fn lengths(&self, role: Option<Role>) -> usize {
        let such = role == Some(Role::Duration) || self.written.unit() == Some(Unit::Seconds);
        if such { self.written.clocks } else { 0 }
    }

    /// Its text is mostly numbers, in one notation or another, so that somebody may miss them.
    pub fn looks_like_numbers(&self) -> bool {
        let numerals = self.distinct().iter().filter(|cell| decimal::is_numeral(cell)).count();
        numerals > 1 && numerals * 2 > self.distinct().len() && !self.changes.iter().any(|cell| is_code(cell))
    }

    /// How its points in time are written, if it is text that holds some.
    pub fn clock(&self) -> Option<Clock> {
        *self.clock.get_or_init(|| time::clock_of_texts(self.distinct().iter().copied()))
    }

    /// Nine in ten of the different texts are such.
    pub fn mostly(&self, test: impl Fn(&[u8]) -> bool) -> bool {
        self.distinct().iter().filter(|cell| test(cell)).count() * 10 > self.distinct().len() * 9
    }
}

/// Digits with a nought before them: the name of something.
fn is_code(cell: &[u8]) -> bool {
    cell.len() > 1 && cell[0] == b'0' && cell.iter().all(u8::is_ascii_digit)
}
