//! Bursts in files that are made here.

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::*;
use crate::table::{Block, Column, Field, Host, Hosts, Kind, Role, Schema, TimeStyle};

/// A flow: when, in seconds, from whom, to whom, and to which port.
type Flow = (i64, u8, u8, u16);

fn schema() -> Schema {
    let field = |name: &str, role, meaning: &str| Field {
        meaning: Some(meaning.into()),
        ..Field::new(name, Kind::Number, role)
    };
    let mut fields = vec![
        field("time", Role::Time, "start_time"),
        field("from", Role::Ip, "src_ip"),
        field("to", Role::Ip, "dst_ip"),
        field("from port", Role::Port, "src_port"),
        field("to port", Role::Port, "dst_port"),
    ];
    fields[0].time = Some(TimeStyle::Seconds);
    Schema { fields }
}

fn block(flows: &[Flow]) -> Block {
    let times: Vec<i64> = flows.iter().map(|flow| flow.0 * 1_000_000_000).collect();
    let hosts = |host: fn(&Flow) -> u8| {
        let address = |flow| Host::Address(Ipv4Addr::new(10, 0, 0, host(flow)).into());
        Column::Address(Hosts::of(&flows.iter().map(address).collect::<Vec<_>>()))
    };
    let ports = |port: fn(&Flow) -> f32| Column::of_numbers(&flows.iter().map(port).collect::<Vec<_>>());
    Block {
        offsets: (0..flows.len() as u64).collect(),
        columns: vec![
            Column::of_times(&times, 1_000_000_000),
            hosts(|flow| flow.1),
            hosts(|flow| flow.2),
            ports(|_| 50_000.0),
            ports(|flow| flow.3.into()),
        ],
    }
}

/// An hour: 40 hosts that visit 20 servers, 2,400 flows, in no order that repeats.
fn usual() -> Vec<Flow> {
    let flow = |n: i64| {
        let wild = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        (
            1_000_000 + 3 * n / 2,
            1 + (wild % 40) as u8,
            100 + (wild >> 8) as u8 % 20,
            [443, 80, 53][(wild >> 20) as usize % 3],
        )
    };
    (0..2_400).map(flow).collect()
}

/// The bursts of a file that is cut at these rows, and which series it may have.
fn bursts(flows: &[Flow], cuts: &[usize]) -> Bursts {
    let ends = Ends::of(&schema()).expect("it says whose and when");
    let times: Vec<i64> = flows.iter().map(|flow| flow.0 * 1_000_000_000).collect();
    let clock = Clock::of(&times).expect("times differ");
    let mut sieve = Sieve::new(flows.len() as u64);
    for range in cut(flows, cuts) {
        let mut here = Sieve::new(flows.len() as u64);
        here.count(&ends, &block(range));
        sieve.merge(&here);
    }
    let frequent = sieve.frequent();
    let mut traces = Traces::default();
    for range in cut(flows, cuts) {
        let mut here = Traces::default();
        here.add((&ends, &clock, &frequent), &block(range));
        traces.merge(here);
    }
    Bursts::of((ends, clock), &traces, flows.len() as u64, flows.len() as u64 / 10)
}

fn cut<'a>(flows: &'a [Flow], cuts: &[usize]) -> Vec<&'a [Flow]> {
    let edges: Vec<usize> = [&[0], cuts, &[flows.len()]].concat();
    edges.windows(2).map(|edge| &flows[edge[0]..edge[1]]).collect()
}

/// How many rows are of the same bursts, by the places of these.
fn overlaps(bursts: &Bursts, flows: &[Flow], cuts: &[usize]) -> BTreeMap<Vec<u8>, u64> {
    let mut rows = BTreeMap::new();
    for range in cut(flows, cuts) {
        for places in bursts.of_rows(&block(range)) {
            let mut places: Vec<u8> = places.collect();
            places.sort_unstable();
            *rows.entry(places).or_default() += 1;
        }
    }
    rows
}

/// Those of them that share none.
fn disjoint(bursts: Bursts, rows: &BTreeMap<Vec<u8>, u64>) -> Bursts {
    let rows: Vec<(&[u8], u64)> = rows.iter().map(|(places, rows)| (places.as_slice(), *rows)).collect();
    let kept = bursts.disjoint(&rows);
    bursts.only(&kept)
}

