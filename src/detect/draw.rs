//! Random draws: ChaCha8 and integer arithmetic, the same everywhere.

use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// An even draw from 0..n: the high half of a random `u64` times n, drawn again in the few cases that would favour some
/// numbers (Lemire, *Fast Random Integer Generation in an Interval*, 2019).
pub(in crate::detect) fn below(n: u64, rng: &mut ChaCha8Rng) -> u64 {
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        let (high, low) = ((product >> 64) as u64, product as u64);
        if low >= n || low >= n.wrapping_neg() % n {
            return high;
        }
    }
}

/// An even draw from [0, 1): 53 random bits.
pub(crate) fn unit(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A draw from the standard normal distribution (Box & Muller, *A Note on the Generation of Random Normal Deviates*,
/// 1958; one of the two that it makes).
pub(in crate::detect) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (radius, turn) = (1.0 - unit(rng), unit(rng));
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(std::f64::consts::TAU * turn)
}

/// `size` different numbers of 0..n, ascending (Floyd's algorithm: Bentley & Floyd, *A Sample of Brilliance*, 1987).
pub(in crate::detect) fn sample_without_replacement(n: usize, size: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut sample = BTreeSet::new();
    for last in n - size..n {
        let drawn = below(last as u64 + 1, rng) as usize;
        if !sample.insert(drawn) {
            sample.insert(last);
        }
    }
    sample.into_iter().collect()
}

/// A value drawn evenly from [min, max), such that some row is `<=` it and, where min < max, some row is not.
///
/// Drawn as `f64` and rounded down to `f32`: for `f32` values `v <= rounded` iff `v <= drawn`.
pub(in crate::detect) fn threshold_between(min: f32, max: f32, rng: &mut ChaCha8Rng) -> f32 {
    let (low, high) = (f64::from(min), f64::from(max));
    let drawn = low + unit(rng) * (high - low);
    let nearest = drawn as f32;
    let rounded = if f64::from(nearest) > drawn { nearest.next_down() } else { nearest };
    // The sum can round up to the largest value; nothing would go right.
    if rounded >= max { min } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn normal_draws_have_the_moments_of_the_normal_distribution() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let draws: Vec<f64> = (0..100_000).map(|_| normal(&mut rng)).collect();
        let moment = |power: i32| draws.iter().map(|draw| draw.powi(power)).sum::<f64>() / draws.len() as f64;
        // Standard errors: 0.003, 0.0045, 0.012, 0.03.
        assert!(moment(1).abs() < 0.015 && (moment(2) - 1.0).abs() < 0.02, "{} {}", moment(1), moment(2));
        assert!(moment(3).abs() < 0.06 && (moment(4) - 3.0).abs() < 0.15, "{} {}", moment(3), moment(4));
    }

    #[test]
    fn a_threshold_parts_neighbours() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for min in [1.0_f32, 0.0, -1.0, 1e30, -3e-30] {
            for _ in 0..100 {
                assert_eq!(threshold_between(min, min.next_up(), &mut rng), min);
            }
        }
        assert_eq!(threshold_between(2.0, 2.0, &mut rng), 2.0);
    }

    #[test]
    fn samples_are_even_and_without_repeats() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut drawn = [0; 10];
        for _ in 0..10_000 {
            let sample = sample_without_replacement(10, 4, &mut rng);
            assert!(sample.len() == 4 && sample.is_sorted_by(|a, b| a < b));
            sample.into_iter().for_each(|n| drawn[n] += 1);
        }
        // 4,000 each, standard deviation 49.
        assert!(drawn.iter().all(|times| (3_800..4_200).contains(times)), "{drawn:?}");
    }
}
