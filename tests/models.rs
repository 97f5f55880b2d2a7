//! Detectors that are kept and used again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    detect::nearest,
    engine::{self, Dataset, Detector, Limits, Options, Outcome, ThreadHost},
    features::Encoding,
    ingest::Choices,
    model::{self, About, Drift, Saved, Verdict},
    report::{self, Common, Selection},
    sample::{Flows, Scenario},
};
use futures_executor::block_on;

const HELD: Limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };
const STREAMED: Limits = Limits { rows: 0, unpacked: 1 << 30 };

fn day(rows: u64) -> Arc<[u8]> {
    let mut text = Vec::new();
    let mut flows = Flows::of(rows, 4, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    text.into()
}

async fn read(text: &Arc<[u8]>, shards: usize, limits: Limits) -> (ThreadHost, Dataset) {
    let text = Arc::clone(text);
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    let opened = engine::open(&host, &Choices::default(), limits).await.unwrap();
    let dataset = engine::read(&host, &opened).await.unwrap();
    (host, dataset)
}

async fn written(host: &ThreadHost, dataset: &Dataset, outcome: &Outcome) -> Vec<u8> {
    let export = dataset.export(Selection::All, outcome.threshold.anomalies);
    engine::export(host, export).await.unwrap().concat()
}

fn nearest() -> Options {
    Options { detector: Detector::Nearest(nearest::Params::default()), ..Options::default() }
}

#[test]
fn the_same_file_has_the_same_results_with_what_was_kept_of_it() {
    same_results(Options::default());
}

#[test]
fn nearest_neighbours_are_kept_and_what_they_hold_is_shown_again() {
    same_results(nearest());
}

fn same_results(options: Options) {
    // More rows than columns are described by.
    let text = day(40_000);
    block_on(async {
        let (host, dataset) = read(&text, 2, HELD).await;
        let outcome = engine::run(&host, &dataset, options).await.unwrap();
        let results = written(&host, &dataset, &outcome).await;
        let about = About { name: "a day".into(), ..About::default() };
        let saved = engine::save(&host, &dataset, &outcome, (about, outcome.threshold.score)).await.unwrap();
        let file = engine::write_model(&host, saved).await.unwrap();
        for (shards, limits) in [(3, HELD), (2, STREAMED)] {
            let (host, dataset) = read(&text, shards, limits).await;
            let saved = engine::read_model(&host, file.clone()).await.unwrap();
            assert!(engine::other_roles(&saved, &dataset.layout.schema).is_empty());
            let fitted = engine::bind(&saved, &dataset.layout.schema).unwrap();
            let again = engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap();
            assert_eq!((again.threshold, again.groups.len()), (outcome.threshold, outcome.groups.len()));
            if limits == HELD {
                assert!(written(&host, &dataset, &again).await == results, "{shards} shards");
            }
        }
    });
}

/// The same table without some of its columns.
fn without(text: &[u8], leave: impl Fn(&str) -> bool) -> Arc<[u8]> {
    let text = std::str::from_utf8(text).unwrap();
    let left: Vec<bool> = text.lines().next().unwrap().split(',').map(leave).collect();
    let line = |line: &str| {
        let cells = line.split(',').zip(&left).filter(|(_, leave)| !**leave).map(|(cell, _)| cell);
        cells.collect::<Vec<_>>().join(",") + "\n"
    };
    Arc::from(text.lines().map(line).collect::<String>().into_bytes())
}

/// The scores, ranks and reasons of a run on this file by a model.
async fn scored(saved: &Saved, text: &Arc<[u8]>, shards: usize, limits: Limits) -> Vec<[String; 3]> {
    let (host, dataset) = read(text, shards, limits).await;
    let fitted = engine::bind(saved, &dataset.layout.schema).unwrap();
    let outcome = engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap();
    let csv = written(&host, &dataset, &outcome).await;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|known| known == name).unwrap();
    let columns = ["anomaly_score", "anomaly_rank", "anomaly_reasons"].map(at);
    let row = |record: Result<csv::StringRecord, _>| {
        let record = record.unwrap();
        columns.map(|column| record[column].to_owned())
    };
    reader.records().map(row).collect()
}

