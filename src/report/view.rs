//! What the charts show at one threshold and one pair of axes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Axis, Density, Filter, Histogram, Scale};
use crate::table::{Block, Table};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewQuery {
    /// Which rows are drawn.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// Least score.
    pub low: f64,
    /// Greatest score.
    pub high: f64,
    /// How scores are laid out in the histogram.
    pub scale: Scale,
    /// Horizontal and vertical axis of the scatter chart; none where no column holds numbers.
    pub axes: Option<[Axis; 2]>,
    /// The number of a group that is told apart from the rest.
    pub group: Option<u8>,
}

/// What a run says of rows, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Their scores.
    pub scores: &'a [f64],
    /// Their ranks.
    pub ranks: &'a [u32],
    /// The numbers of their groups, 0 for none; empty where no groups were looked for.
    pub groups: &'a [u8],
}

/// One anomaly in the scatter chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its rank.
    pub rank: u32,
    /// Its score.
    pub score: f64,
    /// Its value on the horizontal axis.
    pub x: f64,
    /// Its value on the vertical axis.
    pub y: f64,
}

/// Everything that the charts draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Scores of the rows.
    pub histogram: Histogram,
    /// The rows in the plane of the two axes.
    pub density: Density,
    /// The first [`View::MOST_POINTS`] anomalies by rank that have a place on both axes.
    pub points: Vec<Point>,
    /// Scores of the rows of the group that is told apart.
    pub group_scores: Histogram,
    /// The first [`View::MOST_POINTS`] of these rows that have a place on both axes.
    pub members: Vec<Point>,
}

impl View {
    /// Anomalies, and rows of a group, that are drawn one by one.
    pub const MOST_POINTS: u64 = 5_000;

    /// A view without rows.
    pub fn empty(query: &ViewQuery) -> Self {
        let histogram = Histogram::new(query.scale, query.low, query.high);
        let group_scores = histogram.clone();
        Self { histogram, density: Density::default(), points: Vec::new(), group_scores, members: Vec::new() }
    }

    /// The view of the rows of a table; of all of them, whatever the query's filter.
    pub fn new(query: &ViewQuery, table: &Table, judged: Judged<'_>) -> Self {
        let mut view = Self::empty(query);
        let mut first = 0;
        for block in &table.blocks {
            let rows = first..first + block.rows();
            view.add(query, block, judged.part(rows), None);
            first += block.rows();
        }
        view.order();
        view
    }

    /// The view of some rows of a table, whose numbers ascend.
    pub fn of_rows(query: &ViewQuery, table: &Table, judged: Judged<'_>, rows: &[u32]) -> Self {
        let mut view = Self::empty(query);
        let (mut first, mut rest) = (0, rows);
        for block in &table.blocks {
            let end = first + block.rows();
            let (here, behind) = rest.split_at(rest.partition_point(|&row| (row as usize) < end));
            let places: Vec<usize> = here.iter().map(|&row| row as usize - first).collect();
            view.add(query, block, judged.part(first..end), Some(&places));
            (first, rest) = (end, behind);
        }
        view.order();
        view
    }

    fn order(&mut self) {
        self.points.sort_unstable_by_key(|point| point.rank);
        self.members.sort_unstable_by_key(|point| point.rank);
        self.members.truncate(Self::MOST_POINTS as usize);
    }

    /// Adds the rows of a block, or those at some places.
    fn add(&mut self, query: &ViewQuery, block: &Block, judged: Judged<'_>, places: Option<&[usize]>) {
        let Judged { scores, ranks, groups } = judged;
        let members: Vec<usize> = match (query.group, places) {
            (Some(group), None) => (0..groups.len()).filter(|&place| groups[place] == group).collect(),
            (Some(group), Some(places)) => {
                places.iter().copied().filter(|&place| groups.get(place) == Some(&group)).collect()
            }
            (None, _) => Vec::new(),
        };
        match places {
            None => scores.iter().for_each(|&score| self.histogram.add(score)),
            Some(places) => places.iter().for_each(|&place| self.histogram.add(scores[place])),
        }
        members.iter().for_each(|&place| self.group_scores.add(scores[place]));
        let Some([across, up]) = &query.axes else { return };
        let drawn = query.anomalies.min(Self::MOST_POINTS);
        let x = block.columns[across.column].values();
        let y = block.columns[up.column].values();
        let point = |place: usize| {
            let (x, y, rank) = (x[place], y[place], ranks[place]);
            (x.is_finite() && y.is_finite()).then_some(Point { rank, score: scores[place], x, y })
        };
        let anomaly = |place: usize| point(place).filter(|_| u64::from(ranks[place]) <= drawn);
        match places {
            None => {
                self.density.add(across, up, x.iter().copied().zip(y.iter().copied()));
                self.points.extend((0..block.rows()).filter_map(anomaly));
            }
            Some(places) => {
                self.density.add(across, up, places.iter().map(|&place| (x[place], y[place])));
                self.points.extend(places.iter().copied().filter_map(anomaly));
            }
        }
        self.members.extend(members.into_iter().filter_map(point));
        if self.members.len() > 2 * Self::MOST_POINTS as usize {
            self.order();
        }
    }

    /// Joins the view of other rows.
    pub fn merge(&mut self, other: Self) {
        self.histogram.merge(&other.histogram);
        self.density.merge(&other.density);
        self.points.extend(other.points);
        self.group_scores.merge(&other.group_scores);
        self.members.extend(other.members);
        self.order();
    }
}

