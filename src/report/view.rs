//! What the charts show at one threshold and one pair of axes.

use serde::{Deserialize, Serialize};

use super::{Axis, Density, Histogram};
use crate::table::{Column, Table};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewQuery {
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// Least score.
    pub low: f64,
    /// Greatest score.
    pub high: f64,
    /// Horizontal axis of the scatter chart.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
}

/// One anomaly in the scatter chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its rank.
    pub rank: u32,
    /// Its score.
    pub score: f64,
    /// Its value on the horizontal axis.
    pub x: f32,
    /// Its value on the vertical axis.
    pub y: f32,
}

/// Everything that the charts draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Scores of all rows.
    pub histogram: Histogram,
    /// All rows in the plane of the two axes.
    pub density: Density,
    /// The first [`View::MOST_POINTS`] anomalies by rank that have a place on both axes.
    pub points: Vec<Point>,
}

impl View {
    /// Anomalies drawn one by one.
    pub const MOST_POINTS: u64 = 5_000;

    /// The view of one shard's rows.
    pub fn new(query: &ViewQuery, table: &Table, scores: &[f64], ranks: &[u32]) -> Self {
        let mut view =
            Self { histogram: Histogram::new(query.low, query.high), density: Density::default(), points: Vec::new() };
        scores.iter().for_each(|&score| view.histogram.add(score));
        let drawn = query.anomalies.min(Self::MOST_POINTS);
        let mut row = 0;
        for block in &table.blocks {
            let (Column::Number(x), Column::Number(y)) =
                (&block.columns[query.x.column], &block.columns[query.y.column])
            else {
                continue;
            };
            view.density.add(&query.x, &query.y, x.iter().copied().zip(y.iter().copied()));
            for (&x, &y) in x.iter().zip(y) {
                let drawn = u64::from(ranks[row]) <= drawn && x.is_finite() && y.is_finite();
                view.points.extend(drawn.then_some(Point { rank: ranks[row], score: scores[row], x, y }));
                row += 1;
            }
        }
        view.points.sort_unstable_by_key(|point| point.rank);
        view
    }

    /// Joins the view of other rows.
    pub fn merge(&mut self, other: Self) {
        self.histogram.merge(&other.histogram);
        self.density.merge(&other.density);
        self.points.extend(other.points);
        self.points.sort_unstable_by_key(|point| point.rank);
    }
}
