//! Files that do not fit in memory: the same answers, read again instead of remembered.

use std::{io::Cursor, sync::Arc};

use flowsift::{
    detect::{
        isolation_forest::{Params, Stability},
        threshold::{Rule, Threshold},
    },
    engine::{self, Dataset, Limits, Options, Outcome, ThreadHost},
    explain::Importance,
    ingest::Choices,
    report::{Axis, Density, Filter, Scale, Selection, View, ViewQuery},
    sample::Flows,
};
use futures_executor::block_on;

const NO_ROOM: Limits = Limits { rows: 0, unpacked: 1 << 30 };

struct Everything {
    dataset: Dataset,
    outcome: Outcome,
    view: View,
    all: String,
    anomalies: String,
    above: u64,
    verdicts: Vec<Threshold>,
    importance: Importance,
    stability: Stability,
}

fn rules() -> Vec<Rule> {
    vec![
        Rule::Recommended,
        Rule::Auto,
        Rule::Contamination(0.01),
        Rule::Contamination(0.05),
        Rule::Top(3),
        Rule::Top(1_000),
        Rule::Robust(3.5),
        Rule::PeaksOverThreshold(1_000.0),
        Rule::FalseDiscoveryRate { share: 0.2, calibration_rows: 2_000 },
        Rule::FalseDiscoveryRate { share: 0.9, calibration_rows: 4_000 },
    ]
}

fn everything(shards: usize, text: &Arc<[u8]>, limits: Limits, trees: usize) -> Everything {
    let text = Arc::clone(text);
    let options = Options { detector: Params { trees, ..Params::default() }.into(), ..Options::default() };
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        assert_eq!(dataset.held, limits.rows > 0);
        assert_eq!(opened.outlook.held, dataset.held, "it was foretold");
        let outcome = engine::run(&host, &dataset, options).await.expect("runs");
        let axis = |column: usize| {
            Axis::new(column, &dataset.profile.columns[column], &dataset.typical[column]).expect("numbers")
        };
        let (low, high, anomalies) = (outcome.low, outcome.high, outcome.threshold.anomalies);
        let axes = Some([2, 3].map(|behind| axis(dataset.layout.schema.width() - behind)));
        let view = engine::ask_all(
            &host,
            ViewQuery { filter: Filter::default(), anomalies, low, high, scale: Scale::Linear, axes, group: Some(1) },
        )
        .await
        .expect("views");
        let above = engine::ask_all(&host, engine::CountAbove(0.45)).await.expect("counts");
        let verdicts = engine::judge_all(&host, rules()).await.expect("judges");
        for (rule, verdict) in rules().into_iter().zip(&verdicts) {
            assert_eq!(&engine::judge(&host, rule).await.expect("judges"), verdict);
        }
        let importance = engine::ask_all(&host, engine::Weigh(1..101)).await.expect("weighs");
        let stability = engine::stability(&host, &dataset, outcome.options.detector.forest().expect("a forest"), 50, 2)
            .await
            .expect("refits");
        let write = |selection, anomalies| {
            let (host, dataset) = (&host, &dataset);
            async move {
                let export = dataset.export(selection, anomalies);
                String::from_utf8(engine::export(host, export).await.expect("exports").concat()).expect("text")
            }
        };
        let (all, anomalies) = (write(Selection::All, anomalies).await, write(Selection::Anomalies, above).await);
        Everything { dataset, outcome, view, all, anomalies, above, verdicts, importance, stability }
    })
}

#[test]
fn up_to_65_536_rows_nothing_differs() {
    let mut text = Vec::new();
    let mut flows = Flows::new(6_000, 7);
    while flows.write(&mut text, 1 << 20) {}
    // Something to compare the axes by at the end of a row.
    let text: Arc<[u8]> = String::from_utf8(text)
        .expect("text")
        .lines()
        .enumerate()
        .map(|(n, line)| if n == 0 { format!("{line},A,B,C\n") } else { format!("{line},{},{},1\n", n % 97, n % 13) })
        .collect::<String>()
        .into_bytes()
        .into();
    let held = everything(2, &text, Limits::default(), 100);
    for shards in [1, 3] {
        let streamed = everything(shards, &text, NO_ROOM, 100);
        assert_eq!(streamed.outcome, held.outcome);
        assert_eq!(streamed.view, held.view);
        assert_eq!(streamed.above, held.above);
        assert_eq!(streamed.verdicts, held.verdicts);
        assert_eq!((&streamed.importance, &streamed.stability), (&held.importance, &held.stability));
        assert!(streamed.all == held.all && streamed.anomalies == held.anomalies);
        assert_eq!(Dataset { held: true, ..streamed.dataset }, held.dataset);
    }
}

