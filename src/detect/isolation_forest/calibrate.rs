//! How high rows score by chance.
//!
//! A score means little by itself: the outermost of usual rows take few splits where there is one feature, and many where
//! there are seventy. So a fitted forest is shown rows that are made up of the file's own values, each drawn from its
//! column independently of the others. What scores higher than all of these is unusual in more respects at once than
//! chance makes it.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, ShapeBuilder};

use super::IsolationForest;
use crate::detect::fences::Fences;

/// Made-up rows at most: so many that of pure noise less than one row in a hundred thousand scores higher than all of them.
const MOST: usize = 131_072;
/// For each row of a small sample: of pure noise, one file in so many has a row that scores higher than all of them.
const PER_ROW: usize = 64;
/// Rows are made up by so many.
const SOME: usize = 8_192;
/// Values that are made up and scored at a time: those of `SOME` rows of up to 256 features.
const VALUES: usize = SOME * 256;
/// Rows of which that is at least done at a time.
const FEWEST: usize = 256;

/// A forest that is being calibrated.
pub struct Calibrating<'a> {
    forest: IsolationForest,
    fences: Fences,
    sample: ArrayView2<'a, f32>,
    /// Rows of the sample without a value that is far out: whatever these score, they are told by that.
    usual: Vec<usize>,
    seed: u64,
    /// Rows to make up.
    made_up: usize,
    done: usize,
    limit: f64,
}

impl<'a> Calibrating<'a> {
    /// Of a forest, by a sample of the rows (rows × features) that it is to score. `judged` says which features have
    /// values that can be far out, `rows` how many rows there are in all.
    #[must_use]
    pub fn new(forest: IsolationForest, sample: ArrayView2<'a, f32>, judged: &[bool], rows: u64, seed: u64) -> Self {
        let fences = Fences::around(sample, judged, rows);
        let mut outside = vec![0.0; sample.nrows()];
        fences.outside(sample, &mut outside);
        let usual = (0..sample.nrows()).filter(|&row| outside[row] == 0.0).collect();
        let made_up = (sample.nrows() * PER_ROW).clamp(SOME, MOST).next_multiple_of(SOME);
        Self { forest, fences, sample, usual, seed, made_up, done: 0, limit: 0.0 }
    }

    /// Scores some made-up rows; `false` once there were enough.
    pub fn score_some(&mut self) -> bool {
        if self.usual.is_empty() || self.done >= self.made_up {
            return false;
        }
        let some = (VALUES / self.sample.ncols().max(1)).clamp(FEWEST, SOME);
        let rows = self.done..(self.done + some).min(self.made_up);
        self.done = rows.end;
        let made_up = self.make_up(rows);
        self.limit = self.forest.score(made_up.view()).into_iter().fold(self.limit, f64::max);
        true
    }

    /// How much of it is done, from 0 to 1.
    #[must_use]
    pub fn done(&self) -> f64 {
        self.done as f64 / self.made_up as f64
    }

    /// The forest, which knows now how high rows score by chance.
    #[must_use]
    pub fn finish(self) -> IsolationForest {
        let Self { forest, fences, limit, usual, .. } = self;
        if usual.is_empty() { forest } else { forest.with_limit(limit, fences) }
    }

    fn make_up(&self, rows: Range<usize>) -> Array2<f32> {
        let (count, features) = (rows.len(), self.sample.ncols());
        let mut values = Vec::with_capacity(count * features);
        for feature in 0..features {
            let column = self.sample.column(feature);
            let stream = mix(self.seed ^ mix(feature as u64));
            values.extend(rows.clone().map(|row| {
                let drawn = mix(stream.wrapping_add(row as u64)) >> 32;
                column[self.usual[((drawn * self.usual.len() as u64) >> 32) as usize]]
            }));
        }
        Array2::from_shape_vec((count, features).f(), values).expect("a value for every row and feature")
    }
}

