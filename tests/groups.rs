//! What an analyst finds in the first groups, through all that the page does.
//!
//! The tables of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its tables")]

#[path = "common/labelled.rs"]
mod labelled;

use std::{collections::BTreeMap, io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Export, Options, ThreadHost},
    report::{Cells, Filter, Selection},
};
use futures_executor::block_on;
use labelled::{Labelled, NSL_KDD};

/// Draws that look random.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// The group of each row of a text, 0 for none, and how many there are.
fn grouped(text: String, shards: usize) -> (Vec<usize>, usize) {
    let text: Arc<[u8]> = text.into_bytes().into();
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let dataset = engine::load(&host).await.unwrap();
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        let export = Export {
            filter: Filter::default(),
            selection: Selection::All,
            cells: Cells::AsTheyAre,
            anomalies: 0,
            both: false,
            typical: dataset.typical.to_vec(),
        };
        let written = String::from_utf8(engine::export(&host, export).await.unwrap().concat()).unwrap();
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let column = reader.headers().unwrap().iter().position(|name| name == "anomaly_group").unwrap();
        let group = |record: Result<csv::StringRecord, _>| record.unwrap()[column].parse().unwrap_or(0);
        (reader.records().map(group).collect(), outcome.groups.len())
    })
}

impl Labelled {
    /// All usual lines, and as many anomalies, drawn by a seed, as make up 3 %; in the order of the file.
    fn drawn(&self, seed: u64) -> Self {
        let anomalies: Vec<usize> = (0..self.lines.len()).filter(|&line| self.lines[line].1).collect();
        let usual = self.lines.len() - anomalies.len();
        let wanted = (usual as f64 * 0.03 / 0.97).round() as usize;
        let (mut draws, mut left) = (Draws(seed), anomalies);
        (0..10).for_each(|_| _ = draws.below(2));
        let mut kept = std::collections::BTreeSet::new();
        while kept.len() < wanted && !left.is_empty() {
            kept.insert(left.swap_remove(draws.below(left.len())));
        }
        let lines = self.lines.iter().enumerate().filter(|(line, of)| !of.1 || kept.contains(line));
        Self { header: self.header.clone(), lines: lines.map(|(_, line)| line.clone()).collect() }
    }

    fn usual(&self) -> Self {
        Self { header: self.header.clone(), lines: self.lines.iter().filter(|line| !line.1).cloned().collect() }
    }

    fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.0.as_str());
        std::iter::once(self.header.as_str()).chain(lines).collect::<Vec<_>>().join("\n")
    }

    /// Of all anomalies, the shares that are in groups, and in groups that are mostly anomalies; and the groups.
    fn found(&self) -> [f64; 3] {
        let (groups, many) = grouped(self.text(), 2);
        let mut sizes: BTreeMap<usize, [f64; 2]> = BTreeMap::new();
        for (group, line) in groups.iter().zip(&self.lines) {
            let size = sizes.entry(*group).or_default();
            size[0] += 1.0;
            size[1] += f64::from(u8::from(line.1));
        }
        let all: f64 = sizes.values().map(|size| size[1]).sum();
        sizes.remove(&0);
        let inside: f64 = sizes.values().map(|size| size[1]).sum();
        let mostly: f64 = sizes.values().filter(|size| size[1] > size[0] / 2.0).map(|size| size[1]).sum();
        [inside / all, mostly / all, many as f64]
    }
}

fn sets() -> Vec<(&'static str, Labelled)> {
    let train = Labelled::read("nsl-kdd/KDDTrain+_20Percent.txt", Some(NSL_KDD), (41, 42), "normal");
    let test = Labelled::read("nsl-kdd/KDDTest+.txt", Some(NSL_KDD), (41, 42), "normal");
    let nsl = train.zip(test).map(|(mut train, test)| {
        train.lines.extend(test.lines);
        train
    });
    let cic = Labelled::read("cicids/Dicotomico23_cicids2017_sample_12000.csv", None, (52, 53), "Normal Traffic");
    let cse = Labelled::read("cicids/cicids2018_FTP-SSH-BruteForce.csv", None, (LABEL_2018, LABEL_2018 + 1), "Benign");
    [("NSL-KDD", nsl), ("CICIDS2017", cic), ("CSE-CIC-IDS2018", cse)]
        .into_iter()
        .filter_map(|(name, set)| Some((name, set?)))
        .collect()
}

/// Where the label is in CSE-CIC-IDS2018.
const LABEL_2018: usize = 79;

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn table() {
    // What is chosen in `detect/groups` was chosen by seeds 11 to 13.
    let seeds = 1..6;
    println!(
        "| file | attacks in the groups | in groups that are mostly attacks | groups | groups of the usual rows |"
    );
    println!("|---|---:|---:|---:|---:|");
    let mut means = [0.0; 2];
    let sets = sets();
    for (name, set) in &sets {
        let each: Vec<[f64; 3]> = seeds.clone().map(|seed| set.drawn(seed).found()).collect();
        let mean = |of: usize| each.iter().map(|one| one[of]).sum::<f64>() / each.len() as f64;
        let (_, usual) = grouped(set.usual().text(), 2);
        println!("| {name} | {:.2} | {:.2} | {:.1} | {usual} |", mean(0), mean(1), mean(2));
        (means[0], means[1]) = (means[0] + mean(0), means[1] + mean(1));
    }
    if let [inside, mostly] = means.map(|sum| sum / sets.len() as f64)
        && !sets.is_empty()
    {
        println!("| mean | {inside:.3} | {mostly:.3} | | |");
        assert!(mostly > 0.5, "a trial had 0.56");
    }
}
