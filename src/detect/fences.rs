//! Values that lie so far out that they speak for themselves.
//!
//! A tree sees 256 rows and splits on one feature in so many: a flow that is a thousand times out in one of ten features
//! takes about as many splits as the outermost usual ones. So what lies beyond a feature's fence is looked at beside the
//! trees.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::numeric::{
    quantile::interpolated,
    tail::{END, TAIL, beyond},
};

/// Where a feature's usual values end, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Fence {
    feature: usize,
    low: f32,
    high: f32,
    /// One over the length of the lower and of the upper tail; 0 where there is no fence.
    per_tail: [f32; 2],
}

impl Fence {
    fn of(feature: usize, sorted: &[f32], values: f64) -> Option<Self> {
        let quantile = |share| interpolated(sorted, share).map(f64::from);
        let [tail, end] = [quantile(1.0 - TAIL)?, quantile(1.0 - END)?];
        let [low_tail, low_end] = [-quantile(TAIL)?, -quantile(END)?];
        let per = |tail: f64, end: f64| if end > tail { (1.0 / (end - tail)) as f32 } else { 0.0 };
        let fence = Self {
            feature,
            low: -beyond(low_tail, low_end, sorted.len(), values) as f32,
            high: beyond(tail, end, sorted.len(), values) as f32,
            per_tail: [per(low_tail, low_end), per(tail, end)],
        };
        fence.per_tail.iter().any(|per| *per > 0.0).then_some(fence)
    }

    /// How far beyond the fence, in lengths of the tail; 0 for what is inside, and for nothing (NaN).
    #[inline]
    fn outside(&self, value: f32) -> f32 {
        // A side without a fence is infinitely far away, and infinity less infinity is nothing.
        (self.low - value).max(0.0) * self.per_tail[0] + (value - self.high).max(0.0) * self.per_tail[1]
    }
}

/// Where the usual values of features end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fences(Vec<Fence>);

impl Fences {
    /// Around the values of a sample (rows × features) of a file of `rows` rows, for those features that are `judged`: those
    /// whose values say how much, not how rare.
    #[must_use]
    pub fn around(sample: ArrayView2<'_, f32>, judged: &[bool], rows: u64) -> Self {
        let values = rows as f64 * judged.len() as f64;
        let fence = |feature: usize| {
            let mut sorted: Vec<f32> =
                sample.column(feature).iter().copied().filter(|value| value.is_finite()).collect();
            sorted.sort_unstable_by(f32::total_cmp);
            Fence::of(feature, &sorted, values)
        };
        Self((0..judged.len()).filter(|&feature| judged[feature]).filter_map(fence).collect())
    }

    /// Per fence the feature; the lower and the upper end, and what a unit beyond either counts.
    pub(crate) fn parts(&self) -> Vec<(usize, [f32; 4])> {
        let parts = |fence: &Fence| (fence.feature, [fence.low, fence.high, fence.per_tail[0], fence.per_tail[1]]);
        self.0.iter().map(parts).collect()
    }

    /// Features that a row must have at least.
    pub(super) fn features(&self) -> usize {
        self.0.iter().map(|fence| fence.feature + 1).max().unwrap_or(0)
    }

    /// How far each row of `x` is outside, in lengths of tails, summed over the features.
    pub(super) fn outside(&self, x: ArrayView2<'_, f32>, out: &mut [f32]) {
        out.fill(0.0);
        for fence in &self.0 {
            for (sum, value) in out.iter_mut().zip(x.column(fence.feature)) {
                *sum += fence.outside(*value);
            }
        }
    }

    /// The features that are outside in a row, and how far each is.
    pub(crate) fn of_row<'a>(&'a self, row: &'a [f32]) -> impl Iterator<Item = (usize, f64)> {
        let outside = |fence: &Fence| (fence.feature, f64::from(fence.outside(row[fence.feature])));
        self.0.iter().map(outside).filter(|(_, outside)| *outside > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Even quantiles of the exponential distribution: about as many lie above ln n as in theory.
    fn exponential(rows: usize) -> Vec<f32> {
        (0..rows).map(|row| -libm::log((row as f64 + 0.5) / rows as f64) as f32).collect()
    }

    fn outside(fences: &Fences, rows: &Array2<f32>) -> Vec<f32> {
        let mut out = vec![0.0; rows.nrows()];
        fences.outside(rows.view(), &mut out);
        out
    }

    #[test]
    fn an_exponential_tail_is_inside_and_what_is_far_beyond_it_is_not() {
        for rows in [1_000, 100_000] {
            let mut sample = Array2::from_shape_vec((rows, 1), exponential(rows)).unwrap();
            let fences = Fences::around(sample.view(), &[true], rows as u64);
            assert_eq!(outside(&fences, &sample).iter().filter(|far| **far > 0.0).count(), 0, "{rows}");
            // In theory one in a hundred files has a value beyond ln(100 rows).
            let edge = libm::log(100.0 * rows as f64) as f32;
            sample[[0, 0]] = edge * 1.02 * (1.0 + 10.0 / (rows as f32).sqrt());
            assert_eq!(outside(&fences, &sample).iter().filter(|far| **far > 0.0).count(), 1, "{rows}");
            sample[[0, 0]] = edge * 0.95;
            assert_eq!(outside(&fences, &sample)[0], 0.0);
        }
    }

    #[test]
    fn both_sides_count_and_only_judged_features_do() {
        let column = exponential(2_000);
        let sample =
            Array2::from_shape_fn((2_000, 3), |(row, feature)| if feature == 1 { -column[row] } else { column[row] });
        let fences = Fences::around(sample.view(), &[true, true, false], 2_000);
        let rows = ndarray::array![
            [50.0, 0.0, 0.0],
            [0.0, -50.0, 0.0],
            [50.0, -50.0, 0.0],
            [0.0, 0.0, 50.0],
            [f32::NAN, 0.0, 0.0]
        ];
        let far = outside(&fences, &rows);
        assert!(far[0] > 0.0 && far[1] > 0.0 && (far[2] - far[0] - far[1]).abs() < 1e-4, "{far:?}");
        assert_eq!(far[3..], [0.0, 0.0]);
        let features: Vec<usize> = fences.of_row(&[50.0, -50.0, 50.0]).map(|(feature, _)| feature).collect();
        assert_eq!(features, [0, 1]);
    }

    #[test]
    fn outliers_of_a_fiftieth_do_not_move_the_fence_beyond_them() {
        let mut column: Vec<f32> = (0..1_000).map(|row| ((row * 37) % 1_000) as f32 / 1_000.0).collect();
        column[..20].fill(6.0);
        let sample = Array2::from_shape_vec((1_000, 1), column).unwrap();
        let far = outside(&Fences::around(sample.view(), &[true], 1_000), &sample);
        assert!(far[..20].iter().all(|far| *far > 0.0) && far[20..].iter().all(|far| *far == 0.0));
    }

    #[test]
    fn a_feature_whose_tail_has_no_length_has_no_fence() {
        let mut column = vec![0.0; 1_000];
        column[0] = 9.0;
        let sample = Array2::from_shape_vec((1_000, 1), column).unwrap();
        assert_eq!(Fences::around(sample.view(), &[true], 1_000), Fences::default());
        assert_eq!(Fences::around(Array2::zeros((0, 2)).view(), &[true, true], 0), Fences::default());
    }
}
