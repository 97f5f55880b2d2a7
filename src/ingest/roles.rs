//! What kind of thing a column is, told from its name and its cells.

use super::{
    families::plain,
    sniff::{Evidence, is_address},
};
use crate::table::{Kind, Role};

/// Different texts after which a column names rows rather than sorts them, if most rows have one of their own.
const MANY: usize = 20;

/// The role of the column at `place`: what its name means (`known`) where its cells agree, and otherwise what these look
/// like.
pub(super) fn infer(place: usize, name: &str, known: Option<Role>, evidence: &Evidence<'_>) -> Role {
    let text = evidence.kind(known) == Kind::Text;
    match known {
        // A "port" of text (a service's name) is a category, and so on.
        Some(Role::Port) if text => Role::Category,
        Some(Role::Measure | Role::Duration | Role::Time) if text && evidence.clock().is_none() => by_text(evidence),
        Some(Role::Measure | Role::Duration) if text => Role::Time,
        Some(Role::Ip) if text && !says_address(name) && !evidence.mostly(is_address) => by_text(evidence),
        Some(role) => role,
        None if text => by_text(evidence),
        None => by_number(place, name, evidence),
    }
}

fn says_address(name: &str) -> bool {
    let name = plain(name);
    name.contains("ip") || name.contains("addr") || name.contains("host")
}

/// The role of a column that was taken for numbers and is text.
pub(super) fn as_text(role: Role) -> Role {
    match role {
        Role::Measure | Role::Duration | Role::Port => Role::Category,
        other => other,
    }
}

fn by_text(evidence: &Evidence<'_>) -> Role {
    if evidence.mostly(is_address) {
        return Role::Ip;
    }
    if evidence.clock().is_some() {
        return Role::Time;
    }
    // Half of the rows with a text of their own: it names rows, it does not sort them.
    let distinct = evidence.distinct().len();
    if distinct > MANY && distinct * 2 > evidence.texts { Role::Identifier } else { Role::Category }
}

fn by_number(place: usize, name: &str, evidence: &Evidence<'_>) -> Role {
    let plain = plain(name);
    let names_nothing = plain.starts_with("unnamed") || name.starts_with("Column ");
    if evidence.counts_up() && (place == 0 || names_nothing) {
        return Role::Identifier;
    }
    if says_length(name) { Role::Duration } else { Role::Measure }
}

/// The name says that it is a length of time.
pub(super) fn says_length(name: &str) -> bool {
    let plain = plain(name);
    let words = ["duration", "elapsed", "dauer", "uptime", "latency"];
    words.iter().any(|word| plain.contains(word)) || matches!(plain.as_str(), "dur" | "td" | "age")
}
