//! An axis of a chart: of which column, over which range, on which scale.

use serde::{Deserialize, Serialize};

use super::Typical;
use crate::{
    numeric::signed_log::{signed_log10, undo_signed_log10},
    table::ColumnProfile,
};

/// How values are laid out along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By `sign(x) · log₁₀(1 + |x|)`, which has room for zero and negative values.
    SignedLog,
    /// By `log₁₀(x)`, for values above zero; all others are where the least such value is.
    Log,
}

impl Scale {
    /// Where a value is drawn.
    pub fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::SignedLog => signed_log10(value),
            Self::Log => libm::log10(value.max(f64::MIN_POSITIVE)),
        }
    }

    /// The value that is drawn at a place.
    pub fn value(self, place: f64) -> f64 {
        match self {
            Self::Linear => place,
            Self::SignedLog => undo_signed_log10(place),
            Self::Log => libm::exp10(place),
        }
    }
}

/// A column along one side of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// The table's column.
    pub column: usize,
    /// How values are laid out.
    pub scale: Scale,
    /// Place of the least finite value.
    pub low: f64,
    /// Place of the greatest finite value; above `low`.
    pub high: f64,
}

impl Axis {
    /// The axis of a number column, or `None` if it has no finite value. The scale is logarithmic where the bulk of
    /// the values, or the way from the bulk to the extremes, spans more than a factor of 50.
    pub fn new(column: usize, profile: &ColumnProfile, typical: &Typical) -> Option<Self> {
        if !profile.has_numbers() {
            return None;
        }
        let scale = typical.scale(profile);
        let (low, high) = (scale.place(profile.min), scale.place(profile.max));
        // A constant column is drawn in the middle of an axis of its own.
        let (low, high) = if low < high { (low, high) } else { (low - 0.5, high + 0.5) };
        Some(Self { column, scale, low, high })
    }

    /// From its least value to its greatest.
    pub fn span(&self) -> f64 {
        self.scale.value(self.high) - self.scale.value(self.low)
    }

    /// Which of `cells` equal parts of the axis a value falls into; `None` for values that have no place. Some are rounded to 32 bits, and may
    /// lie a little beyond its ends.
    pub fn cell(&self, value: f64, cells: usize) -> Option<usize> {
        if !value.is_finite() {
            return None;
        }
        let share = (self.scale.place(value) - self.low) / (self.high - self.low);
        Some(((share * cells as f64) as usize).min(cells - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_are_inverse() {
        for value in [-1e9, -3.5, 0.0, 0.25, 7.0, 1.2e8] {
            for scale in [Scale::Linear, Scale::SignedLog] {
                let back = scale.value(scale.place(value));
                assert!((back - value).abs() <= 1e-9 * value.abs(), "{scale:?} {value} {back}");
            }
            let back = Scale::Log.value(Scale::Log.place(value));
            assert!(value <= 0.0 || (back - value).abs() <= 1e-9 * value, "{value} {back}");
        }
    }

    #[test]
    fn extremes_fall_into_the_outer_cells() {
        let axis = Axis { column: 0, scale: Scale::Linear, low: 0.0, high: 10.0 };
        assert_eq!(axis.cell(0.0, 5), Some(0));
        assert_eq!(axis.cell(10.0, 5), Some(4));
        assert_eq!(axis.cell(4.1, 5), Some(2));
        assert_eq!(axis.cell(-0.01, 5), Some(0));
        assert_eq!(axis.cell(10.01, 5), Some(4));
        assert_eq!(axis.cell(f64::NAN, 5), None);
        assert_eq!(axis.cell(f64::INFINITY, 5), None);
    }
}