/// The place of each row's burst.
fn assigned(bursts: &Bursts, flows: &[Flow], cuts: &[usize]) -> Vec<Option<u8>> {
    cut(flows, cuts).into_iter().flat_map(|range| bursts.assign(&block(range)).collect::<Vec<_>>()).collect()
}

/// Bursts that may share rows, and the place of each row's.
fn found(flows: &[Flow], cuts: &[usize]) -> (Vec<Burst>, Vec<Option<u8>>) {
    let bursts = bursts(flows, cuts);
    let places = assigned(&bursts, flows, cuts);
    (bursts.bursts, places)
}

/// Bursts and series that share none.
fn settled(flows: &[Flow], cuts: &[usize]) -> (Vec<Burst>, Vec<Option<u8>>) {
    let bursts = bursts(flows, cuts);
    let overlaps = overlaps(&bursts, flows, cuts);
    let bursts = disjoint(bursts, &overlaps);
    let places = assigned(&bursts, flows, cuts);
    (bursts.bursts, places)
}

/// With other flows among them, in the order of time.
fn with(more: impl Iterator<Item = Flow>) -> Vec<Flow> {
    let mut flows: Vec<Flow> = usual().into_iter().chain(more).collect();
    flows.sort_by_key(|flow| flow.0);
    flows
}

const fn host(last: u8) -> Host {
    Host::Address(std::net::IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)))
}

#[test]
fn an_even_day_has_no_bursts() {
    let (bursts, places) = found(&usual(), &[]);
    assert!(bursts.is_empty() && places.iter().all(Option::is_none), "{bursts:?}");
}

#[test]
fn many_flows_within_minutes_are_a_burst_of_whoever_has_them() {
    // Guesses of one password, a scan of hosts, a scan of ports, a flood from everywhere: 60 flows within two minutes each.
    type Of = fn(i64) -> Flow;
    let kinds: [(Of, Who); 4] = [
        (|n| (1_001_000 + 2 * n, 7, 200, 22), Who::Client(host(7), 22)),
        (|n| (1_001_000 + 2 * n, 7, 120 + n as u8, 445), Who::Client(host(7), 445)),
        (|n| (1_001_000 + 2 * n, 7, 200, 1_000 + n as u16), Who::Pair(host(7), host(200))),
        (|n| (1_001_000 + 2 * n, n as u8, 200, 8_080), Who::Service(host(200), 8_080)),
    ];
    for (flow, who) in kinds {
        let flows = with((0..60).map(flow));
        let (bursts, places) = found(&flows, &[]);
        assert_eq!(bursts[0].who, who);
        assert!(bursts[0].severity > 1.0 && bursts[0].share < 0.1 && bursts[0].rows >= 30, "{:?}", bursts[0]);
        let inside: Vec<&Flow> =
            flows.iter().zip(&places).filter(|(_, place)| **place == Some(0)).map(|(flow, _)| flow).collect();
        assert_eq!(inside.len() as u64, bursts[0].rows, "{who:?}");
        let own = |flow: &&&Flow| (0..60).any(|n| kinds.iter().any(|kind| kind.0(n) == ***flow));
        assert_eq!(inside.iter().filter(own).count(), inside.len(), "{who:?}");
    }
}

#[test]
fn the_same_number_all_through_the_file_is_none() {
    let flows = with((0..60).map(|n| (1_000_000 + 60 * n, 7, 200, 22)));
    assert!(found(&flows, &[]).0.iter().all(|burst| burst.who != Who::Client(host(7), 22)));
}

#[test]
fn what_else_somebody_does_does_not_hide_it() {
    // Flows of the same host to the same port, before and after.
    let guesses = (0..90).map(|n| (1_001_000 + 2 * n, 7, 200, 22));
    let others = (0..50).map(|n| (1_000_000 + 70 * n, 7, 201, 22));
    let (bursts, _) = found(&with(guesses.chain(others)), &[]);
    assert!(bursts.iter().any(|burst| burst.who == Who::Client(host(7), 22)), "{bursts:?}");
}

#[test]
fn neither_shards_nor_the_order_of_rows_decide() {
    let flows = with((0..60).map(|n| (1_001_000 + 2 * n, 7, 200, 22)));
    let one = found(&flows, &[]);
    assert!(!one.0.is_empty());
    assert_eq!(found(&flows, &[300, 301, 900]), one);
    let (bursts, mut places) = found(&flows.iter().rev().copied().collect::<Vec<_>>(), &[40]);
    places.reverse();
    assert_eq!((bursts, places), one);
}

