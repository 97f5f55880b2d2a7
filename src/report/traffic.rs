//! When there was how much traffic, and whose it was: flows, anomalies and bytes by time, host, pair of hosts and port.

use std::{collections::HashMap, hash::Hash};

use serde::{Deserialize, Serialize};

use crate::{
    numeric::order::places,
    table::{Block, Column, FlowColumns, Host, MISSING_WHOLE, Schema},
};

/// How many parts the time is cut into.
pub const PARTS: usize = 96;
/// Different hosts, pairs or ports that are counted one by one.
pub const MOST_COUNTED: usize = 1 << 17;

/// How much of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// Flows.
    pub flows: u64,
    /// Those of them that are anomalies.
    pub anomalies: u64,
    /// Bytes of all of them, in both directions, each flow's as 32-bit floats hold them; 0 where the file does not say.
    pub bytes: u64,
}

impl Amounts {
    fn add(&mut self, other: Self) {
        self.flows += other.flows;
        self.anomalies += other.anomalies;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }

    /// As much together with this.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// One of them.
    #[must_use]
    pub fn of(self, what: Amount) -> u64 {
        match what {
            Amount::Flows => self.flows,
            Amount::Anomalies => self.anomalies,
            Amount::Bytes => self.bytes,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Flows.
    Flows,
    /// Anomalies.
    Anomalies,
    /// Bytes.
    Bytes,
}

/// How much each of several has. Where there are more than [`MOST_COUNTED`] of them, none is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census<K> {
    /// In ascending order.
    counts: Vec<(K, Amounts)>,
    crowded: bool,
}

impl<K> Default for Census<K> {
    fn default() -> Self {
        Self { counts: Vec::new(), crowded: false }
    }
}

impl<K: Ord + Copy> Census<K> {
    fn of(counted: HashMap<K, Amounts>) -> Self {
        if counted.len() > MOST_COUNTED {
            return Self { counts: Vec::new(), crowded: true };
        }
        let mut counts: Vec<(K, Amounts)> = counted.into_iter().collect();
        counts.sort_unstable_by_key(|count| count.0);
        Self { counts, crowded: false }
    }

    fn merge(&mut self, other: Self) {
        let (mut mine, mut theirs) =
            (std::mem::take(&mut self.counts).into_iter().peekable(), other.counts.into_iter().peekable());
        let mut all = Vec::with_capacity(mine.len().max(theirs.len()));
        loop {
            let next = match (mine.peek(), theirs.peek()) {
                (Some(one), Some(other)) if one.0 == other.0 => {
                    mine.next().zip(theirs.next()).map(|((key, one), (_, other))| (key, one.with(other)))
                }
                (Some(one), Some(other)) if one.0 > other.0 => theirs.next(),
                (Some(_), _) => mine.next(),
                (None, _) => theirs.next(),
            };
            let Some(next) = next else { break };
            all.push(next);
        }
        self.crowded |= other.crowded || all.len() > MOST_COUNTED;
        if !self.crowded {
            self.counts = all;
        }
    }

    /// There are too many to be told one by one.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.crowded
    }

    /// All of them, in their own order.
    #[must_use]
    pub fn counts(&self) -> &[(K, Amounts)] {
        &self.counts
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// There are none, or too many.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The first of them, those with the most of this first; of equal ones those with more flows, then in their own order.
    #[must_use]
    pub fn by(&self, what: Amount, first: usize) -> Vec<(K, Amounts)> {
        let most = |place: usize| [self.counts[place].1.of(what), self.counts[place].1.flows];
        places(self.counts.len(), &|a, b| most(b).cmp(&most(a)))
            .into_iter()
            .take(first)
            .map(|place| self.counts[place])
            .collect()
    }
}

/// What there was of the flows that are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// By the time at which flows began, in [`PARTS`] equal parts; empty where the file says no times.
    pub times: Vec<Amounts>,
    /// By host, whichever end it is.
    pub hosts: Census<Host>,
    /// By source and destination.
    pub pairs: Census<(Host, Host)>,
    /// By the port at the destination, by keys of its column.
    pub ports: Census<u32>,
}

impl Traffic {
    /// Joins what there was of other flows.
    pub fn merge(&mut self, other: Self) {
        self.times.iter_mut().zip(other.times).for_each(|(part, more)| part.add(more));
        self.hosts.merge(other.hosts);
        self.pairs.merge(other.pairs);
        self.ports.merge(other.ports);
    }

