//! How many rows repeat an earlier one, in bounded memory and whatever the split of the rows.

use serde::{Deserialize, Serialize};

use super::packed;

/// Different rows that are counted one by one. Of a file with more, those with the smallest hashes are: as good as drawn at
/// random, and the same for any split (distinct sampling: Gibbons, *Distinct Sampling for Highly-Accurate Answers to
/// Distinct Values Queries*, VLDB 2001).
pub(super) const MOST_DIFFERENT: usize = 32_768;

/// 2⁶⁴.
const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// How often each of a number of different rows occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// Hashes of what the rows hold, ascending.
    #[serde(with = "packed")]
    hashes: Vec<u64>,
    /// Rows with each.
    #[serde(with = "packed")]
    rows: Vec<u64>,
}

impl Repeats {
    /// How many of `all` rows repeat an earlier one, and whether that is exact: where too many are different, it is an
    /// estimate.
    ///
    /// The rows whose contents are in the sample tell the share of repeats well if each content occurs a few times, and
    /// wrongly by far if one occurs in a large part of the rows: it is in the sample or not. All rows less the different
    /// ones tell it in any case, but with the error of their number, which is estimated by how closely the k smallest hashes
    /// lie (Bar-Yossef et al., *Counting Distinct Elements in a Data Stream*, RANDOM 2002, with the unbiased (k − 1) of
    /// Beyer et al., SIGMOD 2007; its standard error is 1/√(k − 2)). So the first is taken within three standard errors of
    /// the second.
    #[must_use]
    pub fn count(&self, all: u64) -> (u64, bool) {
        let seen: u64 = self.rows.iter().sum();
        let repeated = seen - self.rows.len() as u64;
        let Some(largest) = self.hashes.get(MOST_DIFFERENT - 1).filter(|_| seen < all) else { return (repeated, true) };
        let kept = MOST_DIFFERENT as f64;
        let different = (kept - 1.0) / ((*largest as f64 + 1.0) / TWO_64);
        let error = 3.0 * different / (kept - 2.0).sqrt();
        let sampled = repeated as f64 / seen as f64 * all as f64;
        let left = all as f64 - different;
        ((sampled.min(left + error).max(left - error).max(0.0)).round() as u64, false)
    }

    /// Joins the counts of other rows of the same file.
    pub fn merge(&mut self, other: Self) {
        let all = std::mem::take(self);
        let mut theirs = other.hashes.into_iter().zip(other.rows).peekable();
        for (hash, rows) in all.hashes.into_iter().zip(all.rows) {
            while let Some((other, rows)) = theirs.next_if(|(other, _)| *other < hash) {
                self.append(other, rows);
            }
            let more = theirs.next_if(|(other, _)| *other == hash).map_or(0, |(_, rows)| rows);
            self.append(hash, rows + more);
        }
        theirs.for_each(|(hash, rows)| self.append(hash, rows));
    }

    /// Appends one with a hash above all others, if there is room.
    fn append(&mut self, hash: u64, rows: u64) {
        if self.hashes.len() < MOST_DIFFERENT {
            self.hashes.push(hash);
            self.rows.push(rows);
        }
    }

    /// Counts what these hashes, in any order, stand for.
    fn of(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        let mut repeats = Self::default();
        hashes.chunk_by(u64::eq).for_each(|same| repeats.append(same[0], same.len() as u64));
        repeats
    }
}

/// [`Repeats`] in the making.
#[derive(Default)]
pub(super) struct Repeating {
    counted: Repeats,
    pending: Vec<u64>,
}

impl Repeating {
    /// Counts rows that hold what these hashes stand for.
    pub fn add(&mut self, hashes: impl Iterator<Item = u64>) {
        let limit = self.counted.hashes.get(MOST_DIFFERENT - 1).copied().unwrap_or(u64::MAX);
        self.pending.extend(hashes.filter(|&hash| hash <= limit));
        if self.pending.len() > 2 * MOST_DIFFERENT {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.counted.merge(Repeats::of(std::mem::take(&mut self.pending)));
    }

    pub fn finish(mut self) -> Repeats {
        self.settle();
        self.counted
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::row_hash;

    fn repeats(hashes: &[u64]) -> Repeats {
        let mut repeating = Repeating::default();
        hashes.chunks(5_000).for_each(|block| repeating.add(block.iter().copied()));
        repeating.finish()
    }

    proptest! {
        #[test]
        fn few_are_counted_exactly(values in prop::collection::vec(0u64..40, 0..200), cut in 0usize..200) {
            let cut = cut.min(values.len());
            let mut merged = repeats(&values[..cut]);
            merged.merge(repeats(&values[cut..]));
            let different = values.iter().collect::<std::collections::BTreeSet<_>>().len();
            prop_assert_eq!(merged.count(values.len() as u64), ((values.len() - different) as u64, true));
            prop_assert_eq!(merged, repeats(&values));
        }
    }

    #[test]
    fn many_are_sampled_alike_for_any_split() {
        // 150,000 different rows, two of three of them twice.
        let hashes: Vec<u64> = (0..250_000).map(|row| row_hash(7, row % 150_000)).collect();
        let whole = repeats(&hashes);
        let (repeated, exact) = whole.count(250_000);
        assert!(!exact && repeated.abs_diff(100_000) < 2_500, "{repeated}");
        for cuts in [[1, 2], [40_000, 140_000], [149_999, 150_001], [90_000, 249_999]] {
            let mut merged = repeats(&hashes[cuts[1]..]);
            merged.merge(repeats(&hashes[..cuts[0]]));
            merged.merge(repeats(&hashes[cuts[0]..cuts[1]]));
            assert_eq!(merged, whole);
        }
    }

    #[test]
    fn one_large_repeat_is_told_whether_or_not_it_is_in_the_sample() {
        for content in [1, 2, 3, 4_000_000, u64::MAX] {
            let hashes: Vec<u64> =
                (0..400_000).map(|row| row_hash(7, if row % 2 == 0 { content } else { row })).collect();
            let (repeated, exact) = repeats(&hashes).count(400_000);
            assert!(!exact && repeated.abs_diff(200_000) < 4_000, "{repeated}");
        }
        let different: Vec<u64> = (0..400_000).map(|row| row_hash(7, row)).collect();
        assert_eq!(repeats(&different).count(400_000), (0, false));
    }

    #[test]
    fn as_many_as_fit_are_all() {
        let hashes: Vec<u64> = (0..MOST_DIFFERENT as u64).chain(0..10).collect();
        assert_eq!(repeats(&hashes).count(MOST_DIFFERENT as u64 + 10), (10, true));
        let more: Vec<u64> = (0..=MOST_DIFFERENT as u64).map(|row| row_hash(7, row)).collect();
        assert_eq!(repeats(&more).count(MOST_DIFFERENT as u64 + 1), (0, false));
    }
}
