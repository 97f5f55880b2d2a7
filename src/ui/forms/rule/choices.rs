//! The rules that can be chosen.

use std::collections::BTreeMap;

use crate::{
    detect::{Method, threshold::Rule},
    features::Mode,
    ui::forms::{Field, Form, Texts},
};

/// A rule that can be chosen.
pub struct Choice {
    /// Its name for scripts.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub words: &'static str,
    /// What it is called beside the histogram, which marks what it would choose; `None` if it is not marked there.
    pub mark: Option<&'static str>,
    /// For an autoencoder it would be the recommended one once more.
    pub forest_only: bool,
    /// The rule with the numbers that it begins with.
    pub(super) initial: Rule,
    /// Its numbers.
    pub form: Form<Rule>,
}

/// All rules, in the order of the list.
pub static CHOICES: [Choice; 7] = [
    Choice {
        id: "recommended",
        name: "Recommended",
        words: "Flows that stand out more than chance would make them, judged by this file. It can be none.",
        mark: Some("Recommended"),
        forest_only: false,
        initial: Rule::Recommended,
        form: Form::of(&[]),
    },
    Choice {
        id: "share",
        name: "A share of the flows",
        words: "Always that share of the flows, whatever they look like (scikit-learn's contamination).",
        mark: Some("share"),
        forest_only: false,
        initial: Rule::Contamination(0.05),
        form: Form::of(&[Field::number(
            "Share of the flows",
            "rule-share",
            [0.0001, 50.0],
            |rule| if let Rule::Contamination(share) = rule { percent(*share) } else { String::new() },
            |rule, value| *rule = Rule::Contamination(value.number().unwrap_or(0.0) / 100.0),
        )
        .unit("%")]),
    },
    Choice {
        id: "number",
        name: "A number of flows",
        words: "Exactly that many flows, those that score highest. Of equal scores, the first in the file.",
        mark: None,
        forest_only: false,
        initial: Rule::Top(100),
        form: Form::of(&[Field::whole(
            "Number of flows",
            "rule-top",
            [1.0, 4e9],
            |rule| if let Rule::Top(rows) = rule { rows.to_string() } else { String::new() },
            |rule, value| *rule = Rule::Top(value.number().unwrap_or(0.0) as u64),
        )]),
    },
    Choice {
        id: "auto",
        name: "scikit-learn's “auto”",
        words: "Flows that take fewer splits than average to isolate. Often a large part of the file.",
        mark: Some("auto"),
        forest_only: true,
        initial: Rule::Auto,
        form: Form::of(&[]),
    },
    Choice {
        id: "robust",
        name: "Far above the median",
        words: "Scores far above the median, measured in median absolute deviations, which outliers do not move.",
        mark: Some("robust"),
        forest_only: false,
        initial: Rule::Robust(3.5),
        form: Form::of(&[Field::number(
            "Robust standard deviations",
            "rule-robust",
            [0.1, 100.0],
            |rule| if let Rule::Robust(deviations) = rule { deviations.to_string() } else { String::new() },
            |rule, value| *rule = Rule::Robust(value.number().unwrap_or(0.0)),
        )
        .hint("3.5 is common.")]),
    },
    Choice {
        id: "alerts",
        name: "A budget of alerts",
        words: "The score that usual flows would exceed that often, extrapolated from the tail of the scores.",
        mark: Some("budget"),
        forest_only: false,
        initial: Rule::PeaksOverThreshold(100.0),
        form: Form::of(&[Field::number(
            "False alarms per million flows",
            "rule-alerts",
            [0.001, 500_000.0],
            |rule| if let Rule::PeaksOverThreshold(alerts) = rule { alerts.to_string() } else { String::new() },
            |rule, value| *rule = Rule::PeaksOverThreshold(value.number().unwrap_or(0.0)),
        )]),
    },
    Choice {
        id: "false-discovery-rate",
        name: "Beside flows known to be normal",
        words: "Limits the expected share of false alarms among the flagged flows, if the file begins with normal flows \
                that are like the normal ones behind them.",
        mark: None,
        forest_only: false,
        initial: Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: 10_000 },
        form: Form::of(&[
            Field::whole(
                "Normal flows at the beginning of the file",
                CALIBRATION_ROWS,
                [1.0, 1e6],
                |rule| match rule {
                    Rule::FalseDiscoveryRate { calibration_rows, .. } => calibration_rows.to_string(),
                    _ => String::new(),
                },
                |rule, value| {
                    if let Rule::FalseDiscoveryRate { calibration_rows, .. } = rule {
                        *calibration_rows = value.number().unwrap_or(0.0) as u64;
                    }
                },
            ),
            Field::number(
                "False alarms among the flagged flows",
                "rule-false-alarms",
                [0.1, 90.0],
                |rule| match rule {
                    Rule::FalseDiscoveryRate { share, .. } => percent(*share),
                    _ => String::new(),
                },
                |rule, value| {
                    if let Rule::FalseDiscoveryRate { share, .. } = rule {
                        *share = value.number().unwrap_or(0.0) / 100.0;
                    }
                },
            )
            .unit("%"),
        ]),
    },
];

/// The field that depends on the file: it must leave flows to judge.
pub(super) const CALIBRATION_ROWS: &str = "rule-clean";

/// A share in percent, without the digits that come of binary fractions.
fn percent(share: f64) -> String {
    ((share * 1e8).round() / 1e6).to_string()
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Choice {
    /// The rule that a mode begins with: Recommended's own; the original's 5 % for Classic.
    pub(super) fn of(mode: Mode) -> &'static Self {
        match mode {
            Mode::Recommended => &CHOICES[0],
            Mode::Classic => &CHOICES[1],
        }
    }
}

/// The rules that there are for a detector.
pub fn choices(method: Method) -> impl Iterator<Item = &'static Choice> {
    CHOICES.iter().filter(move |choice| method == Method::IsolationForest || !choice.forest_only)
}

/// Those of them that the histogram marks.
pub fn compared(method: Method) -> impl Iterator<Item = &'static Choice> {
    choices(method).filter(|choice| choice.mark.is_some())
}
impl Choice {
    pub(super) fn read(&self, texts: &Texts) -> Result<Rule, BTreeMap<&'static str, String>> {
        self.form.read(texts, &self.initial)
    }

    /// The rule with the numbers that it begins with.
    pub fn initial(&self) -> Rule {
        self.initial
    }
}
