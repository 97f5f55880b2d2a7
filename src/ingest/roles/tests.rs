//! What columns of small tables are taken for, by names, by cells and by both. Long: a line for each kind of column.

use proptest::prelude::*;

use super::words::{Name, Says};
use crate::{
    ingest::{Choices, Layout},
    table::{Field, Kind, Role, Unit},
};

/// The columns of a table of these names and cells, each written into `rows` rows.
fn fields(columns: &[(&str, Vec<String>)]) -> Vec<Field> {
    let rows = columns[0].1.len();
    let line = |cells: Vec<&str>| cells.join(";") + "\n";
    let mut text = line(columns.iter().map(|column| column.0).collect());
    (0..rows).for_each(|row| text += &line(columns.iter().map(|column| column.1[row].as_str()).collect()));
    let choices = Choices { header: Some(true), delimiter: Some(b';'), decimal: Some(b'.'), ..Choices::default() };
    let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &choices).expect("a table");
    layout.schema.fields.clone()
}

const ROWS: usize = 40;

fn cells(cell: impl Fn(usize) -> String) -> Vec<String> {
    (0..ROWS).map(cell).collect()
}

fn mixed(n: usize) -> usize {
    n * 7_919 % 1_009
}

/// The role of one column beside one that says nothing.
fn role(name: &str, cell: impl Fn(usize) -> String) -> (Role, String) {
    let field = fields(&[(name, cells(cell)), ("x", cells(|n| format!("{}.5", mixed(n))))]).swap_remove(0);
    assert!(!field.because.is_empty(), "{name}");
    (field.role, field.because)
}

fn port(n: usize) -> String {
    (mixed(n) * 60).to_string()
}

fn address(n: usize) -> String {
    format!("10.0.{}.{}", n % 3, mixed(n) % 250)
}

fn seconds(n: usize) -> String {
    (1_700_000_000 + mixed(n)).to_string()
}

#[test]
fn ports_are_named_in_any_order_and_case() {
    for name in [
        "Src Pt",
        "Dst Pt",
        "port_src",
        "srcport",
        "sourceTransportPort",
        "destinationTransportPort",
        "L4_DST_PORT",
        "s_port",
        "dport",
        "DPT",
        "spt",
        "server.port",
        "destination.port",
        "Source_Port_Number",
        "id.orig_p:port",
        "cliPort",
        "port",
        "remote port",
        "NAT Source Port",
        "clientport",
        "sPort",
    ] {
        assert_eq!(role(name, port).0, Role::Port, "{name}");
    }
    assert_eq!(role("src port", |n| ["http", "https"][n % 2].into()).0, Role::Category);
    assert_eq!(role("SrcPort", |n| ["Port12597", "137", "443/tcp"][n % 3].into()).0, Role::Port, "in words");
    assert_eq!(role("remote port", |n| ["Port12597", "137", "443/tcp"][n % 3].into()).0, Role::Port, "in words");
    assert_eq!(role("port count", port).0, Role::Measure);
    assert_eq!(role("ports", |n| (n * 70_000).to_string()).0, Role::Measure, "too large");
    assert_eq!(role("Dst Pt", |n| ["3.1", "11.0", "443", "53", "8080"][n % 5].into()).0, Role::Port, "with ICMP's");
}

#[test]
fn whole_numbers_of_32_bits_are_addresses_only_where_the_name_says_nothing_else() {
    let whole = |n: usize| (3_232_235_776 + mixed(n)).to_string();
    assert_eq!(role("source", whole).0, Role::Ip);
    assert_ne!(role("source checksum", whole).0, Role::Ip);
    assert_ne!(role("source address count", whole).0, Role::Ip);
}