/// A number that looks random, the same for the same number (the finaliser of SplitMix64: Steele, Lea & Flood, *Fast
/// Splittable Pseudorandom Number Generators*, OOPSLA 2014).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    use super::*;
    use crate::detect::{draw::normal, isolation_forest::Params};

    fn noise(rows: usize, features: usize, seed: u64) -> Array2<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Array2::from_shape_simple_fn((rows, features), || normal(&mut rng) as f32)
    }

    fn calibrated(rows: &Array2<f32>) -> IsolationForest {
        let params = Params { trees: 50, ..Params::default() }.check().unwrap();
        let forest = params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
        let judged = vec![true; rows.ncols()];
        let mut calibrating = Calibrating::new(forest, rows.view(), &judged, rows.nrows() as u64, 1);
        while calibrating.score_some() {}
        assert_eq!(calibrating.done(), 1.0);
        calibrating.finish()
    }

    fn flagged(forest: &IsolationForest, rows: &Array2<f32>) -> Vec<usize> {
        let scores = forest.score(rows.view());
        (0..rows.nrows()).filter(|&row| scores[row] > forest.limit()).collect()
    }

    #[test]
    fn noise_does_not_stand_out_in_one_feature_or_many() {
        for features in [1, 2, 3, 10] {
            let rows = noise(2_000, features, features as u64);
            assert!(flagged(&calibrated(&rows), &rows).len() <= 1, "{features}");
        }
    }

    #[test]
    fn rows_far_out_in_one_feature_of_ten_stand_out() {
        for planted in [1, 20, 40] {
            let mut rows = noise(2_000, 10, 3);
            // A thousand deviations, as the plan has it: on a logarithmic scale.
            rows.mapv_inplace(|value| libm::log1pf(value.abs()).copysign(value));
            for row in 0..planted {
                rows[[row, row % 3]] = libm::log1pf(1_000.0);
            }
            let found = flagged(&calibrated(&rows), &rows);
            assert!((0..planted).all(|row| found.contains(&row)) && found.len() <= planted + 1, "{planted}: {found:?}");
        }
    }

    #[test]
    fn values_that_never_go_together_stand_out() {
        // Two features are both high or both low, but in the last row both are in a corner that is theirs alone.
        let mut rows = noise(3_000, 6, 5);
        for feature in 0..6 {
            rows[[2_999, feature]] = 3.0;
        }
        assert_eq!(flagged(&calibrated(&rows), &rows), [2_999]);
    }

    #[test]
    fn lines_grids_and_waves_do_not_stand_out() {
        let line = Array2::from_shape_fn((60, 2), |(row, feature)| (row * (feature + 1)) as f32);
        let grid =
            Array2::from_shape_fn((900, 2), |(row, feature)| if feature == 0 { row / 30 } else { row % 30 } as f32);
        let wave = Array2::from_shape_fn((2_000, 2), |(row, feature)| {
            let x = row as f32 / 100.0;
            if feature == 0 { x } else { libm::sinf(x) }
        });
        for (name, rows) in [("line", line), ("grid", grid), ("wave", wave)] {
            assert_eq!(flagged(&calibrated(&rows), &rows), Vec::<usize>::new(), "{name}");
        }
    }

    #[test]
    fn made_up_rows_have_the_values_of_their_columns_in_any_order() {
        let rows = Array2::from_shape_fn((100, 2), |(row, feature)| (row * 10 + feature) as f32);
        let params = Params { trees: 2, ..Params::default() }.check().unwrap();
        let forest = params.fit(rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
        let made_up = Calibrating::new(forest, rows.view(), &[false; 2], 100, 7).make_up(0..4_000);
        assert!(made_up.column(0).iter().all(|value| value % 10.0 == 0.0));
        assert!(made_up.column(1).iter().all(|value| value % 10.0 == 1.0));
        let together = made_up.rows().into_iter().filter(|row| row[1] == row[0] + 1.0).count();
        assert!((10..90).contains(&together), "{together} of 4,000 pairs are those of a row; by chance 40");
        let mean = made_up.column(0).sum() / 4_000.0;
        assert!((mean - 495.0).abs() < 20.0, "{mean}");
    }
}
