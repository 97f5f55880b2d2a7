//! The files and what is claimed of them: the right answers of `EXPECTED.md` beside the files.

use flowsift::{
    ingest::FindingKind,
    table::{
        Role::{Category, Duration, Identifier, Ip, Label, Measure, Port, Protocol, Time},
        TimeStyle::{DayFirst, Seconds, TimeOfDay, YearFirst},
        Unit,
    },
};

use super::expected::{Expected, refused, table};

/// Claims that do not hold yet: file, and claim in the words of the test's message.
#[rustfmt::skip]
pub const NOT_YET: &[(&str, &str)] = &[
    ("inputs/06-icmp-type-code.csv", "first is [22]"),
    ("netobserv-goflow/log-lines.json", "first is [6, 16, 26, 36, 46, 56, 66, 76, 86, 96]"),
    ("lanl-unified/netflow_day-02", "first is [1]"),
];

/// Every file.
pub fn files() -> Vec<Expected> {
    [made_up_numbers(), made_up_shapes(), real_files()].into_iter().flatten().collect()
}

/// Small made-up files about numbers, times, roles and ranks.
fn made_up_numbers() -> Vec<Expected> {
    vec![
        table("inputs/01-bigint-ids.csv", 24, 8)
            .role(Identifier, ["flow_id"])
            .role(Ip, ["src_ip", "dst_ip"])
            .role(Port, ["src_port", "dst_port"])
            .role(Protocol, ["proto"])
            .role(Measure, ["packets", "bytes"])
            .texts("flow_id", [(7, "914203377004731457"), (8, "914203377004731485")])
            .first(17),
        table("inputs/03-late-type.csv", 60, 6)
            .role(Duration, ["duration"])
            .role(Measure, ["bytes", "jitter"])
            .missing("duration", 0)
            .missing("bytes", 25)
            .texts("service", [(50, "https")])
            .first(57),
        table("inputs/06-icmp-type-code.csv", 30, 12)
            .family("nfdump")
            .role(Port, ["Src Pt", "Dst Pt"])
            .role(Ip, ["Src IP Addr", "Dst IP Addr"])
            .time("Date first seen", YearFirst)
            .texts("Dst Pt", [(3, "3.1"), (9, "11.0"), (15, "3.1"), (21, "3.3"), (27, "3.3")])
            .role(Measure, ["Packets", "Bytes"])
            .missing("Bytes", 0)
            .values("Bytes", [(5, 1_700_000.0), (14, 1_800_000.0), (22, 1_400_000_000.0)])
            .first(22),
        table("inputs/07-ties-top10pct.csv", 40, 7).role(Port, ["dport"]).top([5, 14, 23, 37]),
        table("inputs/08c-six-records.csv", 6, 2).role(Identifier, ["id"]),
        table("inputs/11-negative-quoted.csv", 25, 5)
            .role(Measure, ["clock_skew_ms", "bytes"])
            .unit(Unit::Milliseconds, ["clock_skew_ms"])
            .missing("clock_skew_ms", 0)
            .values("clock_skew_ms", [(3, -12.5), (7, -3.25), (11, -0.75), (16, -40.0), (20, -8.5), (24, -1_250.0)])
            .values("bytes", [(13, 6_400_000.0)])
            .top([13, 24]),
        table("inputs/18-partial-flows.csv", 21, 13)
            .family("CICFlowMeter")
            .role(Identifier, ["Flow ID"])
            .role(Label, ["Label"])
            .time("Timestamp", DayFirst)
            .unit(Unit::Microseconds, ["Flow Duration"])
            .first(18),
        table("inputs/19-address-shapes.csv", 20, 7)
            .time("clock", TimeOfDay)
            .role(Ip, ["src", "dst"])
            .role_among([Identifier, Category], ["src_mac"])
            .missing("src", 0)
            .texts("src", [(3, "fe80::5%eth0"), (8, "192.0.2.010")])
            .first(13),
        table("inputs/26-high-cardinality.csv", 60, 6).role(Identifier, ["hostname", "session_uuid"]).first(31),
        table("inputs/28-straight-line.csv", 60, 2).role(Measure, ["packets", "bytes"]),
        table("inputs/31-day-month-order.csv", 48, 4).time("Timestamp", DayFirst).first(30),
        table("inputs/32-label-leak.csv", 40, 10)
            .role(Label, ["Label", "attack_cat", "is_malicious", "risk_score"])
            .role(Duration, ["duration"])
            .first(20),
    ]
}