#[test]
fn times_are_told_by_names_and_by_counting_from_1970() {
    for name in [
        "first",
        "last",
        "start_s",
        "flowStartSeconds",
        "timestamp_start",
        "TimeReceived",
        "sTime",
        "eTime",
        "first_switched",
        "StartTime",
        "end",
        "bidirectional_first_seen",
        "event.start",
        "log_time",
        "zz",
    ] {
        assert_eq!(role(name, seconds).0, Role::Time, "{name}");
    }
    let scaled = |zeros: &str| {
        let zeros = zeros.to_owned();
        move |n| seconds(n) + &zeros
    };
    for (name, zeros) in
        [("start_ms", "000"), ("start_us", "000000"), ("start_ns", "000000000"), ("zz", "000"), ("zz", "000000")]
    {
        assert_eq!(role(name, scaled(zeros)).0, Role::Time, "{name} {zeros}");
    }
    // What is called something else is not a time because its numbers are large.
    for name in ["bytes", "octetTotalCount", "Bytes Sent"] {
        assert_eq!(role(name, seconds).0, Role::Measure, "{name}");
    }
    assert_eq!(role("zz", |n| (1_000_000_000 + mixed(n) * 1_000_000).to_string()).0, Role::Measure, "far apart");
    assert_eq!(role("TimeFlowStart", |_| "0".into()), (Role::Time, "named so; 0 is a time that was not set".into()));
    assert_eq!(role("TimeFlowStart", |n| if n % 2 == 0 { "0".into() } else { seconds(n) }).0, Role::Time);
    assert_eq!(role("clock", |n| format!("11:{:02}:10", n)).0, Role::Time, "without a date");
}

#[test]
fn lengths_of_time_have_units_by_name() {
    let unit = |name: &str| {
        let field = fields(&[(name, cells(|n| mixed(n).to_string())), ("x", cells(port))]).swap_remove(0);
        (field.role, field.unit)
    };
    assert_eq!(unit("Elapsed Time (sec)"), (Role::Duration, Some(Unit::Seconds)));
    assert_eq!(unit("bidirectional_duration_ms"), (Role::Duration, Some(Unit::Milliseconds)));
    assert_eq!(unit("flowDurationMicroseconds"), (Role::Duration, Some(Unit::Microseconds)));
    assert_eq!(unit("avg rtt"), (Role::Duration, None));
    assert_eq!(unit("src2dst_bytes"), (Role::Measure, Some(Unit::Bytes)));
    assert_eq!(unit("octetDeltaCount"), (Role::Measure, Some(Unit::Bytes)));
    assert_eq!(unit("orig_pkts"), (Role::Measure, Some(Unit::Packets)));
    assert_eq!(unit("fwd_byts_s"), (Role::Measure, Some(Unit::BytesPerSecond)));
    assert_eq!(unit("packet_size"), (Role::Measure, None));
    assert_eq!(unit("bytes per packet"), (Role::Measure, None));
}

#[test]
fn what_is_one_of_few_is_no_measure() {
    for name in [
        "vlanId",
        "ingressInterface",
        "bgpSourceAsNumber",
        "account-id",
        "version",
        "tcpControlBits",
        "ipClassOfService",
        "protocolVersion",
        "InIf",
        "DstAS",
        "IPTos",
        "FlowDirection",
        "IPv6FlowLabel",
        "MPLS1Label",
        "icmpTypeCodeIPv4",
        "flowEndReason",
        "sourceIPv4PrefixLength",
        "in_iface",
        "dOS",
        "src_asn",
        "zone_id",
    ] {
        assert_eq!(role(name, |n| (n % 5).to_string()).0, Role::Category, "{name}");
    }
    assert_eq!(role("protocolIdentifier", |n| ["6", "17"][n % 2].into()).0, Role::Protocol);
    assert_eq!(role("Action", |n| ["allow", "deny"][n % 2].into()).0, Role::Category);
    assert_eq!(role("SrcMac", |n| format!("00:00:5e:00:53:{n:02x}")), (Role::Category, "hardware addresses".into()));
    assert_eq!(role("who", |n| format!("0000.5e00.53{n:02x}")).0, Role::Category);
}

#[test]
fn identifiers_are_what_names_rows() {
    assert_eq!(role("flow_id", |n| format!("9142033770040{:05}", mixed(n))).0, Role::Identifier);
    assert_eq!(role("zz", |n| format!("9142033770{:05}", mixed(n))).0, Role::Identifier, "long, and none repeats");
    assert_eq!(role("zz", |n| (ROWS - n).to_string()).0, Role::Identifier, "counts the rows, from either end");
    assert_eq!(role("bytes", |n| n.to_string()).0, Role::Measure, "a line is no numbering");
    assert_eq!(role("packet_number", |n| (n * 3).to_string()).0, Role::Identifier);
    assert_eq!(role("number of packets", |n| (n % 7).to_string()).0, Role::Measure);
    assert_eq!(role("hostname", |n| format!("ws-{n}.example.net")).0, Role::Identifier);
    assert_eq!(role("zz", |n| format!("66d14f15-d7d6-0744-6fcb-7009310eaa{n:02x}")).0, Role::Identifier);
    assert_eq!(role("rule_id", |n| ["a", "b"][n % 2].into()).0, Role::Category);
    let made = |n: usize| format!("66d14f15-d7d6-0744-6fcb-7009310eaa{n:02x}");
    // 18 different ones of 28; then 5 of 40.
    assert_eq!(role("zz", |n| if n < 12 { String::new() } else { made(n % 18) }).0, Role::Identifier);
    assert_eq!(role("zz", |n| made(n % 5)).0, Role::Category);
}

