//! How numbers are written: with a point or a comma, with or without groups of three digits.

use std::collections::BTreeMap;

use super::{head::Row, shape::is_address};
use crate::ingest::{Choices, Dialect, Number, NumberStyle};

/// Cells of a column that must have a notation's signs to prove it.
const FEWEST: usize = 2;

/// The notations beside a plain one with a point, the likeliest first: decimal sign, and between groups.
const NOTATIONS: [(u8, Option<u8>); 7] = [
    (b',', None),
    (b'.', Some(b',')),
    (b',', Some(b'.')),
    (b'.', Some(b' ')),
    (b',', Some(b' ')),
    (b'.', Some(b'\'')),
    (b',', Some(b'\'')),
];

/// The dialect with the decimal sign and the groups that most columns prove. `1,234` proves nothing: it can be both.
pub(super) fn sniff(rows: &[Row], dialect: Dialect, choices: &Choices) -> Dialect {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut votes: BTreeMap<(u8, Option<u8>), usize> = BTreeMap::new();
    for column in 0..width {
        if let Some(notation) = notation(rows, column, dialect) {
            *votes.entry(notation).or_insert(0) += 1;
        }
    }
    let of = |decimal| votes.iter().filter(|((sign, _), _)| *sign == decimal).map(|(_, votes)| votes).sum::<usize>();
    let decimal = choices.decimal.unwrap_or(if of(b',') > of(b'.') { b',' } else { b'.' });
    let groups = votes.iter().filter(|((sign, groups), _)| *sign == decimal && groups.is_some());
    let thousands = groups.max_by_key(|(_, votes)| **votes).and_then(|((_, groups), _)| *groups);
    Dialect { decimal, thousands, ..dialect }
}

/// The one notation in which this column is made of numbers, if it has any that need one.
fn notation(rows: &[Row], column: usize, dialect: Dialect) -> Option<(u8, Option<u8>)> {
    let cells = || rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.trim_ascii());
    let value = |cell: &[u8], (decimal, thousands)| match NumberStyle::from(&Dialect { decimal, thousands, ..dialect })
        .parse(cell)
    {
        Number::Missing => None,
        Number::Value(_) => Some(true),
        Number::Unreadable => Some(false),
    };
    let plain = (b'.', None);
    if cells().all(|cell| value(cell, plain) != Some(false)) {
        return cells().any(|cell| cell.contains(&b'.')).then_some(plain);
    }
    if cells().any(is_address) {
        return None;
    }
    let proven = |notation: (u8, Option<u8>)| {
        let signs = |byte: &u8| *byte == notation.0 || Some(*byte) == notation.1;
        cells().all(|cell| value(cell, notation) != Some(false))
            && cells().filter(|cell| cell.iter().any(signs)).count() >= FEWEST
    };
    let first = NOTATIONS.into_iter().find(|&notation| proven(notation))?;
    let either = first == NOTATIONS[0] && proven(NOTATIONS[1]);
    (!either).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(columns: &[&[&str]]) -> (u8, Option<u8>) {
        let rows: Vec<Row> = (0..columns[0].len())
            .map(|row| Row { offset: 0, end: 0, cells: columns.iter().map(|column| column[row]).collect() })
            .collect();
        let dialect = sniff(&rows, Dialect { delimiter: b';', ..Dialect::default() }, &Choices::default());
        (dialect.decimal, dialect.thousands)
    }

    #[test]
    fn what_is_proven_is_assumed_and_no_more() {
        assert_eq!(sniffed(&[&["1.5", "2"], &["a", "b"]]), (b'.', None));
        assert_eq!(sniffed(&[&["1,5", "2,25", "7"]]), (b',', None));
        assert_eq!(sniffed(&[&["0,125", "0,250"]]), (b',', None), "groups do not begin with a nought");
        assert_eq!(sniffed(&[&["1,234", "5,678"]]), (b'.', None), "could be both");
        assert_eq!(sniffed(&[&["1,234,567", "5,678"]]), (b'.', Some(b',')));
        assert_eq!(sniffed(&[&["1.234,5", "5.678,25"]]), (b',', Some(b'.')));
        assert_eq!(sniffed(&[&["1.234.567", "2.345.678"]]), (b',', Some(b'.')));
        assert_eq!(sniffed(&[&["1 234", "12 345 678"]]), (b'.', Some(b' ')));
        assert_eq!(sniffed(&[&["1'234.5", "12'345"]]), (b'.', Some(b'\'')));
        assert_eq!(sniffed(&[&["1,5", "x"]]), (b'.', None), "one cell is no proof");
        assert_eq!(sniffed(&[&["10.100.200.201", "10.100.200.202"]]), (b'.', None));
        assert_eq!(sniffed(&[&["1.5", "2.5"], &["3.5", "4.5"], &["1,5", "2,5"]]), (b'.', None));
    }
}
