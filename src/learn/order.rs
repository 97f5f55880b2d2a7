//! Rows → values.

use super::{Learned, alike::Table, fit::base};
use crate::{features::Point, table::Block};

/// Gives rows their values, block by block: the base of their rank, and what marks move them by.
pub struct Order<'a> {
    learned: &'a Learned,
    table: Table,
    /// Where the rows lie that teach and hold.
    points: Vec<Point<'a>>,
    /// The byte at which the block's first record begins that is at hand.
    at: Option<u64>,
    /// What its rows are moved by, but for their groups.
    moved: Vec<f64>,
}

impl Learned {
    /// What gives rows their values.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        Order { learned: self, table: self.alike.table(), points: self.points.points(), at: None, moved: Vec::new() }
    }
}

impl Order<'_> {
    /// The value of a row of a block, by its rank and the number of its group (0 for none); the highest comes first. Rows are quickest block
    /// by block: comparing takes up to 256 distances a row.
    pub fn value(&mut self, block: &Block, row: usize, (rank, group): (u32, u8)) -> f64 {
        let at = block.offsets.first().copied();
        if self.at != at || self.moved.len() != block.rows() {
            self.at = at;
            let points = self.learned.space.of_block(block);
            self.moved.clear();
            for row in 0..points.rows() {
                let moved = self.moved_by(points.point(row));
                self.moved.push(moved);
            }
        }
        // In the order in which a single row's is added up.
        base(rank, self.learned.rows) + (self.moved[row] + self.learned.by_group[usize::from(group)])
    }

    /// What a row is moved by, but for its group. Summed in one order, so it is the same everywhere.
    fn moved_by(&self, point: Point<'_>) -> f64 {
        let mut sum = 0.0;
        for (other, weight) in self.points.iter().zip(&self.learned.weights) {
            if let Some(distance) = point.nearer(*other, self.table.farthest) {
                sum += weight * self.table.at(distance);
            }
        }
        sum
    }
}
