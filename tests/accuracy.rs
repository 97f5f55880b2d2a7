//! How well scores tell anomalies, on files with labels: ADBench's and two of network flows.
//!
//! The tables of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its tables")]

use std::{fs::File, io::Read, ops::ControlFlow, path::PathBuf};

use flate2::read::MultiGzDecoder;
use flowsift::{
    detect::{isolation_forest::Params, rank::descending_order, threshold::Rule},
    evaluate::{average_precision, roc_auc},
};
use ndarray::{Array2, Axis};

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

    /// The usual rows and every so manieth anomaly, such that at most this share are anomalies; every so manieth row
    /// that `keep` says.
    fn thinned(&self, share: f64) -> Self {
        let usual = self.labels.iter().filter(|label| !**label).count() as f64;
        let every = (self.labels.len() as f64 - usual) / (usual * share / (1.0 - share));
        let mut anomalies = 0.0_f64;
        let kept: Vec<usize> = (0..self.labels.len())
            .filter(|&row| {
                anomalies += f64::from(u8::from(self.labels[row]));
                !self.labels[row] || every <= 1.0 || anomalies % every < 1.0
            })
            .collect();
        self.choose(&kept)
    }

    fn choose(&self, rows: &[usize]) -> Self {
        Self { rows: self.rows.select(Axis(0), rows), labels: rows.iter().map(|&row| self.labels[row]).collect() }
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

/// The columns of numbers of a file of flows, as sign(x) ln(1 + |x|) like the recommended plan has them; `usual` is what
/// the label column says of usual rows, and columns from `end` on are no features.
fn flows(path: &str, header: bool, label: usize, end: usize, usual: &str) -> Option<Labelled> {
    let text = shared(path)?;
    let lines: Vec<Vec<&str>> = text.lines().skip(usize::from(header)).map(|line| line.split(',').collect()).collect();
    let is_number = |column: &usize| lines.iter().all(|line| line[*column].trim().parse::<f32>().is_ok());
    let columns: Vec<usize> = (0..end).filter(is_number).collect();
    let value = |cell: &str| {
        let value = cell.trim().parse::<f64>().unwrap();
        if value.is_finite() { (libm::log1p(value.abs()).copysign(value)) as f32 } else { f32::NAN }
    };
    Some(Labelled {
        rows: Array2::from_shape_fn((lines.len(), columns.len()), |(row, place)| value(lines[row][columns[place]])),
        labels: lines.iter().map(|line| line[label].trim() != usual).collect(),
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

    rules();
}

/// What each rule flags: per cent of the rows, its precision and recall.
fn rules() {
    let rules = [
        ("above 0.6", Rule::Recommended),
        ("above 0.5 (auto)", Rule::Auto),
        ("5 %", Rule::Contamination(0.05)),
        ("robust 3.5", Rule::Robust(3.5)),
        ("100 in a million", Rule::PeaksOverThreshold(100.0)),
    ];
    let titles: Vec<&str> = rules.iter().map(|(title, _)| *title).collect();
    println!("\n| file | anomalies | {} | 10 % false alarms by clean rows |", titles.join(" | "));
    println!("|---|---:|{}", "---|".repeat(rules.len() + 1));
    let mut files: Vec<(String, Labelled)> = Vec::new();
    for (name, ..) in ADBENCH {
        files.extend(adbench(name).map(|data| (name.to_owned(), data)));
    }
    let nsl = flows("nsl-kdd/KDDTrain+_20Percent.txt", false, 41, 41, "normal");
    let cic = flows("cicids/Dicotomico23_cicids2017_sample_12000.csv", true, 52, 52, "Normal Traffic");
    for (name, data) in [("NSL-KDD", nsl), ("CICIDS2017", cic)] {
        for share in [0.05, 0.01, 0.0] {
            let title = format!("{name}, {:.0} % attacks", 100.0 * share);
            files.extend(data.as_ref().map(|data| (title, data.thinned(share))));
        }
    }
    for (name, data) in files {
        let scores = data.scores(Params::default());
        let mut cells: Vec<String> = Vec::new();
        for (_, rule) in rules {
            cells.push(judged(&scores, &data.labels, rule.apply(&descending(&scores)).unwrap().score));
        }
        cells.push(by_clean_rows(&data));
        println!("| {name} | {:.2} % | {} |", 100.0 * data.share(), cells.join(" | "));
    }
}

fn descending(scores: &[f64]) -> Vec<f64> {
    descending_order(scores).into_iter().map(|row| scores[row as usize]).collect()
}

/// A third of the clean rows, which the forest is not fitted on, is the reference for the others and the anomalies.
fn by_clean_rows(data: &Labelled) -> String {
    let clean: Vec<usize> = (0..data.labels.len()).filter(|&row| !data.labels[row]).collect();
    let third = |part: usize| -> Vec<usize> { clean.iter().copied().skip(part).step_by(3).collect() };
    let (fitted, reference) = (data.choose(&third(0)), data.choose(&third(1)));
    let mut tested = third(2);
    tested.extend((0..data.labels.len()).filter(|&row| data.labels[row]));
    let tested = data.choose(&tested);
    let params = Params::default().check().unwrap();
    let forest = params.fit(fitted.rows.view(), &mut |_| ControlFlow::Continue(())).unwrap();
    let clean = forest.score(reference.rows.view());
    let scores = forest.score(tested.rows.view());
    let rule = Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: clean.len() as u64 };
    let threshold = rule.apply_beside(&descending(&[clean.as_slice(), &scores].concat()), &clean).unwrap();
    judged(&scores, &tested.labels, threshold.score)
}

fn judged(scores: &[f64], labels: &[bool], threshold: f64) -> String {
    let flagged = scores.iter().filter(|score| **score > threshold).count() as f64;
    let found = scores.iter().zip(labels).filter(|(score, label)| **label && **score > threshold).count() as f64;
    let anomalies = labels.iter().filter(|label| **label).count() as f64;
    let share = 100.0 * flagged / scores.len() as f64;
    let ratio = |of: f64| if of > 0.0 { format!("{:.2}", found / of) } else { "–".to_owned() };
    format!("{share:.2} %, {}, {}", ratio(flagged), ratio(anomalies))
}
