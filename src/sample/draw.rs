//! Random draws, from ChaCha8 streams.
//!
//! Only exactly rounded operations and `libm` are used, so that the numbers are the same bits natively and in wasm.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A seeded source of draws. Each draw consumes a fixed number of words of the stream.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    stream: ChaCha8Rng,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self { stream: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// One of the streams of a seed, each independent of the others.
    pub(super) fn of(seed: u64, number: u64) -> Self {
        let mut draw = Self::new(seed);
        draw.stream.set_stream(number);
        draw
    }

    /// Uniform on [0, 1): the top 53 bits of a word, times 2⁻⁵³.
    pub(super) fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.stream.next_u64() >> 11) as f64 * STEP
    }

    /// Uniform on the integers `low..=high`: ⌊word · (high − low + 1) / 2⁶⁴⌋ (Lemire 2019 without the rejection; its bias
    /// is below span / 2⁶⁴).
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        debug_assert!(low <= high && high - low < u64::MAX);
        let span = u128::from(high - low) + 1;
        low + ((u128::from(self.stream.next_u64()) * span) >> 64) as u64
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// One of `choices`, each as likely as the other.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices[self.between(0, N as u64 - 1) as usize]
    }

    /// Exponential: −mean · ln(1 − u).
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.uniform())
    }

    /// Standard normal (Box and Muller 1958): √(−2 ln(1 − u)) · cos(2πv); the sine is not used.
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// Log-normal: exp(mu + sigma · normal), so its median is exp(mu).
    pub(super) fn log_normal(&mut self, mu: f64, sigma: f64) -> f64 {
        libm::exp(mu + sigma * self.normal())
    }

    /// Log-uniform on [low, high): low · (high / low)ᵘ.
    pub(super) fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        low * libm::exp(self.uniform() * libm::log(high / low))
    }

    /// A rank in `0..n` after Zipf's law with exponent near 1: ⌊(n + 1)ᵘ⌋ − 1, so that
    /// P(k) = ln((k + 2) / (k + 1)) / ln(n + 1).
    pub(super) fn rank(&mut self, n: u64) -> u64 {
        (self.log_uniform(1.0, n as f64 + 1.0) as u64 - 1).min(n - 1)
    }
}

/// A fixed scattering of the integers (the finaliser of SplitMix64, Steele et al. 2014): what makes an address of a rank.
pub(super) fn scatter(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 40_000;

    fn mean(mut draw: impl FnMut() -> f64) -> f64 {
        (0..DRAWS).map(|_| draw()).sum::<f64>() / DRAWS as f64
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut draw = Draw::new(7);
        assert!((mean(|| draw.uniform()) - 0.5).abs() < 0.01);
        assert!((mean(|| draw.exponential(3.0)) - 3.0).abs() < 0.1);
        assert!(mean(|| draw.normal()).abs() < 0.03);
        let mut square = Draw::new(8);
        let variance = mean(|| {
            let z = square.normal();
            z * z
        });
        assert!((variance - 1.0).abs() < 0.04, "{variance}");
        let below_median = mean(|| f64::from(u8::from(square.log_normal(2.0, 1.0) < libm::exp(2.0))));
        assert!((below_median - 0.5).abs() < 0.02);
    }

    #[test]
    fn bounds_are_reached_and_kept() {
        let mut draw = Draw::new(1);
        let mut seen = [0u32; 4];
        for _ in 0..1000 {
            seen[draw.between(3, 6) as usize - 3] += 1;
        }
        assert!(seen.iter().all(|&n| n > 150), "{seen:?}");
        assert!((0..DRAWS).all(|_| draw.rank(10) < 10));
        assert!((0..DRAWS).all(|_| (2.0..50.0).contains(&draw.log_uniform(2.0, 50.0))));
    }

    #[test]
    fn low_ranks_are_common() {
        let mut draw = Draw::new(2);
        let first = mean(|| f64::from(u8::from(draw.rank(1000) == 0)));
        let expected = libm::log(2.0) / libm::log(1001.0);
        assert!((first - expected).abs() < 0.01, "{first} {expected}");
    }
}
