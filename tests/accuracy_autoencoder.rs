//! How well the autoencoder's errors tell anomalies, on files with labels: the table of `docs/ACCURACY.md`.
//!
//! `cargo test --release --test all accuracy_autoencoder:: -- --ignored --nocapture`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

use std::{fs::File, io::Read, ops::ControlFlow, path::PathBuf};

use flate2::read::MultiGzDecoder;
use flowsift::{
    detect::autoencoder::{At, Cpu, Params, Training},
    evaluate::roc_auc,
    features::{SCALED_LIMIT, Scaling},
};
use futures_executor::block_on;
use ndarray::{Array2, Axis};

/// Rows of the page's sample.
const MOST: usize = 65_536;
const SEEDS: u64 = 5;
/// PyOD 3.6.7's `AutoEncoder` as it comes, mean of seeds 0 to 2 (shuttle: 0), fitted and scored on the same rows.
const PYOD: [(&str, f64); 6] = [
    ("shuttle", 0.992),
    ("mammography", 0.879),
    ("annthyroid", 0.739),
    ("cardio", 0.792),
    ("breastw", 0.960),
    ("Ionosphere", 0.908),
];

/// Rows with labels, true for anomalies.
struct Labelled {
    rows: Array2<f32>,
    labels: Vec<bool>,
}

impl Labelled {
    fn choose(&self, rows: &[usize]) -> Self {
        Self { rows: self.rows.select(Axis(0), rows), labels: rows.iter().map(|&row| self.labels[row]).collect() }
    }

    /// Every other usual row, and the rest.
    fn by_usual(&self) -> (Self, Self) {
        let (usual, odd): (Vec<usize>, Vec<usize>) = (0..self.labels.len()).partition(|&row| !self.labels[row]);
        let (train, test): (Vec<usize>, Vec<usize>) = usual.iter().partition(|row| *row % 2 == 0);
        (self.choose(&train), self.choose(&[test, odd].concat()))
    }
}

fn shared(path: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    let Ok(file) = File::open(&path) else {
        println!("skipped: there is no {}", path.display());
        return None;
    };
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        { file }.read_to_string(&mut text).unwrap();
    }
    Some(text)
}

fn adbench(name: &str) -> Option<Labelled> {
    let text = shared(&format!("adbench/{name}.csv.gz"))?;
    let line = |line: &str| -> Vec<f32> { line.split(',').map(|cell| cell.parse().unwrap()).collect() };
    let lines: Vec<Vec<f32>> = text.lines().skip(1).map(line).collect();
    let features = lines[0].len() - 1;
    Some(Labelled {
        rows: Array2::from_shape_fn((lines.len(), features), |(row, feature)| lines[row][feature]),
        labels: lines.iter().map(|line| line[features] == 1.0).collect(),
    })
}

/// The 20 % training file's normal rows and the whole test file: numbers, and its three categories one by one.
fn nsl_kdd() -> Option<(Labelled, Labelled)> {
    let (train, test) = (shared("nsl-kdd/KDDTrain+_20Percent.txt")?, shared("nsl-kdd/KDDTest+.txt")?);
    let mut values: [Vec<&str>; 3] = Default::default();
    for line in train.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        for (values, cell) in values.iter_mut().zip(&cells[1..4]) {
            if !values.contains(cell) {
                values.push(cell);
            }
        }
    }
    let read = |text: &str| {
        let mut rows = Vec::new();
        let mut labels = Vec::new();
        for line in text.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let numbers = std::iter::once(&cells[0]).chain(&cells[4..41]).map(|cell| cell.parse::<f32>().unwrap());
            let is = |(values, cell): (&Vec<&str>, &&str)| {
                values.iter().map(|value| f32::from(value == cell)).collect::<Vec<_>>()
            };
            rows.extend(numbers.chain(values.iter().zip(&cells[1..4]).flat_map(is)));
            labels.push(cells[41] != "normal");
        }
        Labelled { rows: Array2::from_shape_vec((labels.len(), rows.len() / labels.len()), rows).unwrap(), labels }
    };
    let train = read(&train);
    let usual: Vec<usize> = (0..train.labels.len()).filter(|&row| !train.labels[row]).collect();
    Some((train.choose(&usual), read(&test)))
}

