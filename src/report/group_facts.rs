//! What is true of all rows of a group, counted over all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    context::Clock,
    numeric::order::ordered,
    table::{Block, Column, FlowColumns, Host, MISSING_WHOLE, Schema},
};

/// Bars of a group's chart over time.
pub const BARS: usize = 48;
/// Different values that are counted one by one.
const MOST_VALUES: usize = 4_096;

/// How often each value occurs, of as many as are counted one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally<K: Ord> {
    counts: BTreeMap<K, u64>,
    crowded: bool,
}

impl<K: Ord> Default for Tally<K> {
    fn default() -> Self {
        Self { counts: BTreeMap::new(), crowded: false }
    }
}

impl<K: Ord + Copy> Tally<K> {
    fn add(&mut self, key: K, rows: u64) {
        if self.crowded {
            return;
        }
        *self.counts.entry(key).or_default() += rows;
        if self.counts.len() > MOST_VALUES {
            (self.counts, self.crowded) = (BTreeMap::new(), true);
        }
    }

    fn merge(&mut self, other: Self) {
        if other.crowded {
            (self.counts, self.crowded) = (BTreeMap::new(), true);
        }
        other.counts.into_iter().for_each(|(key, rows)| self.add(key, rows));
    }

    /// Different values; `None` where there are too many to have been counted.
    pub fn different(&self) -> Option<usize> {
        (!self.crowded).then_some(self.counts.len())
    }

    /// The only value, if there is but one.
    pub fn only(&self) -> Option<K> {
        self.counts.keys().next().copied().filter(|_| self.counts.len() == 1)
    }

    /// The value occurs, as far as they were counted.
    pub fn has(&self, key: K) -> bool {
        self.counts.contains_key(&key)
    }

    /// Values with their rows, the commonest first.
    pub fn commonest(&self) -> Vec<(K, u64)> {
        let all = self.counts.iter().map(|(key, rows)| (*key, *rows)).collect();
        ordered(all, |a: &(K, u64), b: &(K, u64)| b.1.cmp(&a.1))
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Told {
    /// Numbers, where there are some.
    Numbers {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
        /// All of them together, rounded one by one.
        sum: i128,
        /// Rows without one.
        missing: u64,
    },
    /// Values, by their keys.
    Values(Tally<u32>),
}

/// What is true of all rows of a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupFacts {
    /// Rows.
    pub rows: u64,
    /// When the first and the last began, in nanoseconds, where that is known.
    pub times: Option<[i64; 2]>,
    /// Rows by time, between the first and the last of the file.
    pub when: Vec<u32>,
    /// Rows by time, in stretches with about equal shares of the file's flows; empty where these are not known.
    pub stretches: Vec<u32>,
    /// Where they came from and where they went.
    pub hosts: [Tally<Host>; 2],
    /// The ports of both ends.
    pub ports: [Tally<u32>; 2],
    /// Protocols.
    pub protocols: Tally<u32>,
    /// Per column of the file.
    pub columns: Vec<Option<Told>>,
}

/// Counts rows of groups.
#[derive(Debug, Clone)]
pub struct Counting {
    flow: FlowColumns,
    /// The first and the last point in time of the file.
    span: [i64; 2],
    /// What cuts it into parts of equal shares.
    clock: Option<Clock>,
    /// Columns, and whether their values are told apart rather than measured.
    columns: Vec<(usize, bool)>,
}

impl Counting {
    /// What is counted in files with such columns, of which these are compared.
    pub fn new(
        schema: &Schema,
        compared: impl IntoIterator<Item = usize>,
        (span, clock): ([i64; 2], Option<Clock>),
    ) -> Self {
        let mut columns: Vec<usize> = compared.into_iter().collect();
        let summed = |column: &usize| schema.fields[*column].unit.is_some() && schema.fields[*column].meaning.is_some();
        columns.extend((0..schema.width()).filter(summed));
        columns.sort_unstable();
        columns.dedup();
        let counted = |column: usize| (column, schema.fields[column].role.is_counted());
        Self { flow: FlowColumns::of(schema), span, clock, columns: columns.into_iter().map(counted).collect() }
    }

