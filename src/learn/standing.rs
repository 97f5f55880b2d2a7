//! A row → its value, and which mark moved it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Learned, Standings, Subject,
    fit::{base, same_group},
};
use crate::{features::Points, table::Block};

/// What a row is moved by less is not worth a word.
const LITTLE: f64 = 0.05;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The byte at which its record begins.
    pub offset: u64,
    /// What it is ordered by: the base of its rank, from 0 to 1, and what it is moved by.
    pub value: f64,
    /// What marks move it by, up if positive; about −1 to 2.
    pub moved: f64,
    /// Why, if that is worth a word.
    pub because: Option<Because>,
}

/// Why a row is moved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Because {
    /// Up: alike to what was marked as suspicious; else down, alike to what was marked as expected.
    pub up: bool,
    /// The marked flow or group that it is most alike to, of those that were marked so.
    pub subject: Subject,
    /// How alike it is to that, from 0 to 1.
    pub alike: f64,
    /// It is in one group with that, and counts as wholly alike.
    pub together: bool,
}

impl Learned {
    /// Where no rows stand.
    #[must_use]
    pub fn nowhere(&self) -> Standings {
        Standings { points: self.space.empty(), ..Standings::default() }
    }

    /// Appends a row of a block, by its offset, its rank and the number of its group (0 for none).
    pub fn stand(&self, standings: &mut Standings, (block, row): (&Block, usize), known: (u64, u32, u8)) {
        self.space.push(&mut standings.points, block, row);
        let last = standings.points.rows() - 1;
        let standing = self.standing((&standings.points, last), known);
        standings.rows.push(standing);
        standings.groups.push(known.2);
    }

    /// Where a row at this point stands, by its offset, its rank and the number of its group (0 for none).
    fn standing(&self, (points, row): (&Points, usize), (offset, rank, group): (u64, u32, u8)) -> Standing {
        let point = points.point(row);
        // By the table, as whole blocks are ordered.
        let table = self.alike.table();
        let mut moved = 0.0;
        let mut alike: BTreeMap<(bool, Subject), (f64, bool)> = BTreeMap::new();
        for (other, weight) in self.weights.iter().enumerate() {
            let near =
                point.nearer(self.points.point(other), table.farthest).map_or(0.0, |distance| table.at(distance));
            moved += weight * near;
            if let Some(lesson) = self.lessons.get(other) {
                let together = same_group(Some(&group), self.groups.get(other)) > 0.0;
                let known = alike.entry((lesson.suspicious, lesson.subject)).or_default();
                *known = (known.0.max(if together { 1.0 } else { near }), known.1 || together);
            }
        }
        moved += self.by_group[usize::from(group)];
        let up = moved > 0.0;
        // It itself before all others; of those that are as alike, the first.
        let near = |((_, subject), (alike, _)): &((bool, Subject), (f64, bool))| {
            if *subject == Subject::Flow(offset) { f64::INFINITY } else { *alike }
        };
        let most = alike
            .into_iter()
            .filter(|((suspicious, _), _)| *suspicious == up)
            .rev()
            .max_by(|a, b| near(a).total_cmp(&near(b)));
        let because = most
            .filter(|(_, (alike, _))| moved.abs() >= LITTLE && *alike >= LITTLE)
            .map(|((up, subject), (alike, together))| Because { up, subject, alike, together });
        Standing { offset, value: base(rank, self.rows) + moved, moved, because }
    }
}