impl<'a> Judged<'a> {
    fn part(self, rows: Range<usize>) -> Self {
        let groups = self.groups.get(rows.clone()).unwrap_or_default();
        Self { scores: &self.scores[rows.clone()], ranks: &self.ranks[rows], groups }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::{Block, Column};

    fn table(rows: &[(f32, f32)]) -> Table {
        let column = |value: fn(&(f32, f32)) -> f32| Column::of_numbers(&rows.iter().map(value).collect::<Vec<_>>());
        Table {
            blocks: vec![Block {
                offsets: (0..rows.len() as u64).collect(),
                columns: vec![column(|row| row.0), column(|row| row.1)],
            }],
        }
    }

    fn query(anomalies: u64) -> ViewQuery {
        let axis = |column| Axis { column, scale: Scale::Linear, low: 0.0, high: 10.0 };
        ViewQuery {
            filter: Filter::default(),
            anomalies,
            low: 0.3,
            high: 0.7,
            scale: Scale::Linear,
            axes: Some([axis(0), axis(1)]),
            group: None,
        }
    }

    #[test]
    fn without_numbers_there_are_scores_and_no_points() {
        let table = Table { blocks: vec![Block { offsets: vec![0, 9], columns: vec![Column::of_keys(&[7, 8])] }] };
        let view = View::new(
            &ViewQuery { axes: None, ..query(2) },
            &table,
            Judged { scores: &[0.4, 0.6], ranks: &[2, 1], groups: &[] },
        );
        assert_eq!((view.histogram.counts.iter().sum::<u64>(), view.points.len()), (2, 0));
        assert_eq!(view.density, Density::default());
    }

    /// 32 bits would have them all at one place: a minute and a half, of the seconds since 1970.
    #[test]
    fn points_in_time_are_drawn_where_they_are() {
        let second = 1_000_000_000;
        let times: Vec<i64> = (0..90).map(|time| (1_499_860_000 + time) * second).collect();
        let times = Column::of_times(&times, second);
        let block = Block { offsets: (0..90).collect(), columns: vec![times, Column::of_numbers(&[5.0; 90])] };
        let mut query = query(90);
        query.axes.as_mut().unwrap()[0] =
            Axis { column: 0, scale: Scale::Linear, low: 1_499_860_000.0, high: 1_499_860_089.0 };
        let ranks: Vec<u32> = (1..=90).collect();
        let view = View::new(
            &query,
            &Table { blocks: vec![block] },
            Judged { scores: &[0.5; 90], ranks: &ranks, groups: &[] },
        );
        assert!(view.points.iter().map(|point| point.x as i64 - 1_499_860_000).eq(0..90));
        assert!(view.density.counts.iter().filter(|&&rows| rows > 0).count() == Density::WIDTH);
    }

    fn value() -> impl Strategy<Value = f32> {
        prop_oneof![8 => 0f32..10.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)]
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(
            rows in prop::collection::vec((value(), value(), 0.3f64..0.7, 0u8..3), 1..60), cut in 0usize..60, anomalies in 0u64..70,
        ) {
            let values: Vec<(f32, f32)> = rows.iter().map(|row| (row.0, row.1)).collect();
            let scores: Vec<f64> = rows.iter().map(|row| row.2).collect();
            let ranks = crate::detect::rank::ranks(&scores);
            let groups: Vec<u8> = rows.iter().map(|row| row.3).collect();
            let query = ViewQuery { group: Some(1), ..query(anomalies) };
            let judged = Judged { scores: &scores, ranks: &ranks, groups: &groups };
            let part = |from: usize, to: usize| View::new(&query, &table(&values[from..to]), judged.part(from..to));
            let cut = cut.min(rows.len());
            let mut merged = part(0, cut);
            merged.merge(part(cut, rows.len()));
            prop_assert_eq!(&merged, &part(0, rows.len()));

            let drawn: u64 = merged.density.counts.iter().map(|&count| u64::from(count)).sum();
            let placed = values.iter().filter(|row| row.0.is_finite() && row.1.is_finite()).count() as u64;
            prop_assert_eq!((drawn, drawn + merged.density.off_chart), (placed, rows.len() as u64));
            prop_assert!(merged.points.iter().all(|point| u64::from(point.rank) <= anomalies));
            let members = groups.iter().filter(|group| **group == 1).count() as u64;
            prop_assert_eq!(merged.group_scores.counts.iter().sum::<u64>(), members);
            let placed = (0..rows.len()).filter(|&row| groups[row] == 1 && values[row].0.is_finite() && values[row].1.is_finite());
            let mut placed: Vec<u32> = placed.map(|row| ranks[row]).collect();
            placed.sort_unstable();
            prop_assert!(merged.members.iter().map(|point| point.rank).eq(placed));
            let odd: Vec<u32> = (0..rows.len() as u32).filter(|row| row % 2 == 1).collect();
            let some = View::of_rows(&query, &table(&values), judged, &odd);
            let members = odd.iter().filter(|row| groups[**row as usize] == 1).count() as u64;
            prop_assert_eq!(some.group_scores.counts.iter().sum::<u64>(), members);
        }
    }

    #[test]
    fn the_highest_ranks_are_drawn_up_to_the_cap() {
        let rows = View::MOST_POINTS as usize + 10;
        let values = vec![(1.0, 2.0); rows];
        let scores: Vec<f64> = (0..rows).map(|row| row as f64 / rows as f64).collect();
        let ranks = crate::detect::rank::ranks(&scores);
        let view =
            View::new(&query(rows as u64), &table(&values), Judged { scores: &scores, ranks: &ranks, groups: &[] });
        assert!(view.points.iter().map(|point| u64::from(point.rank)).eq(1..=View::MOST_POINTS));
    }
}
