//! How numbers are written: with a point or a comma, with or without groups of three digits.

use std::collections::{BTreeMap, BTreeSet};

use memchr::{memchr_iter, memchr3_iter};

use super::{head::Row, shape::is_address};
use crate::ingest::{Choices, Dialect, Number, NumberStyle, quantity};

/// Cells of a column that must have a notation's signs to prove it.
const FEWEST: usize = 2;

/// Decimal sign, and what stands between groups of digits.
const PLAIN: (u8, Option<u8>) = (b'.', None);
/// The other notations, the likeliest first. Apostrophes stand between groups and for nothing else, in any of them.
const NOTATIONS: [(u8, Option<u8>); 5] =
    [(b',', None), (b'.', Some(b',')), (b',', Some(b'.')), (b'.', Some(b' ')), (b',', Some(b' '))];

/// What a column says of how numbers are written.
enum Vote {
    /// So, and not otherwise.
    For((u8, Option<u8>)),
    /// Its only sign may stand before the fraction or between groups of digits, as in `1,234`.
    Either,
}

/// The dialect with the decimal sign and the groups that most columns prove. `1,234` proves nothing: it can be both, and
/// is what the other columns leave it to be.
pub(super) fn sniff(rows: &[Row], dialect: Dialect, choices: &Choices) -> Dialect {
    let marked = marked_columns(rows);
    let mut votes: BTreeMap<(u8, Option<u8>), usize> = BTreeMap::new();
    let mut undecided = Vec::new();
    let mut vote = |of_marked: bool| {
        for column in (0..marked.len()).filter(|&column| marked[column] == of_marked) {
            match notation(rows, column, dialect) {
                Some(Vote::For(notation)) => *votes.entry(notation).or_insert(0) += 1,
                Some(Vote::Either) => undecided.push(column),
                None => {}
            }
        }
        votes.keys().any(|&it| it != PLAIN) || !undecided.is_empty()
    };
    // Where no column is written differently, those with points have nothing to vote against: that is most files.
    if vote(true) {
        vote(false);
    }
    let of = |decimal| votes.iter().filter(|((sign, _), _)| *sign == decimal).map(|(_, votes)| votes).sum::<usize>();
    let decimal = choices.decimal.unwrap_or(if of(b',') > of(b'.') { b',' } else { b'.' });
    let groups = votes.iter().filter(|((sign, groups), _)| *sign == decimal && groups.is_some());
    let proven = groups.max_by_key(|(_, votes)| **votes).and_then(|((_, groups), _)| *groups);
    // The decimal sign is known, and the other one stands where only groups do.
    let other = if decimal == b'.' { b',' } else { b'.' };
    let grouped = |&column: &usize| {
        let cells = cells_of(rows, column);
        let with_sign: BTreeSet<&[u8]> = cells.iter().copied().filter(|cell| cell.contains(&other)).collect();
        with_sign.len() > FEWEST && odd(&cells, (decimal, Some(other)), dialect, 0).is_some()
    };
    let known = choices.decimal.is_some() || of(decimal) > 0;
    let thousands = proven.or_else(|| (known && undecided.iter().any(grouped)).then_some(other));
    Dialect { decimal, thousands, ..dialect }
}

