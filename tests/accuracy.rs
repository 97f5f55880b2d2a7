//! How well scores tell anomalies, on ADBench's files with labels.
//!
//! The tables of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its tables")]

use std::{fs::File, io::Read, ops::ControlFlow, path::PathBuf};

use flate2::read::MultiGzDecoder;
use flowsift::{
    detect::isolation_forest::Params,
    evaluate::{average_precision, roc_auc},
};
use ndarray::Array2;

/// Rows with labels, true for anomalies.
struct Labelled {
    rows: Array2<f32>,
    labels: Vec<bool>,
}

impl Labelled {
    fn scores(&self, params: Params) -> Vec<f64> {
        let forest = params.check().unwrap().fit(self.rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
        forest.score(self.rows.view())
    }

    /// Area under the ROC curve of each seed from 0.
    fn areas(&self, seeds: u64, params: Params) -> Vec<f64> {
        (0..seeds).map(|seed| roc_auc(&self.scores(Params { seed, ..params }), &self.labels).unwrap()).collect()
    }

    /// The share of anomalies.
    fn share(&self) -> f64 {
        self.labels.iter().filter(|label| **label).count() as f64 / self.labels.len() as f64
    }
}

/// The text of a file of third parties, or nothing and a message where it is absent.
fn shared(path: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    let Ok(file) = File::open(&path) else {
        println!("skipped: there is no {}", path.display());
        return None;
    };
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        { file }.read_to_end(&mut bytes).unwrap();
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn adbench(name: &str) -> Option<Labelled> {
    let text = shared(&format!("adbench/{name}.csv.gz"))?;
    let lines: Vec<Vec<f32>> =
        text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    let features = lines[0].len() - 1;
    Some(Labelled {
        rows: Array2::from_shape_fn((lines.len(), features), |(row, feature)| lines[row][feature]),
        labels: lines.iter().map(|line| line[features] == 1.0).collect(),
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard error of the mean.
fn error(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    (squares / (values.len() - 1) as f64 / values.len() as f64).sqrt()
}

/// scikit-learn's areas by seed (`fixtures/make_adbench.py`).
fn of_scikit_learn(name: &str) -> Vec<f64> {
    let line = include_str!("fixtures/adbench.csv").lines().find(|line| line.split(',').next() == Some(name)).unwrap();
    line.split(',').skip(1).map(|area| area.parse().unwrap()).collect()
}

/// Name, the area published in the README of LinkedIn's isolation-forest (mean of 10 trials, 100 trees × 256), and the
/// area that many trees have to reach.
const ADBENCH: [(&str, f64, f64); 8] = [
    ("http", 0.9997, 0.999),
    ("smtp", 0.9099, 0.90),
    ("shuttle", 0.9971, 0.996),
    ("mammography", 0.8649, 0.86),
    ("annthyroid", 0.8130, 0.81),
    ("cardio", 0.9280, 0.92),
    ("breastw", 0.9864, 0.98),
    ("Ionosphere", 0.8443, 0.84),
];

/// More trees than usual, for less chance in the scores.
const MANY: usize = 400;

#[test]
fn areas_are_those_of_scikit_learn() {
    for name in ["mammography", "annthyroid", "cardio", "breastw", "Ionosphere"] {
        let Some(data) = adbench(name) else { return };
        let here = data.areas(20, Params::default());
        let there = of_scikit_learn(name);
        let bound = 2.5 * (error(&here).powi(2) + error(&there).powi(2)).sqrt();
        assert!((mean(&here) - mean(&there)).abs() < bound, "{name}: {} {}", mean(&here), mean(&there));
    }
}

#[test]
#[ignore = "takes a minute; prints the tables of docs/ACCURACY.md"]
fn tables() {
    println!(
        "| file | rows × features | anomalies | AUROC | ± | scikit-learn | ± | published | average precision | {MANY} trees | ± |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (name, published, bar) in ADBENCH {
        let Some(data) = adbench(name) else { return };
        let there = of_scikit_learn(name);
        let here = data.areas(there.len() as u64, Params::default());
        let many = data.areas(there.len() as u64, Params { trees: MANY, ..Params::default() });
        let precision = average_precision(&data.scores(Params::default()), &data.labels).unwrap();
        let (rows, features) = data.rows.dim();
        let (share, ours, our_error) = (100.0 * data.share(), mean(&here), error(&here));
        let (theirs, their_error) = (mean(&there), error(&there));
        println!(
            "| {name} | {rows} × {features} | {share:.2} % | {ours:.4} | {our_error:.4} | {theirs:.4} | {their_error:.4} | \
             {published:.4} | {precision:.3} | {:.4} | {:.4} |",
            mean(&many),
            error(&many)
        );
        assert!(mean(&many) >= bar, "{name}");
        assert!((ours - theirs).abs() < 3.0 * (our_error.powi(2) + their_error.powi(2)).sqrt(), "{name}");
    }

    println!("\n| file | axis-parallel | planes of 2 features | all features | half of the features per tree |");
    println!("|---|---:|---:|---:|---:|");
    for (name, ..) in ADBENCH.into_iter().filter(|(name, ..)| *name != "http" && *name != "smtp") {
        let Some(data) = adbench(name) else { return };
        let area = |params| mean(&data.areas(5, params));
        let planes = |extension| area(Params { extension, ..Params::default() });
        let half = area(Params { max_features: Some(data.rows.ncols().div_ceil(2)), ..Params::default() });
        let usual = area(Params::default());
        println!("| {name} | {usual:.4} | {:.4} | {:.4} | {half:.4} |", planes(1), planes(usize::MAX));
    }
}
