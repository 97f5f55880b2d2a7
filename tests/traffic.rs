//! When there was how much traffic, whose it was, and how the values of columns are spread, through the engine: equal to what the results' own lines add up to.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Dataset, Limits, Options, SpreadQuery, ThreadHost, TrafficQuery},
    ingest::Choices,
    report::{Amount, Amounts, Cut, Filter, PARTS, Selection, Spread, Traffic, unlike},
    sample::{Flows, Scenario},
    table::{FlowColumns, Host},
};
use futures_executor::block_on;

type Sums = BTreeMap<String, (u64, u64, u64)>;

fn add(sums: &mut Sums, key: &str, anomaly: bool, bytes: u64) {
    let (flows, anomalies, all) = sums.entry(key.to_owned()).or_default();
    (*flows, *anomalies, *all) = (*flows + 1, *anomalies + u64::from(anomaly), *all + bytes);
}

fn sums<K: Copy + Ord>(census: &flowsift::report::Census<K>, name: impl Fn(K) -> String) -> Sums {
    let sum = |(key, Amounts { flows, anomalies, bytes })| (name(key), (flows, anomalies, bytes));
    census.counts().iter().copied().map(sum).collect()
}

fn address(host: Host) -> String {
    let Host::Address(address) = host else { panic!("{host:?} is no address") };
    address.to_string()
}

/// The same flows by several numbers of shards, held and streamed: run, with how many are anomalies.
fn runs(seed: u64) -> impl Iterator<Item = (ThreadHost, Dataset, u64)> {
    let mut text = Vec::new();
    let mut flows = Flows::of(20_000, seed, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    let text: Arc<[u8]> = text.into();
    [(1, 1 << 30), (3, 1 << 30), (2, 0)].into_iter().map(move |(shards, rows)| {
        let text = Arc::clone(&text);
        let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {});
        let (dataset, anomalies) = block_on(async {
            let limits = Limits { rows, unpacked: 1 << 30 };
            let opened = engine::open(&host, &Choices::default(), limits).await.unwrap();
            let dataset = engine::read(&host, &opened).await.unwrap();
            let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
            (dataset, outcome.threshold.anomalies)
        });
        (host, dataset, anomalies)
    })
}

#[test]
fn hosts_pairs_ports_and_times_are_counted_alike_for_any_number_of_shards_held_and_streamed() {
    let mut answers: Vec<[Traffic; 2]> = Vec::new();
    for (host, dataset, anomalies) in runs(4) {
        block_on(async {
            let (schema, flow) = (&dataset.layout.schema, FlowColumns::of(&dataset.layout.schema));
            let span = dataset.profile.columns[flow.time.unwrap()].exact;
            let ask = async |filter: &str| {
                let filter = Filter::parse(filter, schema).unwrap();
                engine::ask_all(&host, TrafficQuery { filter, anomalies, span }).await.unwrap()
            };
            let answered = [ask("").await, ask("is:anomaly").await];
            if !answers.is_empty() {
                // Ranks of equal scores may differ where rows are not held; what is an anomaly does not.
                assert_eq!(answers[0], answered);
            }
            if !answers.is_empty() {
                return;
            }
            let written = engine::export(&host, dataset.export(Selection::All, anomalies)).await.unwrap().concat();
            let mut reader = csv::Reader::from_reader(written.as_slice());
            let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
            let at = |meaning: &str| {
                schema.fields.iter().position(|field| field.meaning.as_deref() == Some(meaning)).unwrap()
            };
            let flag = names.iter().position(|name| name == "anomaly").unwrap();
            let [from, to, port] = ["src_ip", "dst_ip", "dst_port"].map(at);
            let bytes = ["fwd_bytes", "bwd_bytes"].map(at);
            let (mut hosts, mut pairs, mut ports) = (Sums::new(), Sums::new(), Sums::new());
            for record in reader.records() {
                let record = record.unwrap();
                let anomaly = &record[flag] == "1";
                // As 32 bits hold them, as in a group's sums.
                let bytes = bytes.map(|column| record[column].parse::<f32>().unwrap() as u64).into_iter().sum();
                add(&mut hosts, &record[from], anomaly, bytes);
                if record[from] != record[to] {
                    add(&mut hosts, &record[to], anomaly, bytes);
                }
                add(&mut pairs, &format!("{} {}", &record[from], &record[to]), anomaly, bytes);
                add(&mut ports, &record[port], anomaly, bytes);
            }
            let [all, flagged] = &answered;
            assert_eq!(sums(&all.hosts, address), hosts);
            assert_eq!(sums(&all.pairs, |(from, to)| format!("{} {}", address(from), address(to))), pairs);
            assert_eq!(sums(&all.ports, |port| port.to_string()), ports);
            assert_eq!(all.times.len(), PARTS);
            let total = |traffic: &Traffic, what: Amount| traffic.times.iter().map(|part| part.of(what)).sum::<u64>();
            assert_eq!((total(all, Amount::Flows), total(all, Amount::Anomalies)), (20_000, anomalies));
            assert_eq!((total(flagged, Amount::Flows), total(flagged, Amount::Anomalies)), (anomalies, anomalies));
            let flagged_hosts = flagged.hosts.by(Amount::Flows, 1_000);
            assert!(
                !flagged_hosts.is_empty()
                    && flagged_hosts.iter().all(|(_, amounts)| amounts.flows == amounts.anomalies)
            );
            answers.push(answered);
        });
    }
    assert_eq!(answers.len(), 1);
}

#[test]
fn values_of_columns_are_counted_alike_for_any_number_of_shards_held_and_streamed() {
    let mut answers: Vec<[Spread; 3]> = Vec::new();
    for (host, dataset, anomalies) in runs(5) {
        block_on(async {
            let schema = &dataset.layout.schema;
            let cut = |column: usize| {
                let (profile, typical) = (&dataset.profile.columns[column], &dataset.typical[column]);
                Cut::new(column, &schema.fields[column], profile, typical)
            };
            let cuts: Arc<Vec<Cut>> = Arc::new((0..schema.width()).filter_map(cut).collect());
            let ask = async |filter: &str| {
                let filter = Filter::parse(filter, schema).unwrap();
                engine::ask_all(&host, SpreadQuery { filter, anomalies, cuts: Arc::clone(&cuts) }).await.unwrap()
            };
            let answered = [ask("").await, ask("is:anomaly").await, ask("score>=0").await];
            assert_eq!(answered[0], answered[2], "block by block and row by row");
            for (place, of) in [20_000, anomalies].into_iter().enumerate() {
                assert!(answered[place].counts.iter().all(|counts| counts.iter().sum::<u64>() == of), "{of}");
            }
            let port = cuts.iter().position(|cut| schema.fields[cut.column].meaning.as_deref() == Some("dst_port"));
            let (all, flagged) = (&answered[0].counts[port.unwrap()], &answered[1].counts[port.unwrap()]);
            assert!(unlike(flagged, all) > 0.0 && unlike(all, all) == 0.0);
            assert!(answers.iter().all(|known| *known == answered));
            answers.push(answered);
        });
    }
    assert_eq!(answers.len(), 3);
}
