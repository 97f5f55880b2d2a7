//! Headers that name one column too few or too many, and delimiters behind the last cell.

use super::{head::Row, shape::Shape};
use crate::{
    ingest::{Number, families, parse_number},
    table::Role,
};

/// Row numbers are smaller than this, and times in seconds since 1970 are not.
const ROW_NUMBERS: f64 = 1e9;
/// Rows of which growing numbers are no accident.
const NUMBERED_ROWS: usize = 3;

/// Every record ends in a delimiter, behind which the header names no column: SiLK's `rwcut` writes both so, others the
/// rows only.
pub(super) fn ends_in_delimiter(names: &[Vec<u8>], rows: &[Row], width: usize) -> bool {
    let unnamed = names.len() + 1 == width || names.len() == width && names.last().is_some_and(is_blank);
    let last_is_blank = |row: &Row| row.cells.len() != width || row.cells.get(width - 1).is_some_and(is_blank);
    width > 1 && unnamed && rows.iter().all(last_is_blank)
}

/// The header names one column fewer than there are, and it is the first that has no name: R writes the numbers or names of
/// rows there, and the header without a cell for them.
pub(super) fn first_is_unnamed(names: &[Vec<u8>], rows: &[Row]) -> bool {
    // Further on, it may be any name between that is missing.
    let first_half = || names.iter().enumerate().take(names.len().div_ceil(2));
    let fits = |shift| first_half().filter(|(place, name)| fits(name, place + shift, rows)).count();
    let (as_written, shifted) = (fits(0), fits(1));
    shifted > as_written || shifted == as_written && numbers_rows(rows)
}

/// The cells below a name are what it says, as far as that is known.
fn fits(name: &[u8], column: usize, rows: &[Row]) -> bool {
    let known = std::str::from_utf8(name).ok().and_then(|name| families::column(None, name.trim()));
    let Some(role) = known.map(|known| known.role) else { return false };
    let mut cells =
        rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| Shape::of(cell) != Shape::Missing);
    match role {
        Role::Ip => cells.all(|cell| Shape::of(cell) == Shape::Address),
        Role::Time => cells.all(|cell| match parse_number(cell) {
            Number::Value(value) => value >= ROW_NUMBERS,
            _ => Shape::of(cell) == Shape::Time,
        }),
        Role::Port => {
            cells.all(|cell| matches!(parse_number(cell), Number::Value(port) if (0.0..65_536.0).contains(&port)))
        }
        Role::Measure | Role::Duration => cells.all(|cell| Shape::of(cell) == Shape::Number),
        Role::Protocol | Role::Category | Role::Label => cells.all(|cell| Shape::of(cell) == Shape::Text),
        Role::Identifier | Role::Ignored => false,
    }
}

/// All rows are of one width, and their first cells whole numbers that only grow, too small for times.
fn numbers_rows(rows: &[Row]) -> bool {
    let number = |row: &Row| match parse_number(row.cells.get(0).unwrap_or_default()) {
        Number::Value(value) if value.fract() == 0.0 && value.abs() < ROW_NUMBERS => Some(value),
        _ => None,
    };
    let follows = |pair: &[Row]| pair[0].cells.len() == pair[1].cells.len() && number(&pair[0]) < number(&pair[1]);
    rows.len() >= NUMBERED_ROWS && rows.iter().all(|row| number(row).is_some()) && rows.windows(2).all(follows)
}

fn is_blank(cell: impl AsRef<[u8]>) -> bool {
    cell.as_ref().trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        text.lines().map(|line| Row { offset: 0, end: 0, cells: line.split(',').collect() }).collect()
    }

    fn names(text: &str) -> Vec<Vec<u8>> {
        text.split(',').map(|name| name.as_bytes().to_vec()).collect()
    }

    #[test]
    fn a_delimiter_ends_every_row_or_is_one_of_a_missing_cell() {
        assert!(ends_in_delimiter(&names("a,b"), &rows("1,2,\n3,4, "), 3));
        assert!(ends_in_delimiter(&names("a,b,"), &rows("1,2,\n3,4,"), 3));
        assert!(!ends_in_delimiter(&names("a,b,c"), &rows("1,2,\n3,4,"), 3), "it has a name");
        assert!(!ends_in_delimiter(&names("a,b"), &rows("1,2,\n3,4,5"), 3), "somebody filled it");
        assert!(!ends_in_delimiter(&names("a"), &rows("1,2,\n3,4,"), 3));
    }

    #[test]
    fn the_first_column_has_no_name_where_it_numbers_rows_or_names_fit_one_place_on() {
        let header = names("src_ip,dst_port,bytes");
        assert!(first_is_unnamed(&header, &rows("1,10.0.0.1,53,100\n2,10.0.0.2,53,200")));
        assert!(first_is_unnamed(&header, &rows("b,10.0.0.1,53,100\na,10.0.0.2,53,200")), "R names rows by text, too");
        assert!(!first_is_unnamed(&header, &rows("10.0.0.1,53,100,x\n10.0.0.2,53,200,y")));
        assert!(first_is_unnamed(&names("x,y"), &rows("4,7,1\n9,3,2\n11,3,2")), "a selection of numbered rows");
        assert!(!first_is_unnamed(&names("x,y"), &rows("9,7,1\n4,3,2\n11,3,2")));
        assert!(!first_is_unnamed(&names("x,y"), &rows("1709647201,7,1\n1709647202,3,2\n1709647203,3,2")), "times");
        assert!(!first_is_unnamed(&names("x,y"), &rows("1,7,1\n2,3,2\n3,4")), "rows of several widths");
    }
}
