//! Detectors that are kept and used again.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Dataset, Limits, Options, Outcome, ThreadHost},
    ingest::Choices,
    model::{self, About},
    report::Selection,
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
