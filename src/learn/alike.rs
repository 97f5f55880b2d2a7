//! How alike two rows are.

use serde::{Deserialize, Serialize};

/// Steps of the table by which many rows are compared.
const STEPS: u32 = 8_192;
/// Lengths beyond which rows are not alike at all: e⁻¹⁰.
const FARTHEST: u32 = 10;
/// Alikeness falls to 1/e over this share of the distance that two rows of the file usually have.
const LENGTH: f64 = 0.3;

/// A distance → how alike two rows are, from 0 to 1: exp(−distance / length).
///
/// Of distances that are sums over features, this is a kernel (Rasmussen & Williams, section 4.2.1: the exponential one, along each
/// feature; products of kernels are kernels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Alike {
    /// In parts of a distance, as [`Point::distance`](crate::features::Point::distance) has them.
    length: u32,
}

impl Alike {
    /// By the distance that two rows usually have.
    pub fn of(usual: u32) -> Self {
        Self { length: ((LENGTH * f64::from(usual)) as u32).max(1) }
    }

    /// Rows that are so far apart are not alike at all.
    pub fn farthest(self) -> u32 {
        self.length.saturating_mul(FARTHEST)
    }

    /// How alike rows at this distance are.
    pub fn at(self, distance: u32) -> f64 {
        if distance >= self.farthest() { 0.0 } else { libm::exp(-f64::from(distance) / f64::from(self.length)) }
    }

    /// The same for many rows.
    pub fn table(self) -> Table {
        // As wide as a shift can tell.
        let bits = self.farthest().div_ceil(STEPS).next_power_of_two().trailing_zeros();
        let middle = |step: u32| if step == 0 { 0 } else { (step << bits) + ((1 << bits) >> 1) };
        let steps = self.farthest().div_ceil(1 << bits);
        Table { bits, farthest: self.farthest(), steps: (0..steps).map(|step| self.at(middle(step))).collect() }
    }
}

/// Alikeness by steps of the distance, each of which is taken for its middle; of the first, for rows that are equal.
pub(super) struct Table {
    bits: u32,
    pub farthest: u32,
    steps: Vec<f64>,
}

impl Table {
    /// How alike rows at this distance are, which must be less than the farthest.
    #[inline]
    pub fn at(&self, distance: u32) -> f64 {
        self.steps[(distance >> self.bits) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_wholly_alike_and_far_ones_not_at_all() {
        for usual in [0, 1, 500, 200_000, u32::MAX / 20] {
            let alike = Alike::of(usual);
            let table = alike.table();
            assert_eq!((alike.at(0), table.at(0), alike.at(alike.farthest())), (1.0, 1.0, 0.0));
            for distance in (0..alike.farthest()).step_by((alike.farthest() / 999).max(1) as usize) {
                assert!((alike.at(distance) - table.at(distance)).abs() < 0.003, "{usual}, {distance}");
            }
        }
    }
}
