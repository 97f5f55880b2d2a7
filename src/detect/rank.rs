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

/// An integer that is the smaller, the higher the score; the largest of all for NaN.
pub(super) fn key(score: f64) -> u64 {
    if score.is_nan() {
        return u64::MAX;
    }
    // Adding zero makes −0 a 0. The bits of a positive float ascend with it, those of a negative one descend.
    let bits = (score + 0.0).to_bits();
    let sign = 1 << 63;
    if bits & sign == 0 { !(bits | sign) } else { bits }
}

/// The score that has this key.
pub(super) fn score(key: u64) -> f64 {
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
