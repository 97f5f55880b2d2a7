//! The rules for the threshold, and their numbers.

use std::collections::BTreeMap;

use super::{Field, Form, Texts};
use crate::{
    detect::{Method, threshold::Rule},
    features::Mode,
    ui::format,
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
    initial: Rule,
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
const CALIBRATION_ROWS: &str = "rule-clean";

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
    fn of(mode: Mode) -> &'static Self {
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

/// What was chosen and typed.
#[derive(Clone, PartialEq)]
pub struct RuleForm {
    /// The mode that it begins with.
    pub mode: Mode,
    /// The rule that was chosen.
    pub choice: &'static Choice,
    /// The numbers of all rules.
    pub texts: Texts,
}

impl From<Mode> for RuleForm {
    fn from(mode: Mode) -> Self {
        Self { mode, choice: Choice::of(mode), texts: Texts::default() }
    }
}

impl RuleForm {
    /// Chooses the rule with this name for scripts.
    pub fn choose(&mut self, id: &str) {
        if let Some(choice) = CHOICES.iter().find(|choice| choice.id == id) {
            self.choice = choice;
        }
    }

    /// What was typed into the fields of the rule that was chosen.
    pub fn typed(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = self.choice.form.fields;
        self.texts.iter().filter(|(testid, _)| fields.iter().any(|field| field.asks.testid == *testid))
    }

    /// The rule with its numbers, in words.
    pub fn words(&self) -> String {
        let shown = |field: &Field<Rule>| {
            let unit = if field.asks.unit.is_empty() { String::new() } else { format!(" {}", field.asks.unit) };
            format!("{}{unit}", field.shown(&self.texts, &self.choice.initial))
        };
        let numbers: Vec<String> = self.choice.form.fields.iter().map(shown).collect();
        if numbers.is_empty() {
            self.choice.name.to_owned()
        } else {
            format!("{}: {}", self.choice.name, numbers.join(", "))
        }
    }

    /// The rule that was chosen, for a file with so many rows.
    ///
    /// # Errors
    /// What is wrong with its numbers, by the test id of the field.
    pub fn read(&self, rows: u64) -> Result<Rule, BTreeMap<&'static str, String>> {
        let rule = self.choice.read(&self.texts)?;
        if rule.calibration_rows() > 0 && rule.calibration_rows() >= rows {
            let error = format!("Fewer than the {} flows of the file, or none is left to judge.", format::count(rows));
            return Err([(CALIBRATION_ROWS, error)].into());
        }
        Ok(rule)
    }

    /// The same, or nothing if a number is wrong.
    pub fn rule(&self, rows: u64) -> Option<Rule> {
        self.read(rows).ok()
    }

    /// The rules of [`compared`] with the numbers that were typed, or with those that they begin with.
    pub fn compared(&self, method: Method) -> Vec<Rule> {
        compared(method).map(|choice| choice.read(&self.texts).unwrap_or(choice.initial)).collect()
    }

    /// For this detector: in place of a rule that it has not, the recommended one.
    pub fn suit(&mut self, method: Method) {
        if !choices(method).any(|choice| choice == self.choice) {
            self.choice = Choice::of(Mode::Recommended);
        }
    }
}

impl Choice {
    fn read(&self, texts: &Texts) -> Result<Rule, BTreeMap<&'static str, String>> {
        self.form.read(texts, &self.initial)
    }

    /// The rule with the numbers that it begins with.
    pub fn initial(&self) -> Rule {
        self.initial
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::forms::form::tests::{at_bounds, can_be_typed_back, typed};

    fn form(id: &str, texts: &[(&'static str, &str)]) -> RuleForm {
        let mut form = RuleForm { texts: typed(texts), ..RuleForm::from(Mode::Recommended) };
        form.choose(id);
        assert_eq!(form.choice.id, id);
        form
    }

    #[test]
    fn every_choice_gives_a_rule_that_is_accepted() {
        let rules: Vec<Rule> = CHOICES.iter().map(|choice| form(choice.id, &[]).rule(50_000).unwrap()).collect();
        let expected = [
            Rule::Recommended,
            Rule::Contamination(0.05),
            Rule::Top(100),
            Rule::Auto,
            Rule::Robust(3.5),
            Rule::PeaksOverThreshold(100.0),
            Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: 10_000 },
        ];
        assert_eq!(rules, expected);
        for choice in &CHOICES {
            can_be_typed_back(&choice.form, &choice.initial, &choice.initial);
            // So are the bounds of all numbers.
            for rule in at_bounds(&choice.form, &choice.initial) {
                assert_eq!(rule.check(), Ok(()), "{rule:?}");
            }
        }
    }

    #[test]
    fn a_rule_is_told_with_its_numbers() {
        assert_eq!(form("recommended", &[]).words(), "Recommended");
        assert_eq!(form("share", &[("rule-share", "2.5")]).words(), "A share of the flows: 2.5 %");
        assert_eq!(
            form("false-discovery-rate", &[("rule-top", "9")]).words(),
            "Beside flows known to be normal: 10000, 10 %"
        );
        let texts = [("rule-share", "2"), ("rule-top", "9")];
        assert_eq!(form("share", &texts).typed().collect::<Vec<_>>(), [("rule-share", "2")]);
    }

    #[test]
    fn what_is_wrong_stands_at_the_number() {
        let wrong = form("share", &[("rule-share", "70")]);
        assert_eq!(wrong.read(100).unwrap_err()["rule-share"], "Enter a number from 0.0001 to 50.");
        let all = form("false-discovery-rate", &[("rule-clean", "100")]);
        assert!(all.read(100).unwrap_err()["rule-clean"].contains("100 flows") && all.rule(101).is_some());
        let wrong = form("false-discovery-rate", &[("rule-clean", "5"), ("rule-false-alarms", "95")]);
        assert!(wrong.read(100).unwrap_err().contains_key("rule-false-alarms"));
        // What is wrong with another rule's numbers does not matter.
        assert_eq!(form("auto", &[("rule-share", "70")]).rule(100), Some(Rule::Auto));
    }

    #[test]
    fn modes_begin_with_the_rule_that_the_engine_gives_them() {
        for mode in [Mode::Recommended, Mode::Classic] {
            let options = crate::engine::Options { treatment: mode.into(), ..Default::default() };
            assert_eq!(RuleForm::from(mode).rule(100), Some(options.rule()));
        }
    }

    #[test]
    fn compared_rules_have_the_numbers_that_were_typed() {
        let compared = |text: &str| form("robust", &[("rule-robust", text)]).compared(Method::IsolationForest);
        let rules = compared("2");
        assert_eq!((rules[0], rules[3], rules.len()), (Rule::Recommended, Rule::Robust(2.0), 5));
        assert_eq!(compared("x")[3], Rule::Robust(3.5));
    }

    #[test]
    fn an_autoencoder_has_no_auto() {
        let method = Method::Autoencoder;
        assert!(choices(method).all(|choice| choice.id != "auto") && choices(method).count() == 6);
        let rules = form("auto", &[]).compared(method);
        assert!(!rules.contains(&Rule::Auto) && rules.len() == compared(method).count());
        let mut form = form("auto", &[]);
        form.suit(Method::IsolationForest);
        assert_eq!(form.choice.id, "auto");
        form.suit(method);
        assert_eq!(form.rule(10), Some(Rule::Recommended));
    }
}
