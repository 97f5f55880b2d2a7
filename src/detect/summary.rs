//! What is kept of scores where there is no room for all of them: the highest exactly, of the rest how many are about
//! how high.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    rank::key,
    threshold::{Ranked, Runs},
};

/// A row's place in the order of scores: less is more anomalous; equal scores are in the order of their offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ScoreKey {
    key: u64,
    offset: u64,
}

impl ScoreKey {
    /// The place of the row whose record begins at `offset`.
    pub fn new(score: f64, offset: u64) -> Self {
        Self { key: key(score), offset }
    }

    /// The score.
    pub fn score(self) -> f64 {
        super::rank::score(self.key)
    }
}

/// Counts of scores in bins that are 2⁻¹⁵ of their own size wide (0.00002 to 0.00003 for an isolation forest's).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bins(BTreeMap<u32, u64>);

/// Bits of an `f32` that scores in one bin may differ in.
const FINE: u32 = 8;

impl Bins {
    /// The bin of a score of zero or more; higher scores have higher bins.
    pub fn bin(score: f64) -> u32 {
        (score.max(0.0) as f32).to_bits() >> FINE
    }

    /// A score from the middle of a bin.
    pub fn middle(bin: u32) -> f64 {
        f64::from(f32::from_bits(bin << FINE | 1 << (FINE - 1)))
    }

    /// Counts a score. One that is none (NaN) counts as the lowest.
    pub fn add(&mut self, score: f64) {
        *self.0.entry(Self::bin(score)).or_insert(0) += 1;
    }

    /// Takes a score back that was counted.
    pub fn remove(&mut self, score: f64) {
        if let Some(count) = self.0.get_mut(&Self::bin(score)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        for (&bin, &rows) in &other.0 {
            *self.0.entry(bin).or_insert(0) += rows;
        }
    }

    /// Rows in this bin.
    pub fn rows_in(&self, bin: u32) -> u64 {
        self.0.get(&bin).copied().unwrap_or(0)
    }

    /// Rows in the bins above that of `score`.
    pub fn above(&self, score: f64) -> u64 {
        self.0.range(Self::bin(score) + 1..).map(|(_, &rows)| rows).sum()
    }

    /// Rows in all bins.
    pub fn rows(&self) -> u64 {
        self.0.values().sum()
    }

    /// Bins from the highest to the lowest, with their rows.
    pub fn descending(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.0.iter().rev().map(|(&bin, &rows)| (bin, rows))
    }
}

/// The scores of some rows of a file, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Places of the highest rows, in file order.
    pub tops: Vec<ScoreKey>,
    /// Counts of all scores.
    pub bins: Bins,
    /// Least score.
    pub low: f64,
}

/// Where the rows of a summary stand among all rows of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ShardRanks {
    /// The last of the places that have exact ranks.
    pub last: Option<ScoreKey>,
    /// Ranks of the summary's rows up to that place, in file order.
    #[serde(with = "crate::table::packed")]
    pub ranks: Vec<u32>,
    /// Rows of the file with exact ranks.
    tops: u64,
    /// All other rows of the file, those of them in the summaries before this one, and those in this one.
    rest: Bins,
    before: Bins,
    own: Bins,
}

/// All scores of a file in short, by rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The highest scores, descending.
    pub tops: Vec<f64>,
    /// The rest: bins as scores from their middles, none above the last of the highest.
    pub rest: Runs,
    /// Least score.
    pub low: f64,
}

impl Whole {
    fn new(tops: Vec<f64>, rest: &Bins, low: f64) -> Self {
        let most = tops.last().copied().unwrap_or(f64::INFINITY);
        let rest = rest.descending().map(|(bin, rows)| (Bins::middle(bin).min(most), rows)).collect();
        Self { tops, rest, low }
    }
}

/// Exact for the highest; of the others, those in higher bins count as above a score, as in [`ShardRanks::rest_above`].
impl Ranked for Whole {
    fn rows(&self) -> u64 {
        self.tops.rows() + self.rest.rows()
    }

