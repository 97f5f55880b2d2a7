//! How many rows fall where in the plane of two columns.

use serde::{Deserialize, Serialize};

use super::Axis;

/// A grid of counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Density {
    /// Rows per cell, row-major from the low end of both axes: `counts[y * WIDTH + x]`.
    #[serde(with = "crate::table::packed")]
    pub counts: Vec<u32>,
    /// Rows with a missing or infinite value on either axis.
    pub off_chart: u64,
}

impl Default for Density {
    fn default() -> Self {
        Self { counts: vec![0; Self::WIDTH * Self::HEIGHT], off_chart: 0 }
    }
}

impl Density {
    /// Cells along the horizontal axis.
    pub const WIDTH: usize = 56;
    /// Cells along the vertical axis.
    pub const HEIGHT: usize = 32;

    /// Counts rows by their values on both axes.
    pub fn add(&mut self, x: &Axis, y: &Axis, values: impl Iterator<Item = (f64, f64)>) {
        for (value_x, value_y) in values {
            match (x.cell(value_x, Self::WIDTH), y.cell(value_y, Self::HEIGHT)) {
                (Some(column), Some(row)) => self.counts[row * Self::WIDTH + column] += 1,
                _ => self.off_chart += 1,
            }
        }
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.off_chart += other.off_chart;
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, theirs)| *mine += theirs);
    }
}