#[test]
fn addresses_have_many_forms() {
    let forms = |n: usize| {
        [
            "fe80::5%eth0",
            "::ffff:192.0.2.9",
            "198.51.100.0/24",
            "192.0.2.010",
            "2001:DB8::5",
            "2001:0db8:0000:0000:0000:0000:0000:0005",
            "fe80::5%3",
            "192.0.2.5",
        ][n % 8]
            .to_owned()
    };
    assert_eq!(role("zz", forms), (Role::Ip, "addresses".into()));
    assert_eq!(role("zz", |n| format!("203.0.113.{n}:443")).0, Role::Ip);
    assert_eq!(role("zz", |n| format!("[2001:db8::{n}]:443")).0, Role::Ip);
    let integers = |n: usize| (3_221_225_985 + mixed(n)).to_string();
    for name in ["src_ip", "sourceIPv4Address", "srcaddr", "source"] {
        let field = fields(&[(name, cells(integers)), ("x", cells(port))]).swap_remove(0);
        assert_eq!((field.role, field.kind), (Role::Ip, Kind::Text), "{name}");
    }
    assert_eq!(role("source", |n| (n % 9).to_string()).0, Role::Category, "numbered hosts");
    assert_eq!(role("bytes", integers).0, Role::Measure);
    assert_eq!(role("src_ip", |_| String::new()).0, Role::Ip, "nothing speaks against it");
}

#[test]
fn ends_of_flows_are_told_by_their_meaning() {
    let meaning = |name: &str, cell: fn(usize) -> String| {
        let field = fields(&[(name, cells(cell)), ("x", cells(|n| format!("{n}.5")))]).swap_remove(0);
        field.meaning
    };
    for name in
        ["Src IP Addr", "sourceIPv4Address", "client.ip", "ip_src", "orig_h", "cli_ip", "SrcAddr", "initiatorIp"]
    {
        assert_eq!(meaning(name, address).as_deref(), Some("src_ip"), "{name}");
    }
    assert_eq!(meaning("destinationIPv6Address", address).as_deref(), Some("dst_ip"));
    assert_eq!(meaning("Dst Pt", port).as_deref(), Some("dst_port"));
    assert_eq!(meaning("destinationTransportPort", port).as_deref(), Some("dst_port"));
    assert_eq!(meaning("NAT Source IP", address), None, "another address");
    assert_eq!(meaning("flowEndSeconds", seconds).as_deref(), Some("end_time"));
}

#[test]
fn ports_stand_beside_addresses() {
    let ports = |n: usize| if n.is_multiple_of(5) { "22" } else { "443" }.to_owned();
    let table = |order: [usize; 4]| {
        let columns =
            [("aa", cells(address)), ("bb", cells(|n| address(n + 1))), ("cc", cells(port)), ("dd", cells(ports))];
        let columns: Vec<_> = order.into_iter().map(|place| columns[place].clone()).collect();
        fields(&columns).into_iter().map(|field| field.role).collect::<Vec<_>>()
    };
    assert_eq!(table([0, 1, 2, 3]), [Role::Ip, Role::Ip, Role::Port, Role::Port]);
    assert_eq!(table([0, 2, 1, 3]), [Role::Ip, Role::Port, Role::Ip, Role::Port]);
    assert_eq!(table([2, 0, 1, 3])[3], Role::Measure, "neither order");
}

#[test]
fn labels_are_left_out_by_name_and_by_company() {
    for name in
        ["attack_cat", "is_malicious", "risk_score", "tactic", "technique", "Label", "anomaly_score", "detailed-label"]
    {
        assert_eq!(role(name, |n| (n % 3).to_string()).0, Role::Label, "{name}");
    }
    assert_eq!(role("Stage", |n| ["Benign", "Recon"][n % 2].into()).0, Role::Label);
    assert_eq!(role("Stage", |n| ["one", "two"][n % 2].into()).0, Role::Category, "nothing says so");
    let beside = |other: &'static str| {
        fields(&[("step", cells(|n| (n % 3).to_string())), (other, cells(|n| (n % 2).to_string())), ("x", cells(port))])
            [0]
        .role
    };
    assert_eq!((beside("attack_step"), beside("bytes")), (Role::Label, Role::Measure));
}

