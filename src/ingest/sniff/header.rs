//! Is the first record a header?

use csv::ByteRecord;

use super::{head::Row, shape::Shape};
use crate::ingest::families;

/// Rows below it that the first record is compared with.
const COMPARED: usize = 200;
/// Cells in a hundred of a column that must look alike.
const ALIKE: usize = 80;

/// Tells by names that are known, else by which cells of the first record are values and which stand above values, and
/// else by whether they occur again. Where nothing says anything, it is a header.
pub(super) fn is_header(first: &ByteRecord, below: &[Row]) -> bool {
    let texts = || first.iter().filter_map(|cell| std::str::from_utf8(cell).ok());
    let known = texts().filter(|name| families::column(None, name).is_some()).count();
    if known * 2 > first.len() || families::recognise(texts()).is_some() {
        return true;
    }
    let below = &below[..below.len().min(COMPARED)];
    let votes: i64 = first.iter().enumerate().map(|(column, cell)| vote(cell, column, below)).sum();
    let occurs_again = |(column, cell): (usize, &[u8])| {
        Shape::of(cell) == Shape::Text && cells(below, column).any(|other| other.trim_ascii() == cell.trim_ascii())
    };
    votes > 0 || votes == 0 && !first.iter().enumerate().any(occurs_again)
}

/// 1 for a header, if values stand below a text; −1 against it, if the cell is a value itself.
fn vote(cell: &[u8], column: usize, below: &[Row]) -> i64 {
    let mut shapes = [0; 5];
    cells(below, column).for_each(|other| shapes[Shape::of(other) as usize] += 1);
    let filled = shapes.iter().sum::<usize>() - shapes[Shape::Missing as usize];
    let values = [Shape::Number, Shape::Address, Shape::Time];
    match Shape::of(cell) {
        Shape::Missing => 0,
        Shape::Text => {
            i64::from(values.iter().any(|&shape| filled > 0 && shapes[shape as usize] * 100 >= filled * ALIKE))
        }
        Shape::Number | Shape::Address | Shape::Time => -1,
    }
}

fn cells(rows: &[Row], column: usize) -> impl Iterator<Item = &[u8]> {
    rows.iter().filter_map(move |row| row.cells.get(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_header(text: &str) -> bool {
        let mut rows: Vec<Row> =
            text.lines().map(|line| Row { offset: 0, end: 0, cells: line.split(',').collect() }).collect();
        let first = rows.remove(0);
        is_header(&first.cells, &rows)
    }

    #[test]
    fn names_stand_above_values() {
        assert!(has_header("a,b,c\n1,b,c\n2,b,c"), "values say more than texts that occur again");
        assert!(!has_header("0,tcp,http\n0,tcp,ftp\n0,udp,dns"));
        assert!(!has_header("x,tcp,1\ny,tcp,x\nz,udp,y"), "a number is no name, whatever stands below");
        assert!(!has_header("a,b\nb,c\na,d"), "a name does not occur again");
        assert!(has_header("a,b\nc,d\ne,f"), "nothing says anything");
        assert!(has_header("src,first seen\n10.0.0.1,2024-01-02\n10.0.0.2,2024-01-03"));
    }

    #[test]
    fn a_single_record_is_a_header_unless_it_has_values() {
        assert!(has_header("a,b,,c"));
        assert!(!has_header("a,b,1"));
        assert!(!has_header("a,10.0.0.1"));
        assert!(has_header("timestamp,src_ip,2024"), "known names say more");
    }
}
