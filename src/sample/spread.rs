//! The summary of a set of numbers that nobody listed: count, least, greatest, sum and spread, chosen so that a set with
//! exactly these values could exist.

use super::draw::Draw;

/// What is known of `count` whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    pub(super) count: u64,
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) sum: u64,
    /// The sum of squared distances from the mean.
    squares: f64,
}

impl Spread {
    /// `count` numbers of which one is `min`, one is `max` and all together are `sum`; the rest fill the share `fill` (0
    /// to 1) of the variance that their bounds allow them, which is (max − μ)(μ − min) (Bhatia and Davis 2000).
    ///
    /// The four must be possible together; for fewer than three numbers the sum decides.
    pub(super) fn new(count: u64, min: u64, max: u64, sum: u64, fill: f64) -> Self {
        debug_assert!(min <= max && count > 0);
        debug_assert!(min * count <= sum && sum <= max * count, "{count} {min} {max} {sum}");
        let mut spread = Self { count, min, max, sum, squares: 0.0 };
        if min == max {
            return spread;
        }
        let (low, high, mean) = (min as f64, max as f64, spread.mean());
        spread.squares = (high - mean) * (high - mean) + (low - mean) * (low - mean);
        if count > 2 {
            let others = (count - 2) as f64;
            let middle = (sum - min - max) as f64 / others;
            let room = ((high - middle) * (middle - low)).max(0.0);
            spread.squares += others * ((middle - mean) * (middle - mean) + fill * room);
        }
        spread
    }

    /// `count` times the same number.
    pub(super) fn constant(count: u64, value: u64) -> Self {
        if count == 0 {
            return Self::default();
        }
        Self::new(count, value, value, value * count, 0.0)
    }

    /// `count` numbers of which the least is `min`, the greatest `max`, and the others lie about the share `middle` of
    /// the way between them. A single number is `max`.
    pub(super) fn within(count: u64, min: u64, max: u64, middle: f64, fill: f64) -> Self {
        let min = min.min(max);
        match count {
            0 | 1 => Self::constant(count, max),
            2 => Self::new(2, min, max, min + max, 0.0),
            _ => {
                let others = (count - 2) as f64 * (min as f64 + (max - min) as f64 * middle);
                Self::new(count, min, max, min + max + others as u64, fill)
            }
        }
    }

    /// The waits between the packets of a flow, `count` of them, `sum` together, as people and programs make them: many
    /// short ones and a few that hold most of the time.
    pub(super) fn bursty(draw: &mut Draw, count: u64, sum: u64) -> Self {
        if count < 2 {
            return Self::constant(count, sum);
        }
        let mean = sum as f64 / count as f64;
        // The more waits there are, the smaller the share of the longest one.
        let tail = 0.3 + 0.15 * libm::log(count as f64);
        let share = libm::exp(tail * libm::log(1.0 - draw.uniform()));
        let max = mean + (sum as f64 - mean) * share;
        let short = draw.exponential(1.6);
        let fill = draw.log_uniform(0.004, 0.3);
        Self::waits(count, sum, (short * short) as u64, max as u64, fill)
    }

    /// Moves `min` and `max` to the nearest values that `count` (two or more) numbers with this sum can have.
    fn waits(count: u64, sum: u64, min: u64, max: u64, fill: f64) -> Self {
        let max = max.clamp(sum.div_ceil(count), sum);
        let least = sum.saturating_sub((count - 1) * max);
        let min = min.clamp(least, (sum - max) / (count - 1));
        Self::new(count, min, max, sum, fill)
    }

    /// The mean, 0 where there is nothing.
    pub(super) fn mean(&self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }

    /// The variance over `count − 1`, 0 for fewer than two numbers.
    pub(super) fn variance(&self) -> f64 {
        self.squares / self.count.saturating_sub(1).max(1) as f64
    }

    /// The square root of the variance.
    pub(super) fn std(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Both sets together (Chan, Golub and LeVeque 1979 for the squares).
    pub(super) fn merge(self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let (n, m) = (self.count as f64, other.count as f64);
        let gap = self.mean() - other.mean();
        Self {
            count: self.count + other.count,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            sum: self.sum + other.sum,
            squares: self.squares + other.squares + gap * gap * (n * m / (n + m)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_summed_up_exactly() {
        // 2, 5, 11: mean 6, squares 16 + 1 + 25.
        let spread = Spread::new(3, 2, 11, 18, 0.0);
        assert_eq!(spread.mean(), 6.0);
        assert_eq!(spread.variance(), 21.0);
    }

    #[test]
    fn merged_is_the_whole() {
        // 2, 5, 11 and 4, 4: mean 5.2, squares 46.8.
        let both = Spread::new(3, 2, 11, 18, 0.0).merge(Spread::constant(2, 4));
        assert_eq!((both.count, both.min, both.max, both.sum), (5, 2, 11, 26));
        assert!((both.variance() - 46.8 / 4.0).abs() < 1e-12);
        let empty = Spread::default();
        assert_eq!(empty.merge(both), both);
        assert_eq!(both.merge(empty), both);
    }

    #[test]
    fn waits_are_always_possible() {
        let mut draw = Draw::new(3);
        for _ in 0..20_000 {
            let count = draw.log_uniform(1.0, 5000.0) as u64;
            let sum = draw.log_uniform(1.0, 1.2e8) as u64;
            {
                let spread = Spread::bursty(&mut draw, count, sum);
                assert_eq!((spread.count, spread.sum), (count, sum));
                assert!(spread.max <= sum && spread.min as f64 <= spread.mean() && spread.mean() <= spread.max as f64);
                if count > 1 {
                    // What the others have left lies between the least and the greatest of them.
                    let rest = sum - spread.min - spread.max;
                    assert!(rest >= spread.min * (count - 2) && rest <= spread.max * (count - 2));
                }
                let n = count as f64;
                let most = (spread.max as f64 - spread.mean()) * (spread.mean() - spread.min as f64) * n;
                assert!(spread.squares <= most * (1.0 + 1e-9) + 1e-9, "{spread:?} {most}");
            }
        }
    }
}