async fn kept(text: &Arc<[u8]>) -> Saved {
    let (host, dataset) = read(text, 2, HELD).await;
    let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
    let saved = engine::save(&host, &dataset, &outcome, (About::default(), 0.6)).await.unwrap();
    model::read(&model::write(&saved).unwrap()).unwrap()
}

/// The same flows with the columns the other way round.
fn reversed(text: &[u8]) -> Arc<[u8]> {
    let text = std::str::from_utf8(text).unwrap();
    let line = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n";
    text.lines().map(line).collect::<String>().into_bytes().into()
}

/// What is said of each row.
fn cells(written: &[u8]) -> Vec<[String; 2]> {
    let mut reader = csv::Reader::from_reader(written);
    let head = reader.headers().unwrap().clone();
    let columns = ["anomaly_score", "anomaly"].map(|wanted| head.iter().position(|name| name == wanted).unwrap());
    reader.records().map(|record| record.unwrap()).map(|row| columns.map(|column| row[column].to_owned())).collect()
}

#[test]
fn neighbours_that_were_kept_are_those_of_a_file_with_other_columns() {
    let (text, baseline) = (day(6_000), reversed(&day(3_000)));
    for against in [false, true] {
        block_on(async {
            let (host, dataset) = read(&text, 2, HELD).await;
            let outcome = if against {
                let of = Arc::clone(&baseline);
                let normal = ThreadHost::new(2, move || Cursor::new(Arc::clone(&of)), |_, _| {});
                let baseline = engine::open_baseline(&normal, &dataset.layout.schema, HELD).await.unwrap();
                let fitted = engine::fit_on(&normal, &baseline, &nearest()).await.unwrap();
                engine::apply(&host, &dataset, fitted, nearest()).await.unwrap()
            } else {
                engine::run(&host, &dataset, nearest()).await.unwrap()
            };
            let told = cells(&written(&host, &dataset, &outcome).await);
            assert!(told.len() == 6_000 && told.iter().any(|row| row[0] != told[0][0]), "flows are told apart");
            let saved = engine::save(&host, &dataset, &outcome, (About::default(), outcome.threshold.score)).await;
            let file = engine::write_model(&host, saved.unwrap()).await.unwrap();
            for shards in [1, 3] {
                let (host, dataset) = read(&reversed(&text), shards, HELD).await;
                let saved = engine::read_model(&host, file.clone()).await.unwrap();
                let fitted = engine::bind(&saved, &dataset.layout.schema).unwrap();
                let again = engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap();
                let found = cells(&written(&host, &dataset, &again).await);
                assert!(found == told, "{shards} shards, against a baseline: {against}");
                let shorter = without(&text, |name| name == "Flow.Duration");
                let (_, dataset) = read(&shorter, 1, HELD).await;
                let Err(refused) = engine::bind(&saved, &dataset.layout.schema) else { panic!("a column is missing") };
                assert!(refused.to_string().contains("“Flow.Duration”, and the file has no such column; nearest"));
            }
        });
    }
}

