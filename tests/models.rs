//! Detectors that are kept and used again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Dataset, Limits, Options, Outcome, ThreadHost},
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

#[test]
fn the_same_file_has_the_same_results_with_what_was_kept_of_it() {
    // More rows than columns are described by.
    let text = day(40_000);
    block_on(async {
        let (host, dataset) = read(&text, 2, HELD).await;
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
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

#[test]
fn what_the_file_lacks_is_named() {
    let text = day(2_000);
    let lacking = String::from_utf8(text.to_vec()).unwrap().replacen("Flow.Duration", "something", 1);
    block_on(async {
        let (host, dataset) = read(&text, 1, HELD).await;
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        let saved = engine::save(&host, &dataset, &outcome, (About::default(), 0.6)).await.unwrap();
        let file = model::write(&saved).unwrap();
        let (_, other) = read(&Arc::from(lacking.into_bytes()), 1, HELD).await;
        let error = engine::bind(&model::read(&file).unwrap(), &other.layout.schema).err().unwrap();
        assert!(error.to_string().contains("it compares “Flow.Duration”, and the file has no such column"), "{error}");
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
