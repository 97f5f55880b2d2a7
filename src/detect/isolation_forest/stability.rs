//! Whether the answer hangs on the seed.

use std::ops::ControlFlow;

use ndarray::ArrayView2;

use super::error::FitError;
use super::params::CheckedParams;
use crate::detect::rank::descending_order;

/// How many of the highest-scoring rows are among the highest with other seeds too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stability {
    /// Rows that were looked at: the highest-scoring.
    pub top: usize,
    /// How many of them stayed, for each other seed.
    pub kept: Vec<usize>,
}

impl Stability {
    /// The share of them that stays, on average, in 0..=1; 1 if there was nothing to lose.
    #[must_use]
    pub fn share(&self) -> f64 {
        let kept: usize = self.kept.iter().sum();
        let all = self.top * self.kept.len();
        if all == 0 { 1.0 } else { kept as f64 / all as f64 }
    }
}

impl CheckedParams {
    /// Fits and scores `x` with these parameters and again with each of the next `others` seeds, and compares the `top`
    /// highest-scoring rows.
    ///
    /// `progress` is called after each tree with the fraction done, in (0, 1].
    ///
    /// # Errors
    /// As [`CheckedParams::fit`].
    pub fn stability(
        &self,
        x: ArrayView2<'_, f32>,
        top: usize,
        others: usize,
        progress: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<Stability, FitError> {
        let top = top.min(x.nrows());
        let mut highest = |other: usize| {
            let params = self.with_seed(self.params().seed.wrapping_add(other as u64));
            let forest = params.fit(x, &mut |done| progress((other as f64 + done) / (others + 1) as f64))?;
            let mut rows = descending_order(&forest.score(x));
            rows.truncate(top);
            rows.sort_unstable();
            Ok(rows)
        };
        let first = highest(0)?;
        let kept = |rows: Vec<u32>| rows.iter().filter(|row| first.binary_search(row).is_ok()).count();
        let kept = (1..=others).map(|other| highest(other).map(kept)).collect::<Result<_, _>>()?;
        Ok(Stability { top, kept })
    }
}

#[cfg(test)]
mod tests {
    use super::super::params::Params;
    use super::*;
    use ndarray::Array2;

    fn stability(rows: &Array2<f32>, trees: usize, top: usize, others: usize) -> Stability {
        let params = Params { trees, ..Params::default() }.check().unwrap();
        params.stability(rows.view(), top, others, &mut |_| ControlFlow::Continue(())).unwrap()
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
    }

    #[test]
    fn it_can_be_cancelled() {
        let rows = Array2::from_shape_fn((20, 1), |(row, _)| row as f32);
        let params = Params { trees: 2, ..Params::default() }.check().unwrap();
        let mut told = Vec::new();
        let answer = params.stability(rows.view(), 3, 1, &mut |done| {
            told.push(done);
            if done < 0.75 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert_eq!((answer, told), (Err(FitError::Cancelled), vec![0.25, 0.5, 0.75]));
    }
}
