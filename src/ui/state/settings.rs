//! What is chosen for a run, as it was typed: so that it can be put back, written down and read again by the same checks.

use super::TrainedOn;
use crate::{
    detect::{Method, groups, isolation_forest, nearest},
    engine::{Detector, Options},
    features::{Mode, Treatment},
    report::Chosen,
    train::DevicePreference,
    ui::forms::{
        Texts,
        autoencoder::{AUTOENCODER, usual},
        first,
        forest::FOREST,
        groups::GROUPS,
        nearest::NEAREST,
        rule::{CHOICES, RuleForm},
    },
};

/// What is chosen for a run.
#[derive(Clone, PartialEq)]
pub struct Settings {
    /// What it is fitted on.
    pub trained_on: TrainedOn,
    /// What the file is called that this takes: the baseline's, or the model's.
    pub trained_with: Option<String>,
    /// What was typed of the first part of the file.
    pub first: Texts,
    /// The detector.
    pub method: Method,
    /// How columns are treated.
    pub treatment: Treatment,
    /// What trains an autoencoder.
    pub device: DevicePreference,
    /// What was typed into the form of the forest's parameters.
    pub forest: Texts,
    /// Into the autoencoder's.
    pub autoencoder: Texts,
    /// Into that of the nearest neighbours.
    pub nearest: Texts,
    /// Into that of groups.
    pub groups: Texts,
    /// The rule for the threshold.
    pub rule: RuleForm,
}

const TRAINED_ON: [(TrainedOn, &str); 4] = [
    (TrainedOn::Itself, "file"),
    (TrainedOn::Baseline, "baseline"),
    (TrainedOn::First, "first"),
    (TrainedOn::Model, "model"),
];
const DETECTORS: [(Method, &str); 3] =
    [(Method::IsolationForest, "isolation-forest"), (Method::Autoencoder, "autoencoder"), (Method::Nearest, "nearest")];
const MODES: [(Mode, &str); 2] = [(Mode::Recommended, "recommended"), (Mode::Classic, "classic")];
const DEVICES: [(DevicePreference, &str); 3] =
    [(DevicePreference::Fastest, "fastest"), (DevicePreference::Cpu, "cpu"), (DevicePreference::Gpu, "gpu")];

