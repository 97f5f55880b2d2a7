//! What a column means, told from its name and its cells.

use std::net::IpAddr;

use super::layout::Evidence;
use crate::table::{Kind, Role};

/// The names that flow tools give to columns that are not quantities, in lower case without punctuation.
const NAMED: [(Role, &[&str]); 6] = [
    (
        Role::Label,
        &[
            "label",
            "labels",
            "class",
            "attack",
            "attacktype",
            "attackcat",
            "attackname",
            "detailedlabel",
            "anomaly",
            "isanomaly",
            "malicious",
            "isattack",
            "islabel",
            "target",
            "groundtruth",
        ],
    ),
    (
        Role::Identifier,
        &["flowid", "id", "uid", "index", "rowindex", "rowid", "no", "unnamed0", "sessionid", "communityid"],
    ),
    (
        Role::Ip,
        &[
            "ip",
            "sourceip",
            "destinationip",
            "srcip",
            "dstip",
            "saddr",
            "daddr",
            "srcaddr",
            "dstaddr",
            "idorigh",
            "idresph",
            "ipv4srcaddr",
            "ipv4dstaddr",
            "ipv6srcaddr",
            "ipv6dstaddr",
            "sa",
            "da",
        ],
    ),
    (
        Role::Port,
        &[
            "port",
            "sourceport",
            "destinationport",
            "srcport",
            "dstport",
            "sport",
            "dport",
            "idorigp",
            "idrespp",
            "l4srcport",
            "l4dstport",
            "sp",
            "dp",
        ],
    ),
    (Role::Protocol, &["protocol", "proto", "protocoltype", "pr"]),
    (
        Role::Time,
        &["timestamp", "time", "ts", "stime", "ltime", "starttime", "lasttime", "endtime", "date", "datetime", "te"],
    ),
];
/// Numbers that are codes.
const CODES: [&str; 3] = ["l7protocol", "l7proto", "service"];

/// The role of a column, by its name where the name says it and otherwise by what its cells look like.
pub(super) fn infer(name: &str, kind: Kind, evidence: &Evidence<'_>) -> Role {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if let Some((role, _)) = NAMED.iter().find(|(_, names)| names.contains(&plain.as_str())) {
        // A "port" of text (a service name) is a category, and so on.
        let fits = !matches!((role, kind), (Role::Port, Kind::Text));
        return if fits { *role } else { Role::Category };
    }
    match kind {
        Kind::Number if CODES.contains(&plain.as_str()) => Role::Category,
        Kind::Number if plain.contains("duration") || plain == "dur" || plain == "td" => Role::Duration,
        Kind::Number => Role::Measure,
        Kind::Text if mostly(evidence, is_address) => Role::Ip,
        Kind::Text if mostly(evidence, is_time) => Role::Time,
        // Half of the rows with a text of their own: it names rows, it does not sort them.
        Kind::Text if evidence.distinct.len() > 20 && evidence.distinct.len() * 2 > evidence.texts => Role::Identifier,
        Kind::Text => Role::Category,
    }
}

/// The role of a column that was taken for numbers and is text.
pub(super) fn as_text(role: Role) -> Role {
    match role {
        Role::Measure | Role::Duration | Role::Port => Role::Category,
        other => other,
    }
}

fn mostly(evidence: &Evidence<'_>, test: impl Fn(&str) -> bool) -> bool {
    let fits = |cell: &&&[u8]| std::str::from_utf8(cell).is_ok_and(&test);
    evidence.distinct.iter().filter(fits).count() * 10 > evidence.distinct.len() * 9
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// `26/04/201711:11:17`, `2018-01-04 10:44:50`, `7/7/2017 3:30` and the like.
fn is_time(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.contains(':')
        && (text.contains('/') || text.matches('-').count() >= 2)
}
