//! Groups and single flows as one list of findings, in words.

mod common;
mod csv;

pub use csv::csv;

use std::sync::Arc;

use crate::{
    detect::groups::Nearest,
    engine::{Dataset, Found, Outcome, Single},
    numeric::{grouped::count, order::ordered},
    report::{Axis, Common, RankedRow, Scale, Tally, Told},
    table::{FlowColumns, Host, MISSING_KEY, Unit, key_number},
    words::{self, amount, format, moment, protocol_name, usual, value},
};

/// The most single flows that are listed.
pub const SINGLES: usize = 25;
/// Columns that are named for what sets a finding apart.
const TOLD: usize = 6;
/// Columns in which a flow in no group differs from one that are named, unless they are little of the difference.
const DIFFERS: usize = 4;
const LITTLE: f64 = 0.02;
/// Columns in which findings are unlike all others that are alike, where nobody knows who.
const ALIKE: usize = 2;
/// A column sets a group apart where no more of the other flows are like it there.
const FEW: f64 = 0.2;

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which group or flow.
    pub what: What,
    /// As a multiple of what chance does, where groups were looked for.
    pub severity: Option<f64>,
    /// Flows.
    pub size: u64,
    /// Where they come from.
    pub from: String,
    /// Where they go.
    pub to: String,
    /// To which ports, and by which protocol.
    pub ports: String,
    /// What all of its flows have in common, as rules ask for it.
    pub common: Common,
    /// The first and the last point in time, in words.
    pub times: Option<[String; 2]>,
    /// Flows over the time of the file.
    pub when: Vec<u32>,
    /// What sets it apart.
    pub apart: Vec<Apart>,
    /// Of so many columns that are compared, so many have one value.
    pub alike: Option<[usize; 2]>,
    /// Amounts of all of its flows together, with what they are.
    pub sums: Vec<(String, String)>,
}

/// Which group or flow it is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The group of this number.
    Group(u8),
    /// This flow.
    Flow(Arc<RankedRow>),
}

/// A column in which a finding is unlike other flows.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The table's column.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// What the finding's flows have there.
    pub value: String,
    /// What is usual, in words.
    pub usual: Option<String>,
    /// Of a group, the share of the other compared flows that are alike there; of a flow, the column's share of its score.
    pub share: f64,
    /// Where that lies among the file's values, where they are amounts.
    pub spread: Option<Reach>,
}

/// Places on a column's axis, from 0 at the least value of the file to 1 at the greatest.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The finding's least and greatest.
    pub own: [f64; 2],
    /// From where to where values usually are.
    pub usual: [f64; 2],
    /// The axis in words, from end to end.
    pub axis: String,
}

/// All findings of a run, the most severe first. Flows of a group are not among the single ones.
pub fn findings(outcome: &Outcome, singles: &[Single], dataset: &Dataset) -> Vec<Finding> {
    let groups = outcome.groups.iter().enumerate().map(|(place, found)| of_group(place, found, outcome, dataset));
    let all: Vec<Finding> = groups.chain(singles.iter().map(|single| of_flow(single, dataset))).collect();
    // Of equal ones, groups before flows, and each in their order.
    ordered(all, |a, b| b.severity.unwrap_or(0.0).total_cmp(&a.severity.unwrap_or(0.0)))
}

impl Finding {
    /// What it is.
    pub fn title(&self) -> String {
        format::counted(self.size, "flow", "flows")
    }

    /// Who talked to whom; empty where nobody knows.
    pub fn who(&self) -> String {
        let to = if self.ports.is_empty() { self.to.clone() } else { format!("{}:{}", self.to, self.ports) };
        match (self.from.is_empty(), self.to.is_empty()) {
            (true, true) => self.ports.clone(),
            (true, false) => to,
            (false, _) => format!("{} → {to}", self.from),
        }
    }

    /// When that was.
    pub fn time(&self) -> String {
        let Some([first, last]) = &self.times else { return String::new() };
        let day = first.split(' ').next().unwrap_or_default();
        match last.strip_prefix(day).filter(|_| first.contains(' ')) {
            _ if first == last => first.clone(),
            Some(time) => format!("{first} –{time}"),
            None => format!("{first} – {last}"),
        }
    }

