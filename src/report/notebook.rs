//! All that an analyst said of a file's flows, run after run, as it is kept and carried elsewhere.
//!
//! A group has another number in another run, or none. So what is said of one is kept with some of its flows: a group that holds
//! most of them is that group again, and where none does, it is said of these flows alone.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Mark, Marked, Marks};

/// Of what something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subject {
    /// A group is meant, not the flow alone.
    pub group: bool,
    /// The byte at which the flow's record begins; of a group, that of its most anomalous flow when it was marked.
    pub flow: u64,
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Remark {
    /// What it is, if anything.
    pub mark: Option<Mark>,
    /// What else there is to say.
    pub note: String,
    /// Who and what it is, for people who read the file.
    pub about: String,
    /// When that was said, in milliseconds since 1970.
    pub at: f64,
    /// Of a group, some of its flows.
    pub flows: Vec<u64>,
}

/// No clock says more: 65,000 years from 1970.
const LATEST: f64 = 2e15;

impl Remark {
    /// Nothing, from now on.
    #[must_use]
    pub fn nothing(at: f64) -> Self {
        Self { mark: None, note: String::new(), about: String::new(), at, flows: Vec::new() }
    }

    fn says_nothing(&self) -> bool {
        self.mark.is_none() && self.note.is_empty()
    }
}

/// A subject and what is said of it.
#[derive(Serialize)]
pub(super) struct Entry<'a>(&'a Subject, &'a Remark);

/// How all of them are written.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a str,
    remarks: &'a Notebook,
}

/// All remarks on a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notebook {
    /// By what they are about. Those that say nothing any more are kept, so that an older copy does not bring them back.
    remarks: BTreeMap<Subject, Remark>,
}

impl FromIterator<(Subject, Remark)> for Notebook {
    fn from_iter<T: IntoIterator<Item = (Subject, Remark)>>(entries: T) -> Self {
        let mut notebook = Self::default();
        entries.into_iter().for_each(|(subject, remark)| notebook.take(subject, remark));
        notebook
    }
}

