//! Is the first record a header?

use super::{head::Row, shape::Shape};
use crate::ingest::families;

/// Rows below it that the first record is compared with.
const COMPARED: usize = 200;
/// Cells in a hundred of a column that must look alike.
const ALIKE: usize = 80;

/// Tells by names that are known, and otherwise by whether the cells of the first record look other than those below
/// them. Where neither says anything, it is a header; a single record is one unless most of its cells are numbers.
pub(super) fn is_header(first: &[Vec<u8>], below: &[Row]) -> bool {
    let texts = || first.iter().filter_map(|cell| std::str::from_utf8(cell).ok());
    let known = texts().filter(|name| families::column(None, name).is_some()).count();
    if known * 2 > first.len() || families::recognise(texts()).is_some() {
        return true;
    }
    if below.is_empty() {
        return first.iter().filter(|cell| Shape::of(cell) == Shape::Number).count() * 2 <= first.len();
    }
    let below = &below[..below.len().min(COMPARED)];
    let votes: i64 = (0..first.len()).map(|column| vote(&first[column], column, below)).sum();
    votes >= 0
}

/// 1 for a header, −1 against it.
fn vote(cell: &[u8], column: usize, below: &[Row]) -> i64 {
    let others = below.iter().filter_map(|row| row.cells.get(column));
    let mut shapes = [0; 5];
    others.clone().for_each(|other| shapes[Shape::of(other) as usize] += 1);
    let filled = shapes.iter().sum::<usize>() - shapes[Shape::Missing as usize];
    let usual = [Shape::Number, Shape::Address, Shape::Time]
        .into_iter()
        .find(|&shape| filled > 0 && shapes[shape as usize] * 100 >= filled * ALIKE);
    match (usual, Shape::of(cell)) {
        (_, Shape::Missing) => 0,
        (Some(usual), shape) if shape == usual => -1,
        (Some(_), Shape::Text) => 1,
        (None, Shape::Text) => -i64::from(others.into_iter().any(|other| other.trim_ascii() == cell.trim_ascii())),
        _ => 0,
    }
}