    /// What sets it apart, in a line: `Fwd Pkts 10, usually 2; …`
    pub fn why(&self, most: usize) -> String {
        let told = |apart: &Apart| match &apart.usual {
            Some(usual) => format!("{} {} ({usual})", apart.name, apart.value),
            None => format!("{} {}", apart.name, apart.value),
        };
        self.apart.iter().take(most).map(told).collect::<Vec<_>>().join("; ")
    }
}

/// Two findings of the same ports, and of the same source or destination; where nobody knows who, unlike in the same columns.
pub fn alike(one: &Finding, other: &Finding) -> bool {
    let same = |a: &str, b: &str| !a.is_empty() && a == b;
    if one.what == other.what || one.ports != other.ports {
        return false;
    }
    if one.from.is_empty() && one.to.is_empty() {
        let columns = |finding: &Finding| finding.apart.iter().take(ALIKE).map(|apart| apart.name.clone()).collect();
        let (columns, others): (Vec<String>, Vec<String>) = (columns(one), columns(other));
        return !columns.is_empty() && columns == others;
    }
    same(&one.from, &other.from) || same(&one.to, &other.to)
}

fn of_group(place: usize, Found { group, facts }: &Found, outcome: &Outcome, dataset: &Dataset) -> Finding {
    let fields = &dataset.layout.schema.fields;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let mut apart: Vec<Apart> = Vec::new();
    for &(feature, share) in &group.distinct {
        let column = outcome.plan.features[feature as usize].column;
        let known = apart.iter().any(|apart| apart.name == fields[column].name);
        if share > FEW || known || apart.len() == TOLD {
            continue;
        }
        let Some(told) = facts.columns[column].as_ref() else { continue };
        let Some(value) = value_of(told, column, dataset) else { continue };
        let spread = match told {
            Told::Numbers { low, high, .. } => spread([*low, *high], column, dataset),
            Told::Values(_) => None,
        };
        let usual = dataset.typical.get(column).and_then(|typical| usual(typical, &fields[column]));
        apart.push(Apart { column, name: fields[column].name.clone(), value, usual, share, spread });
    }
    let mut compared: Vec<usize> = outcome.plan.compared().map(|feature| feature.column).collect();
    compared.sort_unstable();
    compared.dedup();
    let one = |column: &&usize| match &facts.columns[**column] {
        Some(Told::Numbers { low, high, missing: 0, .. }) => low == high,
        Some(Told::Values(tally)) => tally.only().is_some(),
        _ => false,
    };
    let alike = Some([compared.iter().filter(one).count(), compared.len()]);
    let time = flow.time.map(|column| &fields[column]);
    let times = facts.times.zip(time).map(|(times, field)| times.map(|time| moment(time, field)));
    let host = |end: usize| {
        let known = flow.addresses.get(end);
        known.map_or_else(String::new, |&column| hosts(&facts.hosts[end], column, dataset))
    };
    Finding {
        what: What::Group(place as u8 + 1),
        severity: Some(group.severity),
        size: facts.rows,
        from: host(0),
        to: host(1),
        ports: ports(facts, &flow, dataset),
        common: common::of_group(facts, &flow, &apart, dataset),
        times,
        when: if facts.times.is_some() { facts.when.clone() } else { Vec::new() },
        apart,
        alike,
        sums: sums(facts, dataset),
    }
}