#[test]
fn our_own_results_are_not_compared() {
    let number = || cells(port);
    let columns = [
        ("bytes", number()),
        ("anomaly", cells(|n| (n % 2).to_string())),
        ("anomaly_score", cells(|n| format!("0.{n}"))),
        ("anomaly_rank", cells(|n| n.to_string())),
        ("anomaly_reasons", cells(|n| format!("bytes {n}"))),
        ("anomaly_group", number()),
        ("consensus_rank", cells(|n| n.to_string())),
    ];
    let roles: Vec<Role> = fields(&columns).iter().map(|field| field.role).collect();
    assert_eq!(roles[..2], [Role::Measure, Role::Label]);
    assert!(roles[2..].iter().all(|&role| role == Role::Ignored), "{roles:?}");
}

#[test]
fn names_are_cut_into_words() {
    use Says::*;
    let says =
        |name: &str, what: &[Says]| what.iter().all(|&what| Name::of(name).says(what)) && !Name::of(name).says(Unknown);
    assert!(says("sourceTransportPort", &[Source, Port]));
    assert!(says("TCPFlags", &[Category]));
    assert!(says("firstseen", &[Start, Seen]));
    assert!(says("dstAddrV4", &[Destination, Address]) || Name::of("dstAddrV4").says(Address));
    assert!(says("SRC_TO_DST_SECOND_BYTES", &[Source, Destination, Quantity]));
    assert!(Name::of("report").says_nothing() && Name::of("Größe").says_nothing() && Name::of("").says_nothing());
    assert!(!Name::of("dns").says(Destination));
}

#[test]
fn every_line_of_the_words_is_understood_and_no_word_stands_twice() {
    let mut seen = std::collections::HashSet::new();
    for line in super::words::lines() {
        for (word, (says, unit)) in super::words::words_of_line(line) {
            assert!(says != Says::Unknown && seen.insert(word), "{word}: {line}");
            assert_eq!(unit.is_some(), line.split('\t').count() == 3, "{line}");
        }
    }
}

/// A column of one kind.
fn column() -> impl Strategy<Value = (&'static str, Vec<String>)> {
    let of = |names: &'static [&'static str], cell: fn(usize) -> String| {
        (prop::sample::select(names), 0usize..1_000).prop_map(move |(name, seed)| (name, cells(|n| cell(n + seed))))
    };
    prop_oneof![
        of(&["Src Pt", "dport", "qq"], port),
        of(&["srcaddr", "peer", "rr"], address),
        of(&["first", "ss"], seconds),
        of(&["bytes", "tt"], |n| (n * n).to_string()),
        of(&["row", "uu"], |n| n.to_string()),
        of(&["stage", "vv"], |n| ["benign", "x"][n % 2].into()),
        of(&["label", "ww"], |n| (n % 2).to_string()),
        of(&["mac", "xx"], |n| format!("00:00:5e:00:53:{:02x}", n % 256)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn roles_depend_neither_on_the_order_of_rows_nor_of_columns(
        columns in prop::collection::hash_map(0usize..9, column(), 1..6), turn in 0usize..ROWS, seed in any::<u64>(),
    ) {
        let mut columns: Vec<(&str, Vec<String>)> = columns.into_values().collect();
        columns.sort_by_key(|column| column.0);
        columns.dedup_by_key(|column| column.0);
        // Where ports without a name stand is what tells them.
        columns.retain(|column| !["qq", "rr", "peer"].contains(&column.0));
        columns.push(("yy", cells(|n| format!("{}.25", mixed(n)))));
        let told = |columns: &[(&str, Vec<String>)]| {
            let mut told: Vec<_> = fields(columns).into_iter().map(|field| (field.name, field.role, field.because)).collect();
            told.sort();
            told
        };
        let before = told(&columns);
        for (_, cells) in &mut columns {
            cells.rotate_left(turn);
            cells.reverse();
        }
        let places = columns.len();
        columns.rotate_left((seed % places as u64) as usize);
        if seed % 2 == 0 {
            columns.reverse();
        }
        prop_assert_eq!(told(&columns), before);
    }

    #[test]
    fn any_name_is_cut(name in "\\PC{0,40}") {
        Name::of(&name);
    }
}
