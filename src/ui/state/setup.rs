//! The next run: which detector, with which parameters, on which features.

use leptos::prelude::*;

use super::{
    settings::Settings,
    trained_on::{BaselineFiles, ModelFile, TrainedOn},
};
use crate::{
    detect::{Method, groups, isolation_forest::Params, nearest},
    engine::Options,
    features::{Mode, Treatment},
    ui::{
        forms::{Texts, first, forest::FOREST, groups::GROUPS, nearest::NEAREST, rule::RuleForm},
        training::Training,
    },
};

/// What the visitor wants of the next run.
#[derive(Clone, Copy)]
pub struct Setup {
    /// How columns are treated.
    pub mode: RwSignal<Mode>,
    /// Categories of few values are compared value by value.
    pub one_hot: RwSignal<bool>,
    /// Addresses are compared by their network as well.
    pub networks: RwSignal<bool>,
    /// Flows that are alike are learned from once.
    pub deduplicate: RwSignal<bool>,
    /// The detector.
    pub method: RwSignal<Method>,
    /// The autoencoder: what was chosen, and how its training goes.
    pub training: Training,
    /// What the next run is fitted on.
    pub trained_on: RwSignal<TrainedOn>,
    /// Flows known to be normal, to be fitted on.
    pub baseline: BaselineFiles,
    /// What was typed of the first part of the file, to be fitted on.
    pub first: RwSignal<Texts>,
    /// A saved detector, to be used as it is.
    pub model: ModelFile,
    /// What was typed into the form of the forest's parameters.
    pub params: RwSignal<Texts>,
    /// What was typed into the form of the nearest neighbours.
    pub nearest: RwSignal<Texts>,
    /// What was typed into the form of groups.
    pub groups: RwSignal<Texts>,
    /// The rule for the threshold, as it was typed.
    pub rule: RwSignal<RuleForm>,
}

impl Setup {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            mode: RwSignal::new(Mode::default()),
            one_hot: RwSignal::new(false),
            networks: RwSignal::new(false),
            deduplicate: RwSignal::new(false),
            method: RwSignal::new(Method::IsolationForest),
            training: Training::new(),
            trained_on: RwSignal::new(TrainedOn::default()),
            baseline: BaselineFiles::new(),
            first: RwSignal::new(Texts::default()),
            model: ModelFile::new(),
            params: RwSignal::new(Texts::default()),
            nearest: RwSignal::new(Texts::default()),
            groups: RwSignal::new(Texts::default()),
            rule: RwSignal::new(RuleForm::from(Mode::default())),
        }
    }

    /// The next run can be by this detector: nothing wrong was typed.
    pub fn is_sound(self, method: Method) -> bool {
        let ready = match self.trained_on.get() {
            TrainedOn::Itself => true,
            TrainedOn::Baseline => self.baseline.name.with(Option::is_some),
            TrainedOn::First => self.first.with(|texts| first::read(texts).is_ok()),
            TrainedOn::Model => return self.model.name.with(Option::is_some),
        };
        ready
            && self.group_params().is_some()
            && match method {
                Method::IsolationForest => self.forest().is_some(),
                Method::Autoencoder => self.training.params(self.mode.get()).is_some(),
                Method::Nearest => self.nearest_params().is_some(),
            }
    }

    /// The detector that a run is compared with: the one that is chosen, or a usual one where that ran.
    pub fn compared_with(self, ran: Method) -> Method {
        Some(self.method.get()).filter(|method| *method != ran).unwrap_or(ran.other())
    }

    /// The forest's parameters, if nothing wrong was typed.
    fn forest(self) -> Option<Params> {
        self.params.with(|texts| FOREST.read(texts, &Params::default()).ok())
    }

    /// How many neighbours count, if nothing wrong was typed.
    fn nearest_params(self) -> Option<nearest::Params> {
        self.nearest.with(|texts| NEAREST.read(texts, &nearest::Params::default()).ok())
    }

    /// What groups are looked for, if nothing wrong was typed.
    fn group_params(self) -> Option<groups::Params> {
        self.groups.with(|texts| GROUPS.read(texts, &groups::Params::default()).ok())
    }

    /// What is chosen, as it was typed.
    pub fn settings(self) -> Settings {
        let trained_on = self.trained_on.get_untracked();
        Settings {
            trained_on,
            trained_with: match trained_on {
                TrainedOn::Itself | TrainedOn::First => None,
                TrainedOn::Baseline => self.baseline.name.get_untracked(),
                TrainedOn::Model => self.model.name.get_untracked(),
            },
            first: self.first.get_untracked(),
            method: self.method.get_untracked(),
            treatment: Treatment {
                mode: self.mode.get_untracked(),
                one_hot: self.one_hot.get_untracked(),
                networks: self.networks.get_untracked(),
                deduplicate_training_rows: self.deduplicate.get_untracked(),
                ..Treatment::default()
            },
            device: self.training.preference.get_untracked(),
            forest: self.params.get_untracked(),
            autoencoder: self.training.texts.get_untracked(),
            nearest: self.nearest.get_untracked(),
            groups: self.groups.get_untracked(),
            rule: self.rule.get_untracked(),
        }
    }

    /// Puts what was chosen before in place of what is.
    pub fn put_back(self, settings: &Settings) {
        self.trained_on.set(settings.trained_on);
        // A saved detector has all else with it.
        if settings.trained_on == TrainedOn::Model {
            return;
        }
        self.first.set(settings.first.clone());
        self.mode.set(settings.treatment.mode);
        self.one_hot.set(settings.treatment.one_hot);
        self.networks.set(settings.treatment.networks);
        self.deduplicate.set(settings.treatment.deduplicate_training_rows);
        self.groups.set(settings.groups.clone());
        self.rule.set(settings.rule.clone());
        self.method.set(settings.method);
        // What was typed for other detectors stays.
        let form = match settings.method {
            Method::IsolationForest => self.params,
            Method::Autoencoder => {
                self.training.preference.set(settings.device);
                self.training.texts
            }
            Method::Nearest => self.nearest,
        };
        form.set(settings.parameters().clone());
    }

    /// What is chosen for the next run on a file of so many rows, and what that makes, if nothing wrong was typed; the rule
    /// becomes one that suits it.
    pub fn options(self, rows: u64) -> Option<(Settings, Options)> {
        let (mode, method) = (self.mode.get_untracked(), self.method.get_untracked());
        if self.rule.with_untracked(|rule| rule.mode != mode) {
            self.rule.set(mode.into());
        }
        self.rule.update(|rule| rule.suit(method));
        let mut settings = self.settings();
        let options = settings.options(rows)?;
        // Where a number is wrong, it is the mode's that is applied.
        if options.rule.is_none() {
            settings.rule = mode.into();
        }
        Some((settings, options))
    }
}
