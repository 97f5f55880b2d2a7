//! The order that marks taught.

use std::sync::Arc;

use crate::{
    learn::{Learned, Standings, Stands, Subject, ask, order},
    report::{Mark, Marks},
    ui::findings::{Finding, What},
};

/// What marks taught of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Taught {
    /// The marks.
    pub marks: Arc<Marks>,
    /// What they taught.
    pub learned: Arc<Learned>,
    /// Where the findings' flows stand by that.
    pub standings: Standings,
}

/// Findings in an order that was learned.
pub struct Ordered {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Where each of them stands.
    pub stands: Vec<Stands>,
}

/// Something that was marked teaches.
pub fn can_learn(marks: &Marks) -> bool {
    let teaches = |mark: Option<Mark>| matches!(mark, Some(Mark::Suspicious | Mark::Expected));
    marks.groups.values().any(|said| teaches(said.mark)) || marks.flows.values().any(|said| teaches(said.mark))
}

impl Taught {
    /// Findings, which are given by severity, in the order that was learned; `known` gives flows of a finding.
    pub fn order(&self, findings: Vec<Finding>, known: impl Fn(&Finding) -> Vec<u64>) -> Ordered {
        let flows: Vec<Vec<u64>> = findings.iter().map(known).collect();
        let stands = order(&flows, &self.standings);
        let mut findings: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
        let findings = stands.iter().filter_map(|stands| findings[stands.place].take()).collect();
        Ordered { findings, stands }
    }

    /// The place of the finding to mark next, of those that are not marked yet (see [`ask`]); findings are given in any order.
    pub fn ask(
        &self,
        findings: &[Finding],
        known: impl Fn(&Finding) -> Vec<u64>,
        marked: impl Fn(&Finding) -> bool,
    ) -> Option<usize> {
        let flows: Vec<Vec<u64>> = findings.iter().map(known).collect();
        let marked: Vec<bool> = findings.iter().map(marked).collect();
        ask(&self.learned, &flows, &marked, &self.standings)
    }
}

/// What a finding is, as a subject of marks.
pub fn is_subject(finding: &Finding, subject: Subject) -> bool {
    match (&finding.what, subject) {
        (What::Group(number), Subject::Group(marked)) => *number == marked,
        (What::Flow(row), Subject::Flow(offset)) => row.offset == offset,
        _ => false,
    }
}