    fn score(&self, rank: u64) -> f64 {
        match rank.checked_sub(self.tops.rows()) {
            None => self.tops[rank as usize],
            Some(rank) => self.rest.score(rank),
        }
    }

    fn above(&self, score: f64) -> u64 {
        self.tops.above(score) + self.rest.above(Bins::middle(Bins::bin(score)))
    }
}

/// Joins the summaries of a file's stretches, in file order: exact for the highest `most` rows, by bins for the rest.
pub fn join(summaries: Vec<Summary>, most: usize) -> (Whole, Vec<ShardRanks>) {
    let mut tops: Vec<ScoreKey> = summaries.iter().flat_map(|summary| summary.tops.iter().copied()).collect();
    tops.sort_unstable();
    tops.truncate(most);
    let low = summaries.iter().map(|summary| summary.low).fold(f64::INFINITY, f64::min);
    let mut rest = Bins::default();
    let mut shard_ranks = Vec::with_capacity(summaries.len());
    for Summary { tops: places, bins: mut own, .. } in summaries {
        let mut ranks = Vec::new();
        for place in places {
            if let Ok(above) = tops.binary_search(&place) {
                ranks.push(above as u32 + 1);
                own.remove(place.score());
            }
        }
        let before = rest.clone();
        rest.merge(&own);
        let tops_count = tops.len() as u64;
        shard_ranks.push(ShardRanks {
            last: tops.last().copied(),
            ranks,
            tops: tops_count,
            rest: Bins::default(),
            before,
            own,
        });
    }
    shard_ranks.iter_mut().for_each(|shard_ranks| shard_ranks.rest = rest.clone());
    (Whole::new(tops.iter().map(|place| place.score()).collect(), &rest, low), shard_ranks)
}

impl ShardRanks {
    /// Rows of the file with exact ranks.
    pub fn tops(&self) -> u64 {
        self.tops
    }

    /// The rows of this summary without exact ranks.
    pub fn own(&self) -> &Bins {
        &self.own
    }

    /// Rows of this summary without exact ranks that count as scoring above `score`: those in higher bins.
    pub fn rest_above(&self, score: f64) -> u64 {
        if self.last.is_some_and(|last| last.score() > score) { self.own.above(score) } else { 0 }
    }

    /// Gives ranks to all rows, which must come in file order.
    pub fn ranker(&self) -> Ranker<'_> {
        let mut next = BTreeMap::new();
        let mut above = self.tops;
        for (bin, rows) in self.rest.descending() {
            next.insert(bin, above + self.before.rows_in(bin) + 1);
            above += rows;
        }
        Ranker { last: self.last, exact: self.ranks.iter(), next }
    }
}

/// Gives ranks to the rows of a stretch one after the other: the exact one to the highest; to the others one among those
/// of their bin, in file order.
pub struct Ranker<'a> {
    last: Option<ScoreKey>,
    exact: std::slice::Iter<'a, u32>,
    /// By bin, the rank of its next row.
    next: BTreeMap<u32, u64>,
}