#[test]
fn a_model_is_used_without_a_column_that_it_compares_and_that_is_said() {
    let text = day(6_000);
    block_on(async {
        let saved = kept(&text).await;
        // One flow is far out in other columns than the missing one.
        let amounts =
            saved.plan.features.iter().filter(|feature| matches!(feature.encoding, Encoding::SignedLog { .. }));
        let name = |column: usize| saved.schema.fields[column].name.as_str();
        let out: Vec<usize> =
            amounts.map(|feature| feature.column).filter(|&column| name(column) != "Flow.Duration").take(12).collect();
        let odd = String::from_utf8(text.to_vec()).unwrap();
        let lines = odd.lines().enumerate().map(|(number, line)| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if number == 4_000 {
                out.iter().for_each(|&column| cells[column] = "99000000000");
            }
            cells.join(",") + "\n"
        });
        let odd = lines.collect::<String>().into_bytes();
        let short = without(&odd, |name| name == "Flow.Duration");
        let (_, dataset) = read(&short, 1, HELD).await;
        let words = engine::without(&saved, &dataset.layout.schema).unwrap();
        assert!(words.contains("“Flow.Duration”") && words.contains("less certain"), "{words}");
        let one = scored(&saved, &short, 1, HELD).await;
        assert_eq!(one[3_999][1], "1", "the outlier stands out still");
        assert!(out.iter().any(|&column| one[3_999][2].contains(name(column))), "{}", one[3_999][2]);
        assert!(one.iter().all(|row| !row[2].contains("Flow.Duration")), "what is missing is no reason");
        assert!(scored(&saved, &short, 3, HELD).await == one);
        // Where nothing is missing, nothing is said, and scores are its own.
        let (_, dataset) = read(&text, 1, HELD).await;
        assert_eq!(engine::without(&saved, &dataset.layout.schema), None);
        let whole = scored(&saved, &text, 1, HELD).await;
        let score = |row: &[String; 3]| row[0].parse::<f64>().unwrap();
        let apart: f64 = whole.iter().zip(&one).map(|(whole, one)| (score(whole) - score(one)).abs()).sum();
        assert!(apart > 0.0 && apart / 6_000.0 < 0.02, "{apart}");
    });
}

#[test]
fn more_than_a_quarter_of_the_columns_missing_is_refused_by_name() {
    let text = day(2_000);
    block_on(async {
        let saved = kept(&text).await;
        let mut compared: Vec<usize> = saved.plan.features.iter().map(|feature| feature.column).collect();
        compared.dedup();
        let name = |column: usize| saved.schema.fields[column].name.as_str();
        let lacks = |many: usize| {
            let gone: Vec<&str> = compared.iter().take(many).map(|&column| name(column)).collect();
            without(&text, |name| gone.contains(&name))
        };
        let most = compared.len() / 4;
        let (host, dataset) = read(&lacks(most), 1, HELD).await;
        let fitted = engine::bind(&saved, &dataset.layout.schema).unwrap();
        let outcome = engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap();
        let error = engine::save(&host, &dataset, &outcome, (About::default(), 0.6)).await.err().unwrap();
        assert_eq!(error.to_string(), "The detector cannot be saved: the file lacks columns that it compares.");
        let (_, dataset) = read(&lacks(most + 1), 1, HELD).await;
        let error = engine::bind(&saved, &dataset.layout.schema).err().unwrap().to_string();
        let first = name(compared[0]);
        assert!(error.contains(&format!("it compares “{first}”, ")) && error.contains("at most a quarter"), "{error}");
        // Of nothing, nothing is left.
        let other = Arc::from(
            "colour,size\n"
                .to_owned()
                .into_bytes()
                .into_iter()
                .chain((0..40).flat_map(|row| format!("red,{row}\n").into_bytes()))
                .collect::<Vec<u8>>(),
        );
        let (_, dataset) = read(&other, 1, HELD).await;
        assert!(engine::bind(&saved, &dataset.layout.schema).is_err());
    });
}

