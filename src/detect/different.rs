//! The different rows of a sample.

use crate::features::Points;

/// The different rows of a sample.
pub(super) struct Different {
    /// In an order that depends on nothing but them.
    pub points: Points,
    /// How many rows of the sample each stands for.
    pub weights: Vec<u32>,
    /// The first of these.
    pub rows: Vec<usize>,
}

impl Different {
    /// Collapses rows that are equal.
    pub fn of(sample: &Points) -> Self {
        let content = |row: usize| (sample.places(row), sample.codes(row));
        let mut order: Vec<usize> = (0..sample.rows()).collect();
        order.sort_unstable_by(|&a, &b| content(a).cmp(&content(b)).then(a.cmp(&b)));
        let runs = || order.chunk_by(|&a, &b| content(a) == content(b));
        let weights = runs().map(|run| run.len() as u32).collect();
        let rows: Vec<usize> = runs().map(|run| run[0]).collect();
        Self { points: sample.pick(&rows), weights, rows }
    }
}
