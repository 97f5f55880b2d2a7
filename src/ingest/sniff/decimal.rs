//! How numbers are written: with a point or a comma, with or without groups of three digits.

use std::collections::BTreeMap;

use memchr::{memchr_iter, memchr3_iter};

use super::{head::Row, shape::is_address};
use crate::ingest::{Choices, Dialect, Number, NumberStyle};

/// Cells of a column that must have a notation's signs to prove it.
const FEWEST: usize = 2;

/// Decimal sign, and what stands between groups of digits.
const PLAIN: (u8, Option<u8>) = (b'.', None);
/// The other notations, the likeliest first.
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
    let marked = marked_columns(rows);
    let mut votes: BTreeMap<(u8, Option<u8>), usize> = BTreeMap::new();
    let mut vote = |of_marked: bool| {
        let columns = (0..marked.len()).filter(|&column| marked[column] == of_marked);
        columns.filter_map(|column| notation(rows, column, dialect)).for_each(|it| *votes.entry(it).or_insert(0) += 1);
        votes.keys().any(|&it| it != PLAIN)
    };
    // Where no column is written differently, those with points have nothing to vote against: that is most files.
    if vote(true) {
        vote(false);
    }
    let of = |decimal| votes.iter().filter(|((sign, _), _)| *sign == decimal).map(|(_, votes)| votes).sum::<usize>();
    let decimal = choices.decimal.unwrap_or(if of(b',') > of(b'.') { b',' } else { b'.' });
    let groups = votes.iter().filter(|((sign, groups), _)| *sign == decimal && groups.is_some());
    let thousands = groups.max_by_key(|(_, votes)| **votes).and_then(|((_, groups), _)| *groups);
    Dialect { decimal, thousands, ..dialect }
}

/// Which columns have a cell with a sign that plain numbers lack, or with more points than they have.
fn marked_columns(rows: &[Row]) -> Vec<bool> {
    let mut marked = vec![false; rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)];
    for Row { cells, .. } in rows {
        // The text of all cells, one behind the other.
        let text = cells.as_slice();
        let column_of = |mut column: usize, at: usize| {
            while cells.range(column).is_some_and(|range| range.end <= at) {
                column += 1;
            }
            column
        };
        let mut column = 0;
        for at in memchr3_iter(b',', b' ', b'\'', text) {
            column = column_of(column, at);
            marked[column] = true;
        }
        let mut points = None;
        for at in memchr_iter(b'.', text) {
            let column = column_of(points.unwrap_or(0), at);
            marked[column] |= points.replace(column) == Some(column);
        }
    }
    marked
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
    if cells().all(|cell| value(cell, PLAIN) != Some(false)) {
        return cells().any(|cell| cell.contains(&b'.')).then_some(PLAIN);
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
    use proptest::prelude::*;

    use super::*;

    fn sniffed(columns: &[&[&str]]) -> (u8, Option<u8>) {
        let rows: Vec<Row> = (0..columns[0].len())
            .map(|row| Row { offset: 0, end: 0, cells: columns.iter().map(|column| column[row]).collect() })
            .collect();
        let dialect = sniff(&rows, Dialect { delimiter: b';', ..Dialect::default() }, &Choices::default());
        (dialect.decimal, dialect.thousands)
    }

    proptest! {
        #[test]
        fn a_notation_needs_a_mark(cells in prop::collection::vec("[0-9., ']{0,9}", 1..5)) {
            let rows: Vec<Row> = cells
                .iter()
                .map(|cell| Row { offset: 0, end: 0, cells: ["a", cell.as_str(), "b"].iter().collect() })
                .collect();
            let marked = marked_columns(&rows);
            prop_assert_eq!((marked[0], marked[2]), (false, false));
            let notation = notation(&rows, 1, Dialect { delimiter: b';', ..Dialect::default() });
            prop_assert!(marked[1] || notation.is_none_or(|notation| notation == PLAIN), "{:?}", cells);
        }
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
