//! A group as a finding.

use super::{Apart, Finding, TOLD, What, common, host_name, name_of, spread};
use crate::{
    context::{Burst, Who},
    engine::{Crowd, Dataset, Found, Outcome},
    numeric::grouped::count,
    report::{GroupFacts, Tally, Told},
    table::{Field, FlowColumns, Host, Unit},
    words::{amount, format, moment, protocol_name, usual},
};

/// A column sets a group apart where no more of the other flows are like it there.
const FEW: f64 = 0.2;

pub fn of_group(
    place: usize,
    Found { what, severity, steady, facts }: &Found,
    outcome: &Outcome,
    dataset: &Dataset,
) -> Finding {
    let fields = &dataset.layout.schema.fields;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let mut apart: Vec<Apart> = Vec::new();
    let distinct: &[(u32, f64)] = match what {
        Crowd::Alike(group) => &group.distinct,
        Crowd::Burst(burst) => &burst.distinct,
    };
    let one = |column: &usize| match &facts.columns[*column] {
        Some(Told::Numbers { low, high, missing: 0, .. }) => low == high,
        Some(Told::Values(tally)) => tally.only().is_some(),
        _ => false,
    };
    // The flows of a burst are of many ports of the client's, which takes them as they come, unless most are of one.
    let most = facts.ports.first().and_then(|ports| ports.commonest().first().map(|port| port.1)).unwrap_or_default();
    let taken = matches!(what, Crowd::Burst(_)) && flow.ports.len() == 2 && 2 * most < facts.rows;
    let by_chance = |column: usize| taken && flow.ports[0] == column;
    for &(feature, share) in distinct {
        let column = outcome.plan.features[feature as usize].column;
        let known = apart.iter().any(|apart| apart.name == fields[column].name);
        if share > FEW || known || by_chance(column) || apart.len() == TOLD {
            continue;
        }
        let Some(told) = facts.columns[column].as_ref() else { continue };
        let Some(value) = value_of(told, column, dataset) else { continue };
        let (number, spread) = match told {
            Told::Numbers { low, high, .. } => {
                (Some(*low).filter(|_| one(&column)), spread([*low, *high], column, dataset))
            }
            Told::Values(_) => (None, None),
        };
        let usual = dataset.typical.get(column).and_then(|typical| usual(typical, &fields[column], (&value, number)));
        apart.push(Apart { column, name: fields[column].name.clone(), value, usual, share, spread });
    }
    let mut compared: Vec<usize> = outcome.plan.compared().map(|feature| feature.column).collect();
    compared.sort_unstable();
    compared.dedup();
    let alike = Some([compared.iter().filter(|column| one(column)).count(), compared.len()]);
    let time = flow.time.map(|column| &fields[column]);
    let times = facts.times.zip(time).map(|(times, field)| times.map(|time| moment(time, field)));
    let host = |end: usize| {
        let known = flow.addresses.get(end);
        known.map_or_else(String::new, |&column| hosts(&facts.hosts[end], column, dataset))
    };
    Finding {
        what: What::Group(place as u8 + 1),
        severity: Some(*severity),
        size: facts.rows,
        from: host(0),
        to: host(1),
        ports: ports(facts, &flow, dataset),
        common: common::of_group(facts, &flow, &apart, dataset),
        times,
        when: if facts.times.is_some() { facts.when.clone() } else { Vec::new() },
        steady: *steady,
        evidence: evidence(what, *steady, facts),
        apart,
        alike,
        sums: sums(facts, dataset),
    }
}

/// What hosts and time say of it.
fn evidence(what: &Crowd, steady: bool, facts: &GroupFacts) -> Option<String> {
    match what {
        Crowd::Alike(_) => steady.then(|| "Goes on all through the file".into()),
        Crowd::Burst(Burst { period: Some(period), .. }) => {
            let every = format::duration(*period as f64 / 1e6);
            let through = if steady { ", all through the file" } else { "" };
            Some(format!("A series: from one host to one port of another about every {every}{through}"))
        }
        Crowd::Burst(burst) => {
            let whose = match burst.who {
                Who::Client(..) => "from one host to one port",
                Who::Service(..) => "to one port of one host",
                Who::Pair(..) | Who::Conversation(..) => "between two hosts",
            };
            let lasts = facts.times.map(|[first, last]| last.saturating_sub(first)).filter(|&lasts| lasts > 0);
            let within = lasts.map(|lasts| format::duration(lasts as f64 / 1e6));
            let within = within.map(|within| format!(" within {within}")).unwrap_or_default();
            let share = if burst.share < 0.01 { "less than 1 %".into() } else { format::share(burst.share) };
            Some(format!("A burst {whose}{within}: {share} of the file’s time and flows"))
        }
    }
}

/// What a group's cells are: one value, or from the least to the greatest.
fn value_of(told: &Told, column: usize, dataset: &Dataset) -> Option<String> {
    let field = &dataset.layout.schema.fields[column];
    match told {
        Told::Numbers { low, high, .. } if low > high => Some("missing".into()),
        Told::Numbers { low, high, .. } if low == high => Some(amount(*low, field)),
        Told::Numbers { low, high, .. } => Some(format!("{} to {}", amount(*low, field), amount(*high, field))),
        Told::Values(tally) => match (tally.only(), tally.different()) {
            (Some(key), _) => Some(name_of(key, column, dataset)),
            (None, Some(many)) => Some(format!("{} values", count(many as u64))),
            (None, None) => None,
        },
    }
}
fn hosts(tally: &Tally<Host>, column: usize, dataset: &Dataset) -> String {
    match (tally.only(), tally.different()) {
        (Some(host), _) => host_name(host, column, dataset),
        (None, Some(many)) => format!("{} hosts", count(many as u64)),
        (None, None) => "thousands of hosts".into(),
    }
}
fn ports(facts: &GroupFacts, flow: &FlowColumns, dataset: &Dataset) -> String {
    let end = flow.ports.len().saturating_sub(1).min(1);
    let port = match (flow.ports.get(end), facts.ports[end].only(), facts.ports[end].different()) {
        (None, ..) => String::new(),
        (Some(&column), Some(port), _) => name_of(port, column, dataset),
        (_, None, Some(many)) => format!("{} ports", count(many as u64)),
        (_, None, None) => "thousands of ports".into(),
    };
    let protocol = flow.protocol.zip(facts.protocols.only());
    let protocol = protocol.map(|(column, key)| protocol_name(&name_of(key, column, dataset)).to_owned());
    match protocol.filter(|name| !name.is_empty()) {
        Some(protocol) if port.is_empty() => protocol,
        Some(protocol) => format!("{port}/{protocol}"),
        None => port,
    }
}

/// Bytes and packets of all flows of a group together.
fn sums(facts: &GroupFacts, dataset: &Dataset) -> Vec<(String, String)> {
    let fields = dataset.layout.schema.fields.iter().enumerate();
    let amounts = ["bytes", "packets", "fwd_bytes", "bwd_bytes", "fwd_packets", "bwd_packets"];
    let told = |(column, field): (usize, &Field)| {
        let meant = field.meaning.as_deref().is_some_and(|meaning| amounts.contains(&meaning));
        let counted = matches!(field.unit, Some(Unit::Bytes | Unit::Packets));
        match facts.columns.get(column)?.as_ref()? {
            Told::Numbers { sum, low, high, .. } if meant && counted && low <= high => {
                Some((field.name.clone(), format::quantity(*sum as f64, field.unit)))
            }
            _ => None,
        }
    };
    fields.filter_map(told).collect()
}