#[test]
fn what_a_tenth_of_the_file_is_like_is_the_rule() {
    let flows = with((0..600).map(|n| (1_001_000 + n / 5, 7, 200, 22)));
    assert!(found(&flows, &[]).0.iter().all(|burst| burst.rows <= 300));
}

#[test]
fn nobody_is_known_without_addresses_or_times() {
    let whole = schema();
    for missing in [0, 1, 2] {
        let mut schema = whole.clone();
        schema.fields[missing] = Field::new("other", Kind::Number, Role::Measure);
        assert_eq!(Ends::of(&schema), None);
    }
    // Without ports there are still pairs.
    let mut schema = whole;
    schema.fields[4] = Field::new("other", Kind::Number, Role::Measure);
    let ends = Ends::of(&schema).expect("whose and when");
    let who: Vec<Who> = ends.who(&block(&[(0, 1, 2, 3)]), 0).collect();
    assert_eq!(who, [Who::Pair(host(1), host(2))]);
}

#[test]
fn where_few_have_many_flows_the_burst_is_not_its_own_measure() {
    // Five hosts, and 90 guesses within three minutes.
    let few = usual().into_iter().map(|(time, from, _, port)| (time, 1 + from % 3, 100, port)).step_by(3);
    let mut flows: Vec<Flow> = few.chain((0..70).map(|n| (1_001_000 + 2 * n, 7, 200, 22))).collect();
    flows.sort_by_key(|flow| flow.0);
    assert!(found(&flows, &[]).0.iter().any(|burst| burst.rows >= 63), "{:?}", found(&flows, &[]).0);
}

#[test]
fn a_row_is_of_one_burst_and_what_is_left_of_others_must_be_most_of_them() {
    let flows = with(
        (0..60).map(|n| (1_001_000 + 2 * n, 7, 200, 22)).chain((0..60).map(|n| (1_002_000 + 2 * n, 8, 200, 8_080))),
    );
    let all = bursts(&flows, &[]);
    assert!(all.bursts.len() > 2, "each is told of as a client's, a service's and a pair's: {:?}", all.bursts);
    let shared = overlaps(&all, &flows, &[]);
    assert_eq!(overlaps(&all, &flows, &[700]), shared);
    let left = disjoint(all, &shared);
    assert_eq!(left.bursts.len(), 2, "{:?}", left.bursts);
    for (place, burst) in (0..).zip(&left.bursts) {
        let rows = left.assign(&block(&flows)).filter(|of| *of == Some(place)).count() as u64;
        assert_eq!(rows, burst.rows);
    }
}

#[test]
fn the_more_have_many_flows_the_more_are_asked_for() {
    // 20,000 pairs of 20 flows, and one of 40.
    let schema = schema();
    let ends = Ends::of(&schema).expect("it says whose and when");
    let mut sieve = Sieve::new(1 << 20);
    let pair = |n: u32, flows: usize| {
        let address = |n: u32| vec![Host::Address(Ipv4Addr::from(n).into()); flows];
        Block {
            offsets: (0..flows as u64).collect(),
            columns: vec![
                Column::of_times(&vec![0; flows], 1_000_000_000),
                Column::Address(Hosts::of(&address(n))),
                Column::Address(Hosts::of(&address(!n))),
                Column::Unstored,
                Column::Unstored,
            ],
        }
    };
    (0..20_000).for_each(|n| sieve.count(&ends, &pair(n, 20)));
    let large = pair(30_000, 40);
    sieve.count(&ends, &large);
    let (frequent, clock) = (sieve.frequent(), Clock::of(&[0, 1]).expect("times differ"));
    let mut traces = Traces::default();
    traces.add((&ends, &clock, &frequent), &large);
    (0..20_000).for_each(|n| traces.add((&ends, &clock, &frequent), &pair(n, 20)));
    assert!(traces.parts.contains_key(&Who::Pair(
        Host::Address(Ipv4Addr::from(30_000).into()),
        Host::Address(Ipv4Addr::from(!30_000).into())
    )));
    assert!(traces.parts.len() < 1_000, "{}", traces.parts.len());
}

/// Every two minutes for half an hour, give or take what `vary` says.
fn beacon(vary: fn(i64) -> i64) -> impl Iterator<Item = Flow> {
    (0..17).map(move |n| (1_000_400 + 120 * n + vary(n), 7, 250, 443))
}

