//! Ranks: the order of the scores, most anomalous first.

/// Row numbers by descending score; equal scores keep the order of their rows, NaN comes last.
///
/// O(n log n); 16 bytes per row of scratch.
///
/// # Panics
/// If there are 2³² rows or more.
#[must_use]
pub fn descending_order(scores: &[f64]) -> Vec<u32> {
    assert!(u32::try_from(scores.len()).is_ok(), "rows are numbered by u32");
    // Integers sort faster than floats, and the row number in the pair makes an unstable sort stable.
    let mut keys: Vec<(u64, u32)> = (0_u32..).zip(scores).map(|(row, &score)| (key(score), row)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, row)| row).collect()
}

/// The rank of each row: 1 for the highest score; equal scores in the order of their rows, NaN last.
///
/// # Panics
/// If there are 2³² rows or more.
#[must_use]
pub fn ranks(scores: &[f64]) -> Vec<u32> {
    let mut ranks = vec![0; scores.len()];
    for (rank, row) in (1_u32..).zip(descending_order(scores)) {
        ranks[row as usize] = rank;
    }
    ranks
}

/// Rows with equal scores, by rank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties(
    /// The first rank (counted from 0) and the number of rows, where there are several.
    Vec<(u32, u32)>,
);

impl Ties {
    /// The ties among scores that are in descending order, NaN last.
    #[must_use]
    pub fn of(descending: &[f64]) -> Self {
        let mut ties = Vec::new();
        let mut first = 0;
        for run in descending.chunk_by(|&a, &b| key(a) == key(b)) {
            let rows = run.len() as u32;
            ties.extend((rows > 1).then_some((first, rows)));
            first += rows;
        }
        Self(ties)
    }

    /// Twice the middle rank of the tie that each of `rows` ranks is in (from rank 1 on): twice the rank where there is
    /// none.
    ///
    /// # Panics
    /// If there are fewer than the scores that the ties are among.
    #[must_use]
    pub fn doubled_middles(&self, rows: usize) -> Vec<u32> {
        let mut middles: Vec<u32> = (1..=rows as u32).map(|rank| 2 * rank).collect();
        for &(first, rows) in &self.0 {
            middles[first as usize..][..rows as usize].fill(2 * first + rows + 1);
        }
        middles
    }
}

/// An integer that is the smaller, the higher the score; the largest of all for NaN.
pub(crate) fn key(score: f64) -> u64 {
    if score.is_nan() {
        return u64::MAX;
    }
    // Adding zero makes −0 a 0. The bits of a positive float ascend with it, those of a negative one descend.
    let bits = (score + 0.0).to_bits();
    let sign = 1 << 63;
    if bits & sign == 0 { !(bits | sign) } else { bits }
}

/// The score that has this key.
pub(crate) fn score(key: u64) -> f64 {
    let sign = 1 << 63;
    f64::from_bits(if key & sign == 0 { !key & !sign } else { key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_highest_is_first_and_ties_keep_their_order() {
        assert_eq!(ranks(&[0.5, 0.9, 0.5, 0.1]), [2, 1, 3, 4]);
        assert_eq!(descending_order(&[0.5, 0.9, 0.5, 0.1]), [1, 0, 2, 3]);
        assert!(ranks(&[]).is_empty());
    }

    #[test]
    fn special_values_have_their_places() {
        let scores = [f64::NAN, f64::NEG_INFINITY, -0.0, 0.0, -1.0, f64::INFINITY, -f64::NAN, f64::MIN_POSITIVE];
        assert_eq!(ranks(&scores), [7, 6, 3, 4, 5, 1, 8, 2]);
    }

    #[test]
    fn equal_scores_share_their_middle_rank() {
        let ties = Ties::of(&[9.0, 0.5, 0.5, 0.5, 0.0, -0.0, f64::NAN, f64::NAN]);
        assert_eq!(ties.doubled_middles(8), [2, 6, 6, 6, 11, 11, 15, 15]);
        assert_eq!(Ties::default().doubled_middles(3), [2, 4, 6]);
    }

    proptest! {
        #[test]
        fn ranks_are_a_permutation_that_follows_the_scores(scores in prop::collection::vec(
            prop_oneof![proptest::num::f64::ANY, (0..5_i32).prop_map(f64::from)], 0..80)
        ) {
            let ranks = ranks(&scores);
            let mut sorted = ranks.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (1..=scores.len() as u32).collect::<Vec<_>>());
            for (a, x) in scores.iter().enumerate() {
                for (b, y) in scores.iter().enumerate() {
                    if x > y || (x == y && a < b) || (!x.is_nan() && y.is_nan()) {
                        prop_assert!(ranks[a] < ranks[b], "{} {}", x, y);
                    }
                }
            }
        }
    }
}
