//! Two rankings of the same rows: how far they agree, and what they say together.

use serde::{Deserialize, Serialize};

use crate::detect::rank::Ties;

/// Spearman's rank correlation of two rankings, in −1..=1: 1 where they are the same, 0 where one says nothing about the
/// other. `None` where either has only equal scores, or there are fewer than two rows.
///
/// `ranks` are those of the same rows in the same order, each 1 to their number; `ties` are the rows with equal scores,
/// which share their middle rank, so that the order in which they come does not matter. The correlation of the middle
/// ranks (Kendall & Gibbons, *Rank Correlation Methods*, 1990, ch. 3), which is scipy's `spearmanr` of the scores. The
/// sums are exact, so it does not depend on how rows are split.
///
/// # Panics
/// If the rankings differ in length or have ranks that are not among 1 to that.
#[must_use]
pub fn spearman(ranks: [&[u32]; 2], ties: [&Ties; 2]) -> Option<f64> {
    let rows = ranks[0].len();
    assert_eq!(rows, ranks[1].len(), "both rank the same rows");
    let middles = ties.map(|ties| ties.doubled_middles(rows));
    // Twice the distance of a middle rank from the mean of all, (rows + 1) / 2, in integers.
    let centre = rows as i64 + 1;
    let distance =
        |ranking: usize, row: usize| i128::from(i64::from(middles[ranking][ranks[ranking][row] as usize - 1]) - centre);
    let (mut both, mut first, mut second) = (0_i128, 0_i128, 0_i128);
    for row in 0..rows {
        let (a, b) = (distance(0, row), distance(1, row));
        both += a * b;
        first += a * a;
        second += b * b;
    }
    // Two roots would not give 1 for equal rankings.
    (first > 0 && second > 0).then(|| both as f64 / (first as f64 * second as f64).sqrt())
}

/// The rank of each row by both rankings together: by the sum of its two ranks, least first; equal sums in the order of
/// the rows.
///
/// Borda's method, for two voters (Dwork, Kumar, Naor & Sivakumar, *Rank Aggregation Methods for the Web*, WWW 2001): it
/// looks at ranks alone, since the two detectors' scores have no common scale. O(n); 8 bytes a row of scratch.
///
/// # Panics
/// If the rankings differ in length or have ranks that are not among 1 to that.
#[must_use]
pub fn consensus(ranks: [&[u32]; 2]) -> Vec<u32> {
    let rows = ranks[0].len();
    assert_eq!(rows, ranks[1].len(), "both rank the same rows");
    let sum = |row: usize| ranks[0][row] as usize + ranks[1][row] as usize;
    // By sum: first the rows that have it, then the rank of the next of them.
    let mut next = vec![0_u32; 2 * rows + 1];
    (0..rows).for_each(|row| next[sum(row)] += 1);
    let mut rank = 1;
    for place in &mut next {
        let rows = std::mem::replace(place, rank);
        rank += rows;
    }
    let take = |row: usize| {
        let rank = next[sum(row)];
        next[sum(row)] += 1;
        rank
    };
    (0..rows).map(take).collect()
}

/// What two detectors flag of the same rows, and what is common to the highest. Counts, which add up over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Rows that both flag.
    pub both: u64,
    /// Rows that only the first flags, and those that only the second does.
    pub only: [u64; 2],
    /// Rows that are among the highest of both.
    pub highest: u64,
}

