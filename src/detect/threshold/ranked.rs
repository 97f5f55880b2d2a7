//! What a rule must know of the scores.

/// Scores by rank, highest first: all of them, or a summary where there are too many to hold.
pub trait Ranked {
    /// Number of rows that have a score; NaN does not count as one.
    fn rows(&self) -> u64;

    /// The score of the row with this rank, 0 for the highest.
    ///
    /// # Panics
    /// If the rank is not below [`Ranked::rows`].
    fn score(&self, rank: u64) -> f64;

    /// Number of rows that score above `score`, strictly.
    fn above(&self, score: f64) -> u64;
}

/// All scores, sorted from high to low, NaN last.
impl Ranked for Vec<f64> {
    fn rows(&self) -> u64 {
        self.partition_point(|score| !score.is_nan()) as u64
    }

    fn score(&self, rank: u64) -> f64 {
        self[rank as usize]
    }

    fn above(&self, score: f64) -> u64 {
        self.partition_point(|other| *other > score) as u64
    }
}

/// Scores of which many are equal, as runs: what is left of more scores than can be held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Runs {
    /// From high to low.
    scores: Vec<f64>,
    /// Rows up to the end of each run.
    ends: Vec<u64>,
}

/// From scores and their numbers of rows, from high to low, none NaN.
impl FromIterator<(f64, u64)> for Runs {
    fn from_iter<I: IntoIterator<Item = (f64, u64)>>(runs: I) -> Self {
        let mut all = Self::default();
        for (score, rows) in runs.into_iter().filter(|(_, rows)| *rows > 0) {
            all.scores.push(score);
            all.ends.push(all.rows() + rows);
        }
        all
    }
}

impl Ranked for Runs {
    fn rows(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    fn score(&self, rank: u64) -> f64 {
        self.scores[self.ends.partition_point(|end| *end <= rank)]
    }

    fn above(&self, score: f64) -> u64 {
        let runs = self.scores.partition_point(|other| *other > score);
        runs.checked_sub(1).map_or(0, |last| self.ends[last])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_rank_as_the_scores_they_stand_for(rows in prop::collection::vec(0..4_u64, 0..30)) {
            let score = |run: usize| 30.0 - run as f64;
            let runs: Runs = rows.iter().enumerate().map(|(run, rows)| (score(run), *rows)).collect();
            let scores: Vec<f64> =
                rows.iter().enumerate().flat_map(|(run, rows)| std::iter::repeat_n(score(run), *rows as usize)).collect();
            prop_assert_eq!(runs.rows(), scores.rows());
            for rank in 0..scores.rows() {
                prop_assert_eq!(runs.score(rank), scores.score(rank));
            }
            for half in 0..64 {
                let score = f64::from(half) / 2.0;
                prop_assert_eq!(runs.above(score), scores.above(score));
            }
        }
    }

    #[test]
    fn sorted_scores_know_their_ranks() {
        let scores = vec![0.9, 0.5, 0.5, 0.1, f64::NAN, f64::NAN];
        assert_eq!((scores.rows(), scores.score(0), scores.score(3)), (4, 0.9, 0.1));
        assert_eq!([0.05, 0.1, 0.5, 0.9, f64::INFINITY].map(|score| scores.above(score)), [4, 3, 1, 0, 0]);
        assert_eq!((Vec::new().rows(), vec![f64::NAN].above(0.0)), (0, 0));
    }
}
