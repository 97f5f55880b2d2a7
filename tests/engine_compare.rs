//! Both detectors on the same rows, natively: what the page compares, without the page.

use std::sync::Arc;

use crate::common::{host, sample};
use flowsift::{
    detect::autoencoder,
    engine::{self, Dataset, Detector, EngineError, Export, Limits, Options, ThreadHost},
    evaluate::agreement::Agreement,
    features::Mode,
    ingest::Choices,
    report::{ConsensusRow, Selection},
    train::DevicePreference,
};
use futures_executor::block_on;

const ROWS: u64 = 3_000;

fn forest() -> Options {
    Options { treatment: Mode::Recommended.into(), ..Options::default() }
}

fn network() -> Options {
    let params = autoencoder::Params { epochs: 2, ..autoencoder::Params::classic() };
    let detector = Detector::Autoencoder(params, DevicePreference::Cpu);
    Options { treatment: Mode::Classic.into(), detector, ..Options::default() }
}

async fn export(host: &ThreadHost, dataset: &Dataset, both: bool) -> Result<String, EngineError> {
    let export = Export { both, ..dataset.export(Selection::All, 50) };
    Ok(String::from_utf8(engine::export(host, export).await?.concat()).expect("text"))
}

/// What can be seen and downloaded of two runs, one after the other.
#[derive(Debug, PartialEq)]
struct Compared {
    correlation: Option<f64>,
    agreement: Agreement,
    rows: Vec<ConsensusRow>,
    all: String,
}

fn compared(shards: usize, text: &Arc<[u8]>, runs: &[Options]) -> Compared {
    let host = host(shards, text);
    block_on(async {
        let dataset = engine::load(&host).await.expect("loads");
        for options in runs {
            engine::run(&host, &dataset, options.clone()).await.expect("runs");
        }
        let correlation = engine::agree(&host).await.expect("both ran");
        let (agreement, rows) = engine::compare(&host, [40, 70], 100, 1..26).await.expect("compares");
        assert_eq!(rows.len(), 25);
        assert_eq!(engine::compare(&host, [40, 70], 100, 1..1).await, Ok((agreement, Vec::new())));
        let all = export(&host, &dataset, true).await.expect("exports");
        Compared { correlation, agreement, rows, all }
    })
}

/// Columns of a results file, as numbers.
fn columns<const N: usize>(text: &str, names: [&str; N]) -> Vec<[u64; N]> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let places = names.map(|name| header.iter().position(|other| other == name).expect("the column"));
    let record = |record: csv::Result<csv::StringRecord>| {
        let record = record.expect("a record");
        places.map(|place| record[place].parse().expect("a number"))
    };
    reader.records().map(record).collect()
}

#[test]
fn the_comparison_does_not_depend_on_the_number_of_shards() {
    let text = sample(ROWS);
    let one = compared(1, &text, &[forest(), network()]);
    assert!(one.correlation.is_some_and(|correlation| correlation > 0.2), "{:?}", one.correlation);
    assert!(one.agreement.both > 0 && one.agreement.highest > 0, "{:?}", one.agreement);
    for shards in [2, 5] {
        assert_eq!(compared(shards, &text, &[forest(), network()]), one, "{shards} shards");
    }
}

#[test]
fn which_ran_first_changes_neither_counts_nor_ranks() {
    let text = sample(ROWS);
    let there = compared(2, &text, &[forest(), network()]);
    let back = compared(3, &text, &[network(), forest()]);
    assert_eq!((back.correlation, back.agreement), (there.correlation, there.agreement));
    let names = ["isolation_forest_rank", "autoencoder_rank", "consensus_rank"];
    assert_eq!(columns(&back.all, names), columns(&there.all, names));
    assert_eq!(
        back.rows.iter().map(|row| row.ranks).collect::<Vec<_>>(),
        there.rows.iter().map(|row| row.ranks).collect::<Vec<_>>()
    );
}

