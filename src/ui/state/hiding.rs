//! Rules by which findings are hidden from their list: the visitor's, kept for all files, and those of a model for its runs.

use leptos::prelude::*;

use crate::{
    report::{Common, Suppression, Suppressions},
    ui::findings::Finding,
};

/// Which findings are hidden.
#[derive(Clone, Copy)]
pub struct Hiding {
    /// The visitor's rules.
    pub own: RwSignal<Suppressions>,
    /// Those of the model that the last run was by. One that is removed stays so for this visit.
    pub lent: RwSignal<Suppressions>,
    /// What is hidden is listed all the same.
    pub shown: RwSignal<bool>,
    /// Whether the browser keeps them, once it was asked to.
    pub kept: RwSignal<Option<bool>>,
    changed: StoredValue<bool>,
    saving: StoredValue<bool>,
}

impl Hiding {
    /// None.
    pub fn new() -> Self {
        Self {
            own: RwSignal::new(Suppressions::default()),
            lent: RwSignal::new(Suppressions::default()),
            shown: RwSignal::new(false),
            kept: RwSignal::new(None),
            changed: StoredValue::new(false),
            saving: StoredValue::new(false),
        }
    }

    /// The rule that hides a finding, if one does.
    pub fn rule_of(self, finding: &Finding) -> Option<Suppression> {
        let covering = |rules: &Suppressions| rules.covering(&finding.common).cloned();
        self.own.with(covering).or_else(|| self.lent.with(covering))
    }

    /// The finding is in the list.
    pub fn lists(self, finding: &Finding) -> bool {
        self.shown.get() || self.rule_of(finding).is_none()
    }

    /// All rules in force, and whether each is from the model alone.
    pub fn in_force(self) -> Vec<(Suppression, bool)> {
        let mut all: Vec<_> = self.own.with(|own| own.iter().map(|rule| (rule.clone(), false)).collect());
        self.lent.with(|lent| {
            for rule in lent.iter() {
                if all.iter().all(|(known, _)| known.what != rule.what) {
                    all.push((rule.clone(), true));
                }
            }
        });
        all
    }

    /// Removes a rule from now (in milliseconds since 1970) on, whosever it is.
    pub fn remove(self, rule: &Common, at: u64) {
        self.own.update(|own| own.remove(rule, at));
        self.lent.update(|lent| lent.remove(rule, at));
    }

    /// Has the visitor's rules kept as they are now; whether nobody does that yet.
    pub fn is_to_be_kept(self) -> bool {
        self.changed.set_value(true);
        let idle = !self.saving.get_value();
        self.saving.set_value(true);
        idle
    }

    /// They were changed since they were last kept; if not, nobody keeps any more.
    pub fn is_next_unkept(self) -> bool {
        let changed = self.changed.get_value();
        self.changed.set_value(false);
        self.saving.set_value(changed);
        changed
    }

    /// Something is not kept yet.
    pub fn is_saving(self) -> bool {
        self.saving.get_value()
    }
}
