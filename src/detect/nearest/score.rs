//! Rows → distances, and what differs from the nearest reference.

use super::{Nearest, fit::in_units, neighbours::Near};
use crate::{detect::Expected, features::ROUNDED_UNIT, table::Block};

/// What a row is compared with when it is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Per feature of the plan, how far the row is from that reference: they add up to its distance.
    pub apart: Vec<f64>,
    /// Per feature, what the reference holds, where that can be said.
    pub expected: Vec<Option<Expected>>,
}

impl Nearest {
    /// One score per row of a block: the distance to the neighbour that counts.
    #[must_use]
    pub fn score(&self, block: &Block) -> Vec<f64> {
        let points = self.space.of_block(block).rounded();
        let mut near = Near::new(self.wanted());
        let score = |row| {
            self.neighbours.find(points.point(row), &mut near);
            in_units(self.square(&near))
        };
        (0..block.rows()).map(score).collect()
    }

    /// What a row differs in from the neighbour that counts.
    #[must_use]
    pub fn alike(&self, block: &Block, row: usize) -> Alike {
        let mut points = self.space.empty();
        self.space.push(&mut points, block, row);
        let points = points.rounded();
        let mut near = Near::new(self.wanted());
        self.neighbours.find(points.point(0), &mut near);
        let features = self.values.len();
        let mut alike = Alike { apart: vec![0.0; features], expected: vec![None; features] };
        let square = self.square(&near);
        let Some(reference) = self.neighbours.first_at(points.point(0), square) else { return alike };
        let differences = self.space.differences((&points, 0), (self.neighbours.points(), reference));
        for (axis, (place, different)) in differences.into_iter().enumerate() {
            let different = if different { ROUNDED_UNIT } else { 0 };
            let squared = u64::from(place).pow(2) + u64::from(different).pow(2);
            // What is at no distance differs in nothing.
            let share = squared as f64 / square.max(1) as f64;
            alike.apart[self.space.feature(axis) as usize] = share * in_units(square);
        }
        alike.expected = self.values.iter().map(|values| values.expected(reference)).collect();
        alike
    }
}
