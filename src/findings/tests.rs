use super::*;
use crate::engine::{self, Options, SinglesQuery};
use crate::report::Common;
use crate::words::tests::dataset_of;

fn found(text: &str) -> (Vec<Finding>, Dataset) {
    let (host, dataset) = dataset_of(text);
    futures_executor::block_on(async {
        let outcome = engine::run(&host, &dataset, Options::default()).await.expect("runs");
        let query = SinglesQuery { anomalies: outcome.threshold.anomalies, most: 25 };
        let singles = engine::ask_all(&host, query).await.expect("answers").rows;
        (findings(&outcome, &singles, &dataset), dataset)
    })
}

/// Web traffic of many hosts, and 30 flows of one host to port 21 of another that are alike.
fn flows() -> String {
    let mut text = String::from("start,src_ip,dst_ip,dst_port,protocol,bytes,packets,duration\n");
    for n in 0..1_500u32 {
        let wild = n.wrapping_mul(2_654_435_761) >> 8;
        let (a, b, c) = (wild % 50, wild / 64 % 9_000, wild / 4_096 % 1_000);
        let port = [443, 80, 53][(wild % 3) as usize];
        let line = if n % 50 == 7 {
            format!("{},10.0.0.7,192.0.2.15,21,tcp,700000,1200,{}\n", 1_700_000_000 + n, 5_000 + n % 3)
        } else {
            let time = 1_700_000_000 + n;
            format!("{time},10.0.1.{a},198.51.100.{},{port},tcp,{},{},{}\n", a / 2, 40 + b, 1 + b / 800, 3 + c)
        };
        text += &line;
    }
    text
}

#[test]
fn a_group_is_told_by_who_when_and_what_sets_it_apart() {
    let (findings, dataset) = found(&flows());
    let group = &findings[0];
    assert_eq!((&group.what, group.size), (&What::Group(1), 30));
    assert_eq!(group.who(), "10.0.0.7 → 192.0.2.15:21/tcp");
    assert_eq!(group.time(), "2023-11-14 22:13:27 – 22:37:37");
    let bytes = group.apart.iter().find(|apart| apart.name == "bytes").expect("bytes are unlike all others");
    assert_eq!((bytes.value.as_str(), bytes.share), ("700 kB", 0.0));
    let spread = bytes.spread.as_ref().expect("bytes are amounts");
    assert_eq!((spread.own, spread.axis.as_str()), ([1.0; 2], "40 B to 700 kB in the file, logarithmic"));
    assert!(0.0 < spread.usual[0] && spread.usual[0] < spread.usual[1] && spread.usual[1] < 1.0, "{spread:?}");
    let named = |apart: &&Apart| ["dst_port", "protocol", "src_ip", "dst_ip"].contains(&apart.name.as_str());
    assert!(group.apart.iter().filter(named).all(|apart| apart.spread.is_none()), "{group:?}");
    assert!(group.severity > Some(1.0) && group.when.iter().sum::<u32>() == 30);
    let sums: Vec<&str> = group.sums.iter().map(|sum| sum.1.as_str()).collect();
    assert_eq!(sums, ["21 MB", "36,000 packets"]);
    let text = |text: &str| Some(text.to_owned());
    let ends = Common { apart: None, ..group.common.clone() };
    let known = [text("10.0.0.7"), text("192.0.2.15"), text("21"), text("tcp")];
    assert_eq!([ends.from, ends.to, ends.port, ends.protocol], known);
    let mut shape: Vec<&str> = group.apart.iter().take(2).map(|apart| apart.name.as_str()).collect();
    shape.sort_unstable();
    assert_eq!(group.common.apart, Some(shape.join(" and ")));
    let lines = csv(&findings, &[], &["from =1".to_owned()], dataset.profile.rows);
    let line = lines.lines().nth(1).expect("a line");
    assert!(line.starts_with("1,group,1,,") && line.contains(",30,0.020000,2023-11-14 22:13:27,"), "{line}");
    assert!(line.ends_with(",,from =1"), "{line}");
    assert_eq!(lines.lines().count(), findings.len() + 1);
}

/// A burst of 120 flows like all others, of this port of the client's each, among those of a day.
fn burst(own: fn(u32) -> u32) -> Finding {
    let mut text = String::from("start,src_ip,src_port,dst_ip,dst_port,protocol,bytes,packets,duration\n");
    for n in 0..4_000u32 {
        let wild = n.wrapping_mul(2_654_435_761) >> 8;
        let (a, b, c) = (wild % 50, wild / 64 % 9_000, wild / 4_096 % 1_000);
        let (port, server) = ([443, 80, 53][(wild % 3) as usize], a / 2);
        let like = format!("tcp,{},{},{}", 40 + b, 1 + b / 800, 3 + c);
        let time = 1_700_000_000 + 20 * n;
        text += &format!("{time},10.0.1.{a},{},198.51.100.{server},{port},{like}\n", 49_152 + wild % 16_000);
        if (2_000..2_120).contains(&n) {
            text += &format!("1700040000,10.0.1.9,{},198.51.100.4,443,{like}\n", own(n));
        }
    }
    let bursts = |finding: &Finding| finding.evidence.as_ref().is_some_and(|told| told.starts_with("A burst"));
    found(&text).0.into_iter().find(bursts).expect("there is a burst")
}

/// The ports that a client takes come by chance; one that it always takes does not.
#[test]
fn several_ports_of_a_client_do_not_set_a_burst_apart() {
    let told = |finding: &Finding| {
        finding.apart.iter().find(|apart| apart.name == "src_port").map(|apart| apart.value.clone())
    };
    assert_eq!(told(&burst(|n| 700 + n % 4)), None);
    assert_eq!(told(&burst(|_| 700)).as_deref(), Some("2 values"), "one flow more is of its time");
}
