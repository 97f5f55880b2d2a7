//! Which rows of a column hold the same value, whatever it is called.

use crate::table::row_hash;

/// Columns with more values than this are not compared with others value for value.
pub(super) const VALUES: usize = 1_000;

/// Equal for two columns whose values match one to one (and, but for an accident of 64 bits, only then).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pattern {
    pub hash: u64,
    /// Different values.
    pub values: usize,
}

impl Pattern {
    /// The pattern of a column's cells; `None` if there are too many values.
    pub fn of(keys: &[u32]) -> Option<Self> {
        let mut order: Vec<(u64, u32)> = keys.iter().map(|&key| u64::from(key)).zip(0..).collect();
        order.sort_unstable();
        // Per row, the first one with the same value.
        let mut first = vec![0; keys.len()];
        let mut values = 0;
        for equal in order.chunk_by(|a, b| a.0 == b.0) {
            values += 1;
            equal.iter().for_each(|&(_, row)| first[row as usize] = equal[0].1);
        }
        let hash = first.into_iter().fold(0, |hash, row| row_hash(hash, row.into()));
        (values <= VALUES).then_some(Self { hash, values })
    }
}
