//! What kind of thing a column is: told from its name, its cells and the columns beside it, with the evidence in words.
//!
//! A name that a tool is known by says most ([`super::families`]), then the words that a name is made of ([`words`]), then
//! the cells ([`cells`]). Cells are asked whatever a name says: a "port" of text is none. Nothing here depends on the order
//! of rows, or of columns where their order means nothing.

mod beside;
mod cells;
mod words;

use super::{
    families::{Column, plain},
    sniff::Evidence,
};
use crate::table::{Kind, Role, TimeStyle, Unit};
use words::{Name, Says};

pub(super) use beside::Beside;
pub(super) use cells::{counts_from_1970, is_address, is_port_in_words};

/// What a column is taken for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub role: Role,
    /// The evidence, in words.
    pub because: &'static str,
    /// What the words of its name say beyond that.
    pub meaning: Option<&'static str>,
    pub unit: Option<Unit>,
}

/// What is asked about one column.
pub(super) struct Asked<'e, 'a> {
    pub place: usize,
    pub name: &'e str,
    /// What this name means in files of the tool, or anywhere.
    pub known: Option<&'static Column>,
    /// What the file says of the column beside its name.
    pub said: Option<Role>,
    pub evidence: &'e Evidence<'a>,
    pub beside: &'e Beside,
}