/// Small made-up files about headers, totals, delimiters and shapes.
fn made_up_shapes() -> Vec<Expected> {
    const NAMES: [&str; 7] = ["ts", "src", "dst", "dport", "proto", "packets", "bytes"];
    let [ts, src, dst, dport, proto, packets, bytes] = NAMES;
    vec![
        refused("inputs/04-nfdump-aggregate.txt", "nfdump -o csv"),
        table("inputs/08a-one-record.csv", 1, 5).found(FindingKind::TooFewRows, 1),
        table("inputs/08b-two-records.csv", 2, 5).found(FindingKind::TooFewRows, 2),
        refused("inputs/08d-header-only.csv", "5 column"),
        table("inputs/10-missing-and-arrays.jsonl", 30, 7)
            .time("ts", Seconds)
            .missing("rtt", 4)
            .unreadable("rtt", 1)
            .missing("packets", 2)
            .first(11),
        table("inputs/12-formula-cells.csv", 24, 5)
            .texts("user_agent", [(13, "-2+3,\"a\""), (17, "'=1+1")])
            .missing("bytes", 0)
            .first(17),
        table("inputs/13a-all-text-header.csv", 30, 5).names(["src", "dst", "proto", "service", "action"]).first(15),
        table("inputs/14a-header-one-too-many.csv", 20, 8)
            .names([ts, src, dst, dport, proto, packets, bytes, "notes"])
            .time("ts", Seconds)
            .found(FindingKind::ShortRow, 0)
            .found(FindingKind::NameWithoutCells, 1)
            .first(6),
        table("inputs/14b-trailing-delimiter.csv", 20, 7)
            .names(NAMES)
            .time("ts", Seconds)
            .found(FindingKind::TrailingDelimiter, 1)
            .first(6),
        table("inputs/14c-header-one-too-few.csv", 20, 8)
            .names(["row", ts, src, dst, dport, proto, packets, bytes])
            .role(Identifier, ["row"])
            .found(FindingKind::UnnamedRowNumbers, 1)
            .time("ts", Seconds)
            .first(6),
        table("inputs/20-german-excel.csv", 20, 8)
            .names([
                "Zeitpunkt",
                "Quelle",
                "Ziel",
                "Zielport",
                "Dauer (s)",
                "Pakete",
                "Übertragene Bytes",
                "Anteil (%)",
            ])
            .unit(Unit::Seconds, ["Dauer (s)"])
            .unit(Unit::Bytes, ["Übertragene Bytes"])
            .unit(Unit::Percent, ["Anteil (%)"])
            .time("Zeitpunkt", DayFirst)
            .values("Dauer (s)", [(16, 32.518)])
            .values("Pakete", [(16, 9_812_345.0)])
            .values("Übertragene Bytes", [(16, 8_123_456_789.0)])
            .found(FindingKind::LineAboveHeader, 2)
            .found(FindingKind::Totals, 1)
            .first(16),
        table("inputs/21-tsv-thousands.tsv", 12, 10)
            .role(Measure, ["packets", "bytes_in", "bytes_out"])
            .values("bytes_in", [(11, 987_654_321_098.0)])
            .missing("bytes_in", 0)
            .texts("note", [(1, "ok, no alert")])
            .first(11),
        table("inputs/23-quoted-newlines.csv", 10, 5).first(7),
        table("inputs/24-wide-1600-columns.csv", 12, 1_600).first(7),
    ]
}

