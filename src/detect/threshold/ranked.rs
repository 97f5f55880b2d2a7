//! What a rule must know of the scores.

/// Scores by rank, highest first. A summary of them will do, where there are too many to hold.
pub trait Ranked {
    /// Number of rows that have a score: NaN is none.
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
impl Ranked for [f64] {
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

impl Ranked for Vec<f64> {
    fn rows(&self) -> u64 {
        self.as_slice().rows()
    }

    fn score(&self, rank: u64) -> f64 {
        self.as_slice().score(rank)
    }

    fn above(&self, score: f64) -> u64 {
        self.as_slice().above(score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_scores_know_their_ranks() {
        let scores = vec![0.9, 0.5, 0.5, 0.1, f64::NAN, f64::NAN];
        assert_eq!((scores.rows(), scores.score(0), scores.score(3)), (4, 0.9, 0.1));
        assert_eq!([0.05, 0.1, 0.5, 0.9, f64::INFINITY].map(|score| scores.above(score)), [4, 3, 1, 0, 0]);
        assert_eq!((<[f64]>::rows(&[]), <[f64]>::above(&[f64::NAN], 0.0)), (0, 0));
    }
}
