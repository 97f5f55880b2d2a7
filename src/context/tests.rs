//! Bursts in files that are made here.

use std::net::Ipv4Addr;

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

/// The bursts of a file that is cut at these rows, and the place of each row's.
fn found(flows: &[Flow], cuts: &[usize]) -> (Vec<Burst>, Vec<Option<u8>>) {
    let ends = Ends::of(&schema()).expect("it says whose and when");
    let times: Vec<i64> = flows.iter().map(|flow| flow.0 * 1_000_000_000).collect();
    let clock = Clock::of(&times).expect("times differ");
    let edges: Vec<usize> = [&[0], cuts, &[flows.len()]].concat();
    let ranges = || edges.windows(2).map(|edge| &flows[edge[0]..edge[1]]);
    let mut sieve = Sieve::new(flows.len() as u64);
    for range in ranges() {
        let mut here = Sieve::new(flows.len() as u64);
        here.count(&ends, &block(range));
        sieve.merge(&here);
    }
    let frequent = sieve.frequent();
    let mut traces = Traces::default();
    for range in ranges() {
        let mut here = Traces::default();
        here.add((&ends, &clock, &frequent), &block(range));
        traces.merge(here);
    }
    let bursts = Bursts::of((ends, clock), &traces, flows.len() as u64, flows.len() as u64 / 10);
    let places = ranges().flat_map(|range| bursts.assign(&block(range)).collect::<Vec<_>>()).collect();
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
    let ends = Ends::of(&schema()).expect("it says whose and when");
    let (bursts, _) = found(&flows, &[]);
    assert!(bursts.len() > 2, "each is told of as a client's, a service's and a pair's: {bursts:?}");
    let clock = Clock::of(&flows.iter().map(|flow| flow.0 * 1_000_000_000).collect::<Vec<_>>()).expect("times differ");
    let mut sieve = Sieve::new(flows.len() as u64);
    sieve.count(&ends, &block(&flows));
    let mut traces = Traces::default();
    traces.add((&ends, &clock, &sieve.frequent()), &block(&flows));
    let all = Bursts::of((ends, clock), &traces, flows.len() as u64, 300);
    let count = |range: &[Flow]| {
        let mut overlaps = Overlaps::default();
        overlaps.add(&all, &block(range));
        overlaps
    };
    let mut overlaps = count(&flows[..700]);
    overlaps.merge(count(&flows[700..]));
    assert_eq!(overlaps, count(&flows));
    let left = all.clone().disjoint(&overlaps);
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
    assert!(traces.0.contains_key(&Who::Pair(
        Host::Address(Ipv4Addr::from(30_000).into()),
        Host::Address(Ipv4Addr::from(!30_000).into())
    )));
    assert!(traces.0.len() < 1_000, "{}", traces.0.len());
}
