//! An analyst who answers from the labels.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use flowsift::{
    engine::{self, GroupFlows, GroupsOf, SinglesQuery, SortBy},
    evaluate::average_precision,
    learn::{self, Learned, Subject},
    report::{Mark, Marks},
};
use futures_executor::block_on;

use super::{Day, marked};

/// Single flows among the findings, and flows by which groups are known: as the page has them.
const SINGLES: usize = 25;
const KNOWN_BY: usize = 9;

/// Which finding is marked next.
#[derive(Clone, Copy, PartialEq)]
pub enum Asking {
    /// The first that is not marked yet, in the order of what was learned.
    First,
    /// The one whose mark helps most.
    Helpful,
    /// No finding, but a flow alone (as in Das et al. 2016): the first in that order of which marks tell nothing yet.
    Flow,
}

/// How the attacks among the flows stand that are neither marked nor in a marked group.
pub struct Seen {
    /// Average precision by what was learned, and of the same flows by the scores; not a number where no attack is left.
    pub learned: f64,
    pub scores: f64,
    /// Attacks among them.
    pub attacks: usize,
    /// Average precision of all flows by what was learned.
    pub all: f64,
}

struct Finding {
    subject: Subject,
    severity: f64,
    known: Vec<u64>,
}

pub struct Analyst<'a> {
    day: &'a Day,
    attacks: BTreeMap<u64, bool>,
    groups: BTreeMap<u64, u8>,
    /// By severity.
    findings: Vec<Finding>,
    marks: Marks,
    learned: Option<Arc<Learned>>,
}

impl<'a> Analyst<'a> {
    pub fn new(day: &'a Day, labels: &[bool]) -> Self {
        let offsets = day.offsets();
        assert_eq!(offsets.len(), labels.len());
        let anomalies = day.outcome.threshold.anomalies;
        let singles = block_on(engine::ask_all(&day.host, SinglesQuery { anomalies, most: SINGLES })).unwrap().rows;
        let known = block_on(engine::ask_all(&day.host, GroupFlows(KNOWN_BY))).unwrap().groups;
        let groups = block_on(engine::ask_all(&day.host, GroupsOf(offsets.clone()))).unwrap();
        let group = |(number, flows): (&u8, &Vec<(u32, u64)>)| Finding {
            subject: Subject::Group(*number),
            severity: day.outcome.groups[usize::from(*number) - 1].severity,
            known: flows.iter().map(|(_, offset)| *offset).collect(),
        };
        let mut findings: Vec<Finding> = known.iter().map(group).collect();
        findings.extend(singles.iter().map(|single| Finding {
            subject: Subject::Flow(single.row.offset),
            severity: single.severity.unwrap_or_default(),
            known: vec![single.row.offset],
        }));
        findings.sort_by(|a, b| b.severity.total_cmp(&a.severity));
        let attacks = offsets.into_iter().zip(labels.iter().copied()).collect();
        Self { day, attacks, groups, findings, marks: Marks::default(), learned: None }
    }

    /// Marks what comes next, and has that learned.
    pub fn mark(&mut self, asking: Asking) {
        let finding = if asking == Asking::Flow { None } else { self.next(asking) };
        let by = if asking == Asking::Flow { SortBy::Untold } else { SortBy::Learned };
        let subject = finding.unwrap_or_else(|| Subject::Flow(self.next_flow(by)));
        let rows = self.rows_of(subject);
        let attacks = rows.iter().filter(|offset| self.attacks[offset]).count();
        let mark = marked(if 2 * attacks > rows.len() { Mark::Suspicious } else { Mark::Expected });
        match subject {
            Subject::Flow(offset) => _ = self.marks.flows.insert(offset, mark),
            Subject::Group(number) => _ = self.marks.groups.insert(number, mark),
        }
        self.learned = self.day.learn(&self.marks);
    }

    /// The finding to mark next.
    fn next(&self, asking: Asking) -> Option<Subject> {
        let known: Vec<Vec<u64>> = self.findings.iter().map(|finding| finding.known.clone()).collect();
        let marked: Vec<bool> = self.findings.iter().map(|finding| self.is_marked(finding.subject)).collect();
        let place = match &self.learned {
            None => marked.iter().position(|marked| !marked),
            Some(learned) => {
                let offsets: BTreeSet<u64> = known.iter().flatten().copied().collect();
                let standings = self.day.standings(learned, offsets.into_iter().collect());
                match asking {
                    Asking::Helpful => learn::ask(learned, &known, &marked, &standings),
                    Asking::First | Asking::Flow => {
                        let order = learn::order(&known, &standings);
                        order.iter().map(|stands| stands.place).find(|&place| !marked[place])
                    }
                }
            }
        };
        Some(self.findings[place?].subject)
    }

    /// The first flow in an order of what was learned of which nothing is said.
    fn next_flow(&self, by: SortBy) -> u64 {
        let listed = self.day.list(by, self.learned.clone(), self.attacks.len()).rows;
        listed.iter().map(|row| row.offset).find(|&offset| self.is_left(offset)).unwrap()
    }

    fn is_marked(&self, subject: Subject) -> bool {
        match subject {
            Subject::Flow(offset) => self.marks.flows.contains_key(&offset),
            Subject::Group(number) => self.marks.groups.contains_key(&number),
        }
    }

    fn is_left(&self, offset: u64) -> bool {
        !self.is_marked(Subject::Flow(offset)) && !self.is_marked(Subject::Group(self.groups[&offset]))
    }

    fn rows_of(&self, subject: Subject) -> Vec<u64> {
        match subject {
            Subject::Flow(offset) => vec![offset],
            Subject::Group(number) => {
                self.groups.iter().filter(|(_, group)| **group == number).map(|(&offset, _)| offset).collect()
            }
        }
    }

    pub fn seen(&self) -> Seen {
        let by = |by, learned| self.day.list(by, learned, self.attacks.len()).rows;
        // Places are values: none is equal to another, as in a list.
        let precision = |rows: &mut dyn Iterator<Item = u64>| {
            let labels: Vec<bool> = rows.map(|offset| self.attacks[&offset]).collect();
            let places: Vec<f64> = (0..labels.len()).map(|place| -(place as f64)).collect();
            (average_precision(&places, &labels).unwrap_or(f64::NAN), labels.iter().filter(|label| **label).count())
        };
        let offsets = |rows: Vec<engine::ListedRow>| rows.into_iter().map(|row| row.offset).collect::<Vec<_>>();
        let learned = offsets(by(SortBy::Learned, self.learned.clone()));
        let scores = offsets(by(SortBy::Rank, None));
        let left = |rows: &[u64]| precision(&mut rows.iter().copied().filter(|&offset| self.is_left(offset)));
        let (all, _) = precision(&mut learned.iter().copied());
        Seen { learned: left(&learned).0, scores: left(&scores).0, attacks: left(&scores).1, all }
    }

    /// The share of all attacks in what is marked.
    pub fn covered(&self) -> f64 {
        let share =
            |of: &dyn Fn(u64) -> bool| self.attacks.iter().filter(|(offset, attack)| **attack && of(**offset)).count();
        share(&|offset| !self.is_left(offset)) as f64 / share(&|_| true) as f64
    }

    /// The share of all attacks in the first findings by severity.
    pub fn covered_by_severity(&self, first: usize) -> f64 {
        let rows = self.findings.iter().take(first).flat_map(|finding| self.rows_of(finding.subject));
        let found = rows.filter(|offset| self.attacks[offset]).count();
        found as f64 / self.attacks.values().filter(|attack| **attack).count() as f64
    }
}
