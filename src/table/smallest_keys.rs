//! Keeping the rows with the smallest keys of all that pass by.

use super::{BLOCK_ROWS, Block, Column, RowSample, Schema, Storage, Table};

/// Keeps, of all rows that are offered, those with the smallest keys, with their cells: a uniform sample if the keys
/// are hashes, the most anomalous rows if they order scores. No two keys may be equal, so which rows are kept does not
/// depend on how they were split. Memory does not grow with the rows offered.
#[derive(Debug, Clone, PartialEq)]
pub struct SmallestKeys<K> {
    capacity: usize,
    /// Larger keys are not among the smallest any more.
    limit: Option<K>,
    keys: Vec<K>,
    offsets: Vec<u64>,
    /// Per column of the schema, the cells' bits; empty for unstored columns.
    columns: Vec<Vec<u32>>,
    /// Per column of the schema, the points in time that it holds, in nanoseconds; empty for all others.
    times: Vec<Vec<i64>>,
}

impl<K: Ord + Copy> SmallestKeys<K> {
    /// Keeps up to `capacity` rows of `width` columns.
    pub fn new(capacity: usize, width: usize) -> Self {
        Self {
            capacity,
            limit: None,
            keys: Vec::new(),
            offsets: Vec::new(),
            columns: vec![Vec::new(); width],
            times: vec![Vec::new(); width],
        }
    }

    /// Keeps all rows with keys up to `limit`.
    pub fn up_to(limit: K, width: usize) -> Self {
        Self { limit: Some(limit), ..Self::new(usize::MAX, width) }
    }

    /// Offers one row of a block, which must follow those offered before in the file.
    pub fn offer_row(&mut self, block: &Block, row: usize, key: K) {
        if self.limit.is_some_and(|limit| key > limit) {
            return;
        }
        for (column, kept) in block.columns.iter().zip(&mut self.columns) {
            kept.extend(column.bits_at(row));
        }
        for (column, times) in block.columns.iter().zip(&mut self.times) {
            if let Column::Time { cells, .. } = column {
                times.push(cells.at(row));
            }
        }
        self.offsets.push(block.offsets[row]);
        self.keys.push(key);
        if self.keys.len() > self.capacity.saturating_add(self.capacity / 4) {
            self.prune();
        }
    }

    /// Offers the rows of a block, which must follow those offered before in the file, with a key for each.
    pub fn offer(&mut self, block: &Block, keys: impl Iterator<Item = K>) {
        let chosen: Vec<(usize, K)> =
            keys.enumerate().filter(|(_, key)| self.limit.is_none_or(|limit| *key <= limit)).collect();
        let mut scratch = Vec::new();
        for (column, kept) in block.columns.iter().zip(&mut self.columns) {
            column.pick(chosen.iter().map(|&(row, _)| row), &mut scratch, kept);
        }
        for (column, times) in block.columns.iter().zip(&mut self.times) {
            if let Column::Time { cells, .. } = column {
                times.extend(chosen.iter().map(|&(row, _)| cells.at(row)));
            }
        }
        self.offsets.extend(chosen.iter().map(|&(row, _)| block.offsets[row]));
        self.keys.extend(chosen.iter().map(|&(_, key)| key));
        if self.keys.len() > self.capacity.saturating_add(self.capacity / 4) {
            self.prune();
        }
    }

    /// Drops what is not among the smallest.
    pub fn prune(&mut self) {
        if self.keys.len() > self.capacity && self.capacity > 0 {
            let limit = *self.keys.clone().select_nth_unstable(self.capacity - 1).1;
            self.keep_up_to(limit);
        }
    }

    /// Drops the rows with larger keys than this.
    pub fn keep_up_to(&mut self, limit: K) {
        self.limit = Some(limit);
        let kept: Vec<bool> = self.keys.iter().map(|&key| key <= limit).collect();
        let mut keys = kept.iter();
        self.keys.retain(|_| keys.next() == Some(&true));
        retain(&mut self.offsets, &kept);
        self.columns.iter_mut().filter(|cells| !cells.is_empty()).for_each(|cells| retain(cells, &kept));
        self.times.iter_mut().filter(|times| !times.is_empty()).for_each(|times| retain(times, &kept));
    }