/// Files of tools, or excerpts of them.
fn real_files() -> Vec<Expected> {
    vec![
        table("netobserv-goflow/log-lines.json", 100, 55)
            .role(Time, ["TimeReceived", "TimeFlowStart", "TimeFlowEnd"])
            .missing("TimeFlowStart", 100)
            .missing("TimeReceived", 0)
            .role(Category, ["SrcMac", "DstMac", "InIf", "SrcPod"])
            .role(Ip, ["SrcAddr", "DstAddr"])
            .role(Port, ["SrcPort", "DstPort"])
            .missing("SrcPod", 10)
            .missing("DstPod", 40)
            .first_of((6..100).step_by(10)),
        table("joy/81112cf5-181d-4a92-a5e3-9963ef643998_base-tls12.json.gz", 2, 29)
            .role(Ip, ["sa", "da"])
            .role(Port, ["sp", "dp"])
            .role(Protocol, ["pr"])
            .time("time_start", Seconds)
            .role(Measure, ["bytes_out", "num_pkts_out"])
            .found(FindingKind::ToolDescription, 1)
            .found(FindingKind::TooFewRows, 2),
        table("zeek-tabsep/conn_date_issue.log", 3, 21)
            .family("Zeek")
            .time("ts", Seconds)
            .role(Ip, ["id.orig_h", "id.resp_h"])
            .role(Port, ["id.orig_p", "id.resp_p"])
            .missing("duration", 2)
            .missing("orig_bytes", 2),
        refused("zeek-empty/http_empty.log", "27 column"),
        table("zeek-comment/http_with_comment.log", 3, 27).texts("host", [(1, "www.guyspy.com#blahblah")]),
        refused("zeek-badgz/http.log.corrupt.gz", "cut short"),
        table("uci-firewall/log2.csv", 65_524, 12)
            .role(Port, ["Source Port", "Destination Port", "NAT Source Port", "NAT Destination Port"])
            .role_among([Category, Label], ["Action"])
            .role(Measure, ["Bytes", "Packets"])
            .role(Duration, ["Elapsed Time (sec)"])
            .unit(Unit::Seconds, ["Elapsed Time (sec)"])
            .among(10_221, 10),
        table("ugr16/july_week5.csv", 20, 13)
            .role_at(Time, [1])
            .role_at(Duration, [2])
            .role_at(Ip, [3, 4])
            .role_at(Port, [5, 6])
            .role_at(Protocol, [7])
            .role_at(Measure, [11, 12])
            .role_at(Label, [13]),
        table("lanl-unified/netflow_day-02", 9, 11)
            .names([
                "Time",
                "Duration",
                "SrcDevice",
                "DstDevice",
                "Protocol",
                "SrcPort",
                "DstPort",
                "SrcPackets",
                "DstPackets",
                "SrcBytes",
                "DstBytes",
            ])
            .role(Time, ["Time"])
            .role(Duration, ["Duration"])
            .unit(Unit::Seconds, ["Duration"])
            .role(Port, ["SrcPort", "DstPort"])
            .texts("SrcPort", [(1, "Port12597")])
            .first(1),
        table("kyoto2006/20150520.txt", 24, 24)
            .role_at(Duration, [1])
            .role_at(Label, [18])
            .role_at(Ip, [19, 21])
            .role_at(Port, [20, 22])
            .role_at(Time, [23])
            .role_at(Protocol, [24]),
        table("vast2011-asa/20110415_VAST11MC2_firewall_log.csv", 6, 15)
            .time("Date/time", DayFirst)
            .role(Ip, ["Source IP", "Destination IP"])
            .role(Port, ["Source port", "Destination port"])
            .missing("Source IP", 2)
            .missing("Source port", 2)
            .role(Measure, ["Connections built", "Connections torn down"]),
        table("dapt2020/enp0s3-public-wednesday.pcap_Flow.csv", 7, 85)
            .family("CICFlowMeter")
            .role(Label, ["Activity", "Stage"])
            .time("Timestamp", DayFirst),
        table("isec-ids/dos_fin.csv", 10, 78)
            .family("CICFlowMeter")
            .role(Duration, ["Flow.Duration"])
            .unit(Unit::Microseconds, ["Flow.Duration"])
            .role_at(Label, [78]),
        table("dedale/D1_2024-12-23_output_green_internal.pcap_Flow_labeled.csv", 4, 100)
            .role(Identifier, ["uid"])
            .time("date", YearFirst)
            .time("ts", Seconds)
            .role(Ip, ["ip_src", "ip_dst"])
            .role(Port, ["port_src", "port_dst"])
            .role(Label, ["label", "step", "attack_step", "tactic", "technique", "comments"])
            .unit(Unit::Microseconds, ["duration"]),
        table("winfw/pfirewall.log", 14, 17)
            .names([
                "date", "time", "action", "protocol", "src-ip", "dst-ip", "src-port", "dst-port", "size", "tcpflags",
                "tcpsyn", "tcpack", "tcpwin", "icmptype", "icmpcode", "info", "path",
            ])
            .role(Ip, ["src-ip", "dst-ip"])
            .role(Port, ["src-port", "dst-port"])
            .role(Time, ["date", "time"])
            .found(FindingKind::ShortRow, 1)
            .texts("dst-ip", [(2, "ff02::fb")]),
    ]
}
