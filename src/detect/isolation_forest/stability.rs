//! Whether the answer hangs on the seed.

use serde::{Deserialize, Serialize};

use crate::detect::rank::descending_order;

/// How many of the highest-scoring rows are among the highest with other seeds too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stability {
    /// Rows that were looked at: the highest-scoring.
    pub top: usize,
    /// How many of them stayed, for each other seed.
    pub kept: Vec<usize>,
}

impl Stability {
    /// Compares the first list of rows with each of the others; each is ascending.
    #[must_use]
    pub fn of(highest: &[Vec<u32>]) -> Self {
        let Some((first, others)) = highest.split_first() else { return Self { top: 0, kept: Vec::new() } };
        let kept = |rows: &Vec<u32>| rows.iter().filter(|row| first.binary_search(row).is_ok()).count();
        Self { top: first.len(), kept: others.iter().map(kept).collect() }
    }

    /// The share of them that stays, on average, in 0..=1; 1 if there was nothing to lose.
    #[must_use]
    pub fn share(&self) -> f64 {
        let kept: usize = self.kept.iter().sum();
        let all = self.top * self.kept.len();
        if all == 0 { 1.0 } else { kept as f64 / all as f64 }
    }
}

/// The numbers of the `top` highest-scoring rows (of equal ones the first), ascending.
#[must_use]
pub fn highest(scores: &[f64], top: usize) -> Vec<u32> {
    let mut rows = descending_order(scores);
    rows.truncate(top);
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::params::Params;
    use super::*;
    use ndarray::Array2;

    fn stability(rows: &Array2<f32>, trees: usize, top: usize, others: usize) -> Stability {
        let highest = |other: usize| {
            let params = Params { trees, seed: other as u64, ..Params::default() }.check().unwrap();
            let forest = params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
            super::highest(&forest.score(rows.view()), top)
        };
        Stability::of(&(0..=others).map(highest).collect::<Vec<_>>())
    }

    #[test]
    fn outliers_stay_and_noise_does_not() {
        let mut rows = Array2::from_shape_fn((500, 4), |(row, feature)| {
            ((row * 37 + feature * 101 + row * row * 7) % 199) as f32 / 199.0
        });
        for row in 0..5 {
            rows.row_mut(row * 90).fill(5.0 + row as f32);
        }
        assert_eq!(stability(&rows, 100, 5, 3), Stability { top: 5, kept: vec![5; 3] });
        let noise = stability(&rows, 2, 50, 4);
        assert!(noise.kept.len() == 4 && noise.share() < 0.8, "{noise:?}");
        // More trees agree better.
        assert!(stability(&rows, 200, 50, 4).share() > noise.share());
        assert_eq!(stability(&rows, 3, 1_000, 2), Stability { top: 500, kept: vec![500; 2] });
    }

    #[test]
    fn nothing_to_lose_is_stable() {
        let rows = Array2::zeros((3, 1));
        assert_eq!(stability(&rows, 1, 0, 2).share(), 1.0);
        assert_eq!(stability(&rows, 1, 2, 0).share(), 1.0);
        assert_eq!(Stability::of(&[]), Stability { top: 0, kept: vec![] });
    }

    #[test]
    fn of_equal_scores_the_first_rows_are_the_highest() {
        let rows = Array2::zeros((5, 1));
        let params = Params::default().check().unwrap();
        let forest = params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(super::highest(&forest.score(rows.view()), 3), [0, 1, 2]);
    }
}
