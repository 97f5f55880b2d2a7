//! What the visitor says of findings, kept with the file.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;

use crate::{
    report::{Mark, Marks, Notebook, Remark, Subject},
    ui::findings::{Finding, What},
};

/// Flows by which a group is known again.
pub const KNOWN_BY: usize = 9;

/// Whether what is said is being kept in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// It is not.
    Done,
    /// It is.
    Now,
    /// And more was said meanwhile.
    Again,
}

/// What is said of the file at hand.
#[derive(Clone, Copy)]
pub struct Review {
    /// All of it, by earlier runs as well.
    pub notebook: RwSignal<Notebook>,
    /// Whether the browser keeps it, once it was asked to.
    pub kept: RwSignal<Option<bool>>,
    /// Something can be taken back.
    pub undoable: RwSignal<bool>,
    /// The last run's groups of which something is said.
    recognised: RwSignal<BTreeMap<u8, Subject>>,
    /// Flows of the last run's groups.
    flows: StoredValue<BTreeMap<u8, Vec<u64>>>,
    before: StoredValue<Vec<(Subject, Option<Remark>)>>,
    /// What it is kept as.
    name: StoredValue<Option<String>>,
    saving: StoredValue<Saving>,
}

impl Review {
    /// Nothing is said.
    pub fn new() -> Self {
        Self {
            notebook: RwSignal::new(Notebook::default()),
            kept: RwSignal::new(None),
            undoable: RwSignal::new(false),
            recognised: RwSignal::new(BTreeMap::new()),
            flows: StoredValue::new(BTreeMap::new()),
            before: StoredValue::new(Vec::new()),
            name: StoredValue::new(None),
            saving: StoredValue::new(Saving::Done),
        }
    }

    /// Another file, of which this was said before.
    pub fn begin(self, name: Option<String>, notebook: Notebook) {
        self.forget_groups();
        if name.is_some() && name == self.name.get_value() {
            self.notebook.update(|known| known.merge(notebook));
            return;
        }
        self.name.set_value(name);
        self.notebook.set(notebook);
        self.kept.set(None);
        self.before.update_value(Vec::clear);
        self.undoable.set(false);
    }

    /// What the file's remarks are kept as.
    pub fn name(self) -> Option<String> {
        self.name.get_value()
    }

    /// Takes in what another tab said of the file of that name, if it is still at hand.
    pub fn take(self, name: &str, notebook: Notebook) {
        if self.name.with_value(|here| here.as_deref() == Some(name)) {
            self.notebook.update(|known| known.merge(notebook));
        }
    }

    /// Whether to begin to save; if that goes on already, it is done once more.
    pub fn may_save(self) -> bool {
        let idle = self.saving.get_value() == Saving::Done;
        self.saving.set_value(if idle { Saving::Now } else { Saving::Again });
        idle
    }

    /// It is saved; whether it must be done once more.
    pub fn saved(self) -> Saving {
        let next = if self.saving.get_value() == Saving::Again { Saving::Now } else { Saving::Done };
        self.saving.set_value(next);
        next
    }

    /// Forgets all that is said.
    pub fn clear(self, at: f64) {
        self.notebook.update(|notebook| notebook.clear(at));
        self.before.update_value(Vec::clear);
        self.undoable.set(false);
    }

    /// The last run's groups are no more.
    fn forget_groups(self) {
        self.flows.update_value(BTreeMap::clear);
        self.recognised.set(BTreeMap::new());
    }

    /// The last run has groups with these flows, and those of which something is said are in these.
    pub fn know_groups(self, flows: BTreeMap<u8, Vec<u64>>, groups: &BTreeMap<u64, u8>) {
        self.flows.set_value(flows);
        self.recognised.set(self.notebook.with_untracked(|notebook| notebook.recognised(groups)));
    }

    /// What is said of the last run's flows.
    pub fn marks(self) -> Arc<Marks> {
        let recognised = self.recognised.get();
        self.notebook.with(|notebook| Arc::new(notebook.marks(&recognised)))
    }

    /// What is said of a finding.
    pub fn remark(self, finding: &Finding) -> Option<Remark> {
        let subject = self.recognised.with(|recognised| self.subject(finding, recognised))?;
        self.notebook.with(|notebook| notebook.get(subject).cloned())
    }

    fn subject(self, finding: &Finding, recognised: &BTreeMap<u8, Subject>) -> Option<Subject> {
        match &finding.what {
            What::Flow(row) => Some(Subject { group: false, flow: row.offset }),
            What::Group(number) => recognised.get(number).copied().or_else(|| {
                let flow = self.flows.with_value(|flows| flows.get(number)?.first().copied())?;
                Some(Subject { group: true, flow })
            }),
        }
    }

    /// Says something of a finding from now (in milliseconds since 1970) on; whether it could be said.
    pub fn say(self, finding: &Finding, at: f64, change: impl FnOnce(&mut Remark)) -> bool {
        let Some(subject) = self.recognised.with_untracked(|recognised| self.subject(finding, recognised)) else {
            return false;
        };
        let flows = match finding.what {
            What::Group(number) => self.flows.with_value(|flows| flows.get(&number).cloned().unwrap_or_default()),
            What::Flow(_) => Vec::new(),
        };
        let known = self.notebook.with_untracked(|notebook| notebook.get(subject).cloned());
        let mut remark = known.unwrap_or(Remark { mark: None, note: String::new(), about: String::new(), at, flows });
        change(&mut remark);
        remark.at = at;
        remark.about = format!("{}, {}", finding.title(), finding.who());
        if let What::Group(number) = finding.what {
            self.recognised.update(|recognised| _ = recognised.insert(number, subject));
        }
        let mut before = None;
        self.notebook.update(|notebook| before = notebook.say(subject, remark));
        self.before.update_value(|all| all.push((subject, before)));
        self.undoable.set(true);
        true
    }

    /// Marks a finding; where it has that mark, takes it away.
    pub fn mark(self, finding: &Finding, at: f64, mark: Mark) -> bool {
        self.say(finding, at, |remark| remark.mark = if remark.mark == Some(mark) { None } else { Some(mark) })
    }

    /// Takes the last thing back that was said.
    pub fn undo(self, at: f64) {
        let mut last = None;
        self.before.update_value(|all| last = all.pop());
        if let Some((subject, before)) = last {
            let nothing = Remark { mark: None, note: String::new(), about: String::new(), at, flows: Vec::new() };
            let remark = Remark { at, ..before.unwrap_or(nothing) };
            self.notebook.update(|notebook| _ = notebook.say(subject, remark));
        }
        self.undoable.set(self.before.with_value(|all| !all.is_empty()));
    }
}
