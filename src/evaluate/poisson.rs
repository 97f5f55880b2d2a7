//! Draws from Poisson's distribution, the same everywhere: ChaCha8, exactly rounded operations and `libm`.

use rand_chacha::{ChaCha8Rng, rand_core::Rng};

use crate::detect::draw::unit;

/// From this mean on, drawing by rejection is faster than looking the number up; it is not made for less.
const LARGE: u64 = 10;

/// Poisson's distribution with a whole mean, made ready for many draws.
#[derive(Debug, Clone)]
pub(super) enum Poisson {
    /// Small means: the chance of at most 0, 1, 2 .., in 2⁻⁶⁴.
    Table(Vec<u64>),
    /// Large ones.
    Rejection(Rejection),
}

impl Poisson {
    pub fn of(mean: u64) -> Self {
        if mean >= LARGE { Self::Rejection(Rejection::of(mean as f64)) } else { Self::Table(table(mean as f64)) }
    }

    pub fn draw(&self, rng: &mut ChaCha8Rng) -> u64 {
        match self {
            // A mean of zero.
            Self::Table(table) if table.is_empty() => 0,
            Self::Table(table) => {
                let word = rng.next_u64();
                table.iter().take_while(|&&at_most| at_most <= word).count() as u64
            }
            Self::Rejection(rejection) => rejection.draw(rng),
        }
    }
}

/// The cumulative chances, up to what is less than 2⁻⁵³ from one.
fn table(mean: f64) -> Vec<u64> {
    let mut table = Vec::new();
    let (mut chance, mut at_most) = (libm::exp(-mean), 0.0);
    while at_most + chance > at_most && at_most + chance < 1.0 {
        at_most += chance;
        // A power of two, so that only the rounding down is not exact.
        table.push((at_most * (1_u128 << 64) as f64) as u64);
        chance *= mean / table.len() as f64;
    }
    table
}

/// Transformed rejection, PTRS of Hörmann, *The Transformed Rejection Method for Generating Poisson Random Variables*,
/// 1993: exact, with constants for means of 10 and more.
#[derive(Debug, Clone)]
pub(super) struct Rejection {
    mean: f64,
    log_mean: f64,
    a: f64,
    b: f64,
    inverse_alpha: f64,
    /// Most draws fall under this and need no logarithm.
    sure: f64,
}

impl Rejection {
    fn of(mean: f64) -> Self {
        let b = 0.931 + 2.53 * mean.sqrt();
        Self {
            mean,
            log_mean: libm::log(mean),
            a: -0.059 + 0.024_83 * b,
            b,
            inverse_alpha: 1.1239 + 1.1328 / (b - 3.4),
            sure: 0.9277 - 3.6224 / (b - 2.0),
        }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> u64 {
        let Self { mean, log_mean, a, b, inverse_alpha, sure } = *self;
        loop {
            let (u, v) = (unit(rng) - 0.5, unit(rng));
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= sure {
                return k as u64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let hat = libm::log(v * inverse_alpha / (a / (us * us) + b));
            if hat <= k * log_mean - mean - libm::lgamma(k + 1.0) {
                return k as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    const DRAWS: usize = 100_000;

    fn draws(mean: u64) -> Vec<u64> {
        let (poisson, mut rng) = (Poisson::of(mean), ChaCha8Rng::seed_from_u64(mean));
        (0..DRAWS).map(|_| poisson.draw(&mut rng)).collect()
    }

    #[test]
    fn draws_have_the_moments_of_the_distribution() {
        for mean in [1, 3, 9, 10, 11, 40, 1_000, 1_000_000] {
            let draws = draws(mean);
            let root = (mean as f64).sqrt();
            let moment = |power: i32| {
                draws.iter().map(|&draw| ((draw as f64 - mean as f64) / root).powi(power)).sum::<f64>() / DRAWS as f64
            };
            // Standard errors of about 0.0032, of at most 0.0055, and of at most 0.03.
            assert!(moment(1).abs() < 0.015, "{mean}: {}", moment(1));
            assert!((moment(2) - 1.0).abs() < 0.025, "{mean}: {}", moment(2));
            assert!((moment(3) - 1.0 / root).abs() < 0.15, "{mean}: {}", moment(3));
        }
        assert_eq!(draws(0), [0; DRAWS]);
    }

    #[test]
    fn numbers_are_as_frequent_as_they_should_be() {
        for mean in [1, 9, 10, 25, 100] {
            let draws = draws(mean);
            let (mut statistic, mut cells) = (0.0, 0.0_f64);
            for k in 0..3 * mean + 10 {
                let chance = libm::exp(k as f64 * libm::log(mean as f64) - mean as f64 - libm::lgamma(k as f64 + 1.0));
                let expected = chance * DRAWS as f64;
                if expected >= 10.0 {
                    let found = draws.iter().filter(|&&draw| draw == k).count() as f64;
                    statistic += (found - expected).powi(2) / expected;
                    cells += 1.0;
                }
            }
            // Chi-squared: five standard deviations above its mean.
            assert!(statistic < cells + 5.0 * (2.0 * cells).sqrt(), "{mean}: {statistic} of {cells}");
        }
    }

    #[test]
    fn the_same_everywhere() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let drawn: Vec<u64> =
            [1, 1, 5, 9, 10, 70, 1_000, 1_000_000].iter().map(|&mean| Poisson::of(mean).draw(&mut rng)).collect();
        assert_eq!(drawn, [0, 0, 6, 11, 11, 56, 988, 999_053]);
    }
}