impl Notebook {
    /// Nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.remarks.values().all(Remark::says_nothing)
    }

    /// Things of which something is said.
    #[must_use]
    pub fn len(&self) -> usize {
        self.remarks.values().filter(|remark| !remark.says_nothing()).count()
    }

    /// What is said of something.
    #[must_use]
    pub fn get(&self, subject: Subject) -> Option<&Remark> {
        self.remarks.get(&subject).filter(|remark| !remark.says_nothing())
    }

    /// Puts this in place of what was said before, which it gives back. It counts as said later than that, whatever a clock says.
    pub fn say(&mut self, subject: Subject, mut remark: Remark) -> Option<Remark> {
        if let Some(known) = self.remarks.get(&subject) {
            remark.at = remark.at.max(known.at + 1.0);
        }
        self.remarks.insert(subject, remark)
    }

    /// The same, unless something later was said.
    fn take(&mut self, subject: Subject, remark: Remark) {
        let known = self.remarks.get(&subject).is_some_and(|known| known.at >= remark.at);
        if !known && (0.0..LATEST).contains(&remark.at) {
            self.remarks.insert(subject, remark);
        }
    }

    /// Takes in what another one says; of the same thing, what was said last stands.
    pub fn merge(&mut self, other: Self) {
        for (subject, remark) in other.remarks {
            self.take(subject, remark);
        }
    }

    /// All that is said, by what it is about.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, &Remark)> {
        self.remarks.iter().filter(|(_, remark)| !remark.says_nothing()).map(|(subject, remark)| (*subject, remark))
    }

    /// The flows by which groups are known again.
    #[must_use]
    pub fn flows_of_groups(&self) -> Vec<u64> {
        let groups = self.remarks.iter().filter(|(subject, remark)| subject.group && !remark.says_nothing());
        groups.flat_map(|(_, remark)| remark.flows.iter().copied()).collect()
    }

    /// Which groups of a run are those of which something is said, by the groups that flows are in there.
    #[must_use]
    pub fn recognised(&self, group_of: &BTreeMap<u64, u8>) -> BTreeMap<u8, Subject> {
        let mut found = BTreeMap::new();
        for (&subject, remark) in
            self.remarks.iter().filter(|(subject, remark)| subject.group && !remark.says_nothing())
        {
            let mut votes: BTreeMap<u8, usize> = BTreeMap::new();
            for group in remark.flows.iter().filter_map(|flow| group_of.get(flow)).filter(|group| **group > 0) {
                *votes.entry(*group).or_default() += 1;
            }
            if let Some((group, _)) = votes.into_iter().find(|(_, votes)| votes * 2 > remark.flows.len()) {
                found.entry(group).or_insert(subject);
            }
        }
        found
    }

    /// What it says of the flows of a run, whose groups of these numbers are those of which something is said.
    #[must_use]
    pub fn marks(&self, recognised: &BTreeMap<u8, Subject>) -> Marks {
        let mut marks = Marks::default();
        let marked = |remark: &Remark| Marked { mark: remark.mark, note: remark.note.clone() };
        for (subject, remark) in self.remarks.iter().filter(|(_, remark)| !remark.says_nothing()) {
            if !subject.group {
                marks.flows.insert(subject.flow, marked(remark));
            } else if let Some((&group, _)) = recognised.iter().find(|(_, known)| *known == subject) {
                marks.groups.insert(group, marked(remark));
            } else {
                for &flow in &remark.flows {
                    let alone = Subject { group: false, flow };
                    if self.get(alone).is_none() {
                        marks.flows.insert(flow, marked(remark));
                    }
                }
            }
        }
        marks
    }

    /// As a text, for files: which file of flows it is about, and pairs of a subject and a remark. The browser reads it.
    #[must_use]
    pub fn to_json(&self, file: &str) -> String {
        serde_json::to_string(&Written { file, remarks: self }).unwrap_or_default()
    }

    /// All that it holds, as it is written.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.remarks.iter().map(|(subject, remark)| Entry(subject, remark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Said;

    const FLOW: Subject = Subject { group: false, flow: 700 };
    const GROUP: Subject = Subject { group: true, flow: 100 };

    fn remark(mark: Option<Mark>, note: &str, at: f64, flows: &[u64]) -> Remark {
        Remark { mark, note: note.into(), about: String::new(), at, flows: flows.to_vec() }
    }

    fn notebook() -> Notebook {
        let mut notebook = Notebook::default();
        notebook.say(FLOW, remark(Some(Mark::Suspicious), "ask Kim", 1.0, &[]));
        notebook.say(GROUP, remark(Some(Mark::Expected), "", 1.0, &[100, 200, 300]));
        notebook
    }

    #[test]
    fn its_text_is_json_whatever_is_said() {
        let mut notebook = notebook();
        notebook.say(FLOW, remark(None, "<script>alert(1)</script>\n\"=1+1", 2.0, &[]));
        let text = notebook.to_json("00ff");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["file"], "00ff");
        let read = &read["remarks"];
        assert_eq!(read[0][0]["flow"], 700);
        assert_eq!(read[0][1]["note"], "<script>alert(1)</script>\n\"=1+1");
        assert_eq!(read[1][1]["mark"], "expected");
        assert_eq!(read[1][1]["flows"], serde_json::json!([100, 200, 300]));
    }

    #[test]
    fn a_group_is_known_again_by_most_of_its_flows() {
        let notebook = notebook();
        assert_eq!(notebook.flows_of_groups(), [100, 200, 300]);
        let groups = BTreeMap::from([(100, 4), (200, 4), (300, 0)]);
        let recognised = notebook.recognised(&groups);
        assert_eq!(recognised, BTreeMap::from([(4, GROUP)]));
        let marks = notebook.marks(&recognised);
        assert_eq!(marks.of(150, 4).mark, Some(Mark::Expected));
        assert_eq!(marks.of(700, 4).note, "ask Kim", "of itself before its group");
        assert_eq!(marks.of(150, 0), Said::default());
        // Where it is no more, the flows that are known are marked.
        let none = notebook.recognised(&BTreeMap::from([(100, 4), (200, 0), (300, 0)]));
        assert!(none.is_empty());
        assert_eq!(notebook.marks(&none).of(200, 0).mark, Some(Mark::Expected));
    }

    #[test]
    fn of_two_copies_what_was_said_last_stands() {
        let (mut one, mut other) = (notebook(), notebook());
        one.say(FLOW, remark(Some(Mark::Unsure), "", 3.0, &[]));
        other.say(FLOW, remark(None, "", 2.0, &[]));
        other.say(Subject { group: false, flow: 9 }, remark(Some(Mark::Expected), "", 2.0, &[]));
        let mut merged = one.clone();
        merged.merge(other.clone());
        other.merge(one);
        assert_eq!(merged, other);
        assert_eq!((merged.len(), merged.get(FLOW).map(|remark| remark.mark)), (3, Some(Some(Mark::Unsure))));
        merged.say(FLOW, Remark::nothing(0.0));
        assert_eq!(merged.get(FLOW), None, "the last word counts, though its clock is behind");
        merged.merge(other);
        assert_eq!(merged.get(FLOW), None, "an older copy does not bring it back");
        merged.merge(std::iter::once((FLOW, remark(Some(Mark::Unsure), "", 1e300, &[]))).collect());
        assert_eq!(merged.get(FLOW), None, "nobody said that so late");
    }
}