    /// With how many others each of the hosts has flows, in their order; `None` where there are too many hosts or pairs to tell.
    #[must_use]
    pub fn peers(&self) -> Option<Vec<u32>> {
        if self.pairs.crowded || self.hosts.crowded {
            return None;
        }
        let place = |host: &Host| self.hosts.counts.binary_search_by(|known| known.0.cmp(host)).ok();
        let ends = self.pairs.counts.iter().filter_map(|((from, to), _)| Some([place(from)?, place(to)?]));
        // A pair in both directions is one.
        let mut pairs: Vec<[usize; 2]> = ends.filter(|[a, b]| a != b).map(|[a, b]| [a.min(b), a.max(b)]).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut peers = vec![0; self.hosts.len()];
        pairs.into_iter().flatten().for_each(|place| peers[place] += 1);
        Some(peers)
    }
}

/// Counts flows.
pub struct TrafficCount {
    flow: FlowColumns,
    /// Columns whose numbers together are a flow's bytes.
    bytes: Vec<usize>,
    /// From when to when is looked at, in nanoseconds.
    span: [i64; 2],
    times: Vec<Amounts>,
    hosts: HashMap<Host, Amounts>,
    pairs: HashMap<(Host, Host), Amounts>,
    ports: HashMap<u32, Amounts>,
}

impl TrafficCount {
    /// Nothing yet, of files with such columns.
    #[must_use]
    pub fn new(schema: &Schema, span: [i64; 2]) -> Self {
        let flow = FlowColumns::of(schema);
        let times = vec![Amounts::default(); if flow.time.is_some() { PARTS } else { 0 }];
        let (hosts, pairs, ports) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { bytes: byte_columns(schema), flow, span, times, hosts, pairs, ports }
    }

    /// Counts a row of a block.
    pub fn add(&mut self, block: &Block, row: usize, is_anomaly: bool) {
        let bytes =
            |&column: &usize| block.columns[column].number_at(row).map_or(0, |bytes| bytes.max(0.0).round() as u64);
        let bytes = self.bytes.iter().map(bytes).fold(0, u64::saturating_add);
        let one = Amounts { flows: 1, anomalies: is_anomaly.into(), bytes };
        if let Some(Column::Time { cells, .. }) = self.flow.time.and_then(|column| block.columns.get(column)) {
            let time = cells.at(row);
            if let Some(part) = (time != MISSING_WHOLE).then(|| part_of(time, self.span)).flatten() {
                self.times[part].add(one);
            }
        }
        let end = |place: usize| self.flow.addresses.get(place).map(|&column| block.columns[column].host_at(row));
        let ends = [end(0), end(1)];
        for (place, end) in ends.into_iter().enumerate() {
            if let Some(end) = end.filter(|&end| end != Host::Missing && (place == 0 || ends[0] != Some(end))) {
                count(&mut self.hosts, end, one);
            }
        }
        if let [Some(from), Some(to)] = ends {
            count(&mut self.pairs, (from, to), one);
        }
        let port = self.flow.ports.len().checked_sub(1).map(|last| self.flow.ports[last.min(1)]);
        if let Some(column) = port {
            count(&mut self.ports, block.columns[column].key_at(row), one);
        }
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Traffic {
        let (hosts, pairs, ports) = (Census::of(self.hosts), Census::of(self.pairs), Census::of(self.ports));
        Traffic { times: self.times, hosts, pairs, ports }
    }
}

/// More than [`MOST_COUNTED`] are never told, so that no more need be known of them.
fn count<K: Hash + Eq>(counts: &mut HashMap<K, Amounts>, key: K, one: Amounts) {
    if counts.len() <= MOST_COUNTED {
        counts.entry(key).or_default().add(one);
    }
}

/// The part in which a point in time is; the last one holds its own end.
fn part_of(time: i64, [begin, end]: [i64; 2]) -> Option<usize> {
    if time < begin || time > end {
        return None;
    }
    // In 128 bits, since the product may not fit in 64.
    let part = (i128::from(time) - i128::from(begin)) * PARTS as i128 / (i128::from(end) - i128::from(begin)).max(1);
    Some((part as usize).min(PARTS - 1))
}

/// The points in time between which a part lies, whose last one belongs to the next: the least that are in this part and in that.
#[must_use]
pub fn part_span(part: usize, [begin, end]: [i64; 2]) -> [i64; 2] {
    let span = (i128::from(end) - i128::from(begin)).max(1);
    [part, part + 1].map(|part| (i128::from(begin) + (part as i128 * span + PARTS as i128 - 1) / PARTS as i128) as i64)
}

/// Columns whose numbers together are the bytes of a flow: the one that says so, or those of both directions.
fn byte_columns(schema: &Schema) -> Vec<usize> {
    let means = |meaning: &str| schema.fields.iter().position(|field| field.meaning.as_deref() == Some(meaning));
    means("bytes").map_or_else(|| ["fwd_bytes", "bwd_bytes"].into_iter().filter_map(means).collect(), |all| vec![all])
}

/// Whether such a file says how many bytes flows have.
#[must_use]
pub fn has_bytes(schema: &Schema) -> bool {
    !byte_columns(schema).is_empty()
}

#[cfg(test)]
mod tests;