#[test]
fn what_keeps_to_intervals_is_a_series() {
    let vary: [fn(i64) -> i64; 2] = [|_| 0, |n| 6 * (n * 7 % 5 - 2)];
    for vary in vary {
        let flows = with(beacon(vary));
        let (bursts, places) = settled(&flows, &[]);
        let [series] = bursts.as_slice() else { panic!("{bursts:?}") };
        assert_eq!(series.who, Who::Conversation(host(7), host(250), 443));
        assert!(
            series.severity >= 1.0 && series.period.unwrap().abs_diff(120_000_000_000) < 18_000_000_000,
            "{series:?}"
        );
        let own: Vec<bool> = flows.iter().map(|flow| flow.2 == 250).collect();
        assert_eq!(places.iter().map(Option::is_some).collect::<Vec<_>>(), own);
        assert_eq!(series.rows, 17);
        assert_eq!(settled(&flows, &[300, 301, 900]), (bursts, places));
    }
}

#[test]
fn what_comes_by_chance_is_no_series() {
    // As many at uneven times; nine in sixteen at even ones.
    let flows = with((0..40).map(|n| (1_000_100 + 60 * n + (n * 7919 % 59) * 2 - 60, 7, 250, 443)));
    assert!(settled(&flows, &[]).0.iter().all(|burst| burst.period.is_none()));
    let flows = with(beacon(|n| if n % 2 > 0 { 55 } else { 0 }));
    assert!(settled(&flows, &[]).0.is_empty());
}

#[test]
fn a_visit_long_before_and_several_flows_at_once_do_not_hide_a_series() {
    let twice = beacon(|_| 0).flat_map(|flow| [flow, (flow.0 + 1, flow.1, flow.2, flow.3)]);
    let (bursts, _) = settled(&with(twice.chain([(1_000_000, 7, 250, 443)])), &[]);
    let [series] = bursts.as_slice() else { panic!("{bursts:?}") };
    assert_eq!((series.period, series.rows), (Some(120_000_000_000), 34));
}

#[test]
fn what_several_do_is_no_series() {
    let with_others = |of: fn(u8, Flow) -> Flow, others: u8| {
        let flows = (0..=others).flat_map(|other| beacon(|_| 0).map(move |flow| of(other, flow)));
        settled(&with(flows), &[]).0.len()
    };
    let kinds: [fn(u8, Flow) -> Flow; 2] = [
        |other, (time, from, to, port)| (time + i64::from(other), from + other, to, port),
        |other, (time, from, to, port)| (time + i64::from(other), from, to - other, port),
    ];
    for of in kinds {
        assert_eq!([with_others(of, 1), with_others(of, 2)], [2, 0]);
    }
}

#[test]
fn times_to_the_minute_tell_no_series_of_minutes() {
    let coarse = |flow: Flow| (flow.0 / 60 * 60, flow.1, flow.2, flow.3);
    let flows: Vec<Flow> = with(beacon(|_| 0)).into_iter().map(coarse).collect();
    assert!(settled(&flows, &[]).0.iter().all(|burst| burst.period.is_none()));
}

#[test]
fn columns_set_a_burst_apart_by_how_few_others_are_where_all_of_it_is() {
    use crate::{
        features::{Encoding, Feature, FeaturePlan, Treatment},
        report::{Counting, GroupFacts},
    };
    // 60 guesses of one host at one port, among 2,400 flows of which every third is to 443.
    let flows = with((0..60).map(|n| (1_001_000 + 2 * n, 7, 200, 22)));
    let (schema, all) = (schema(), block(&flows));
    let feature =
        |column| Feature { column, encoding: Encoding::MinMax { min: 0.0, max: 1.0, missing: 0.0 }, scaling: None };
    let plan = FeaturePlan { features: [4, 4, 3].map(feature).to_vec(), ..FeaturePlan::empty(Treatment::default()) };
    let counting = Counting::new(&schema, [3, 4], ([0; 2], None));
    let facts = |wanted: fn(&Flow) -> bool| {
        let mut facts: GroupFacts = counting.none(&schema);
        let rows = (0..flows.len()).filter(|&row| wanted(&flows[row]));
        rows.for_each(|row| counting.add(&mut facts, &all, row));
        facts
    };
    let told = apart(&[facts(|flow| flow.3 == 22), facts(|flow| flow.3 == 443)], &plan, &all, flows.len() as u64);
    assert_eq!(told[0], [(0, 0.0), (2, 1.0)], "nobody else is at that port, and all are from one");
    assert_eq!(told[1][0], (0, 0.0), "its own rows are not others");
}
