//! Curves as few points that draw as all would.

use serde::{Deserialize, Serialize};

use super::{confusion::Confusion, curve::Curve, step::Step};
use crate::numeric::order::ordered;

/// A point of a curve: what comes of flagging the rows that score at least so high.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The lowest score that is flagged; infinite where none is.
    pub score: f64,
    /// What comes of it: exact counts, whose shares are the point's coordinates.
    pub counts: Confusion,
}

impl Curve {
    /// The ROC curve, from no alarms to nothing but: recall over the false alarm rate. At most `most` points, but at least
    /// two; none if one of the two kinds of rows is missing.
    ///
    /// Points are left out evenly along a *logarithmic* axis from one false alarm to all of them; those without false
    /// alarms, which have no place on it, are a piece of their own. Of each piece the first and the last point are kept, so
    /// that the line between kept points is nowhere farther from the curve than a piece is wide.
    #[must_use]
    pub fn roc_points(&self, most: usize) -> Vec<Point> {
        let all = self.seen();
        if all.anomalies == 0 || all.normal == 0 {
            return Vec::new();
        }
        let pieces = (most / 2).max(1);
        // The most false alarms in a piece.
        let end = |piece: usize| match piece {
            0 if pieces > 1 => 0,
            last if last + 1 == pieces => all.normal,
            piece => libm::pow(all.normal as f64, piece as f64 / (pieces - 1) as f64) as u64,
        };
        let ends: Vec<u64> = (0..pieces).map(end).collect();
        let mut piece = 0;
        let none = Point { score: f64::INFINITY, counts: confusion(Step::default(), all) };
        thinned(std::iter::once(none).chain(self.points(all)).map(|point| {
            // The last of the ends is not exceeded.
            piece += ends[piece..].iter().take_while(|&&end| end < point.counts.false_alarms).count();
            // Recall rises along the curve.
            (piece, point.counts.true_alarms as f64, point)
        }))
    }

    /// The curve of precision over recall, from the highest score to the lowest; a point with no alarm has no precision. At
    /// most `most` points, but at least four, or all; none without anomalies.
    ///
    /// Points are left out evenly along the recall. Of each piece the first, the last, the lowest and the highest point are
    /// kept: a line through them draws as one through all, if a piece is a pixel (M4: Jugel, Jerzak, Hackenbroich & Markl,
    /// *M4: A Visualization-Oriented Time Series Data Aggregation*, VLDB 2014).
    #[must_use]
    pub fn precision_recall_points(&self, most: usize) -> Vec<Point> {
        let all = self.seen();
        if all.anomalies == 0 {
            return Vec::new();
        }
        let pieces = (most / 4).max(1);
        thinned(self.points(all).map(|point| {
            let piece = u128::from(point.counts.true_alarms) * pieces as u128 / u128::from(all.anomalies);
            // The last point ends the last piece.
            let precision = point.counts.true_alarms as f64 / point.counts.flagged() as f64;
            ((piece as usize).min(pieces - 1), precision, point)
        }))
    }

    /// A point for each distinct score.
    fn points(&self, all: Step) -> impl Iterator<Item = Point> {
        let mut seen = Step::default();
        self.steps().iter().map(move |step| {
            seen.anomalies += u64::from(step.anomalies);
            seen.normal += u64::from(step.normal);
            Point { score: step.score, counts: confusion(seen, all) }
        })
    }
}

fn confusion(flagged: Step, all: Step) -> Confusion {
    Confusion {
        true_alarms: flagged.anomalies,
        false_alarms: flagged.normal,
        missed: all.anomalies - flagged.anomalies,
        passed: all.normal - flagged.normal,
    }
}

