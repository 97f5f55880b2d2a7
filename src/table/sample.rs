//! A uniform sample of rows that does not depend on how the file was split: the rows with the smallest hashes of
//! (seed, byte offset).

use serde::{Deserialize, Serialize};

use super::{Block, Column, Field, Kind, Schema, Storage, exact::from_time};
use crate::numeric::quantile::interpolated_unsorted;

/// The hash that draws samples: SplitMix64's output function (Steele, Lea and Flood 2014) over seed and offset.
pub fn row_hash(seed: u64, offset: u64) -> u64 {
    let mut bits = offset.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Hashes of rows, on their way from shards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes(#[serde(with = "super::packed")] pub Vec<u64>);

impl Hashes {
    /// The largest hash of the sample of `capacity` rows: a row belongs to it iff its hash is at most this. (`row_hash` is
    /// a bijection of the offset, so no two are equal.)
    pub fn cutoff(mut self, capacity: usize) -> u64 {
        match self.0.len().min(capacity).checked_sub(1) {
            Some(last) => *self.0.select_nth_unstable(last).1,
            None => 0,
        }
    }
}

/// The cells of the sampled rows, column by column as in the blocks they came from, in file order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RowSample {
    /// Rows.
    pub rows: usize,
    /// Per column, the 32 bits of each row's cell, packed as little-endian bytes; empty for unstored columns.
    columns: Vec<Packed>,
    /// Per column, the points in time that it holds, in nanoseconds; empty for all others.
    times: Vec<Times>,
}

/// Cells that travel between workers as one piece of bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Packed(#[serde(with = "super::packed")] Vec<u32>);

/// Points in time, alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Times(#[serde(with = "super::packed")] Vec<i64>);

impl RowSample {
    /// A sample of `rows` rows with these cells: per column the bits of each row's, or none if it is not stored.
    pub fn new(rows: usize, columns: Vec<Vec<u32>>) -> Self {
        let times = vec![Times(Vec::new()); columns.len()];
        Self { rows, columns: columns.into_iter().map(Packed).collect(), times }
    }

    /// The same with what is known of points in time: per column their nanoseconds, or none if it holds other things.
    pub fn with_times(self, times: Vec<Vec<i64>>) -> Self {
        Self { times: times.into_iter().map(Times).collect(), ..self }
    }

    /// Some rows of it, with the cells of the columns that are wanted.
    #[must_use]
    pub fn pick(&self, rows: &[usize], wanted: impl Fn(usize) -> bool) -> Self {
        let cells = |(number, column): (usize, &Packed)| {
            if wanted(number) && !column.0.is_empty() {
                rows.iter().map(|&row| column.0[row]).collect()
            } else {
                Vec::new()
            }
        };
        Self::new(rows.len(), self.columns.iter().enumerate().map(cells).collect())
    }

    /// It has so many columns, and a cell a row of those that are wanted.
    #[must_use]
    pub fn fits(&self, schema: &Schema, wanted: impl Fn(usize) -> bool) -> bool {
        let full = |(number, column): (usize, &Packed)| {
            let cells = column.0.len();
            cells == self.rows || (cells == 0 && !wanted(number))
        };
        self.columns.len() == schema.width() && self.columns.iter().enumerate().all(full)
    }

    /// The rows as a block; columns without cells hold nothing.
    #[must_use]
    pub fn block(&self, schema: &Schema) -> Block {
        let column = |(cells, field): (&Packed, &Field)| match field.kind {
            _ if cells.0.is_empty() => Column::Unstored,
            Kind::Number => Column::of_numbers(bytemuck::cast_slice(&cells.0)),
            Kind::Text => Column::of_keys(&cells.0),
        };
        let columns = self.columns.iter().zip(&schema.fields).map(column).collect();
        Block { offsets: (0..self.rows as u64).collect(), columns }
    }

    /// Appends the sample of the rows that follow in the file.
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            mine.0.extend(theirs.0);
        }
        for (mine, theirs) in self.times.iter_mut().zip(other.times) {
            mine.0.extend(theirs.0);
        }
    }

    /// The points in time of a column of such, in nanoseconds, with [`MISSING_WHOLE`](super::MISSING_WHOLE) where there is
    /// none; empty for any other.
    pub fn times(&self, column: usize) -> &[i64] {
        &self.times[column].0
    }

    /// The cells of a column, as bits; empty if the column is not stored.
    pub fn bits(&self, column: usize) -> &[u32] {
        &self.columns[column].0
    }

    /// The median of a number column's finite cells, linearly interpolated as numpy does; `None` if there are none.
    pub fn median(&self, column: usize) -> Option<f32> {
        let mut values: Vec<f32> = self.numbers(column).filter(|value| value.is_finite()).collect();
        interpolated_unsorted(&mut values, 0.5)
    }

    /// The same as 64 bits, points in time as exactly as these hold them.
    pub fn values(&self, column: usize, field: &Field) -> Vec<f64> {
        match field.storage() {
            Storage::Time { per } => self.times(column).iter().map(|&time| from_time(time, per)).collect(),
            _ => self.numbers(column).map(f64::from).collect(),
        }
    }

    /// The numbers of a number column.
    pub fn numbers(&self, column: usize) -> impl Iterator<Item = f32> + '_ {
        self.columns[column].0.iter().map(|&bits| f32::from_bits(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f32]) -> RowSample {
        RowSample::new(values.len(), vec![values.iter().map(|value| value.to_bits()).collect()])
    }

    #[test]
    fn the_sample_is_about_uniform_over_the_file() {
        let hashes: Vec<u64> = (0..20_000).map(|row| row_hash(42, row * 500)).collect();
        let cutoff = Hashes(hashes.clone()).cutoff(2_000);
        assert_eq!(hashes.iter().filter(|&&hash| hash <= cutoff).count(), 2_000);
        let first_half = hashes[..10_000].iter().filter(|&&hash| hash <= cutoff).count();
        // 2,000 draws, p = ½: six standard deviations are 134.
        assert!(first_half.abs_diff(1_000) < 134, "{first_half}");
        assert_eq!(Hashes(vec![3, 1]).cutoff(9), 3);
        assert_eq!(Hashes(Vec::new()).cutoff(9), 0);
    }

    #[test]
    fn medians_are_numpys() {
        assert_eq!(sample(&[3.0, f32::NAN, 1.0, f32::INFINITY, 2.0]).median(0), Some(2.0));
        assert_eq!(sample(&[4.0, 1.0, 2.0, 8.0]).median(0), Some(3.0));
        assert_eq!(sample(&[f32::NAN]).median(0), None);
    }
}
