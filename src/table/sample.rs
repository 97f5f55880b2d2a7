//! A uniform sample of rows that does not depend on how the file was split: the rows with the smallest hashes of
//! (seed, byte offset).

use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{Block, Table};

/// The hash that draws samples: SplitMix64's output function (Steele, Lea and Flood 2014) over seed and offset.
pub fn row_hash(seed: u64, offset: u64) -> u64 {
    let mut bits = offset.wrapping_add(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The smallest hashes seen, which is all that shards must exchange to agree on the sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleKeys {
    capacity: usize,
    /// Ascending.
    hashes: Vec<u64>,
}

impl SampleKeys {
    /// The keys of `rows`, at most `capacity` of them. (`row_hash` is a bijection of the offset, so no two are equal.)
    pub fn draw(seed: u64, capacity: usize, table: &Table) -> Self {
        let mut heap = BinaryHeap::with_capacity(capacity + 1);
        for &offset in table.blocks.iter().flat_map(|block| &block.offsets) {
            let hash = row_hash(seed, offset);
            if heap.len() < capacity {
                heap.push(hash);
            } else if heap.peek().is_some_and(|&largest| hash < largest) {
                heap.pop();
                heap.push(hash);
            }
        }
        Self { capacity, hashes: heap.into_sorted_vec() }
    }

    /// Joins the keys of other rows.
    pub fn merge(&mut self, other: Self) {
        self.hashes.extend(other.hashes);
        self.hashes.sort_unstable();
        self.hashes.truncate(self.capacity);
    }

    /// The largest hash of the sample: a row belongs to it iff its hash is at most this.
    pub fn cutoff(&self) -> Option<u64> {
        self.hashes.last().copied()
    }
}

/// The cells of the sampled rows, column by column as in the blocks they came from, in file order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RowSample {
    /// Rows.
    pub rows: usize,
    /// Per column, the 32 bits of each row's cell, packed as little-endian bytes; empty for unstored columns.
    columns: Vec<Packed>,
}

/// Cells that travel between workers as one piece of bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Packed(#[serde(with = "super::packed")] Vec<u32>);

impl RowSample {
    /// The rows of `table` whose hash is at most `cutoff`.
    pub fn take(seed: u64, cutoff: u64, table: &Table, width: usize) -> Self {
        let mut sample = Self { rows: 0, columns: vec![Packed(Vec::new()); width] };
        for block in &table.blocks {
            sample.take_block(seed, cutoff, block);
        }
        sample
    }

    fn take_block(&mut self, seed: u64, cutoff: u64, block: &Block) {
        let chosen: Vec<usize> =
            (0..block.rows()).filter(|&row| row_hash(seed, block.offsets[row]) <= cutoff).collect();
        self.rows += chosen.len();
        let mut scratch = Vec::new();
        for (column, Packed(cells)) in block.columns.iter().zip(&mut self.columns) {
            if let Some(column) = column.cells() {
                let all = column.bits(&mut scratch);
                cells.extend(chosen.iter().map(|&row| all[row]));
            }
        }
    }

    /// Appends the sample of the rows that follow in the file.
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            mine.0.extend(theirs.0);
        }
    }

    /// The cells of a column, as bits; empty if the column is not stored.
    pub fn bits(&self, column: usize) -> &[u32] {
        &self.columns[column].0
    }

    /// Quantiles (levels ascending or not) of a number column's finite cells, linearly interpolated as numpy does; `None`
    /// if there are none.
    pub fn quantiles(&self, column: usize, levels: &[f64]) -> Option<Vec<f32>> {
        let mut values: Vec<f32> = self.numbers(column).filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f32::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |level: f64| {
            let place = level * last as f64;
            let (low, high) = (f64::from(values[place as usize]), f64::from(values[(place as usize + 1).min(last)]));
            (low + (high - low) * place.fract()) as f32
        };
        Some(levels.iter().map(|&level| at(level)).collect())
    }

    /// The numbers of a number column.
    pub fn numbers(&self, column: usize) -> impl Iterator<Item = f32> + '_ {
        self.columns[column].0.iter().map(|&bits| f32::from_bits(bits))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Column;

    fn table(offsets: &[u64]) -> Table {
        let values: Vec<f32> = offsets.iter().map(|&offset| offset as f32).collect();
        Table { blocks: vec![Block { offsets: offsets.to_vec(), columns: vec![Column::of_numbers(&values)] }] }
    }

    proptest! {
        #[test]
        fn the_sample_of_any_split_is_the_sample_of_the_whole(
            rows in 1u64..300, cut in 0usize..300, capacity in 1usize..80, seed in any::<u64>(),
        ) {
            let offsets: Vec<u64> = (0..rows).map(|row| row * 113 + 7).collect();
            let (left, right) = offsets.split_at(cut.min(offsets.len()));
            let whole = SampleKeys::draw(seed, capacity, &table(&offsets));
            let mut merged = SampleKeys::draw(seed, capacity, &table(left));
            merged.merge(SampleKeys::draw(seed, capacity, &table(right)));
            prop_assert_eq!(&merged, &whole);

            let cutoff = whole.cutoff().expect("there are rows");
            let mut taken = RowSample::take(seed, cutoff, &table(left), 1);
            taken.merge(RowSample::take(seed, cutoff, &table(right), 1));
            prop_assert_eq!(&taken, &RowSample::take(seed, cutoff, &table(&offsets), 1));
            prop_assert_eq!(taken.rows, capacity.min(offsets.len()));
        }
    }

    #[test]
    fn the_sample_is_about_uniform_over_the_file() {
        let offsets: Vec<u64> = (0..20_000).map(|row| row * 500).collect();
        let table = table(&offsets);
        let keys = SampleKeys::draw(42, 2_000, &table);
        let sample = RowSample::take(42, keys.cutoff().expect("rows"), &table, 1);
        let first_half = sample.numbers(0).filter(|&offset| offset < 5_000_000.0).count();
        // 2,000 draws, p = ½: six standard deviations are 134.
        assert!(first_half.abs_diff(1_000) < 134, "{first_half}");
    }
}
