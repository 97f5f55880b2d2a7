//! Runs that are fitted on flows known to be normal.
//!
//! The table of `docs/ACCURACY.md`: `make accuracy`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its table")]

use std::{collections::BTreeMap, io::Cursor, sync::Arc};

use crate::common::labelled::{self, Labelled};
use flowsift::{
    detect::{
        autoencoder, nearest,
        threshold::{Reason, Threshold},
    },
    engine::{self, Crowd, Dataset, Detector, EngineError, First, Limits, Options, Outcome, ThreadHost},
    evaluate::average_precision,
    features::Omission,
    ingest::Choices,
    report::Selection,
    sample::{Attack, Flows, Scenario},
    train::DevicePreference,
};
use futures_executor::block_on;

const HELD: Limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };
const STREAMED: Limits = Limits { rows: 0, unpacked: 1 << 30 };

fn host(text: &str, shards: usize) -> ThreadHost {
    let text: Arc<[u8]> = text.as_bytes().into();
    ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {})
}

/// A run against a baseline: what came of it, and a column of the download.
struct Against {
    outcome: Outcome,
    written: String,
}

impl Against {
    fn run(file: &str, baseline: &str, shards: usize, limits: Limits) -> Result<Self, EngineError> {
        Self::run_with(&Options::default(), (file, baseline), shards, limits)
    }

    fn run_with(
        options: &Options,
        (file, baseline): (&str, &str),
        shards: usize,
        limits: Limits,
    ) -> Result<Self, EngineError> {
        let (here, normal) = (host(file, shards), host(baseline, shards));
        block_on(async {
            let opened = engine::open(&here, &Choices::default(), limits).await?;
            let dataset = engine::read(&here, &opened).await?;
            let baseline = engine::open_baseline(&normal, &dataset.layout.schema, limits).await?;
            let fitted = engine::fit_on(&normal, &baseline, options).await?;
            let outcome = engine::apply(&here, &dataset, fitted, options.clone()).await?;
            Self::written(&here, &dataset, outcome).await
        })
    }

    /// A run against the first part of the file.
    fn first(
        options: &Options,
        (file, first): (&str, &First),
        shards: usize,
        limits: Limits,
    ) -> Result<Self, EngineError> {
        let (here, normal) = (host(file, shards), host(file, shards));
        block_on(async {
            let choices = Choices::default();
            let opened = engine::open(&here, &choices, limits).await?;
            let dataset = engine::read(&here, &opened).await?;
            let baseline = engine::open_first(&normal, &here, &dataset, (first, &choices), limits).await?;
            let fitted = engine::fit_on(&normal, &baseline, options).await?;
            let outcome = engine::apply(&here, &dataset, fitted, options.clone()).await?;
            Self::written(&here, &dataset, outcome).await
        })
    }

    /// A run without a baseline.
    fn itself(options: &Options, file: &str) -> Self {
        let here = host(file, 2);
        let done = block_on(async {
            let opened = engine::open(&here, &Choices::default(), HELD).await?;
            let dataset = engine::read(&here, &opened).await?;
            let outcome = engine::run(&here, &dataset, options.clone()).await?;
            Self::written(&here, &dataset, outcome).await
        });
        done.unwrap()
    }

    async fn written(here: &ThreadHost, dataset: &Dataset, outcome: Outcome) -> Result<Self, EngineError> {
        let export = dataset.export(Selection::All, outcome.threshold.anomalies);
        let written = String::from_utf8(engine::export(here, export).await?.concat()).unwrap();
        Ok(Self { outcome, written })
    }

    fn of(file: &str, baseline: &str) -> Self {
        Self::run(file, baseline, 2, HELD).unwrap()
    }

    fn cells(&self, column: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(self.written.as_bytes());
        let column = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
        reader.records().map(|record| record.unwrap()[column].to_owned()).collect()
    }

    /// What was said of each row.
    fn results(&self) -> [Vec<String>; 3] {
        ["anomaly_score", "anomaly", "anomaly_group"].map(|name| self.cells(name))
    }