#[test]
fn the_results_file_says_what_the_page_says() {
    let text = sample(ROWS);
    let compared = compared(3, &text, &[forest(), network()]);
    let ranks = columns(&compared.all, ["isolation_forest_rank", "autoencoder_rank", "consensus_rank", "anomaly_rank"]);
    assert_eq!(ranks.len() as u64, ROWS);
    assert!(ranks.iter().all(|row| row[1] == row[3]), "the autoencoder ran last");
    let count = |keep: &dyn Fn(&[u64; 4]) -> bool| ranks.iter().filter(|row| keep(row)).count() as u64;
    let Agreement { both, only, highest } = compared.agreement;
    assert_eq!(both, count(&|row| row[0] <= 40 && row[1] <= 70));
    assert_eq!(only, [count(&|row| row[0] <= 40 && row[1] > 70), count(&|row| row[0] > 40 && row[1] <= 70)]);
    assert_eq!(highest, count(&|row| row[0] <= 100 && row[1] <= 100));

    // By the sum of both ranks, and where that is equal in the order of the file.
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|&row| ranks[row][0] + ranks[row][1]);
    assert!(order.iter().enumerate().all(|(place, &row)| ranks[row][2] == place as u64 + 1));
    for (place, listed) in compared.rows.iter().enumerate() {
        assert_eq!(listed.ranks.detectors.map(u64::from), [ranks[order[place]][0], ranks[order[place]][1]]);
        assert_eq!((listed.ranks.consensus as usize, listed.row.rank), (place + 1, listed.ranks.detectors[1]));
        assert!(!listed.row.reasons.is_empty());
    }
}

#[test]
fn only_the_last_run_of_either_detector_is_compared() {
    let text = sample(ROWS);
    let seeded = |seed| {
        let params = flowsift::detect::isolation_forest::Params { seed, ..Default::default() };
        Options { detector: params.into(), ..forest() }
    };
    let direct = compared(2, &text, &[network(), seeded(2)]);
    assert_eq!(compared(2, &text, &[seeded(1), network(), seeded(3), seeded(2)]), direct);
    assert_ne!(compared(2, &text, &[network(), seeded(1)]).all, direct.all);
}

#[test]
fn what_did_not_run_on_these_rows_is_not_compared() {
    let text = sample(ROWS);
    block_on(async {
        let alone = |answer| matches!(answer, Err(EngineError::Protocol(_)));
        let host = host(2, &text);
        let opened = engine::open(&host, &Choices::default(), Limits::default()).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        assert!(alone(engine::agree(&host).await));
        engine::run(&host, &dataset, network()).await.expect("runs");
        assert!(alone(engine::agree(&host).await));
        engine::run(&host, &dataset, forest()).await.expect("runs");
        assert!(export(&host, &dataset, true).await.is_err(), "they were not joined yet");
        assert!(export(&host, &dataset, false).await.is_ok_and(|all| !all.contains("consensus_rank")));
        assert!(engine::agree(&host).await.is_ok());
        // Read again, the rows are others.
        let dataset = engine::read(&host, &opened).await.expect("reads");
        engine::run(&host, &dataset, forest()).await.expect("runs");
        assert!(alone(engine::agree(&host).await));
    });
}

#[test]
fn where_rows_are_not_held_there_is_no_comparison() {
    let text = sample(ROWS);
    let host = host(2, &text);
    block_on(async {
        let limits = Limits { rows: 0, ..Limits::default() };
        let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        for options in [forest(), network()] {
            engine::run(&host, &dataset, options).await.expect("runs");
        }
        assert!(matches!(engine::agree(&host).await, Err(EngineError::Protocol(_))));
        assert!(export(&host, &dataset, false).await.is_ok());
    });
}

#[test]
fn a_run_that_fails_leaves_the_earlier_one() {
    let text = sample(ROWS);
    let host = host(3, &text);
    block_on(async {
        let dataset = engine::load(&host).await.expect("loads");
        engine::run(&host, &dataset, forest()).await.expect("runs");
        let broken = autoencoder::Params { epochs: 0, ..autoencoder::Params::classic() };
        let broken = Options { detector: Detector::Autoencoder(broken, DevicePreference::Cpu), ..network() };
        assert!(matches!(engine::run(&host, &dataset, broken).await, Err(EngineError::Detector(_))));
        engine::run(&host, &dataset, network()).await.expect("runs");
        assert!(engine::agree(&host).await.is_ok(), "the forest's ranks are still there");
    });
}