/// The first, the last, the lowest and the highest point of each piece, in their order. Points come with their piece and
/// their height; those of a piece in a row.
fn thinned(points: impl Iterator<Item = (usize, f64, Point)>) -> Vec<Point> {
    /// A point with its height and its place among all.
    type Placed = (usize, f64, Point);
    let mut kept: Vec<Point> = Vec::new();
    let mut open: Option<(usize, [Placed; 4])> = None;
    let mut close = |piece: [Placed; 4]| {
        let piece = ordered(piece.to_vec(), |a, b| a.0.cmp(&b.0));
        kept.extend(piece.chunk_by(|a, b| a.0 == b.0).map(|same| same[0].2));
    };
    for (place, (piece, height, point)) in points.enumerate() {
        let placed = (place, height, point);
        match &mut open {
            Some((current, [_, last, lowest, highest])) if *current == piece => {
                *last = placed;
                if height < lowest.1 {
                    *lowest = placed;
                }
                // Of equal ones the last: along a curve that rises, it is the piece's last.
                if height >= highest.1 {
                    *highest = placed;
                }
            }
            _ => {
                if let Some((_, ended)) = open.replace((piece, [placed; 4])) {
                    close(ended);
                }
            }
        }
    }
    if let Some((_, ended)) = open {
        close(ended);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(rows: impl IntoIterator<Item = (i32, bool)>) -> Curve {
        Curve::of(rows.into_iter().map(|(score, label)| (f64::from(score), label))).unwrap()
    }

    #[test]
    fn what_has_no_curve_has_no_points() {
        for rows in [vec![], vec![(1, false), (2, false)]] {
            assert!(
                curve(rows.clone()).roc_points(10).is_empty() && curve(rows).precision_recall_points(10).is_empty()
            );
        }
        let only = curve([(1, true), (2, true)]);
        assert!(only.roc_points(10).is_empty());
        assert_eq!(only.precision_recall_points(10).len(), 2);
    }

    #[test]
    fn a_logarithmic_axis_is_as_dense_at_its_beginning() {
        // One false alarm after the other, an anomaly after each.
        let curve = curve((0..20_000).map(|place| (-place, place % 2 == 1)));
        let points = curve.roc_points(42);
        let upto = |most: u64| points.iter().filter(|point| point.counts.false_alarms <= most).count();
        // Five pieces a decade, each with its first and its last point.
        assert_eq!((upto(0), upto(10), upto(100), upto(1_000), upto(10_000)), (1, 11, 21, 31, 41));
    }

    #[test]
    fn a_peak_of_precision_is_kept() {
        // Precision falls at first and at last, and rises from one half to 1,050 of 2,050 between.
        let normal = |place: i32| !(1_000..1_050).contains(&place);
        let rows = (0..5_000)
            .flat_map(|place| [(-2 * place, true)].into_iter().chain(normal(place).then_some((-2 * place - 1, false))));
        let points = curve(rows).precision_recall_points(80);
        let peak = points.iter().find(|point| point.counts.true_alarms == 1_051);
        assert_eq!(peak.map(|point| point.counts.false_alarms), Some(1_000));
        assert!((40..=80).contains(&points.len()), "{}", points.len());
    }

    proptest! {
        #[test]
        fn kept_points_are_points_of_the_curve_and_the_ends_are_kept(
            rows in prop::collection::vec((-40..40_i32, any::<bool>()), 1..300), most in 0..60_usize,
        ) {
            let curve = curve(rows);
            for (thinned, all, least) in [
                (curve.roc_points(most), curve.roc_points(8_000), 2),
                (curve.precision_recall_points(most), curve.precision_recall_points(4_000), 4),
            ] {
                prop_assert!(thinned.len() <= most.max(least));
                prop_assert_eq!((thinned.first(), thinned.last()), (all.first(), all.last()));
                let mut rest = all.iter();
                prop_assert!(thinned.iter().all(|point| rest.any(|other| other == point)), "in their order");
                for point in &thinned {
                    prop_assert_eq!(point.counts, curve.at_threshold(point.score.next_down().min(f64::MAX)));
                }
            }
        }
    }
}
