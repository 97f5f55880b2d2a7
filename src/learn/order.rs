//! Rows → values.

use std::collections::BTreeSet;

use super::{Learned, alike::Table, fit::base};
use crate::{features::Point, table::Block};

/// Who marks flow by flow can pass over those that are at least so much alike to a marked one, from 0 to 1: a mark on them would tell little
/// that is new. (By seeds of two labelled sets: `docs/ACCURACY.md`, "Learning from marks".)
pub const ALIKE_ENOUGH: f64 = 0.8;

/// Gives rows their values, block by block: the base of their rank, and what marks move them by.
pub struct Order<'a> {
    learned: &'a Learned,
    table: Table,
    /// Where the rows lie that teach and hold.
    points: Vec<Point<'a>>,
    /// The groups of the rows that teach.
    groups: BTreeSet<u8>,
    /// The byte at which the block's first record begins that is at hand.
    at: Option<u64>,
    /// What its rows are moved by, but for their groups, and how alike they are to the most alike row that teaches.
    rows: Vec<(f64, f64)>,
}

impl Learned {
    /// What gives rows their values.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        let groups = self.groups.iter().copied().filter(|&group| group > 0).collect();
        let (table, points) = (self.alike.table(), self.points.points());
        Order { learned: self, table, points, groups, at: None, rows: Vec::new() }
    }
}

impl Order<'_> {
    /// The value of a row of a block, by its rank and the number of its group (0 for none); the highest comes first. Rows are quickest block
    /// by block: comparing takes up to 256 distances a row.
    pub fn value(&mut self, block: &Block, row: usize, (rank, group): (u32, u8)) -> f64 {
        let (moved, _) = self.compared(block, row);
        // In the order in which a single row's is added up.
        base(rank, self.learned.rows) + (moved + self.learned.by_group[usize::from(group)])
    }

    /// The same, but nothing for a row of which marks tell already: it is marked, alike to one that teaches ([`ALIKE_ENOUGH`]), or in the same
    /// group.
    pub fn untold_value(&mut self, block: &Block, row: usize, (rank, group): (u32, u8)) -> Option<f64> {
        let (_, nearest) = self.compared(block, row);
        let marked = || self.learned.marked.binary_search(&block.offsets[row]).is_ok();
        let told = nearest >= ALIKE_ENOUGH || self.groups.contains(&group) || marked();
        (!told).then(|| self.value(block, row, (rank, group)))
    }

    fn compared(&mut self, block: &Block, row: usize) -> (f64, f64) {
        let at = block.offsets.first().copied();
        if self.at != at || self.rows.len() != block.rows() {
            self.at = at;
            let points = self.learned.space.of_block(block);
            self.rows.clear();
            for row in 0..points.rows() {
                let compared = self.compare(points.point(row));
                self.rows.push(compared);
            }
        }
        self.rows[row]
    }

    /// What a row is moved by, but for its group, and how alike it is to the most alike row that teaches. Summed in one order, so it is the same
    /// everywhere.
    fn compare(&self, point: Point<'_>) -> (f64, f64) {
        let (mut moved, mut nearest) = (0.0, 0.0_f64);
        for (other, (place, weight)) in self.points.iter().zip(self.learned.weights.iter().enumerate()) {
            if let Some(distance) = point.nearer(*other, self.table.farthest) {
                let near = self.table.at(distance);
                moved += weight * near;
                // Rows that hold come behind those that teach.
                if place < self.learned.lessons.len() {
                    nearest = nearest.max(near);
                }
            }
        }
        (moved, nearest)
    }
}
