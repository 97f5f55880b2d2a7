//! What the visitor says of findings, kept with the file.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;

use crate::{
    report::{Mark, Marks, Notebook, Remark, Subject},
    ui::findings::{Finding, What},
};

/// Flows by which a group is known again.
pub const KNOWN_BY: usize = 9;

/// Stands between how many flows something was said of, and who they were.
const ABOUT: &str = ", ";

/// What was said before of what something was said of at once.
type Said = Vec<(Subject, Option<Remark>)>;

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
    /// The same as run and downloads take it.
    marks: Memo<Arc<Marks>>,
    before: StoredValue<Vec<Said>>,
    /// What it is kept as.
    name: StoredValue<Option<String>>,
    /// What is still to be kept, by what it is kept as.
    unkept: StoredValue<BTreeMap<String, Notebook>>,
    saving: StoredValue<bool>,
}

impl Review {
    /// Nothing is said.
    pub fn new() -> Self {
        let (notebook, recognised) = (RwSignal::new(Notebook::default()), RwSignal::new(BTreeMap::new()));
        let marks = move |_: Option<&Arc<Marks>>| {
            let recognised = recognised.get();
            notebook.with(|notebook| Arc::new(notebook.marks(&recognised)))
        };
        Self {
            notebook,
            kept: RwSignal::new(None),
            undoable: RwSignal::new(false),
            recognised,
            marks: Memo::new(marks),
            flows: StoredValue::new(BTreeMap::new()),
            before: StoredValue::new(Vec::new()),
            name: StoredValue::new(None),
            unkept: StoredValue::new(BTreeMap::new()),
            saving: StoredValue::new(false),
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

    /// Has all that is said now kept; whether nobody does that yet. Nothing is kept of a file that cannot be known again.
    pub fn is_to_be_kept(self) -> bool {
        let Some(name) = self.name() else {
            self.kept.set(Some(false));
            return false;
        };
        let notebook = self.notebook.get_untracked();
        self.unkept.update_value(|unkept| _ = unkept.insert(name, notebook));
        let idle = !self.saving.get_value();
        self.saving.set_value(true);
        idle
    }

    /// The next that is to be kept, and as what; with nothing left, nobody keeps any more.
    pub fn next_unkept(self) -> Option<(String, Notebook)> {
        let mut next = None;
        self.unkept.update_value(|unkept| next = unkept.pop_first());
        self.saving.set_value(next.is_some());
        next
    }

    /// Something is not kept yet.
    pub fn is_saving(self) -> bool {
        self.saving.get_value()
    }

    /// Forgets all that is said. It can be taken back at once.
    pub fn clear(self, at: f64) {
        let subjects: Vec<Subject> =
            self.notebook.with_untracked(|notebook| notebook.iter().map(|(subject, _)| subject).collect());
        let mut before = Vec::new();
        self.notebook.update(|notebook| {
            for subject in subjects {
                before.push((subject, notebook.say(subject, Remark::nothing(at))));
            }
        });
        self.remember(before);
    }

    /// The last run's groups are no more.
    pub fn forget_groups(self) {
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
        self.marks.get()
    }

    /// What is said of a finding.
    pub fn remark(self, finding: &Finding) -> Option<Remark> {
        match &finding.what {
            What::Group(number) => {
                let subject = self.recognised.with(|recognised| recognised.get(number).copied())?;
                self.notebook.with(|notebook| notebook.get(subject).cloned())
            }
            What::Flow(row) => self.remark_of_flow(row.offset),
        }
    }

    /// What is said of the flow whose record begins at this byte, itself.
    pub fn remark_of_flow(self, offset: u64) -> Option<Remark> {
        let subject = Subject { group: false, flow: offset };
        self.notebook.with(|notebook| notebook.get(subject).cloned()).or_else(|| {
            // It was one of a group that is no more.
            let marked = self.marks.with(|marks| marks.flows.get(&offset).cloned())?;
            Some(Remark { mark: marked.mark, note: marked.note, ..Remark::nothing(0.0) })
        })
    }

    /// Who a flow was, if something was said of it.
    pub fn who_of_flow(self, offset: u64) -> Option<String> {
        let about = self.remark_of_flow(offset)?.about;
        let (_, who) = about.split_once(ABOUT)?;
        (!who.is_empty()).then(|| who.to_owned())
    }

    /// Flows that a finding of the last run is known by.
    pub fn flows_of(self, finding: &Finding) -> Vec<u64> {
        match &finding.what {
            What::Flow(row) => vec![row.offset],
            What::Group(number) => self.flows.with_value(|flows| flows.get(number).cloned().unwrap_or_default()),
        }
    }

    /// What a remark on a finding is about: a flow, a group that is known, or one that nothing was said of yet.
    fn subject(self, finding: &Finding) -> Option<Subject> {
        match &finding.what {
            What::Flow(row) => Some(Subject { group: false, flow: row.offset }),
            What::Group(number) => self.recognised.with_untracked(|known| known.get(number).copied()).or_else(|| {
                let flows = self.flows.with_value(|flows| flows.get(number).cloned())?;
                let subject = |flow| Subject { group: true, flow };
                self.notebook.with_untracked(|notebook| {
                    flows.into_iter().map(subject).find(|subject| notebook.get(*subject).is_none())
                })
            }),
        }
    }

    /// Says something of a finding from now (in milliseconds since 1970) on; whether it could be said.
    pub fn say(self, finding: &Finding, at: f64, change: impl FnOnce(&mut Remark)) -> bool {
        let Some(subject) = self.subject(finding) else { return false };
        let flows = match finding.what {
            What::Group(_) => self.flows_of(finding),
            What::Flow(_) => Vec::new(),
        };
        let mut remark = untrack(|| self.remark(finding)).unwrap_or(Remark { flows, ..Remark::nothing(at) });
        change(&mut remark);
        remark.at = at;
        remark.about = format!("{}{ABOUT}{}", finding.title(), finding.who());
        if let What::Group(number) = finding.what {
            self.recognised.update(|recognised| _ = recognised.insert(number, subject));
        }
        let mut before = None;
        self.notebook.update(|notebook| before = notebook.say(subject, remark));
        self.remember(vec![(subject, before)]);
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
        self.notebook.update(|notebook| {
            for (subject, before) in last.unwrap_or_default() {
                notebook.say(subject, Remark { at, ..before.unwrap_or(Remark::nothing(at)) });
            }
        });
        self.undoable.set(self.before.with_value(|all| !all.is_empty()));
    }

    fn remember(self, before: Said) {
        self.before.update_value(|all| all.push(before));
        self.undoable.set(true);
    }
}