impl Agreement {
    /// Counts rows by their two ranks: those of rank 1 to `flagged` are flagged, those of 1 to `highest` are the highest.
    #[must_use]
    pub fn count(ranks: [&[u32]; 2], flagged: [u64; 2], highest: u64) -> Self {
        let mut counted = Self::default();
        for (&first, &second) in ranks[0].iter().zip(ranks[1]) {
            match [u64::from(first) <= flagged[0], u64::from(second) <= flagged[1]] {
                [true, true] => counted.both += 1,
                [true, false] => counted.only[0] += 1,
                [false, true] => counted.only[1] += 1,
                [false, false] => {}
            }
            counted.highest += u64::from(u64::from(first.max(second)) <= highest);
        }
        counted
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.both += other.both;
        self.highest += other.highest;
        (0..2).for_each(|detector| self.only[detector] += other.only[detector]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::detect::rank;

    /// Ranks and ties of scores.
    fn ranked(scores: &[f64]) -> (Vec<u32>, Ties) {
        let mut descending = scores.to_vec();
        descending.sort_by(|a, b| b.total_cmp(a));
        (rank::ranks(scores), Ties::of(&descending))
    }

    fn correlation(first: &[f64], second: &[f64]) -> Option<f64> {
        let ((a, a_ties), (b, b_ties)) = (ranked(first), ranked(second));
        spearman([&a, &b], [&a_ties, &b_ties])
    }

    #[test]
    fn correlations_are_those_of_scipy() {
        // scipy.stats.spearmanr of scipy 1.17.1.
        let close = |a: &[f64], b: &[f64], expected: f64| {
            let found = correlation(a, b).expect("they vary");
            assert!((found - expected).abs() < 1e-15, "{found} is not {expected}");
        };
        close(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0], 0.820_782_681_668_123_3);
        close(&[0.5, 0.5, 0.7, 0.1, 0.9, 0.5, 0.2], &[3.0, 1.0, 9.0, 2.0, 9.0, 1.0, 2.0], 0.571_454_488_319_594_7);
    }

    #[test]
    fn the_ends_of_the_scale() {
        let ascending: Vec<f64> = (0..1_000).map(f64::from).collect();
        let descending: Vec<f64> = ascending.iter().rev().copied().collect();
        assert_eq!(correlation(&ascending, &ascending), Some(1.0));
        assert_eq!(correlation(&ascending, &descending), Some(-1.0));
        assert_eq!(correlation(&[1.0; 5], &ascending[..5]), None);
        assert_eq!((correlation(&[], &[]), correlation(&[1.0], &[1.0])), (None, None));
    }

    #[test]
    fn the_sum_of_ranks_decides_and_the_order_where_sums_are_equal() {
        assert_eq!(consensus([&[1, 2, 3, 4], &[4, 1, 2, 3]]), [2, 1, 3, 4]);
        assert_eq!(consensus([&[4, 3, 2, 1], &[1, 2, 3, 4]]), [1, 2, 3, 4]);
        assert!(consensus([&[], &[]]).is_empty());
    }

    proptest! {
        #[test]
        fn the_consensus_is_a_permutation_that_follows_the_sums(
            scores in prop::collection::vec((0..9_i32, 0..9_i32), 0..60)
        ) {
            let a = rank::ranks(&scores.iter().map(|pair| f64::from(pair.0)).collect::<Vec<_>>());
            let b = rank::ranks(&scores.iter().map(|pair| f64::from(pair.1)).collect::<Vec<_>>());
            let sums: Vec<f64> = a.iter().zip(&b).map(|(a, b)| -f64::from(a + b)).collect();
            prop_assert_eq!(consensus([&a, &b]), rank::ranks(&sums));
        }

        #[test]
        fn the_order_of_equal_scores_does_not_change_the_correlation(
            scores in prop::collection::vec((0..5_i32, 0..5_i32), 2..40), turn in 0usize..40,
        ) {
            let of = |scores: &[(i32, i32)]| {
                let part = |take: fn(&(i32, i32)) -> i32| -> Vec<f64> {
                    scores.iter().map(|pair| f64::from(take(pair))).collect()
                };
                correlation(&part(|pair| pair.0), &part(|pair| pair.1))
            };
            let mut turned = scores.clone();
            turned.rotate_left(turn % scores.len());
            prop_assert_eq!(of(&scores), of(&turned));
            if let Some(correlation) = of(&scores) {
                prop_assert!((-1.0..=1.0).contains(&correlation));
                // The textbook formula, of middle ranks in floating point.
                let middle = |values: Vec<i32>| -> Vec<f64> {
                    let count = |keep: &dyn Fn(i32) -> bool| values.iter().filter(|&&value| keep(value)).count() as f64;
                    values.iter().map(|&v| count(&|w| w > v) + (count(&|w| w == v) + 1.0) / 2.0).collect()
                };
                let a = middle(scores.iter().map(|pair| pair.0).collect());
                let b = middle(scores.iter().map(|pair| pair.1).collect());
                let mean = (scores.len() as f64 + 1.0) / 2.0;
                let moment = |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum() };
                let expected = moment(&a, &b) / (moment(&a, &a) * moment(&b, &b)).sqrt();
                prop_assert!((correlation - expected).abs() < 1e-12, "{} {}", correlation, expected);
            }
        }

        #[test]
        fn merging_any_split_equals_the_whole(
            order in Just((1..=50_u32).collect::<Vec<_>>()).prop_shuffle(),
            flagged in (0..60_u64, 0..60_u64), highest in 0..60_u64, cut in 0usize..50,
        ) {
            let first: Vec<u32> = (1..=50).collect();
            let flagged = [flagged.0, flagged.1];
            let part = |rows: std::ops::Range<usize>| {
                Agreement::count([&first[rows.clone()], &order[rows]], flagged, highest)
            };
            let mut merged = part(0..cut);
            merged.merge(&part(cut..50));
            prop_assert_eq!(merged, part(0..50));
            prop_assert_eq!(merged.both + merged.only[0], flagged[0].min(50));
            prop_assert_eq!(merged.both + merged.only[1], flagged[1].min(50));
            let common = first.iter().zip(&order).filter(|(a, b)| u64::from(**a) <= highest && u64::from(**b) <= highest);
            prop_assert_eq!(merged.highest, common.count() as u64);
        }
    }
}