/// A role and the evidence for it.
type Told = (Role, &'static str);

pub(super) fn infer(asked: &Asked<'_, '_>) -> Verdict {
    let name = Name::of(asked.name);
    let (role, because) = own_result(asked)
        .or_else(|| asked.known.and_then(|known| by_known_name(asked, &name, known.role)))
        .or_else(|| by_words(asked, &name))
        .or_else(|| asked.said.and_then(|role| agrees(asked.evidence, role).then_some((role, "the file says so"))))
        .unwrap_or_else(|| by_cells(asked, &name));
    Verdict { role, because, meaning: name.meaning(role), unit: name.unit(role) }
}

/// The role of a column that was taken for numbers and is text.
pub(super) fn as_text(role: Role) -> Role {
    match role {
        Role::Measure | Role::Duration | Role::Port => Role::Category,
        other => other,
    }
}

/// The columns of a result that is opened again say what was found, and must not be compared.
fn own_result(asked: &Asked<'_, '_>) -> Option<Told> {
    let name = plain(asked.name.split('.').next().unwrap_or(""));
    let ours = name != "anomaly" && name.starts_with("anomaly") || name.ends_with("rank");
    (asked.beside.result && ours).then_some((Role::Ignored, "a result of this page"))
}

/// The cells can be what the role needs.
fn agrees(evidence: &Evidence<'_>, role: Role) -> bool {
    let text = cells::is_text(evidence);
    match role {
        Role::Port => !text || cells::are_ports(evidence) || evidence.mostly(cells::is_port_in_words),
        Role::Measure | Role::Duration => evidence.kind(Some(role)) == Kind::Number,
        Role::Time => !text || evidence.clock().is_some(),
        Role::Ip => evidence.filled() == 0 || evidence.mostly(is_address) || cells::are_integer_addresses(evidence),
        _ => true,
    }
}

/// A name whose meaning is known, unless the cells say otherwise.
fn by_known_name(asked: &Asked<'_, '_>, name: &Name, role: Role) -> Option<Told> {
    let evidence = asked.evidence;
    let text = cells::is_text(evidence);
    match role {
        Role::Port if !agrees(evidence, role) => Some((Role::Category, "named as a port, and holds other texts")),
        Role::Measure | Role::Duration if !agrees(evidence, role) => as_time(evidence),
        // Addresses may be replaced by other texts; what is only called a source is an address if it looks like one.
        Role::Ip if text && name.says(Says::Address) => Some((role, "named so")),
        Role::Ip if !text && !agrees(evidence, role) => {
            Some((Role::Category, "named as an address, and holds numbers"))
        }
        Role::Label if evidence.mostly(is_address) => None,
        role => agrees(evidence, role).then_some((role, "named so")),
    }
}

/// What the words of the name say, as far as the cells agree.
fn by_words(asked: &Asked<'_, '_>, name: &Name) -> Option<Told> {
    use Says::*;
    let Asked { evidence, beside, .. } = *asked;
    let number = !cells::is_text(evidence) && !evidence.numbers.is_empty();
    let timely = [Moment, Start, End, Seen];
    if evidence.filled() > 0 && evidence.mostly(cells::is_hardware_address) {
        return Some((Role::Category, "hardware addresses"));
    }
    if name.says(Says::Label) {
        return Some((Role::Label, "named as what somebody says of the row"));
    }
    if name.says(Span) && evidence.is_clock() {
        return Some((Role::Duration, "named so, and hours, minutes and seconds"));
    }
    if let Some(time) = as_time(evidence).filter(|_| !number) {
        return Some(time);
    }
    if number && name.says_any(&timely) {
        if cells::epoch(evidence, true).is_some() {
            return Some((Role::Time, "named so, and counts from 1970"));
        }
        if cells::is_unset(evidence) && !name.says_any(&[Statistic, Total, Quantity, Span]) {
            return Some((Role::Time, "named so; 0 is a time that was not set"));
        }
    }
    if number && name.says(Statistic) {
        return Some((Role::Measure, "named as something computed"));
    }
    if number && name.says(Total) && !name.says(Port) {
        let time = name.says_any(&[Span, Moment]);
        return Some(if time { (Role::Duration, "named so") } else { (Role::Measure, "named as something counted") });
    }
    if name.says(Port) && !name.says(Total) && evidence.filled() > 0 {
        return Some(match cells::are_ports(evidence) {
            true => (Role::Port, "named so, and whole numbers to 65,535"),
            false if !number && evidence.mostly(cells::is_port_in_words) => {
                (Role::Port, "named so, and ports in words")
            }
            false if number => (Role::Measure, "named as a port, and too large for one"),
            false => (by_text(evidence).0, "named as a port, and holds other texts"),
        });
    }
    if evidence.filled() > 0 && evidence.mostly(is_address) {
        return Some((Role::Ip, "addresses"));
    }
    if number && name.says_any(&[Address, Source, Destination]) && cells::are_integer_addresses(evidence) {
        let addresses = name.says(Address) || name.says_only(&[Source, Destination]);
        if addresses && !name.says(Quantity) {
            return Some((Role::Ip, "named so, and whole numbers of 32 bits"));
        }
    }
    if !number
        && evidence.filled() > 0
        && name.says(Address)
        && name.says_only(&[Address, Source, Destination, Unknown])
    {
        return Some((Role::Ip, "named so"));
    }
    if number && name.says(Span) && !name.says(Identity) {
        return Some((Role::Duration, "named so"));
    }
    if name.says_any(&[Category, Hardware]) && !name.says(Quantity) {
        return Some(match number || cells::sorts(evidence) {
            true => (Role::Category, "named as one of few"),
            false => by_text(evidence),
        });
    }
    if name.says(Protocol) && cells::sorts(evidence) && cells::is_whole(evidence) {
        return Some((Role::Protocol, "named so"));
    }
    let bounds = [Moment, Start, End, Seen, Source, Destination, Scale];
    if number && (name.says(Moment) || name.says_any(&timely) && name.says_only(&bounds)) && !name.says(Quantity) {
        return Some((Role::Time, "named so"));
    }
    // `packet number` names packets if none repeats; `number of packets` counts them.
    let names = name.says(Identity) && cells::is_whole(evidence) && evidence.filled() > 0;
    if names && (!name.says(Quantity) || evidence.distinct().len() == evidence.filled() && !cells::sorts(evidence)) {
        return Some(match cells::sorts(evidence) && evidence.filled() > evidence.distinct().len() * 2 {
            true => (Role::Category, "named as an identifier, and repeats"),
            false => (Role::Identifier, "named so"),
        });
    }
    if name.says(PerhapsLabel) && (beside.labelled || cells::is_text(evidence) && beside::holds_verdicts(evidence)) {
        return Some((Role::Label, "named as what somebody says of the row, beside a label"));
    }
    if number && name.says(Quantity) {
        return Some((Role::Measure, "named as something counted"));
    }
    None
}

/// What the cells look like, where the name says nothing.
fn by_cells(asked: &Asked<'_, '_>, name: &Name) -> Told {
    let Asked { place, evidence, beside, .. } = *asked;
    if cells::is_text(evidence) {
        return by_text(evidence);
    }
    if beside.ports.contains(&place) {
        return (Role::Port, "whole numbers to 65,535, beside an address");
    }
    if name.says_nothing() {
        if cells::epoch(evidence, false).is_some() {
            return (Role::Time, "numbers that count from 1970");
        }
        if cells::counts(evidence) {
            return (Role::Identifier, "counts the rows");
        }
        if cells::are_serials(evidence) {
            return (Role::Identifier, "long numbers of which none repeats");
        }
    }
    (Role::Measure, "numbers")
}

/// Texts that are points in time.
fn as_time(evidence: &Evidence<'_>) -> Option<Told> {
    let clock = evidence.clock()?;
    let because = if clock.style == TimeStyle::TimeOfDay { "times of day" } else { "dates, or dates with a time" };
    Some((Role::Time, because))
}

fn by_text(evidence: &Evidence<'_>) -> Told {
    if evidence.mostly(cells::is_hardware_address) {
        return (Role::Category, "hardware addresses");
    }
    if evidence.mostly(is_address) {
        return (Role::Ip, "addresses");
    }
    if let Some(time) = as_time(evidence) {
        return time;
    }
    if !cells::sorts(evidence) {
        return (Role::Identifier, "most rows have a text of their own");
    }
    if evidence.mostly(cells::is_uuid) && evidence.distinct().len() * 2 > evidence.filled() {
        return (Role::Identifier, "numbers made to be unique");
    }
    (Role::Category, "few different texts")
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tool_tests;
