//! What the first rows say about one column.

use std::cell::OnceCell;

use super::head::Row;
use crate::{
    ingest::{
        Dialect, Number, NumberStyle, numeral,
        time::{self, Clock},
    },
    table::{Kind, Role},
};

/// Rows after which a column that counts up by one is taken for row numbers.
const COUNTED_ROWS: usize = 10;

/// What the looked-at rows say about one column.
#[derive(Default)]
pub(in crate::ingest) struct Evidence<'a> {
    /// The numbers, in order.
    pub numbers: Vec<f64>,
    /// Cells that are neither numbers nor missing.
    pub texts: usize,
    /// Those of `texts` that are hexadecimal numbers, such as Argus's ports of ICMP.
    pub hexadecimal: usize,
    /// All non-missing cells, of equal ones that follow each other the first: many columns are mostly one value.
    changes: Vec<&'a [u8]>,
    distinct: OnceCell<Vec<&'a [u8]>>,
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
            Number::Unreadable => {
                self.texts += 1;
                self.hexadecimal += usize::from(numeral::hexadecimal(cell).is_some());
            }
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
    /// than measured only if there are some and all are, and none is written like `02`.
    pub fn kind(&self, role: Option<Role>) -> Kind {
        let odd = match role {
            Some(Role::Port) => self.texts - self.hexadecimal,
            _ => self.texts,
        };
        let strict = matches!(role, Some(Role::Identifier | Role::Ip | Role::Protocol | Role::Category | Role::Label));
        let coded = strict && (odd > 0 || self.filled() == 0 || self.changes.iter().any(|cell| is_code(cell)));
        if coded || odd * 20 > self.filled() { Kind::Text } else { Kind::Number }
    }

    /// How its points in time are written, if it is text that holds some.
    pub fn clock(&self) -> Option<Clock> {
        time::clock_of_texts(self.distinct().iter().copied())
    }

    /// It numbers the rows.
    pub fn counts_up(&self) -> bool {
        self.texts == 0
            && self.numbers.len() >= COUNTED_ROWS
            && self.numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0)
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
