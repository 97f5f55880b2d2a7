//! A run judged by a label column, through the engine.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, EvaluateQuery, Limits, Options, ThreadHost},
    evaluate,
    ingest::Choices,
    report::{Mark, Marked, Marks, Selection},
    sample::{Flows, Scenario},
    table::Role,
};
use futures_executor::block_on;

#[test]
fn labels_judge_alike_for_any_number_of_shards_held_and_streamed() {
    let mut text = Vec::new();
    let mut flows = Flows::of(20_000, 4, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    let text: Arc<[u8]> = text.into();
    let mut judgements = Vec::new();
    for (shards, rows) in [(1, 1 << 30), (3, 1 << 30), (2, 0)] {
        let text = Arc::clone(&text);
        let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
        block_on(async {
            let limits = Limits { rows, unpacked: 1 << 30 };
            let opened = engine::open(&host, &Choices::default(), limits).await.unwrap();
            let dataset = engine::read(&host, &opened).await.unwrap();
            assert_eq!(dataset.held, rows > 0);
            let fields = &dataset.layout.schema.fields;
            let column = fields.iter().position(|field| field.name == "Attack").unwrap();
            assert_eq!(fields[column].role, Role::Label);
            let counts = dataset.profile.columns[column].counts.as_ref().unwrap();
            let mut normal: Vec<u32> =
                counts.iter().filter(|value| value.name() == "none").map(|value| value.key).collect();
            normal.sort_unstable();
            assert_eq!(normal.len(), 1, "{:?}", counts.iter().map(|value| value.name()).collect::<Vec<_>>());
            let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
            let anomalies = outcome.threshold.anomalies;
            let marked = Marked { mark: Some(Mark::Suspicious), note: String::new() };
            let marks = Arc::new(Marks { groups: [(1, marked)].into(), ..Marks::default() });
            let query = EvaluateQuery { column, normal, anomalies, marks, learned: None };
            let judgement = engine::ask_all(&host, query).await.unwrap();
            let written = engine::export(&host, dataset.export(Selection::All, anomalies)).await.unwrap().concat();
            let mut reader = csv::Reader::from_reader(written.as_slice());
            let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
            let at = |name: &str| names.iter().position(|known| known == name).unwrap();
            let (score, flag, label, group) = (at("anomaly_score"), at("anomaly"), at("Attack"), at("anomaly_group"));
            let (mut scores, mut labels, mut right, mut first) = (Vec::new(), Vec::new(), 0, [0, 0]);
            for record in reader.records() {
                let record = record.unwrap();
                let attack = &record[label] != "none";
                scores.push(record[score].parse::<f64>().unwrap());
                labels.push(attack);
                right += u64::from(attack && &record[flag] == "1");
                if &record[group] == "1" {
                    first[0] += 1;
                    first[1] += u64::from(attack);
                }
            }
            assert_eq!(judgement.curve.roc_auc(), evaluate::roc_auc(&scores, &labels).ok());
            assert_eq!(judgement.curve.average_precision(), evaluate::average_precision(&scores, &labels).ok());
            assert_eq!(judgement.confusion.true_alarms, right);
            assert_eq!(judgement.confusion.flagged(), anomalies);
            let found = judgement.marks[&Mark::Suspicious];
            assert_eq!([found.rows, found.anomalies], first);
            assert_eq!(judgement.groups[&1], found);
            assert_eq!(judgement.classes.values().map(|class| class.rows).sum::<u64>(), 20_000);
            // What was found first of each kind of attack is in the right order, and no earlier than its first flow.
            for class in judgement.classes.values() {
                assert!(class.began.is_some(), "the sample has times");
                assert_eq!(class.found.is_some(), class.time_to_detect().is_some());
                assert!(class.flagged == 0 || class.found >= class.began, "{class:?}");
            }
            if rows > 0 {
                judgements.push(judgement);
            }
        });
    }
    assert!(judgements.windows(2).all(|pair| pair[0] == pair[1]));
}