/// As the recommended plan has numbers: logarithms, then robust scaling by the training rows.
fn recommended(train: &Array2<f32>, test: &Array2<f32>) -> (Array2<f32>, Array2<f32>) {
    let log = |value: f32| libm::log1pf(value.abs()).copysign(value);
    let (mut train, mut test) = (train.mapv(log), test.mapv(log));
    for (mut train, mut test) in train.columns_mut().into_iter().zip(test.columns_mut()) {
        let scaling = Scaling::robust(&train.to_vec());
        let apply = |value: f32| scaling.apply(value).clamp(-SCALED_LIMIT, SCALED_LIMIT);
        train.mapv_inplace(apply);
        test.mapv_inplace(apply);
    }
    (train, test)
}

/// Min–max scaled by the training rows.
fn classic(train: &Array2<f32>, test: &Array2<f32>) -> (Array2<f32>, Array2<f32>) {
    let (mut train, mut test) = (train.clone(), test.clone());
    for (mut train, mut test) in train.columns_mut().into_iter().zip(test.columns_mut()) {
        let low = train.iter().copied().fold(f32::INFINITY, f32::min);
        let range = train.iter().copied().fold(f32::NEG_INFINITY, f32::max) - low;
        let scale = |value: f32| if range > 0.0 { (value - low) / range } else { value - low };
        train.mapv_inplace(scale);
        test.mapv_inplace(scale);
    }
    (train, test)
}

/// The area under the ROC curve: mean over seeds.
fn area(train: &Array2<f32>, test: &Labelled, params: &Params, seeds: u64) -> f64 {
    let classic_scaling = params.train_share < 1.0;
    let scale = if classic_scaling { classic } else { recommended };
    let (train, rows) = scale(train, &test.rows);
    let every = train.nrows().div_ceil(MOST);
    let train = train.select(Axis(0), &(0..train.nrows()).step_by(every).collect::<Vec<_>>());
    let of_seed = |seed| {
        let params = Params { seed, ..params.clone() };
        let rate = params.learning_rate;
        let mut training = Training::new(params.check().unwrap(), train.view()).unwrap();
        let mut cpu = Cpu::new(training.network().clone(), rate);
        block_on(training.run(&mut cpu, async |_: At<'_>| ControlFlow::Continue(()))).unwrap();
        roc_auc(&training.finish().0.score(rows.view()), &test.labels).unwrap()
    };
    (0..seeds).map(of_seed).sum::<f64>() / seeds as f64
}

#[test]
fn attacks_of_nsl_kdd_are_told_by_what_is_normal() {
    let Some((train, test)) = nsl_kdd() else { return };
    let area = area(&train.rows, &test, &Params::recommended(), 1);
    assert!(area >= 0.95, "{area}");
}

#[test]
fn narrow_tables_are_told_at_least_as_well_as_by_pyod() {
    for name in ["mammography", "annthyroid", "cardio"] {
        let Some(data) = adbench(name) else { return };
        let area = area(&data.rows, &data, &Params::recommended(), SEEDS);
        let pyod = PYOD.iter().find(|pyod| pyod.0 == name).unwrap().1;
        assert!(area >= pyod, "{name}: {area}, PyOD {pyod}");
    }
}

#[test]
#[ignore = "takes minutes; prints the table of docs/ACCURACY.md"]
fn table() {
    println!("| file | trained on | Recommended | Classic | PyOD |\n|---|---|---:|---:|---:|");
    let print = |name: &str, on: &str, train: &Array2<f32>, test: &Labelled| {
        let recommended = area(train, test, &Params::recommended(), SEEDS);
        let classic = area(train, test, &Params::classic(), 1);
        let pyod = PYOD.iter().find(|pyod| pyod.0 == name && on == "all rows");
        let pyod = pyod.map_or("–".to_owned(), |pyod| format!("{:.3}", pyod.1));
        println!("| {name} | {on} | {recommended:.4} | {classic:.4} | {pyod} |");
    };
    for name in ["http", "smtp", "shuttle", "mammography", "annthyroid", "cardio", "breastw", "Ionosphere"] {
        let Some(data) = adbench(name) else { return };
        print(name, "all rows", &data.rows, &data);
        let (train, test) = data.by_usual();
        print(name, "half of the normal rows", &train.rows, &test);
    }
    if let Some((train, test)) = nsl_kdd() {
        print("NSL-KDD, KDDTest+", "normal rows of the 20 % file", &train.rows, &test);
    }
}
