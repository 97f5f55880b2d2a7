//! Rows that teach → what each of them weighs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Lesson, Taught, alike::Alike, solve::solve};
use crate::features::{Points, Space};

/// Rows of the file's sample that are wanted: they tell what distance is usual.
pub const SAMPLE: usize = 128;
/// Of these, rows that hold the order where they are.
const HOLDING: usize = 48;
/// How much more alike two rows of one group are.
pub(super) const SAME_GROUP: f64 = 0.5;
/// How far a mark may be from the truth, as a variance: values of marks are 2 apart.
const NOISE: f64 = 0.1;
/// The same of the rows that hold, of which nothing is known.
const HOLDING_NOISE: f64 = 0.4;

/// What marks teach of all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub(super) space: Arc<Space>,
    pub(super) alike: Alike,
    /// What was taught, and a group's number by lesson.
    pub(super) lessons: Vec<Lesson>,
    pub(super) groups: Vec<u8>,
    /// Where the rows that teach lie, and behind them those that hold.
    pub(super) points: Points,
    /// What each of them weighs.
    pub(super) weights: Vec<f64>,
    /// What being in a group weighs, by its number.
    pub(super) by_group: Vec<f64>,
    /// Rows of the file.
    pub(super) rows: u64,
    /// The bytes at which the records of marked rows begin, ascending, also of those that teach nothing.
    pub(super) marked: Vec<u64>,
}

/// What the scores have a say in, where marks have two.
pub(super) const BASE: f64 = 0.5;

/// What a row's rank says before anything is marked, from [`BASE`] of the highest-scoring row of so many to 0: as much is between
/// ranks 1 and 10 as between 10 and 100.
pub(super) fn base(rank: u32, rows: u64) -> f64 {
    BASE * (1.0 - libm::log(f64::from(rank.max(1))) / libm::log(rows.max(1) as f64 + 1.0))
}

impl Learned {
    /// What is taught by rows at these points, which must be as many, of a file of so many rows; `sample` are rows drawn from it. Nothing where nothing is
    /// taught.
    #[must_use]
    pub fn of(space: Arc<Space>, taught: &[Taught], points: &Points, sample: &Points, rows: u64) -> Option<Self> {
        if taught.is_empty() || taught.len() != points.rows() {
            return None;
        }
        let alike = Alike::of(usual(sample));
        let holding: Vec<usize> = (0..sample.rows()).step_by(sample.rows().div_ceil(HOLDING).max(1)).collect();
        let mut all = points.clone();
        all.extend(&sample.pick(&holding));
        let groups: Vec<u8> = taught.iter().map(|taught| taught.group).collect();
        let lessons = taught.iter().map(|taught| taught.lesson).collect();
        let mut learned = Self {
            space,
            alike,
            lessons,
            groups,
            points: all,
            weights: Vec::new(),
            by_group: vec![0.0; usize::from(u8::MAX) + 1],
            rows,
            marked: Vec::new(),
        };
        // The base goes up from −1, where what was marked as expected belongs; what was marked as suspicious belongs at 1.
        let wanted = |taught: &Taught| if taught.lesson.suspicious { 2.0 } else { 0.0 } - base(taught.rank, rows);
        let mut right: Vec<f64> = taught.iter().map(wanted).collect();
        right.resize(learned.points.rows(), 0.0);
        learned.weights = solve(learned.covariances(), right);
        for (&group, weight) in learned.groups.iter().zip(&learned.weights).filter(|(group, _)| **group > 0) {
            learned.by_group[usize::from(group)] += SAME_GROUP * weight;
        }
        Some(learned)
    }

    /// Knows these rows as marked, whether they teach or not, by the bytes at which their records begin.
    #[must_use]
    pub fn with_marked(self, mut offsets: Vec<u64>) -> Self {
        offsets.sort_unstable();
        Self { marked: offsets, ..self }
    }

    /// What the rows have in common that teach and hold, with noise on the diagonal; row by row.
    pub(super) fn covariances(&self) -> Vec<f64> {
        let Self { alike, groups, points, .. } = self;
        let n = points.rows();
        let mut matrix = vec![0.0; n * n];
        for row in 0..n {
            for other in 0..=row {
                let near = alike.at(points.point(row).distance(points.point(other)));
                matrix[row * n + other] = near + same_group(groups.get(row), groups.get(other));
            }
            matrix[row * n + row] += if row < groups.len() { NOISE } else { HOLDING_NOISE };
        }
        matrix
    }

    /// What taught it, in the order of the file.
    #[must_use]
    pub fn lessons(&self) -> &[Lesson] {
        &self.lessons
    }
}

/// What two rows have in common by their groups, where these are known.
pub(super) fn same_group(one: Option<&u8>, other: Option<&u8>) -> f64 {
    if one.is_some_and(|&group| group > 0) && one == other { SAME_GROUP } else { 0.0 }
}

/// The distance that two rows usually have: the median of those of the sample.
fn usual(sample: &Points) -> u32 {
    let points = sample.points();
    let mut distances: Vec<u32> = Vec::new();
    for (row, one) in points.iter().enumerate() {
        distances.extend(points[..row].iter().map(|other| one.distance(*other)));
    }
    let middle = distances.len() / 2;
    if distances.is_empty() { 0 } else { *distances.select_nth_unstable(middle).1 }
}