    /// Nothing yet.
    pub fn none(&self, schema: &Schema) -> GroupFacts {
        let columns = (0..schema.width()).map(|_| None).collect();
        let stretches = vec![0; self.clock.as_ref().map_or(0, Clock::stretches)];
        GroupFacts { columns, when: vec![0; BARS], stretches, ..GroupFacts::default() }
    }

    /// Counts a row of a block.
    pub fn add(&self, facts: &mut GroupFacts, block: &Block, row: usize) {
        facts.rows += 1;
        for (hosts, &column) in facts.hosts.iter_mut().zip(&self.flow.addresses) {
            hosts.add(block.columns[column].host_at(row), 1);
        }
        for (ports, &column) in facts.ports.iter_mut().zip(&self.flow.ports) {
            ports.add(block.columns[column].key_at(row), 1);
        }
        if let Some(column) = self.flow.protocol {
            facts.protocols.add(block.columns[column].key_at(row), 1);
        }
        if let Some(Column::Time { cells, .. }) = self.flow.time.and_then(|column| block.columns.get(column)) {
            let time = cells.at(row);
            if time != MISSING_WHOLE {
                let [first, last] = facts.times.unwrap_or([time; 2]);
                facts.times = Some([first.min(time), last.max(time)]);
                let [begin, end] = self.span;
                let share = (time - begin) as f64 / (end - begin).max(1) as f64;
                facts.when[((share * BARS as f64) as usize).min(BARS - 1)] += 1;
                if let Some(clock) = &self.clock {
                    facts.stretches[clock.stretch(time)] += 1;
                }
            }
        }
        for &(column, counted) in &self.columns {
            let cells = &block.columns[column];
            let told = &mut facts.columns[column];
            match cells {
                Column::Unstored => {}
                Column::Category(_) | Column::Address(_) => tell_value(told, cells.key_at(row)),
                // Ports are written as numbers, and none lies between two of them.
                _ if counted => tell_value(told, cells.key_at(row)),
                _ => told.get_or_insert(NO_NUMBERS).add(cells.number_at(row)),
            }
        }
    }
}

fn tell_value(told: &mut Option<Told>, key: u32) {
    if let Told::Values(tally) = told.get_or_insert_with(|| Told::Values(Tally::default())) {
        tally.add(key, 1);
    }
}

const NO_NUMBERS: Told = Told::Numbers { low: f64::INFINITY, high: f64::NEG_INFINITY, sum: 0, missing: 0 };

impl Told {
    fn add(&mut self, number: Option<f64>) {
        if let Self::Numbers { low, high, sum, missing } = self {
            match number {
                Some(number) => {
                    (*low, *high) = (low.min(number), high.max(number));
                    *sum = sum.saturating_add(number.round() as i128);
                }
                None => *missing += 1,
            }
        }
    }

    fn merge(&mut self, other: Self) {
        match (self, other) {
            (
                Self::Numbers { low, high, sum, missing },
                Self::Numbers { low: other_low, high: other_high, sum: other_sum, missing: others },
            ) => {
                (*low, *high) = (low.min(other_low), high.max(other_high));
                (*sum, *missing) = (sum.saturating_add(other_sum), *missing + others);
            }
            (Self::Values(tally), Self::Values(other)) => tally.merge(other),
            // A column is of one kind in all shards.
            (Self::Numbers { .. } | Self::Values(_), _) => {}
        }
    }
}

impl GroupFacts {
    /// Joins what is true of other rows.
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.times = match (self.times, other.times) {
            (Some([first, last]), Some([from, to])) => Some([first.min(from), last.max(to)]),
            (one, other) => one.or(other),
        };
        self.when.iter_mut().zip(other.when).for_each(|(bar, more)| *bar += more);
        self.stretches.iter_mut().zip(other.stretches).for_each(|(flows, more)| *flows += more);
        self.hosts.iter_mut().zip(other.hosts).for_each(|(hosts, more)| hosts.merge(more));
        self.ports.iter_mut().zip(other.ports).for_each(|(ports, more)| ports.merge(more));
        self.protocols.merge(other.protocols);
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) => mine.merge(theirs),
                (mine @ None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
    }
}
