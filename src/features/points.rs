//! Rows as points: coordinates along the features, values that are told apart, and how far two rows are from each other.

use serde::{Deserialize, Serialize};
use wide::{i16x8, i32x4};

/// What counts as a distance of 1 along one feature.
pub const UNIT: i16 = 10_000;
/// Groups by which most rows are told to be farther than others.
const FIRST: usize = 2;
/// What counts as a distance of 1 along one feature where coordinates are rounded.
pub const ROUNDED_UNIT: u32 = UNIT as u32 >> ROUNDED;
/// Bits that are left out, so that squares are small: of the largest difference, two squares are less than 2²⁵.
pub(crate) const ROUNDED: u32 = 3;
/// Groups of coordinates whose squares 31 bits hold the sum of; also those after which it is asked whether it is enough.
const SQUARED: usize = 4;
/// The farthest that two rows are apart along a feature: by all of the ranks, and by twice the deviations at which rows are farthest out. 16 bits
/// with a sign hold it.
pub(super) const FARTHEST_APART: i16 = 3 * UNIT;
/// Coordinates are stored in groups of so many, for vector instructions.
const LANES: usize = 8;

/// Rows in a space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    rows: usize,
    /// Coordinates of a row, filled up with zeros.
    width: usize,
    /// Values of a row that are told apart; 0 is any infrequent one.
    kinds: usize,
    #[serde(with = "crate::table::packed")]
    places: Vec<i16>,
    #[serde(with = "crate::table::packed")]
    codes: Vec<u16>,
}

impl Points {
    /// No rows, of so many coordinates and values that are told apart.
    pub(super) fn none(features: usize, kinds: usize) -> Self {
        Self { width: features.next_multiple_of(LANES), kinds, ..Self::default() }
    }

    /// Appends a row: its coordinates, each with the value where values are told apart.
    pub(super) fn push(&mut self, row: impl Iterator<Item = (i16, Option<u16>)>) {
        for (place, code) in row {
            self.places.push(place);
            self.codes.extend(code);
        }
        self.rows += 1;
        self.places.resize(self.rows * self.width, 0);
    }

    /// So many rows whose coordinates are given one after the other, along each feature, and likewise the values that are told
    /// apart.
    pub(super) fn of_columns(rows: usize, places: &[Vec<i16>], codes: &[Vec<u16>]) -> Self {
        let mut points = Self { rows, ..Self::none(places.len(), codes.len()) };
        points.places.resize(rows * points.width, 0);
        for (feature, column) in places.iter().enumerate() {
            let to = points.places.iter_mut().skip(feature).step_by(points.width);
            to.zip(column).for_each(|(to, place)| *to = *place);
        }
        points.codes.resize(rows * points.kinds, 0);
        for (kind, column) in codes.iter().enumerate() {
            let to = points.codes.iter_mut().skip(kind).step_by(points.kinds);
            to.zip(column).for_each(|(to, code)| *to = *code);
        }
        points
    }

    /// The same rows along some of the features: of these coordinates, and of these of the values that are told apart.
    pub(super) fn along(&self, places: &[usize], codes: &[usize]) -> Self {
        let place = |&at: &usize| (0..self.rows).map(|row| self.places(row)[at]).collect::<Vec<i16>>();
        let code = |&at: &usize| (0..self.rows).map(|row| self.codes(row)[at]).collect::<Vec<u16>>();
        let places: Vec<Vec<i16>> = places.iter().map(place).collect();
        Self::of_columns(self.rows, &places, &codes.iter().map(code).collect::<Vec<_>>())
    }

    /// They are of so many coordinates and values that are told apart, and none lies where none can.
    pub(super) fn fit(&self, features: usize, kinds: usize) -> bool {
        let all = |width: usize, held: usize| self.rows.checked_mul(width) == Some(held);
        // What fills a row up counts in no distance, and rows without any coordinate are as many as a file likes to say.
        let filled = |row: &[i16]| row.iter().skip(features).all(|&place| place == 0);
        self.width == features.next_multiple_of(LANES)
            && (features > 0 || self.rows == 0)
            && self.kinds == kinds
            && all(self.width, self.places.len())
            && all(self.kinds, self.codes.len())
            && self.places.iter().all(|place| (0..=FARTHEST_APART).contains(place))
            && self.places.chunks(self.width.max(1)).all(filled)
    }

    /// Their coordinates are [rounded](Self::rounded): so small that sums of squares stay within 32 bits.
    pub fn are_rounded(&self) -> bool {
        self.places.iter().all(|&place| place <= FARTHEST_APART >> ROUNDED)
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Coordinates of a row; those behind the features' are 0.
    #[inline]
    pub fn places(&self, row: usize) -> &[i16] {
        &self.places[row * self.width..][..self.width]
    }

    /// Values of a row that are told apart.
    #[inline]
    pub fn codes(&self, row: usize) -> &[u16] {
        &self.codes[row * self.kinds..][..self.kinds]
    }

    /// Appends the rows of others in the same space.
    pub fn extend(&mut self, others: &Self) {
        self.rows += others.rows;
        self.places.extend(&others.places);
        self.codes.extend(&others.codes);
    }

    /// The same rows in this order, or some of them.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let places = rows.iter().flat_map(|&row| self.places(row)).copied().collect();
        let codes = rows.iter().flat_map(|&row| self.codes(row)).copied().collect();
        Self { rows: rows.len(), places, codes, ..*self }
    }

    /// The same rows at coordinates that are rounded down, to be compared in the straight line.
    #[must_use]
    pub fn rounded(self) -> Self {
        Self { places: self.places.iter().map(|place| place >> ROUNDED).collect(), ..self }
    }