    /// Per group, its rows and those of them that are attacks.
    fn groups(&self, odd: &[bool]) -> Vec<[usize; 2]> {
        let mut groups = vec![[0; 2]; self.outcome.groups.len()];
        for (group, &odd) in self.cells("anomaly_group").iter().zip(odd) {
            if let Some(group) = group.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
                groups[group][0] += 1;
                groups[group][1] += usize::from(odd);
            }
        }
        groups
    }
}

fn day(rows: u64, seed: u64, scenario: Scenario) -> String {
    let mut text = Vec::new();
    let mut flows = Flows::of(rows, seed, scenario);
    while flows.write(&mut text, 1 << 20) {}
    String::from_utf8(text).unwrap()
}

fn two_days() -> [String; 2] {
    [day(12_000, 4, Scenario::all()), day(12_000, 3, Scenario::clean())]
}

/// The same table with other names, in another order.
fn other(text: &str, name: impl Fn(&str) -> String, columns: impl Fn(usize) -> Vec<usize>) -> String {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let columns = columns(header.len());
    let line = |cells: &[&str]| columns.iter().map(|&column| cells[column]).collect::<Vec<_>>().join(",") + "\n";
    let header: Vec<String> = header.into_iter().map(name).collect();
    let mut out = line(&header.iter().map(String::as_str).collect::<Vec<_>>());
    lines.for_each(|cells| out += &line(&cells.split(',').collect::<Vec<_>>()));
    out
}

#[test]
fn groups_are_those_that_nothing_in_the_baseline_is_like() {
    let baseline = day(50_000, 100, Scenario::clean());
    let against = Against::of(&day(50_000, 1, Scenario::all()), &baseline);
    let odd: Vec<bool> = against.cells("Attack").iter().map(|kind| kind != "none").collect();
    let groups = against.groups(&odd);
    // As many groups of usual flows stand out where nothing is known to be normal.
    assert!(groups.len() >= 4 && against.outcome.usual_groups >= 10, "{groups:?}, {}", against.outcome.usual_groups);
    assert!(groups.iter().all(|[rows, attacks]| 2 * attacks > *rows), "{groups:?}");
    let told = &against.outcome.groups;
    assert!(
        told.iter()
            .all(|found| matches!(&found.what, Crowd::Alike(group) if group.away.is_some()) && found.severity > 1.0)
    );
    assert!(told.is_sorted_by(|a, b| a.severity >= b.severity));
    // Another day without attacks.
    let usual = Against::of(&day(50_000, 2, Scenario::clean()), &baseline);
    assert!(usual.outcome.groups.len() <= 1, "{:?}", usual.groups(&vec![false; 50_000]));
}

