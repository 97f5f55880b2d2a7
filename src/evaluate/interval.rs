//! How far a figure of some rows may be from that of all rows like them.

use serde::{Deserialize, Serialize};

/// An interval that holds the true value in 95 of 100 files, if their rows are drawn independently. Flows seldom are (one
/// attack makes many), so it is the least of the uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Interval {
    /// The score interval of a share that was found `hits` times in `trials`; `None` without trials.
    ///
    /// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), where p = `hits` / n (Wilson, *Probable Inference, the Law of
    /// Succession, and Statistical Inference*, 1927). Of few trials, and of shares near 0 or 1, it is far better than the
    /// mean ± 1.96 standard errors (Brown, Cai & DasGupta, *Interval Estimation for a Binomial Proportion*, 2001).
    ///
    /// # Panics
    /// If there are more hits than trials.
    #[must_use]
    pub fn wilson(hits: u64, trials: u64) -> Option<Self> {
        assert!(hits <= trials, "a hit is a trial");
        if trials == 0 {
            return None;
        }
        let n = trials as f64;
        let share = hits as f64 / n;
        let centre = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        // Of none and of all, one end is exact, but for rounding.
        let low = if hits == 0 { 0.0 } else { (centre - half) / scale };
        let high = if hits == trials { 1.0 } else { (centre + half) / scale };
        Some(Self { low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends_of_the_scale() {
        assert_eq!(Interval::wilson(0, 0), None);
        // Where nothing is found, the upper end is z² / (n + z²).
        let none = Interval::wilson(0, 10).unwrap();
        assert!(none.low == 0.0 && (none.high - Z * Z / (10.0 + Z * Z)).abs() < 1e-15, "{none:?}");
        let all = Interval::wilson(10, 10).unwrap();
        assert!(all.high == 1.0 && (all.low - (1.0 - none.high)).abs() < 1e-15, "{all:?}");
    }

    proptest! {
        #[test]
        fn the_share_is_inside_and_more_trials_are_surer(trials in 1..10_000_u64, hits in 0..10_000_u64) {
            let hits = hits.min(trials);
            let found = Interval::wilson(hits, trials).unwrap();
            let share = hits as f64 / trials as f64;
            prop_assert!(0.0 <= found.low && found.low <= share && share <= found.high && found.high <= 1.0);
            let surer = Interval::wilson(4 * hits, 4 * trials).unwrap();
            prop_assert!(surer.high - surer.low < found.high - found.low);
        }
    }
}