    /// The keys kept, in file order.
    pub fn keys(&self) -> &[K] {
        &self.keys
    }

    /// The rows kept, as a sample.
    pub fn into_sample(self) -> RowSample {
        RowSample::new(self.keys.len(), self.columns).with_times(self.times)
    }

    /// The rows kept, as a table.
    pub fn table(&self, schema: &Schema) -> Table {
        let block = |from: usize| {
            let rows = from..(from + BLOCK_ROWS).min(self.offsets.len());
            let column = |column: usize| match schema.fields[column].storage() {
                Storage::Number => Column::of_numbers(bytemuck::cast_slice(&self.columns[column][rows.clone()])),
                Storage::Category => Column::of_keys(&self.columns[column][rows.clone()]),
                Storage::Time { per } => Column::of_times(&self.times[column][rows.clone()], per),
                Storage::None => Column::Unstored,
            };
            let columns = (0..schema.width()).map(column).collect();
            Block { offsets: self.offsets[rows.clone()].to_vec(), columns }
        };
        Table { blocks: (0..self.offsets.len()).step_by(BLOCK_ROWS).map(block).collect() }
    }
}

fn retain<T>(values: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    values.retain(|_| kept.next() == Some(&true));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::{Field, Kind, Role, TimeStyle};

    fn schema() -> Schema {
        let field = |name: &str, kind, role| Field::new(name, kind, role);
        Schema {
            fields: vec![
                field("bytes", Kind::Number, Role::Measure),
                field("id", Kind::Text, Role::Identifier),
                field("state", Kind::Text, Role::Category),
                Field { time: Some(TimeStyle::YearFirst), ..field("when", Kind::Text, Role::Time) },
            ],
        }
    }

    fn block(keys: &[u64]) -> Block {
        let bytes: Vec<f32> = keys.iter().map(|&key| key as f32 / 3.0).collect();
        let states: Vec<u32> = keys.iter().map(|&key| key as u32 % 5).collect();
        let times: Vec<i64> = keys.iter().map(|&key| 1_700_000_000_000_000_000 + key as i64).collect();
        Block {
            offsets: keys.iter().map(|&key| key * 10).collect(),
            columns: vec![
                Column::of_numbers(&bytes),
                Column::Unstored,
                Column::of_keys(&states),
                Column::of_times(&times, 1_000_000_000),
            ],
        }
    }

    proptest! {
        #[test]
        fn the_smallest_keys_are_kept_with_their_rows_however_they_come(
            order in Just((0..200u64).collect::<Vec<_>>()).prop_shuffle(), rows in 0usize..200,
            capacity in 1usize..60, cut in 0usize..200,
        ) {
            let keys = &order[..rows];
            let (left, right) = keys.split_at(cut.min(rows));
            let mut keeper = SmallestKeys::new(capacity, 4);
            for part in [left, right] {
                keeper.offer(&block(part), part.iter().copied());
            }
            keeper.prune();
            let mut smallest = keys.to_vec();
            smallest.sort_unstable();
            smallest.truncate(capacity);
            let expected: Vec<u64> = keys.iter().copied().filter(|key| smallest.contains(key)).collect();
            prop_assert_eq!(keeper.keys(), &expected[..]);
            let table = keeper.table(&schema());
            if expected.is_empty() {
                prop_assert_eq!(table.rows(), 0);
            } else {
                prop_assert_eq!(&table.blocks[..], &[block(&expected)]);
                let sample = keeper.into_sample();
                prop_assert_eq!(sample.rows, expected.len());
                prop_assert!(sample.numbers(0).zip(&expected).all(|(bytes, &key)| bytes == key as f32 / 3.0));
                prop_assert!(sample.times(3).iter().zip(&expected).all(|(time, &key)| time % 1_000_000_000 == key as i64));
            }
        }
    }
}