fn of_flow(Single { severity, row }: &Single, dataset: &Dataset) -> Finding {
    let fields = &dataset.layout.schema.fields;
    let flow = FlowColumns::of(&dataset.layout.schema);
    let cell = |column: Option<&usize>| {
        column.and_then(|&column| row.cells.get(column)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    let port = if flow.ports.len() == 2 { cell(flow.ports.get(1)) } else { cell(flow.ports.first()) };
    let protocol = cell(flow.protocol.as_ref());
    let protocol = protocol_name(&protocol);
    let ports =
        if port.is_empty() || protocol.is_empty() { format!("{port}{protocol}") } else { format!("{port}/{protocol}") };
    let apart = |reason: &crate::report::Reason| Apart {
        column: reason.column,
        name: dataset.layout.schema.named(reason.column, reason.aspect.as_deref()),
        value: value(row.cells.get(reason.column).map_or("", String::as_str), reason.column, &dataset.layout),
        usual: dataset.typical.get(reason.column).and_then(|typical| usual(typical, &fields[reason.column])),
        share: reason.share,
        spread: row.cells.get(reason.column).filter(|_| reason.aspect.is_none()).and_then(|cell| {
            let number = words::number(cell, reason.column, &dataset.layout)?;
            spread([number; 2], reason.column, dataset)
        }),
    };
    let apart: Vec<Apart> = row.reasons.iter().map(apart).collect();
    Finding {
        what: What::Flow(Arc::new(row.clone())),
        severity: *severity,
        size: 1,
        from: cell(flow.addresses.first()),
        to: cell(flow.addresses.get(1)),
        ports,
        common: common::of_flow(row, &flow, &apart),
        times: flow.time(&row.cells, &dataset.layout).map(|[shown, _]| [shown.clone(), shown]),
        when: Vec::new(),
        apart,
        alike: None,
        sums: Vec::new(),
    }
}

/// A compared flow in no group that is near to one: who it is, and what it has where it differs the most.
pub fn neighbour(nearest: &Nearest, cells: &[String], outcome: &Outcome, dataset: &Dataset) -> String {
    let layout = &dataset.layout;
    let mut names: Vec<&str> = Vec::new();
    let mut differs = Vec::new();
    for &(feature, share) in &nearest.differs {
        let column = outcome.plan.features[feature as usize].column;
        let name = layout.schema.fields[column].name.as_str();
        if share < LITTLE || differs.len() == DIFFERS {
            break;
        }
        if !names.contains(&name) {
            names.push(name);
            let cell = cells.get(column).map_or("", String::as_str);
            differs.push(format!("{name} {}", value(cell, column, layout)));
        }
    }
    let who = FlowColumns::of(&layout.schema).flow(cells);
    let differs = if differs.is_empty() { "it is the same".into() } else { format!("it has {}", differs.join(" · ")) };
    who.map_or_else(|| differs.clone(), |who| format!("{who}: {differs}"))
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

/// Where amounts from `own[0]` to `own[1]` lie. Points in time and values that are counted as names have no such place.
fn spread(own: [f64; 2], column: usize, dataset: &Dataset) -> Option<Reach> {
    let (field, profile) = (&dataset.layout.schema.fields[column], dataset.profile.columns.get(column)?);
    let typical = dataset.typical.get(column).filter(|typical| typical.commonest.is_none() && field.time.is_none())?;
    let axis = Axis::new(column, profile, typical).filter(|_| own[0] <= own[1])?;
    let place = |value| ((axis.scale.place(value) - axis.low) / (axis.high - axis.low)).clamp(0.0, 1.0);
    let [least, greatest] = [profile.min, profile.max].map(|value| amount(value, field));
    let scale = if axis.scale == Scale::Linear { "" } else { ", logarithmic" };
    Some(Reach {
        own: own.map(place),
        usual: typical.range?.map(place),
        axis: format!("{least} to {greatest} in the file{scale}"),
    })
}

/// A counted value by its key.
pub fn name_of(key: u32, column: usize, dataset: &Dataset) -> String {
    if key == MISSING_KEY {
        return "missing".into();
    }
    let counts = dataset.profile.columns[column].counts.as_ref();
    let known = counts.and_then(|counts| counts.iter().find(|value| value.key == key));
    known.map_or_else(|| key_number(key).to_string(), |value| value.name())
}

fn hosts(tally: &Tally<Host>, column: usize, dataset: &Dataset) -> String {
    match (tally.only(), tally.different()) {
        (Some(host), _) => host_name(host, column, dataset),
        (None, Some(many)) => format!("{} hosts", count(many as u64)),
        (None, None) => "thousands of hosts".into(),
    }
}

/// A host, as text.
pub fn host_name(host: Host, column: usize, dataset: &Dataset) -> String {
    match host {
        Host::Missing => "unknown".into(),
        Host::Address(address) => address.to_string(),
        Host::Name(_) => name_of(host.network(), column, dataset),
    }
}

fn ports(facts: &crate::report::GroupFacts, flow: &FlowColumns, dataset: &Dataset) -> String {
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
fn sums(facts: &crate::report::GroupFacts, dataset: &Dataset) -> Vec<(String, String)> {
    let fields = dataset.layout.schema.fields.iter().enumerate();
    let amounts = ["bytes", "packets", "fwd_bytes", "bwd_bytes", "fwd_packets", "bwd_packets"];
    let told = |(column, field): (usize, &crate::table::Field)| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{self, Options, SinglesQuery};
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
}