fn cells_of(rows: &[Row], column: usize) -> Vec<&[u8]> {
    rows.iter().filter_map(|row| row.cells.get(column)).map(<[u8]>::trim_ascii).collect()
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
fn notation(rows: &[Row], column: usize, dialect: Dialect) -> Option<Vote> {
    let cells = cells_of(rows, column);
    if odd(&cells, PLAIN, dialect, 0).is_some() {
        let points = cells.iter().any(|cell| cell.contains(&b'.'));
        let groups = odd(&cells, (b',', Some(b'.')), dialect, 0).is_some();
        return points.then_some(if groups { Vote::Either } else { Vote::For(PLAIN) });
    }
    if cells.iter().any(|cell| is_address(cell)) {
        return None;
    }
    let proven = |notation: (u8, Option<u8>), most_odd: usize| {
        let signs = |byte: &u8| *byte == notation.0 || Some(*byte) == notation.1;
        let enough = cells.iter().filter(|cell| cell.iter().any(signs)).count() >= FEWEST;
        odd(&cells, notation, dialect, most_odd).filter(|_| enough)
    };
    if let Some(first) = NOTATIONS.into_iter().find(|&notation| proven(notation, 0).is_some()) {
        let either = first == NOTATIONS[0] && proven(NOTATIONS[1], 0).is_some();
        return Some(if either { Vote::Either } else { Vote::For(first) });
    }
    // A few other cells make no other notation.
    let most_odd = cells.len() / 20;
    let least_odd = std::iter::once(PLAIN).chain(NOTATIONS).filter_map(|it| Some((proven(it, most_odd)?, it)));
    least_odd.min_by_key(|(odd, _)| *odd).map(|(_, notation)| Vote::For(notation))
}

/// How many cells are no numbers in that notation; `None` if more than `most`.
fn odd(cells: &[&[u8]], (decimal, thousands): (u8, Option<u8>), dialect: Dialect, most: usize) -> Option<usize> {
    let style = NumberStyle::from(&Dialect { decimal, thousands, ..dialect });
    let mut odd = 0;
    for cell in cells {
        odd += usize::from(style.parse(cell) == Number::Unreadable && quantity::read(cell, style).is_none());
        if odd > most {
            return None;
        }
    }
    Some(odd)
}

/// The cell is a number in one notation or another.
pub(super) fn is_numeral(cell: &[u8]) -> bool {
    let reads = |(decimal, thousands)| {
        let style = NumberStyle::from(&Dialect { decimal, thousands, ..Dialect::default() });
        matches!(style.parse(cell), Number::Value(_)) || quantity::read(cell, style).is_some()
    };
    std::iter::once(PLAIN).chain(NOTATIONS).any(reads)
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
            let plain = matches!(notation, None | Some(Vote::For(PLAIN) | Vote::Either));
            prop_assert!(marked[1] || plain, "{:?}", cells);
        }
    }

    #[test]
    fn what_is_proven_is_assumed_and_no_more() {
        assert_eq!(sniffed(&[&["1.5", "2"], &["a", "b"]]), (b'.', None));
        assert_eq!(sniffed(&[&["1,5", "2,25", "7"]]), (b',', None));
        assert_eq!(sniffed(&[&["0,125", "0,250"]]), (b',', None), "groups do not begin with a nought");
        assert_eq!(sniffed(&[&["1,234", "5,678"]]), (b'.', None), "could be both");
        let threes: [&[&str]; 2] = [&["1,234", "5,678", "9,012"], &["1.234", "5.678", "9.012"]];
        assert_eq!(sniffed(&[threes[0], &["1.5", "2.25", "3"]]), (b'.', Some(b',')), "a point is the decimal sign");
        assert_eq!(sniffed(&[threes[1], &["1,5", "2,25", "3"]]), (b',', Some(b'.')), "a comma is the decimal sign");
        assert_eq!(sniffed(&threes), (b'.', None), "could still be both");
        assert_eq!(sniffed(&[&["1,234,567", "5,678"]]), (b'.', Some(b',')));
        assert_eq!(sniffed(&[&["1.234,5", "5.678,25"]]), (b',', Some(b'.')));
        assert_eq!(sniffed(&[&["1.234.567", "2.345.678"]]), (b',', Some(b'.')));
        assert_eq!(sniffed(&[&["1 234", "12 345 678"]]), (b'.', Some(b' ')));
        assert_eq!(sniffed(&[&["1'234.5", "12'345"]]), (b'.', None), "apostrophes need no proof");
        assert_eq!(sniffed(&[&["1'234,5", "12'345,25"]]), (b',', None));
        assert_eq!(sniffed(&[&["1.7 M", "2.25 G", "12", "300 kB"]]), (b'.', None));
        assert_eq!(sniffed(&[&["1,7 M", "2,25 G", "12"]]), (b',', None));
        let with_one_text: Vec<&str> = ["1.234.567"; 30].into_iter().chain(["n/v"]).collect();
        assert_eq!(sniffed(&[&with_one_text]), (b',', Some(b'.')), "one cell of thirty is no other notation");
        assert_eq!(sniffed(&[&["1,5", "x"]]), (b'.', None), "one cell is no proof");
        assert_eq!(sniffed(&[&["10.100.200.201", "10.100.200.202"]]), (b'.', None));
        assert_eq!(sniffed(&[&["1.5", "2.5"], &["3.5", "4.5"], &["1,5", "2,5"]]), (b'.', None));
    }
}
