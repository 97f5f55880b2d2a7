//! Quantities, and what is looked at first to find those that belong together.

use super::{Described, powers::Sketch};
use crate::{
    numeric::quantile::interpolated_unsorted,
    table::{Role, Storage, row_hash},
};

/// Rows of either half of the probes.
pub(super) const HALF: usize = 64;

/// A column of quantities that says nothing that another one says as it is.
pub(super) struct Quantity {
    pub column: usize,
    /// The median of its values, and that of those that are not zero.
    pub middle: f64,
    pub usual: f64,
    /// Its values in the rows that all quantities are probed in.
    pub probes: Vec<f32>,
    /// What is the same for its multiples and powers, in different rows.
    pub sketches: [Option<Sketch>; 4],
    /// It can be computed from others.
    pub derived: bool,
}

/// The column holds quantities that vary.
pub(super) fn is_one(table: Described, column: usize) -> bool {
    matches!(table.role(column), Role::Measure | Role::Duration)
        && table.schema.fields[column].storage() == Storage::Number
        && table.varies(column)
}

impl Quantity {
    pub fn new(column: usize) -> Self {
        Self { column, middle: f64::NAN, usual: f64::NAN, probes: Vec::new(), sketches: [None; 4], derived: false }
    }

    /// Looks at its values.
    pub fn probe(&mut self, table: Described, probes: &Probes) {
        let values: Vec<f32> = table.sample.numbers(self.column).collect();
        let mut finite: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let median = |values: &mut [f32]| interpolated_unsorted(values, 0.5).map_or(f64::NAN, f64::from);
        self.middle = median(&mut finite);
        finite.retain(|&value| value != 0.0);
        self.usual = median(&mut finite);
        self.probes = probes.rows.iter().map(|&row| values[row as usize]).collect();
        let (first, second) = probes.rows.split_at(probes.rows.len() / 2);
        let at = |rows: &[u32]| Sketch::of(&rows.iter().map(|&row| (row, values[row as usize])).collect::<Vec<_>>());
        // Values that hardly ever change are all alike in the probes, and tell by where they change.
        let own = |from| Sketch::of(&changes(&values, from));
        self.sketches = [at(first), at(second), own(0), own(values.len() / 2)];
    }
}

/// The first rows, from some row on and around, where a column's value is another one than before.
fn changes(values: &[f32], from: usize) -> Vec<(u32, f32)> {
    let mut changes = Vec::new();
    let mut last = f32::NAN;
    for step in 0..values.len() {
        let row = (from + step) % values.len();
        let value = values[row];
        if value.is_finite() && value != last {
            changes.push((row as u32, value));
            last = value;
            if changes.len() == HALF {
                break;
            }
        }
    }
    changes
}

/// The rows in which all quantities are looked at first: those where the fewest of them are missing or zero.
pub(super) struct Probes {
    /// Per sampled row, quantities that are missing or zero.
    gaps: Vec<u32>,
    rows: Vec<u32>,
}

impl Probes {
    pub fn new(rows: usize) -> Self {
        Self { gaps: vec![0; rows], rows: Vec::new() }
    }

    /// Notes where a quantity is missing or zero.
    pub fn note(&mut self, table: Described, column: usize) {
        for (gaps, value) in self.gaps.iter_mut().zip(table.sample.numbers(column)) {
            *gaps += u32::from(!value.is_finite() || value == 0.0);
        }
    }

    /// Chooses the rows, once all quantities are noted. Of equals, any: the first ones of a file may be all alike.
    pub fn choose(&mut self) {
        let key = |(&gaps, row): (&u32, u32)| (u64::from(gaps) << 32 | row_hash(0, row.into()) >> 32, row);
        let mut order: Vec<(u64, u32)> = self.gaps.iter().zip(0..).map(key).collect();
        order.sort_unstable();
        self.rows = order.into_iter().take(2 * HALF).map(|(_, row)| row).collect();
    }
}
