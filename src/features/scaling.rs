//! Features on one scale, for detectors that add their errors up.

use serde::{Deserialize, Serialize};

/// Interquartile ranges in a standard deviation, of a normal distribution: 1 / (2 Φ⁻¹(3/4)).
const TO_DEVIATION: f64 = 0.741_301_109_252_801;

/// Scaled values end here: what is farther out than this many deviations is so in any case, and would drown the rest.
/// (`docs/ACCURACY.md` has what 10 gave.)
const LIMIT: f32 = 5.0;

/// `(x − centre) / spread`, cut off at ±5: robust scaling with what outliers do not move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    centre: f32,
    spread: f32,
}

impl Scaling {
    /// By the median and the interquartile range of `values`, as standard deviations; where most values are equal, by the
    /// standard deviation.
    #[must_use]
    pub fn robust(values: &[f32]) -> Self {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        if sorted.is_empty() {
            return Self { centre: 0.0, spread: 1.0 };
        }
        let quantile = |share: f64| f64::from(sorted[((sorted.len() - 1) as f64 * share).round() as usize]);
        let centre = quantile(0.5);
        let quartiles = (quantile(0.75) - quantile(0.25)) * TO_DEVIATION;
        let deviation = || {
            // In the order of the sorted values, so that it does not depend on theirs.
            let sum: f64 = sorted.iter().map(|value| (f64::from(*value) - centre).powi(2)).sum();
            (sum / sorted.len() as f64).sqrt()
        };
        let spread = if quartiles > 0.0 { quartiles.max(0.1 * deviation()) } else { deviation() };
        Self { centre: centre as f32, spread: if spread > 0.0 { spread as f32 } else { 1.0 } }
    }

    /// The scaled value.
    #[must_use]
    pub fn apply(self, value: f32) -> f32 {
        ((value - self.centre) / self.spread).clamp(-LIMIT, LIMIT)
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
    fn quartiles_become_those_of_a_normal_distribution() {
        let values: Vec<f32> = (0..=100).map(|value| value as f32).collect();
        let scaling = Scaling::robust(&values);
        assert!((scaling.apply(75.0) - 0.6745).abs() < 1e-3 && scaling.apply(50.0) == 0.0);
        assert_eq!(scaling.apply(1e9), LIMIT);
        assert!((scaling.undo(scaling.apply(31.0)) - 31.0).abs() < 1e-4);
    }

    #[test]
    fn outliers_do_not_move_it_and_few_values_still_have_a_spread() {
        let mut values = vec![1.0; 60];
        values.extend([2.0; 40]);
        let usual = Scaling::robust(&values);
        values.push(1e30);
        assert_eq!(usual.centre, Scaling::robust(&values).centre);
        let mostly = Scaling::robust(&[vec![0.0; 95], vec![5.0; 5]].concat());
        assert!((mostly.apply(5.0) - 20.0_f32.sqrt()).abs() < 1e-4, "{}", mostly.apply(5.0));
        assert_eq!(Scaling::robust(&[3.0; 4]).apply(3.0), 0.0);
        assert_eq!(Scaling::robust(&[]).apply(0.5), 0.5);
    }
}