#[test]
fn beyond_them_ranks_are_a_permutation_and_the_highest_are_exact() {
    let rows = 100_000_u64;
    let line = |n: u64| {
        let noise = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        format!("{},{},{},{}\n", noise % 977, noise % 1_009 * (1 + n % 3), noise % 31, n % 7)
    };
    let text: String = std::iter::once("A,B,C,D\n".to_owned()).chain((0..rows).map(line)).collect();
    let text: Arc<[u8]> = text.into_bytes().into();
    let held = everything(1, &text, Limits::default(), 10);
    let streamed = everything(2, &text, NO_ROOM, 10);
    assert_eq!((streamed.outcome.low, streamed.outcome.high), (held.outcome.low, held.outcome.high));
    assert_eq!(streamed.outcome.threshold.anomalies, held.outcome.threshold.anomalies);
    // Of the 50 highest, as many in proportion as the sample has.
    assert_eq!((streamed.dataset.sample_rows(), streamed.stability.top), (65_536, 33));
    assert_eq!((&streamed.importance, &streamed.stability), (&held.importance, &held.stability));
    for ((rule, near), exact) in rules().into_iter().zip(&streamed.verdicts).zip(&held.verdicts) {
        assert!((near.score - exact.score).abs() < 1e-3, "{rule:?}: {near:?} {exact:?}");
        if exact.anomalies < 65_536 && !matches!(rule, Rule::Robust(_)) {
            assert_eq!((near.score, near.anomalies), (exact.score, exact.anomalies), "{rule:?}");
        }
    }

    let results = |text: &str| -> Vec<(f64, u32)> {
        let cells = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[5].parse().expect("a score"), cells[6].parse().expect("a rank"))
        };
        text.lines().skip(1).map(cells).collect()
    };
    let (exact, ranked) = (results(&held.all), results(&streamed.all));
    assert_eq!(exact.len() as u64, rows);
    let mut ranks: Vec<u32> = ranked.iter().map(|result| result.1).collect();
    for ((score, rank), (same_score, exact_rank)) in ranked.iter().zip(&exact) {
        assert_eq!(score, same_score);
        assert!(*exact_rank > 65_536 || rank == exact_rank, "rank {exact_rank} is {rank}");
    }
    ranks.sort_unstable();
    assert!(ranks.into_iter().eq(1..=rows as u32));

    // Fewer rows may count as above a score than are, by those in its own bin; those that do are written.
    assert!(streamed.above > 65_536 && streamed.above <= held.above, "{} {}", streamed.above, held.above);
    assert!(held.above - streamed.above < rows / 100);
    assert_eq!(streamed.anomalies.lines().count() as u64 - 1, streamed.above);
    assert!(streamed.view.histogram.counts.iter().sum::<u64>() == rows);
}

/// 32 bits would have all of a short capture at one place or two.
#[test]
fn a_short_capture_is_drawn_as_exactly_as_in_memory() {
    let line = |n: u32| format!("{},10.0.0.{},443,tcp,{}\n", 1_700_000_000 + n, 1 + n % 9, 40 + n * 7 % 90);
    let text = format!("ts,src_ip,dst_port,proto,bytes\n{}", (0..200).map(line).collect::<String>());
    let drawn = |limits| {
        let bytes: Arc<[u8]> = text.clone().into_bytes().into();
        let host = ThreadHost::new(2, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
        block_on(async {
            let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
            let dataset = engine::read(&host, &opened).await.expect("reads");
            let outcome = engine::run(&host, &dataset, Options::default()).await.expect("runs");
            let axes = [0, 4].map(|column| {
                Axis::new(column, &dataset.profile.columns[column], &dataset.typical[column]).expect("numbers")
            });
            let query = ViewQuery {
                filter: Filter::default(),
                anomalies: 0,
                low: outcome.low,
                high: outcome.high,
                scale: Scale::Linear,
                axes: Some(axes),
                group: None,
            };
            engine::ask_all(&host, query).await.expect("views").density
        })
    };
    let held = drawn(Limits { rows: 1 << 20, ..NO_ROOM });
    assert_eq!(held, drawn(NO_ROOM));
    let columns = |place: usize| held.counts.iter().skip(place).step_by(Density::WIDTH).sum::<u32>();
    assert!((0..Density::WIDTH).all(|place| (3..=4).contains(&columns(place))), "{:?}", held.counts);
}
