//! Features on one scale, for detectors that add their errors up.

use serde::{Deserialize, Serialize};

use crate::numeric::{quantile::nearest, tail::END};

/// Standard deviations that the range of the others has, of a normal distribution: 2 Φ⁻¹(1 − [`END`]).
const DEVIATIONS: f64 = 3.919_927_969_080_107;

/// Detectors that add errors up see no more than this: what is farther out than so many deviations is so in any case, and
/// would drown the rest. (`docs/ACCURACY.md` has what 10 gave.)
pub const LIMIT: f32 = 5.0;

/// Scaled values end here, far beyond any fence.
const FARTHEST: f32 = 1_000.0;

/// `(x − centre) / spread`: robust scaling with what outliers do not move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    centre: f32,
    spread: f32,
}

impl Scaling {
    /// By the median of `values` and the range of the middle 95 % of them, as standard deviations; where all of these are equal,
    /// by the standard deviation. (As scikit-learn's `RobustScaler` with `quantile_range=(2.5, 97.5)` and `unit_variance=True`.
    /// By quartiles, what is usual in a skewed column lay beyond the limit: `docs/ACCURACY.md`.)
    #[must_use]
    pub fn robust(values: &[f32]) -> Self {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let Some(centre) = nearest(&sorted, 0.5).map(f64::from) else {
            return Self { centre: 0.0, spread: 1.0 };
        };
        let quantile = |share: f64| nearest(&sorted, share).map_or(centre, f64::from);
        let middle = (quantile(1.0 - END) - quantile(END)) / DEVIATIONS;
        let deviation = || {
            // In the order of the sorted values, so that it does not depend on theirs.
            let sum: f64 = sorted.iter().map(|value| (f64::from(*value) - centre).powi(2)).sum();
            (sum / sorted.len() as f64).sqrt()
        };
        let spread = if middle > 0.0 { middle.max(0.1 * deviation()) } else { deviation() };
        let spread = if spread > 0.0 { spread } else { 1.0 };
        Self { centre: centre as f32, spread: spread as f32 }
    }

    /// Scaled values end at these.
    pub(crate) const ENDS: [f32; 2] = [-FARTHEST, FARTHEST];

    /// What is subtracted, and what the rest is divided by.
    pub(crate) fn parts(self) -> [f32; 2] {
        [self.centre, self.spread]
    }

    /// The scaled value.
    #[must_use]
    #[inline]
    pub fn apply(self, value: f32) -> f32 {
        ((value - self.centre) / self.spread).clamp(-FARTHEST, FARTHEST)
    }

    /// The value whose scaled one this is.
    #[must_use]
    pub fn undo(self, scaled: f32) -> f32 {
        scaled * self.spread + self.centre
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_becomes_that_of_a_normal_distribution() {
        let values: Vec<f32> = (0..=1_000).map(|value| value as f32 / 10.0).collect();
        let scaling = Scaling::robust(&values);
        assert!((scaling.apply(97.5) - 1.96).abs() < 1e-2 && scaling.apply(50.0) == 0.0);
        assert!((scaling.apply(2.5) + 1.96).abs() < 1e-2);
        assert_eq!(scaling.apply(1e9), FARTHEST);
        assert!((scaling.undo(scaling.apply(31.0)) - 31.0).abs() < 1e-4);
    }

    #[test]
    fn outliers_do_not_move_it_and_few_values_still_have_a_spread() {
        let mut values = vec![1.0; 60];
        values.extend([2.0; 40]);
        let usual = Scaling::robust(&values);
        values.push(1e30);
        assert_eq!(usual.centre, Scaling::robust(&values).centre);
        let mostly = Scaling::robust(&[vec![0.0; 98], vec![5.0; 2]].concat());
        assert!((mostly.apply(5.0) - 50.0_f32.sqrt()).abs() < 1e-4);
        assert!((mostly.apply(0.5) - 0.5_f32.sqrt()).abs() < 1e-4, "{}", mostly.apply(0.5));
        // Twenty outliers of a thousand are not in the middle.
        let odd = Scaling::robust(
            &(0..1_000).map(|row| if row < 980 { (row % 10) as f32 } else { 40.0 }).collect::<Vec<_>>(),
        );
        let usual = Scaling::robust(&(0..1_000).map(|row| (row % 10) as f32).collect::<Vec<_>>());
        assert_eq!((odd.spread, odd.centre), (usual.spread, usual.centre));
        assert_eq!(Scaling::robust(&[3.0; 4]).apply(3.0), 0.0);
        assert_eq!(Scaling::robust(&[]).apply(0.5), 0.5);
    }
}
