//! Parity with scikit-learn and scipy. `tests/fixtures/evaluate/make_sklearn.py` made the fixture and says what is in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Curve, Interval, average_precision, roc_auc};

#[derive(Deserialize)]
struct Fixture {
    tables: Vec<Table>,
    wilson: Vec<(u64, u64, f64, f64)>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    scores: Vec<f64>,
    labels: String,
    roc_auc: f64,
    average_precision: f64,
    standardised: BTreeMap<String, f64>,
    mean_recall: BTreeMap<String, f64>,
    thresholds: Vec<(f64, Option<f64>, Option<f64>)>,
    first: Vec<(u64, Option<f64>, Option<f64>)>,
    #[serde(default)]
    roc_curve: Vec<[f64; 3]>,
    #[serde(default)]
    precision_recall_curve: Vec<[f64; 3]>,
}

impl Table {
    fn labels(&self) -> Vec<bool> {
        self.labels.bytes().map(|label| label == b'1').collect()
    }
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../../tests/fixtures/evaluate/sklearn.json")).unwrap()
}

/// The tables with their curves.
fn curves() -> Vec<(Table, Curve)> {
    let curve = |table: Table| {
        let curve = Curve::of(table.scores.iter().copied().zip(table.labels())).unwrap();
        (table, curve)
    };
    fixture().tables.into_iter().map(curve).collect()
}

fn close(found: Option<f64>, expected: Option<f64>, what: &str) {
    let same = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
        (found, expected) => found == expected,
    };
    assert!(same, "{what}: {found:?} is not {expected:?}");
}

#[test]
fn areas_and_average_precision() {
    let curves = curves();
    assert_eq!(curves.len(), 20);
    for (table, curve) in curves {
        let name = &table.name;
        close(curve.roc_auc(), Some(table.roc_auc), name);
        close(curve.average_precision(), Some(table.average_precision), name);
        let labels = table.labels();
        assert_eq!(curve.roc_auc(), roc_auc(&table.scores, &labels).ok(), "{name}");
        assert_eq!(curve.average_precision(), average_precision(&table.scores, &labels).ok(), "{name}");
    }
}

#[test]
fn partial_areas() {
    for (table, curve) in curves() {
        let partial = |rate: &str| curve.partial_auc(rate.parse().unwrap()).unwrap();
        for (rate, &expected) in &table.standardised {
            close(Some(partial(rate).standardised()), Some(expected), &table.name);
        }
        for (rate, &expected) in &table.mean_recall {
            close(Some(partial(rate).mean_recall()), Some(expected), &table.name);
        }
    }
}

#[test]
fn precision_and_recall() {
    for (table, curve) in curves() {
        for &(threshold, precision, recall) in &table.thresholds {
            let counts = curve.at_threshold(threshold);
            close(counts.precision(), precision, &table.name);
            close(counts.recall(), recall, &table.name);
        }
        for &(rows, precision, recall) in &table.first {
            let first = curve.at_first(rows);
            assert_eq!(first.rows, rows);
            close(first.precision(), precision, &table.name);
            close(first.recall(), recall, &table.name);
        }
    }
}

#[test]
fn curves_to_draw() {
    for (table, curve) in curves().into_iter().filter(|(table, _)| !table.roc_curve.is_empty()) {
        let name = &table.name;
        let points = curve.roc_points(1_000);
        assert_eq!(points[0].counts.flagged(), 0, "{name}");
        // Points between others with as many false alarms, or with the same recall, are left out: they are on a line.
        let ends = |same: &[[f64; 3]]| [same[0], same[same.len() - 1]];
        let mut expected: Vec<[f64; 3]> = table.roc_curve.chunk_by(|a, b| a[1] == b[1]).flat_map(ends).collect();
        expected.dedup();
        // Those before the first false alarm begin at the point without alarms.
        expected.drain(..usize::from(expected.get(1).is_some_and(|point| point[1] == 0.0)));
        assert_eq!(points.len(), expected.len() + 1, "{name}");
        for (point, [score, false_alarm_rate, recall]) in points[1..].iter().zip(expected) {
            assert_eq!(point.score, score, "{name}");
            close(point.counts.false_alarm_rate(), Some(false_alarm_rate), name);
            close(point.counts.recall(), Some(recall), name);
        }
        let points = curve.precision_recall_points(1_000);
        let mut expected: Vec<[f64; 3]> =
            table.precision_recall_curve.chunk_by(|a, b| a[2] == b[2]).flat_map(ends).collect();
        expected.dedup();
        assert_eq!(points.len(), expected.len(), "{name}");
        for (point, [score, precision, recall]) in points.iter().rev().zip(expected) {
            assert_eq!(point.score, score, "{name}");
            close(point.counts.precision(), Some(precision), name);
            close(point.counts.recall(), Some(recall), name);
        }
    }
}

#[test]
fn wilson_intervals() {
    for (hits, trials, low, high) in fixture().wilson {
        let found = Interval::wilson(hits, trials).unwrap();
        close(Some(found.low), Some(low), "low");
        close(Some(found.high), Some(high), "high");
    }
}