#[test]
fn rules_that_hide_findings_go_along_and_change_no_result() {
    let text = day(2_000);
    let rule = |from: &str, port: Option<&str>| Common {
        from: Some(from.into()),
        port: port.map(str::to_owned),
        ..Common::default()
    };
    block_on(async {
        let (host, dataset) = read(&text, 2, HELD).await;
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        let plain = engine::save(&host, &dataset, &outcome, (About::default(), 0.6)).await.unwrap();
        assert!(plain.suppressions.is_empty());
        let mut saved = plain.clone();
        assert!(saved.suppressions.add(rule("10.0.0.7", Some("123")), "the clocks, says Kim", 1_700_000_000_000));
        assert!(saved.suppressions.add(rule("printer", None), "", 1_700_000_000_001));
        let file = engine::write_model(&host, saved.clone()).await.unwrap();
        let again = engine::read_model(&host, file).await.unwrap();
        assert_eq!(again.suppressions, saved.suppressions);
        let covered = |from: &str, port: &str| again.suppressions.covering(&rule(from, Some(port))).is_some();
        assert!(covered("10.0.0.7", "123") && covered("printer", "9") && !covered("10.0.0.7", "443"));
        let results = async |saved: &Saved| {
            let fitted = engine::bind(saved, &dataset.layout.schema).unwrap();
            let outcome = engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap();
            written(&host, &dataset, &outcome).await
        };
        assert!(results(&plain).await == results(&again).await);
        // As many as there can be are read again.
        let mut many = plain.clone();
        for number in 0..report::MOST_SUPPRESSIONS {
            assert!(many.suppressions.add(rule(&format!("host-{number}"), None), &"long ".repeat(60), 5));
        }
        assert!(!many.suppressions.add(rule("one more", None), "", 5));
        let file = model::write(&many).unwrap();
        assert!(model::read(&file).unwrap() == many);
    });
}

/// What a detector that was fitted on one file says of the flows of another.
fn drift(of: &Arc<[u8]>, then: &Arc<[u8]>) -> Drift {
    block_on(async {
        let (host, dataset) = read(of, 1, HELD).await;
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        assert!(outcome.drift.is_none(), "it was fitted on these");
        let saved = engine::save(&host, &dataset, &outcome, (About::default(), 0.6)).await.unwrap();
        let saved = model::read(&model::write(&saved).unwrap()).unwrap();
        let mut drifts = Vec::new();
        for (shards, limits) in [(1, HELD), (3, HELD), (2, STREAMED)] {
            let (host, dataset) = read(then, shards, limits).await;
            let fitted = engine::bind(&saved, &dataset.layout.schema).unwrap();
            drifts.push(engine::apply(&host, &dataset, fitted, saved.options.clone()).await.unwrap().drift.unwrap());
        }
        assert!(drifts.windows(2).all(|pair| pair[0] == pair[1]), "for any number of shards");
        Drift::clone(&drifts[0])
    })
}

#[test]
fn flows_like_those_of_then_are_told_from_others() {
    let text = day(20_000);
    let itself = drift(&text, &text);
    assert_eq!((itself.verdict(), itself.shifted()), (Verdict::Same, 0));
    assert!(itself.columns.iter().all(|column| column.shift.psi == 0.0) && itself.scores.psi == 0.0);

    let mut other = Vec::new();
    let mut flows = Flows::of(20_000, 9, Scenario::all());
    while flows.write(&mut other, 1 << 20) {}
    let other_day = drift(&text, &other.into());
    assert_eq!(other_day.verdict(), Verdict::Same, "{other_day:#?}");

    // Another exporter counts everything by the thousand.
    let table = String::from_utf8(text.to_vec()).unwrap();
    let times = |line: &str| {
        let cell = |cell: &str| match cell.parse::<f64>() {
            Ok(number) if !cell.is_empty() && number > 0.0 && cell.contains('.') => (number * 1_000.0).to_string(),
            _ => cell.to_owned(),
        };
        line.split(',').map(cell).collect::<Vec<_>>().join(",")
    };
    let (head, rows) = table.split_once('\n').unwrap();
    let changed = rows.lines().map(times).collect::<Vec<_>>().join("\n");
    let found = drift(&text, &Arc::from(format!("{head}\n{changed}\n").into_bytes()));
    assert_ne!(found.verdict(), Verdict::Same, "{found:#?}");
    assert!(found.columns[0].shift.is_much() && found.columns[0].shift.ks.unwrap() > 0.3);
}