#[test]
fn columns_under_other_names_and_in_another_order_are_the_same() {
    let [file, baseline] = two_days();
    let plain = Against::of(&file, &baseline);
    let name = |name: &str| name.to_uppercase().replace('.', " ");
    let changed = other(&file, name, |width| (0..width).rev().collect());
    let renamed = Against::of(&changed, &baseline);
    assert!(renamed.results() == plain.results());
    assert_eq!(renamed.outcome.baseline().unwrap().unbound, [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn what_either_file_lacks_is_left_out_and_said() {
    let [file, baseline] = two_days();
    let position = file.lines().next().unwrap().split(',').position(|name| name == "Flow.Duration").unwrap();
    let without =
        |text: &str| other(text, str::to_owned, |width| (0..width).filter(|&column| column != position).collect());
    let short = Against::of(&without(&file), &baseline);
    assert_eq!(short.outcome.baseline().unwrap().unbound, [vec!["Flow.Duration".to_owned()], Vec::new()]);
    let both = Against::of(&without(&file), &without(&baseline));
    assert!(short.results() == both.results(), "as if the column were in neither");
    let long = Against::of(&file, &without(&baseline));
    assert_eq!(long.outcome.baseline().unwrap().unbound, [Vec::new(), vec!["Flow.Duration".to_owned()]]);
    assert!(long.outcome.plan.left_out.contains(&(position, Omission::NotInBaseline)));
    assert!(long.results() == both.results());
}

#[test]
fn neither_shards_nor_memory_change_the_answer() {
    let [file, baseline] = two_days();
    let one = Against::run(&file, &baseline, 1, HELD).unwrap();
    for (shards, limits) in [(3, HELD), (2, STREAMED)] {
        let other = Against::run(&file, &baseline, shards, limits).unwrap();
        assert!(other.results() == one.results(), "{shards} shards");
        assert_eq!(other.outcome.groups, one.outcome.groups);
    }
}

/// The header and these lines.
fn with_lines<'a>(text: &'a str, lines: impl IntoIterator<Item = &'a str>) -> String {
    let header = text.lines().next().unwrap();
    std::iter::once(header).chain(lines).fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_first_rows_are_a_baseline_as_a_file_of_them_is() {
    let file = day(12_000, 4, Scenario::all());
    let part = with_lines(&file, file.lines().skip(1).take(5_000));
    for options in [Options::default(), nearest()] {
        let apart = Against::run_with(&options, (&file, &part), 2, HELD).unwrap();
        for (shards, limits) in [(1, HELD), (3, HELD), (3, STREAMED)] {
            let first = Against::first(&options, (&file, &First::Rows(5_000)), shards, limits).unwrap();
            assert!(first.results() == apart.results(), "{shards} shards");
            assert_eq!(first.outcome.groups, apart.outcome.groups);
            let told = first.outcome.baseline().unwrap();
            assert_eq!((told.rows, &told.unbound), (5_000, &[Vec::new(), Vec::new()]));
        }
    }
    // It is another baseline than more of the file, or all of it.
    let more = Against::first(&Options::default(), (&file, &First::Rows(9_000)), 2, HELD).unwrap();
    let first = Against::first(&Options::default(), (&file, &First::Rows(5_000)), 2, HELD).unwrap();
    assert!(more.results() != first.results());
}

#[test]
fn flows_before_a_point_in_time_are_a_baseline_wherever_they_stand() {
    let mut text = String::from("time,bytes,packets,port\n");
    let mut draws = Draws(7);
    let mut lines: Vec<String> = (0..4_000)
        .map(|second| {
            let bytes = 100 + draws.below(900);
            let time = format!("2024-03-05 {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
            format!("{time},{bytes},{},{}", 1 + bytes / 200, [53, 80, 443][draws.below(3)])
        })
        .collect();
    lines[3_900] = "2024-03-05 01:05:00,90000000,3,443".into();
    let file = with_lines(&text, lines.iter().map(String::as_str));
    let until = First::Until("2024-03-05 00:50:00".into());
    let part = with_lines(&file, file.lines().skip(1).take(3_000));
    let apart = Against::of(&file, &part);
    for (shards, limits) in [(1, HELD), (3, HELD), (3, STREAMED)] {
        let first = Against::first(&Options::default(), (&file, &until), shards, limits).unwrap();
        assert!(first.results() == apart.results(), "{shards} shards");
    }
    let ranks = apart.cells("anomaly_rank");
    assert_eq!(ranks[3_900], "1", "what no flow of the part is like");
    // Not in order: the same flows count.
    lines.reverse();
    text = with_lines(&text, lines.iter().map(String::as_str));
    let [one, three] = [1, 3].map(|shards| Against::first(&Options::default(), (&text, &until), shards, HELD).unwrap());
    assert_eq!(one.outcome.baseline().unwrap().rows, 3_000);
    assert!(one.results() == three.results());
    // A time that counts seconds since 1970 is written as a number, or as a date.
    let counted = file.replace("time,", "ts,");
    let counted = counted
        .lines()
        .skip(1)
        .enumerate()
        .map(|(second, line)| format!("{},{}", 1_709_596_800 + second, line.split_once(',').unwrap().1));
    let counted: Vec<String> = counted.collect();
    let counted = with_lines("ts,bytes,packets,port", counted.iter().map(String::as_str));
    for until in ["1709599800", "2024-03-05 00:50:00"] {
        let first = Against::first(&Options::default(), (&counted, &First::Until(until.into())), 2, HELD).unwrap();
        assert_eq!(first.outcome.baseline().unwrap().rows, 3_000, "{until}");
    }
}

#[test]
fn a_part_that_is_empty_or_the_whole_file_is_refused() {
    let file = day(2_000, 4, Scenario::all());
    let refused = |first: First, file: &str| {
        Against::first(&Options::default(), (file, &first), 2, HELD).err().unwrap().to_string()
    };
    let until = |text: &str| First::Until(text.to_owned());
    let empty = "The baseline cannot be used: no flow is in that part of the file.";
    let whole = "The baseline cannot be used: that part is the whole file.";
    assert_eq!(refused(First::Rows(0), &file), empty);
    assert_eq!(refused(until("1999-01-01"), &file), empty);
    for first in [First::Rows(2_000), First::Rows(u64::MAX), until("2037-01-01 00:00")] {
        assert_eq!(refused(first, &file), whole);
    }
    let odd = refused(until("=noon<b>"), &file);
    assert_eq!(odd, "The baseline cannot be used: “=noon<b>” is no time as “Timestamp” has them.");
    let mut plain = String::from("bytes,packets\n");
    (0..400).for_each(|row| plain += &format!("{},{}\n", row * 7 % 90, row % 5));
    assert_eq!(refused(until("2020-01-01"), &plain), "The baseline cannot be used: the file has no column of times.");
}

fn nearest() -> Options {
    Options { detector: Detector::Nearest(nearest::Params::default()), ..Options::default() }
}

#[test]
fn the_nearest_normal_flow_tells_attacks_apart_and_why() {
    let (file, baseline) = (day(20_000, 1, Scenario::all()), day(50_000, 100, Scenario::clean()));
    let of = |shards, limits| Against::run_with(&nearest(), (&file, &baseline), shards, limits).unwrap();
    let one = of(1, HELD);
    for (shards, limits) in [(3, HELD), (2, STREAMED)] {
        assert!(of(shards, limits).results() == one.results(), "{shards} shards");
    }
    let odd: Vec<bool> = one.cells("Attack").iter().map(|kind| kind != "none").collect();
    let scores: Vec<f64> = one.cells("anomaly_score").iter().map(|cell| cell.parse().unwrap()).collect();
    let forest = Against::run(&file, &baseline, 2, HELD).unwrap();
    let of_forest: Vec<f64> = forest.cells("anomaly_score").iter().map(|cell| cell.parse().unwrap()).collect();
    let [by_nearest, by_forest] = [&scores, &of_forest].map(|scores| average_precision(scores, &odd).unwrap());
    assert!(by_nearest > by_forest, "{by_nearest}, {by_forest}");
    // One in a thousand flows of another normal day, or a few more.
    let Threshold { anomalies, reason, .. } = one.outcome.threshold;
    let normal = one.cells("anomaly").iter().zip(&odd).filter(|(flag, odd)| *flag == "1" && !**odd).count();
    assert!(anomalies > 0 && normal < 100, "{normal} of {anomalies}");
    assert!(matches!(reason, Reason::BeyondNormal { .. }));
    let reasons = one.cells("anomaly_reasons");
    assert!(reasons.iter().any(|text| text.contains(", most alike ")), "what the other flow holds is told");
    // Where nothing is known to be normal, the file itself is compared with.
    let itself = Against::itself(&nearest(), &file).outcome;
    assert!(!matches!(itself.threshold.reason, Reason::BeyondNormal { .. }));
}

#[test]
fn a_file_of_other_things_is_refused() {
    let mut text = String::from("colour,size\n");
    (0..40).for_each(|row| text += &format!("{},{row}\n", ["red", "blue"][row % 2]));
    let error = Against::run(&day(2_000, 4, Scenario::all()), &text, 1, HELD).err().unwrap();
    assert_eq!(error.to_string(), "The baseline cannot be used: none of its columns is one of the file's.");
}

/// Draws that look random.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

/// Of a labelled set, every other normal row as a baseline, with so large a share of attacks that nobody saw, and the others with
/// other attacks: 3 % of all normal rows.
fn split(set: &Labelled, seed: u64, unseen: f64) -> (String, String, Vec<bool>) {
    let mut draws = Draws(seed);
    let rows = |odd: bool| (0..set.lines.len()).filter(move |&row| set.lines[row].1 == odd).collect::<Vec<_>>();
    let drawn = |mut rows: Vec<usize>, many: usize, draws: &mut Draws| {
        for place in 0..many.min(rows.len()) {
            let other = place + draws.below(rows.len() - place);
            rows.swap(place, other);
        }
        rows.truncate(many);
        rows.sort_unstable();
        rows
    };
    let normal = drawn(rows(false), 60_000, &mut draws);
    let attacks = drawn(rows(true), (normal.len() * 3 / 97).max(10), &mut draws);
    let others = rows(true).into_iter().filter(|row| attacks.binary_search(row).is_err()).collect();
    let unseen = drawn(others, (normal.len() as f64 / 2.0 * unseen) as usize, &mut draws);
    let mut clean: Vec<usize> = normal.iter().copied().step_by(2).chain(unseen).collect();
    clean.sort_unstable();
    let mut test: Vec<usize> = normal.iter().copied().skip(1).step_by(2).chain(attacks).collect();
    test.sort_unstable();
    let text = |rows: &mut dyn Iterator<Item = usize>| {
        let lines = rows.map(|row| set.lines[row].0.as_str());
        std::iter::once(set.header.as_str()).chain(lines).collect::<Vec<_>>().join("\n")
    };
    let odd = test.iter().map(|&row| set.lines[row].1).collect();
    (text(&mut clean.into_iter()), text(&mut test.iter().copied()), odd)
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn table() {
    println!(
        "| file | attacks in the baseline | average precision | in the first 10 groups that are mostly attacks | in all such | \
         groups | mostly attacks | usual |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    let sets = labelled::network_sets();
    for unseen in [0.0, 0.02] {
        for (name, set) in &sets {
            let [ap, ten, every, groups, mostly, usual] = means(set, unseen);
            println!(
                "| {name} | {unseen} | {ap:.3} | {ten:.3} | {every:.3} | {groups:.1} | {mostly:.1} | {usual:.1} |"
            );
            assert!(unseen > 0.0 || mostly > groups / 2.0, "most groups are of attacks");
        }
    }
}

/// Means over five seeds: what the table has.
fn means(set: &Labelled, unseen: f64) -> [f64; 6] {
    // How far away a group must be was chosen by seeds 11 to 13.
    const SEEDS: std::ops::Range<u64> = 1..6;
    let mut means = [0.0; 6];
    for seed in SEEDS {
        let (baseline, file, odd) = split(set, seed, unseen);
        let against = Against::of(&file, &baseline);
        let scores: Vec<f64> = against.cells("anomaly_score").iter().map(|cell| cell.parse().unwrap()).collect();
        let all = odd.iter().filter(|odd| **odd).count() as f64;
        let groups = against.groups(&odd);
        let mostly = |many: usize| {
            let mostly = groups.iter().take(many).filter(|[rows, attacks]| 2 * attacks > *rows);
            (mostly.clone().map(|group| group[1] as f64).sum::<f64>() / all, mostly.count() as f64)
        };
        let told = [
            average_precision(&scores, &odd).unwrap(),
            mostly(10).0,
            mostly(25).0,
            groups.len() as f64,
            mostly(25).1,
            against.outcome.usual_groups as f64,
        ];
        means.iter_mut().zip(told).for_each(|(mean, told)| *mean += told / SEEDS.count() as f64);
    }
    means
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn detectors() {
    println!(
        "| file | attacks in the baseline | detector | average precision | recall at 1 % false alarms | the file itself |"
    );
    println!("|---|---:|---|---:|---:|---:|");
    let network = Detector::Autoencoder(autoencoder::Params::default(), DevicePreference::Cpu);
    let kinds = [("forest", Detector::default()), ("autoencoder", network), ("nearest", nearest().detector)];
    for (name, set) in &labelled::network_sets() {
        for unseen in [0.0, 0.001, 0.02] {
            for (kind, detector) in &kinds {
                let options = Options { detector: detector.clone(), groups: None, ..Options::default() };
                let [ap, recall, own] = by_detector(set, unseen, &options);
                println!("| {name} | {unseen} | {kind} | {ap:.3} | {recall:.3} | {own:.3} |");
                assert!(unseen > 0.0 || *kind == "autoencoder" || ap > own, "a baseline helps");
            }
        }
    }
}

/// Means over five seeds: average precision, recall at one false alarm in a hundred usual rows, and average precision where the
/// detector is fitted on the file itself.
fn by_detector(set: &Labelled, unseen: f64, options: &Options) -> [f64; 3] {
    const SEEDS: std::ops::Range<u64> = 1..6;
    let mut means = [0.0; 3];
    for seed in SEEDS {
        let (baseline, file, odd) = split(set, seed, unseen);
        let scores = |against: &Against| -> Vec<f64> {
            against.cells("anomaly_score").iter().map(|cell| cell.parse().unwrap()).collect()
        };
        let against = scores(&Against::run_with(options, (&file, &baseline), 2, HELD).unwrap());
        let itself = scores(&Against::itself(options, &file));
        let mut usual: Vec<f64> = against.iter().zip(&odd).filter(|(_, odd)| !**odd).map(|(score, _)| *score).collect();
        usual.sort_by(|a, b| b.total_cmp(a));
        let limit = usual[usual.len() / 100];
        let found = against.iter().zip(&odd).filter(|(score, odd)| **odd && **score > limit).count();
        let all = odd.iter().filter(|odd| **odd).count();
        let told = [
            average_precision(&against, &odd).unwrap(),
            found as f64 / all as f64,
            average_precision(&itself, &odd).unwrap(),
        ];
        means.iter_mut().zip(told).for_each(|(mean, told)| *mean += told / SEEDS.count() as f64);
    }
    means
}

#[test]
#[ignore = "takes minutes; prints a table of docs/ACCURACY.md"]
fn days() {
    let baseline = day(50_000, 100, Scenario::clean());
    let mut kinds: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut all = [0; 3];
    for seed in 1..21 {
        let against = Against::of(&day(50_000, seed, Scenario::all()), &baseline);
        let attacks = against.cells("Attack");
        let odd: Vec<bool> = attacks.iter().map(|kind| kind != "none").collect();
        let groups = against.groups(&odd);
        let mostly: Vec<bool> = groups.iter().map(|[rows, attacks]| 2 * attacks > *rows).collect();
        let clean = Against::of(&day(50_000, seed, Scenario::clean()), &baseline).outcome.groups.len();
        let found = mostly.iter().filter(|mostly| **mostly).count();
        all.iter_mut().zip([groups.len(), found, clean]).for_each(|(all, more)| *all += more);
        let numbers = against.cells("anomaly_group");
        for kind in Attack::ALL.map(Attack::name) {
            let rows: Vec<usize> = (0..attacks.len()).filter(|&row| attacks[row] == kind).collect();
            let inside = |row: &&usize| numbers[**row].parse::<usize>().is_ok_and(|group| mostly[group - 1]);
            let found = 2 * rows.iter().filter(inside).count() > rows.len();
            let campaigns = kinds.entry(kind).or_default();
            *campaigns = [campaigns[0] + usize::from(!rows.is_empty()), campaigns[1] + usize::from(found)];
        }
    }
    println!("| attack | days | most of its flows in groups of attacks |\n|---|---:|---:|");
    kinds.iter().for_each(|(kind, [days, found])| println!("| {kind} | {days} | {found} |"));
    println!("groups, mostly attacks, groups of clean days: {all:?} in 20 days");
    assert!(10 * all[1] > 9 * all[0], "nine in ten groups are of attacks");
}