fn name_of<T: PartialEq>(names: &[(T, &'static str)], value: &T) -> String {
    names.iter().find(|known| known.0 == *value).map_or("", |known| known.1).to_owned()
}

fn named<T: Copy>(names: &[(T, &'static str)], name: &str) -> Option<T> {
    names.iter().find(|known| known.1 == name).map(|known| known.0)
}

impl Settings {
    /// Nothing was changed.
    pub fn usual(mode: Mode) -> Self {
        Self {
            trained_on: TrainedOn::Itself,
            trained_with: None,
            first: Texts::default(),
            method: Method::IsolationForest,
            treatment: mode.into(),
            device: DevicePreference::default(),
            forest: Texts::default(),
            autoencoder: Texts::default(),
            nearest: Texts::default(),
            groups: Texts::default(),
            rule: mode.into(),
        }
    }

    /// A run with these on a file of so many rows, if nothing wrong was typed. Where the rule's numbers are wrong, it is the mode's.
    pub fn options(&self, rows: u64) -> Option<Options> {
        if self.trained_on == TrainedOn::First {
            first::read(&self.first).ok()?;
        }
        let detector = match self.method {
            Method::IsolationForest => FOREST.read(&self.forest, &isolation_forest::Params::default()).ok()?.into(),
            Method::Autoencoder => {
                let params = AUTOENCODER.read(&self.autoencoder, &usual(self.treatment.mode)).ok()?;
                params.clone().check().ok()?;
                Detector::Autoencoder(params, self.device)
            }
            Method::Nearest => Detector::Nearest(NEAREST.read(&self.nearest, &nearest::Params::default()).ok()?),
        };
        let groups = Some(GROUPS.read(&self.groups, &groups::Params::default()).ok()?);
        Some(Options { treatment: self.treatment, detector, rule: self.rule.rule(rows), groups })
    }

    /// What was typed into the form of the detector's parameters.
    pub fn parameters(&self) -> &Texts {
        match self.method {
            Method::IsolationForest => &self.forest,
            Method::Autoencoder => &self.autoencoder,
            Method::Nearest => &self.nearest,
        }
    }

    /// As it is written down: all that matters to this run.
    pub fn written(&self) -> Chosen {
        let none = Texts::default();
        let first = if self.trained_on == TrainedOn::First { &self.first } else { &none };
        let typed = self.parameters().iter().chain(self.groups.iter()).chain(self.rule.typed()).chain(first.iter());
        Chosen {
            trained_on: name_of(&TRAINED_ON, &self.trained_on),
            trained_with: self.trained_with.clone(),
            detector: name_of(&DETECTORS, &self.method),
            mode: name_of(&MODES, &self.treatment.mode),
            one_hot: self.treatment.one_hot,
            networks: self.treatment.networks,
            learn_once: self.treatment.deduplicate_training_rows,
            device: name_of(&DEVICES, &self.device),
            rule: self.rule.choice.id.to_owned(),
            typed: typed.map(|(testid, text)| (testid.to_owned(), text.to_owned())).collect(),
        }
    }

    /// What was written down, if all of it is known. What was typed may still be wrong.
    pub fn of(written: &Chosen) -> Option<Self> {
        let mode = named(&MODES, &written.mode)?;
        let mut settings = Self {
            trained_on: named(&TRAINED_ON, &written.trained_on)?,
            trained_with: written.trained_with.clone(),
            method: named(&DETECTORS, &written.detector)?,
            treatment: Treatment {
                mode,
                one_hot: written.one_hot,
                networks: written.networks,
                deduplicate_training_rows: written.learn_once,
                ..Treatment::default()
            },
            device: named(&DEVICES, &written.device)?,
            ..Self::usual(mode)
        };
        settings.rule.choice = CHOICES.iter().find(|choice| choice.id == written.rule)?;
        for (testid, text) in &written.typed {
            let of_detector = match settings.method {
                Method::IsolationForest => FOREST.take(&mut settings.forest, testid, text),
                Method::Autoencoder => AUTOENCODER.take(&mut settings.autoencoder, testid, text),
                Method::Nearest => NEAREST.take(&mut settings.nearest, testid, text),
            };
            let known = of_detector
                || GROUPS.take(&mut settings.groups, testid, text)
                || settings.rule.choice.form.take(&mut settings.rule.texts, testid, text)
                || (settings.trained_on == TrainedOn::First && first::take(&mut settings.first, testid, text));
            if !known {
                return None;
            }
        }
        Some(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{detect::threshold::Rule, ui::forms::typed};

    fn settings() -> Settings {
        let treatment = Treatment { one_hot: true, networks: true, ..Treatment::default() };
        let rule =
            RuleForm { texts: typed(&[("rule-share", "1.234567891"), ("rule-top", "x")]), ..Mode::default().into() };
        let mut settings = Settings { treatment, rule, ..Settings::usual(Mode::Recommended) };
        settings.rule.choose("share");
        settings.forest = typed(&[("param-trees", "1,200"), ("param-seed", "7")]);
        settings.groups = typed(&[("groups-smallest", "12")]);
        settings.nearest = typed(&[("nearest-neighbours", "nonsense that does not matter to a forest")]);
        settings
    }

    #[test]
    fn what_is_written_down_runs_the_same() {
        let settings = settings();
        let options = settings.options(1_000).unwrap();
        assert_eq!(
            options.rule,
            Some(Rule::Contamination(1.234_567_891 / 100.0)),
            "as typed, not as it would be shown"
        );
        let written = settings.written();
        assert_eq!(written.typed.len(), 4, "what does not matter to the run is left out: {:?}", written.typed);
        let read = Settings::of(&written).unwrap();
        assert_eq!(read.options(1_000), Some(options));
        assert_eq!(read.written(), written);
    }

    #[test]
    fn every_detector_mode_and_rule_comes_back() {
        for (method, _) in DETECTORS {
            for (mode, _) in MODES {
                for choice in &CHOICES {
                    let mut settings = Settings { method, device: DevicePreference::Cpu, ..Settings::usual(mode) };
                    settings.rule.choice = choice;
                    let read = Settings::of(&settings.written()).unwrap();
                    assert!(read == settings, "{method:?} {mode:?} {}", choice.id);
                    assert!(read.options(50_000).is_some());
                }
            }
        }
    }

    #[test]
    fn the_first_part_of_the_file_comes_back() {
        for typed_first in [&[][..], &[("first-rows", "5,000")], &[("first-until", "2017-07-05 10:00")]] {
            let mut chosen = Settings { first: typed(typed_first), ..settings() };
            assert!(
                chosen.written().typed.iter().all(|(testid, _)| !testid.starts_with("first-")),
                "it does not matter"
            );
            chosen.trained_on = TrainedOn::First;
            let read = Settings::of(&chosen.written()).unwrap();
            assert!(read.trained_on == TrainedOn::First && read.first == chosen.first);
            assert!(read.options(9_000).is_some());
        }
        let both = typed(&[("first-rows", "5"), ("first-until", "noon")]);
        assert_eq!(Settings { trained_on: TrainedOn::First, first: both, ..settings() }.options(9_000), None);
    }

    #[test]
    fn what_is_not_known_or_wrong_is_not_taken() {
        let of = |change: fn(&mut Chosen)| {
            let mut written = settings().written();
            change(&mut written);
            Settings::of(&written)
        };
        let typed =
            |written: &mut Chosen, name: &str, text: &str| written.typed.push((name.to_owned(), text.to_owned()));
        assert!(of(|written| written.detector = "oracle".into()).is_none());
        assert!(of(|written| written.rule = String::new()).is_none());
        assert!(of(|written| written.mode = "Classic".into()).is_none());
        let mut written = settings().written();
        typed(&mut written, "ae-seed", "1");
        assert!(Settings::of(&written).is_none(), "a forest has no such field");
        let mut written = settings().written();
        typed(&mut written, "param-trees", "1e18");
        assert!(
            Settings::of(&written).is_some_and(|settings| settings.options(9).is_none()),
            "as if it had been typed"
        );
    }
}
