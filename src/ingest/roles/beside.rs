//! What the other columns say about one.

use std::collections::HashSet;

use super::{
    cells::{self, is_address},
    words::{Name, Says},
};
use crate::{
    ingest::{
        families::{self, Family, plain},
        sniff::Evidence,
    },
    table::Role,
};

/// Ports of services of which a column without a telling name must hold mostly some.
const SERVICES: [f64; 32] = [
    7.0, 20.0, 21.0, 22.0, 23.0, 25.0, 53.0, 67.0, 68.0, 80.0, 110.0, 123.0, 135.0, 137.0, 138.0, 139.0, 143.0, 161.0,
    389.0, 443.0, 445.0, 500.0, 514.0, 993.0, 995.0, 1900.0, 3306.0, 3389.0, 5353.0, 8_080.0, 8_443.0, 5_355.0,
];
/// Rows that must say so.
const FEWEST_ROWS: usize = 5;

/// What all columns together say.
#[derive(Default)]
pub(in crate::ingest) struct Beside {
    /// A column is a label by its name, or holds such words.
    pub labelled: bool,
    /// The file is a result of ours.
    pub result: bool,
    /// Columns that are ports by where they stand and what they hold.
    pub ports: HashSet<usize>,
}

impl Beside {
    pub fn of(names: &[String], family: Option<&'static Family>, evidence: &[Evidence<'_>]) -> Self {
        let plain: HashSet<String> = names.iter().map(|name| plain(name)).collect();
        let labelled = names.iter().zip(evidence).any(|(name, evidence)| {
            let known = families::column(family, name).is_some_and(|column| column.role == Role::Label);
            let name = Name::of(name);
            known || name.says(Says::Label) || name.says(Says::PerhapsLabel) && holds_verdicts(evidence)
        });
        Self {
            labelled,
            result: ["anomaly", "anomalyscore", "anomalyrank"].iter().all(|name| plain.contains(*name)),
            ports: ports(names, family, evidence).unwrap_or_default(),
        }
    }
}

pub(super) fn holds_verdicts(evidence: &Evidence<'_>) -> bool {
    evidence.distinct().iter().any(|cell| cells::is_verdict(cell))
}

/// The two columns without telling names that stand in the same way beside two columns of addresses (`a, port, a, port`
/// or `a, a, port, port`), hold whole numbers to 65,535, and one of them mostly a few well-known ones.
fn ports(names: &[String], family: Option<&'static Family>, evidence: &[Evidence<'_>]) -> Option<HashSet<usize>> {
    let addresses: Vec<usize> = (0..names.len())
        .filter(|&column| cells::is_text(&evidence[column]) && evidence[column].mostly(is_address))
        .take(3)
        .collect();
    let [one, other] = addresses[..] else { return None };
    [1, 2].into_iter().find_map(|step| {
        let pair = [one + step, other + step];
        let free = |&column: &usize| {
            column < names.len()
                && !addresses.contains(&column)
                && families::column(family, &names[column]).is_none()
                && Name::of(&names[column]).says_nothing()
                && evidence[column].numbers.len() >= FEWEST_ROWS
                && cells::is_whole(&evidence[column])
                && cells::are_ports(&evidence[column])
        };
        let serves = |&column: &usize| {
            let numbers = &evidence[column].numbers;
            numbers.iter().filter(|port| SERVICES.contains(port)).count() * 2 > numbers.len()
        };
        (pair.iter().all(free) && pair.iter().any(serves)).then(|| pair.into_iter().collect())
    })
}
