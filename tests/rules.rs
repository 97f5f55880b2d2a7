//! What the rules for the threshold flag in files with labels, through all that the page does.
//!
//! The table of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

use std::{io::Cursor, sync::Arc};

use crate::common::labelled::{Labelled, NSL_KDD};
use flowsift::{
    detect::{autoencoder, threshold::Rule},
    engine::{self, Detector, Options, ThreadHost},
    evaluate::{average_precision, roc_auc},
    report::Selection,
    train::DevicePreference,
};
use futures_executor::block_on;

impl Labelled {
    /// The usual lines and every so manieth anomaly, such that at most this share are anomalies.
    fn thinned(&self, share: f64) -> Self {
        let usual = self.lines.iter().filter(|line| !line.1).count() as f64;
        let every = (self.lines.len() as f64 - usual) / (usual * share / (1.0 - share));
        let mut anomalies = 0.0_f64;
        let kept = self.lines.iter().filter(|line| {
            anomalies += f64::from(u8::from(line.1));
            !line.1 || every <= 1.0 || anomalies % every < 1.0
        });
        Self { header: self.header.clone(), lines: kept.cloned().collect() }
    }

    /// A third of the usual lines first, which are then known to be usual; and how many these are.
    fn usual_first(&self) -> (Self, u64) {
        let usual = self.lines.iter().filter(|line| !line.1).enumerate();
        let (first, rest): (Vec<_>, Vec<_>) = usual.partition(|(place, _)| place % 3 == 0);
        let known = first.len() as u64;
        let lines = first.into_iter().chain(rest).map(|(_, line)| line.clone());
        let lines = lines.chain(self.lines.iter().filter(|line| line.1).cloned()).collect();
        (Self { header: self.header.clone(), lines }, known)
    }

    /// What the rules flag, as per cent of the lines, precision and recall; and the area under the ROC curve and the average
    /// precision of the scores, where there are anomalies.
    fn judged(&self, options: Options, rules: &[Rule]) -> (Vec<String>, String) {
        let lines = self.lines.iter().map(|line| line.0.as_str());
        let text: Arc<[u8]> =
            std::iter::once(self.header.as_str()).chain(lines).collect::<Vec<_>>().join("\n").into_bytes().into();
        let host = ThreadHost::new(1, move || Cursor::new(Arc::clone(&text)), |_, _| {});
        let (verdicts, rows) = block_on(async {
            let dataset = engine::load(&host).await.unwrap();
            assert_eq!(dataset.profile.rows, self.lines.len() as u64, "every line is a row");
            engine::run(&host, &dataset, options).await.unwrap();
            let verdicts = engine::judge_all(&host, rules.to_vec()).await.unwrap();
            let export = dataset.export(Selection::All, 0);
            let written = String::from_utf8(engine::export(&host, export).await.unwrap().concat()).unwrap();
            (verdicts, rows_of(&written))
        });
        let anomalies = self.lines.iter().filter(|line| line.1).count() as f64;
        let cell = |flagged: u64| {
            let found = rows.iter().zip(&self.lines).filter(|(row, line)| line.1 && row.0 <= flagged).count() as f64;
            let ratio = |of: f64| if of > 0.0 { format!("{:.2}", found / of) } else { "–".to_owned() };
            let share = 100.0 * flagged as f64 / self.lines.len() as f64;
            format!("{share:.2} %, {}, {}", ratio(flagged as f64), ratio(anomalies))
        };
        let (scores, labels): (Vec<f64>, Vec<bool>) =
            rows.iter().zip(&self.lines).map(|(row, line)| (row.1, line.1)).unzip();
        let told = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
        let ordered =
            format!("{}, {}", told(roc_auc(&scores, &labels).ok()), told(average_precision(&scores, &labels).ok()));
        (verdicts.iter().map(|verdict| cell(verdict.anomalies)).collect(), ordered)
    }
}

/// Rank and score of each row of a file of results.
fn rows_of(written: &str) -> Vec<(u64, f64)> {
    let mut reader = csv::Reader::from_reader(written.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |wanted: &str| headers.iter().position(|name| name == wanted).unwrap();
    let (rank, score) = (column("anomaly_rank"), column("anomaly_score"));
    let row = |record: csv::StringRecord| (record[rank].parse().unwrap(), record[score].parse().unwrap());
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn files() -> Vec<(String, Labelled)> {
    let mut files = Vec::new();
    for (name, features) in [
        ("http", 3),
        ("smtp", 3),
        ("shuttle", 9),
        ("mammography", 6),
        ("annthyroid", 6),
        ("cardio", 21),
        ("breastw", 9),
        ("Ionosphere", 32),
    ] {
        let read = Labelled::read(&format!("adbench/{name}.csv.gz"), None, (features, features), "0");
        files.extend(read.map(|data| (name.to_owned(), data)));
    }
    let nsl = Labelled::read("nsl-kdd/KDDTrain+_20Percent.txt", Some(NSL_KDD), (41, 42), "normal");
    let cic = Labelled::read("cicids/Dicotomico23_cicids2017_sample_12000.csv", None, (52, 53), "Normal Traffic");
    for (name, data) in [("NSL-KDD", nsl), ("CICIDS2017", cic)] {
        for share in [0.05, 0.01, 0.0] {
            let title = format!("{name}, {:.0} % attacks", 100.0 * share);
            files.extend(data.as_ref().map(|data| (title, data.thinned(share))));
        }
    }
    files
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn table() {
    let rules =
        [Rule::Recommended, Rule::Auto, Rule::Contamination(0.05), Rule::Robust(3.5), Rule::PeaksOverThreshold(100.0)];
    println!(
        "\n| file | anomalies | Recommended | above 0.5 (auto) | 5 % | robust 3.5 | 100 in a million | 10 % false alarms by \
         clean rows | Recommended, autoencoder | area, average precision: forest | autoencoder |"
    );
    println!("|---|---:|---|---|---|---|---|---|---|---|---|");
    for (name, data) in files() {
        let (mut cells, forest) = data.judged(Options::default(), &rules);
        let (ordered, calibration_rows) = data.usual_first();
        cells
            .extend(ordered.judged(Options::default(), &[Rule::FalseDiscoveryRate { share: 0.1, calibration_rows }]).0);
        let detector = Detector::Autoencoder(autoencoder::Params::default(), DevicePreference::Cpu);
        let (recommended, network) = data.judged(Options { detector, ..Options::default() }, &[Rule::Recommended]);
        cells.extend(recommended.into_iter().chain([forest, network]));
        assert!(cells[2].starts_with("5.0") || cells[2].starts_with("4.") || cells[2].starts_with("5.1"), "{cells:?}");
        println!("| {name} | {:.2} % | {} |", 100.0 * data.share(), cells.join(" | "));
    }
}
