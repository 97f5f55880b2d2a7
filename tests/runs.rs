//! Runs that are made again: by what the same results are known again, and what is compared of two runs.

use std::{collections::BTreeMap, sync::Arc};

use crate::common::{host, sample};
use flowsift::{
    detect::{isolation_forest::Params, nearest},
    engine::{self, Dataset, Detector, Highest, HighestQuery, Limits, Options, RowsQuery},
    ingest::Choices,
    report::Selection,
    table::Role,
};
use futures_executor::block_on;

const ROWS: u64 = 3_000;

fn forest(seed: u64) -> Options {
    Options { detector: Params { seed, trees: 40, ..Params::default() }.into(), ..Options::default() }
}

fn nearest() -> Options {
    Options { detector: Detector::Nearest(nearest::Params::default()), ..Options::default() }
}

/// What the last of these runs came to: its highest rows, and all rows as they are downloaded.
fn made(shards: usize, text: &Arc<[u8]>, limits: Limits, runs: &[Options]) -> (Highest, String) {
    let host = host(shards, text);
    block_on(async {
        let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        for options in runs {
            engine::run(&host, &dataset, options.clone()).await.expect("runs");
        }
        let highest = engine::ask_all(&host, HighestQuery(1_000)).await.expect("answers");
        let rows = engine::ask_all(&host, RowsQuery(1..1_001)).await.expect("answers");
        // The same rows, each at its rank.
        let mut flows: Vec<(u32, u64)> = rows.iter().map(|row| (row.rank, row.offset)).collect();
        flows.sort_unstable_by_key(|flow| flow.1);
        assert_eq!(highest.flows, flows, "in the order of the file");
        let export = engine::export(&host, dataset.export(Selection::All, 50)).await.expect("exports");
        (highest, String::from_utf8(export.concat()).expect("text"))
    })
}

#[test]
fn results_are_known_again_however_rows_are_split_and_kept() {
    let text = sample(ROWS);
    for options in [forest(42), nearest()] {
        let one = made(1, &text, Limits::default(), std::slice::from_ref(&options));
        for shards in [2, 5] {
            let many = made(shards, &text, Limits::default(), std::slice::from_ref(&options));
            assert!(many == one, "{shards} shards");
        }
        let none = Limits { rows: 0, ..Limits::default() };
        let streamed = made(3, &text, none, std::slice::from_ref(&options));
        assert!(streamed == one, "not held");
    }
}

#[test]
fn the_same_run_again_is_the_same_and_any_other_is_not() {
    let text = sample(ROWS);
    let limits = Limits::default();
    let first = made(2, &text, limits, &[forest(42)]);
    assert!(made(2, &text, limits, &[forest(7), nearest(), forest(42)]).0 == first.0, "whatever was run in between");
    let seeded = made(2, &text, limits, &[forest(43)]);
    assert_ne!(seeded.0.sum, first.0.sum);
    assert_ne!(seeded.1, first.1);
    // Scores and ranks are the same, and groups are not.
    let without = made(2, &text, limits, &[Options { groups: None, ..forest(42) }]);
    assert!(without.0.sum != first.0.sum && without.0.flows == first.0.flows);
}

#[test]
fn roles_that_are_put_back_make_the_same_run_again() {
    let host = host(2, &sample(ROWS));
    let sum = async |dataset: &Dataset| {
        engine::run(&host, dataset, forest(42)).await.expect("runs");
        engine::ask_all(&host, HighestQuery(1_000)).await.expect("answers").sum
    };
    block_on(async {
        let opened = engine::open(&host, &Choices::default(), Limits::default()).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        let first = sum(&dataset).await;
        let role = |role| BTreeMap::from([("Flow.Duration".to_owned(), role)]);
        let then =
            dataset.layout.schema.fields.iter().find(|field| field.name == "Flow.Duration").expect("it is there").role;
        let other =
            engine::assign(&host, &dataset, &role(Role::Ignored)).await.expect("answers").expect("nothing to read");
        assert_ne!(sum(&other).await, first, "a column less");
        let back = engine::assign(&host, &other, &role(then)).await.expect("answers").expect("nothing to read");
        assert_eq!(sum(&back).await, first);
    });
}