    /// One row at these coordinates, with no values that are told apart.
    pub fn one(places: impl Iterator<Item = i16>) -> Self {
        let mut places: Vec<i16> = places.collect();
        places.resize(places.len().next_multiple_of(LANES), 0);
        Self { rows: 1, width: places.len(), kinds: 0, places, codes: Vec::new() }
    }

    /// The rows by some of their coordinates alone.
    #[must_use]
    pub fn by(&self, axes: &[u32]) -> Self {
        let mut some = Self { width: axes.len().next_multiple_of(LANES), ..Self::default() };
        for row in 0..self.rows {
            let places = self.places(row);
            some.extend(&Self::one(axes.iter().map(|&axis| places[axis as usize])));
        }
        some
    }

    /// A row.
    #[inline]
    pub fn point(&self, row: usize) -> Point<'_> {
        Point { places: self.places(row).as_chunks().0, codes: self.codes(row) }
    }

    /// All rows.
    pub fn points(&self) -> Vec<Point<'_>> {
        (0..self.rows).map(|row| self.point(row)).collect()
    }
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Point<'a> {
    places: &'a [[i16; LANES]],
    codes: &'a [u16],
}

impl Point<'_> {
    /// The distance of two rows, in parts of which [`UNIT`] make 1 along one feature.
    #[inline]
    pub fn distance(self, other: Point<'_>) -> u32 {
        self.nearer(other, u32::MAX).unwrap_or(u32::MAX)
    }

    /// The same where it is less than this. Most rows are told to be farther by their first features.
    #[inline]
    pub fn nearer(self, other: Point<'_>, than: u32) -> Option<u32> {
        let apart = self.codes.iter().zip(other.codes).filter(|(a, b)| a != b).count() as u32;
        let first = FIRST.min(self.places.len());
        let (near, rest) = self.places.split_at(first);
        let (other_near, other_rest) = other.places.split_at(first);
        let sum = apart * UNIT as u32 + differences(near, other_near);
        if sum >= than {
            return None;
        }
        Some(sum + differences(rest, other_rest)).filter(|&sum| sum < than)
    }
}

impl Point<'_> {
    /// The square of the distance of two [rounded](Points::rounded) rows in the straight line, in parts of which [`ROUNDED_UNIT`] squared make 1
    /// along one feature; where it is less than this.
    #[inline]
    pub fn straight(self, other: Point<'_>, than: u64) -> Option<u64> {
        let apart = self.codes.iter().zip(other.codes).filter(|(a, b)| a != b).count() as u64;
        let mut sum = apart * u64::from(ROUNDED_UNIT) * u64::from(ROUNDED_UNIT);
        for (a, b) in self.places.chunks(SQUARED).zip(other.places.chunks(SQUARED)) {
            if sum >= than {
                return None;
            }
            sum += squares(a, b);
        }
        Some(sum).filter(|&sum| sum < than)
    }
}

/// The sum of the squared differences of rounded coordinates; of as many groups as 32 bits hold the squares of.
#[inline]
fn squares(a: &[[i16; LANES]], b: &[[i16; LANES]]) -> u64 {
    let mut sums = i32x4::splat(0);
    for (a, b) in a.iter().zip(b) {
        let difference = i16x8::new(*a) - i16x8::new(*b);
        sums += difference.dot(difference);
    }
    sums.to_array().into_iter().map(|sum| sum as u64).sum()
}

/// The sum of the differences, none of which is more than [`FARTHEST_APART`].
#[inline]
fn differences(a: &[[i16; LANES]], b: &[[i16; LANES]]) -> u32 {
    let ones = i16x8::splat(1);
    let mut sums = i32x4::splat(0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (i16x8::new(*a), i16x8::new(*b));
        sums += (a.max(b) - a.min(b)).dot(ones);
    }
    sums.reduce_add() as u32
}

#[cfg(test)]
impl Points {
    /// Rows at these coordinates, with no values that are told apart.
    pub(crate) fn at(rows: &[Vec<i16>]) -> Self {
        let width = rows.first().map_or(0, Vec::len).next_multiple_of(LANES);
        let filled = |row: &Vec<i16>| row.iter().copied().chain(std::iter::repeat(0)).take(width).collect::<Vec<_>>();
        Self { rows: rows.len(), width, places: rows.iter().flat_map(filled).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_another_space_are_told() {
        let points = Points::at(&[vec![5; 9], vec![30_000; 9]]);
        assert!(points.fit(9, 0) && points.fit(16, 0));
        assert!(!points.fit(8, 0) && !points.are_rounded() && points.clone().rounded().are_rounded());
        assert!(!points.fit(17, 0) && !points.fit(9, 1) && !Points::at(&[vec![-1; 9]]).fit(9, 0));
        let short = Points { rows: 3, ..points };
        assert!(!short.fit(9, 0));
        assert!(Points::none(0, 0).fit(0, 0) && !Points { rows: usize::MAX, ..Points::none(0, 0) }.fit(0, 0));
    }

    #[test]
    fn straight_distances_are_euclids() {
        let rows: Vec<Vec<i16>> = (0..3).map(|row| (0..100).map(|place| (row * place) * 150).collect()).collect();
        let points = Points::at(&rows).rounded();
        for (a, b) in [(0, 1), (0, 2), (1, 2), (2, 2)] {
            let difference = |place: usize| i64::from(rows[a][place] >> 3) - i64::from(rows[b][place] >> 3);
            let sum: u64 = (0..100).map(|place| difference(place).pow(2) as u64).sum();
            let straight = |than| points.point(a).straight(points.point(b), than);
            assert_eq!([straight(u64::MAX), straight(sum + 1), straight(sum)], [Some(sum), Some(sum), None]);
        }
    }
}