impl Ranker<'_> {
    /// The rank of the next row.
    pub fn rank(&mut self, place: ScoreKey) -> u32 {
        if self.last.is_some_and(|last| place <= last)
            && let Some(&rank) = self.exact.next()
        {
            return rank;
        }
        let next = self.next.entry(Bins::bin(place.score())).or_insert(u64::from(u32::MAX));
        let rank = *next;
        *next += 1;
        rank.min(u64::from(u32::MAX)) as u32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn summary(rows: &[ScoreKey], most: usize) -> Summary {
        let mut sorted = rows.to_vec();
        sorted.sort_unstable();
        let limit = sorted.get(most.saturating_sub(1)).or(sorted.last()).copied();
        let mut bins = Bins::default();
        rows.iter().for_each(|place| bins.add(place.score()));
        let low = rows.iter().map(|place| place.score()).fold(f64::INFINITY, f64::min);
        Summary { tops: rows.iter().copied().filter(|place| Some(*place) <= limit).collect(), bins, low }
    }

    proptest! {
        #[test]
        fn ranks_are_exact_at_the_top_and_a_permutation_in_the_order_of_bins(
            scores in prop::collection::vec(prop_oneof![0.3f64..0.9, Just(0.5), 0.5f64..0.50001], 1..80),
            cut in 0usize..80, most in 1usize..90,
        ) {
            let rows: Vec<ScoreKey> =
                scores.iter().enumerate().map(|(row, &score)| ScoreKey::new(score, row as u64 * 7)).collect();
            let cut = cut.min(rows.len());
            let stretches = [&rows[..cut], &rows[cut..]];
            let (whole, shard_ranks) = join(stretches.map(|rows| summary(rows, most)).into(), most);
            let mut ranks = Vec::new();
            for (stretch, shard_ranks) in stretches.iter().zip(&shard_ranks) {
                let mut ranker = shard_ranks.ranker();
                ranks.extend(stretch.iter().map(|&place| ranker.rank(place)));
            }
            let exact = crate::detect::rank::ranks(&scores);
            for (row, (&rank, &exact)) in ranks.iter().zip(&exact).enumerate() {
                if exact as usize <= most {
                    prop_assert_eq!(rank, exact);
                }
                for (&other, score) in ranks.iter().zip(&scores) {
                    prop_assert!(rank >= other || Bins::bin(scores[row]) >= Bins::bin(*score) || other as usize <= most);
                }
            }
            let mut sorted = ranks.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (1..=rows.len() as u32).collect::<Vec<_>>());
            prop_assert_eq!(whole.tops.len() as u64 + whole.rest.rows(), rows.len() as u64);

            // By rank, scores fall, and are as near as the bins are narrow.
            let mut descending = scores.clone();
            descending.sort_by(|a, b| b.total_cmp(a));
            let by_rank: Vec<f64> = (0..whole.rows()).map(|rank| whole.score(rank)).collect();
            prop_assert!(by_rank.is_sorted_by(|a, b| a >= b));
            for (rank, (near, exact)) in by_rank.iter().zip(&descending).enumerate() {
                let width = if rank < most { 0.0 } else { exact * 3.1e-5 };
                prop_assert!((near - exact).abs() <= width, "rank {}: {} {}", rank, near, exact);
            }

            // What counts as above a threshold are the rows up to some rank.
            for threshold in [0.4, 0.5, 0.500_005, 0.7] {
                let above = |shard_ranks: &ShardRanks| {
                    let tops = shard_ranks.ranks.iter().map(|&rank| whole.tops[rank as usize - 1]);
                    tops.filter(|&score| score > threshold).count() as u64 + shard_ranks.rest_above(threshold)
                };
                let counted: u64 = shard_ranks.iter().map(above).sum();
                let flagged = ranks.iter().zip(&scores).filter(|(rank, _)| u64::from(**rank) <= counted);
                prop_assert!(flagged.map(|(_, &score)| score).all(|score| score > threshold));
                let all = scores.iter().filter(|&&score| score > threshold).count() as u64;
                prop_assert!(counted <= all);
                prop_assert_eq!(whole.above(threshold), counted);
            }
        }
    }

    #[test]
    fn bins_are_narrow_and_ordered() {
        for score in [0.0, 1e-9, 0.31, 0.6, 0.9999, 1.0, 17.5, 1e9] {
            let middle = Bins::middle(Bins::bin(score));
            assert!((middle - score).abs() <= score * 3.1e-5 + 1e-40, "{score} {middle}");
            assert!(Bins::bin(score * 1.0001 + 1e-30) > Bins::bin(score));
        }
    }

    #[test]
    fn places_keep_their_scores() {
        for score in [0.0, 0.25, 1.0, -3.5, f64::INFINITY] {
            assert_eq!(ScoreKey::new(score, 1).score(), score);
        }
        assert!(ScoreKey::new(f64::NAN, 1).score().is_nan());
        assert!(ScoreKey::new(0.5, 9) < ScoreKey::new(0.4, 1) && ScoreKey::new(0.5, 1) < ScoreKey::new(0.5, 2));
    }
}
