//! The rule for the threshold.

use super::Number;
use crate::{
    detect::{Method, threshold::Rule},
    features::Mode,
    ui::format,
};

/// A way to choose the threshold.
pub struct Way {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub words: &'static str,
    /// Numbers that it asks for, at most two.
    pub numbers: &'static [Number],
    /// The rule with these numbers.
    rule: fn([f64; 2]) -> Rule,
}

const fn number(
    name: &'static str,
    testid: &'static str,
    initial: &'static str,
    low: f64,
    high: f64,
    whole: bool,
) -> Number {
    Number { name, testid, initial, missing: "", low, high, whole }
}

/// All ways, in the order of the list.
pub const WAYS: [Way; 7] = [
    Way {
        name: "Recommended",
        words: "What is far easier to set apart than usual, which can be nothing.",
        numbers: &[],
        rule: |_| Rule::Isolated,
    },
    Way {
        name: "A share of the flows",
        words: "Always so many, whatever they look like (scikit-learn's contamination).",
        numbers: &[number("Per cent of the flows", "rule-share", "5", 0.0001, 50.0, false)],
        rule: |[percent, _]| Rule::Contamination(percent / 100.0),
    },
    Way {
        name: "A number of flows",
        words: "Exactly so many, the highest-scoring; of equal ones, those that come first.",
        numbers: &[number("Flows", "rule-top", "100", 1.0, 4e9, true)],
        rule: |[rows, _]| Rule::Top(rows as u64),
    },
    Way {
        name: "scikit-learn's “auto”",
        words: "Whatever takes fewer splits than usual to set apart. Often a large part of the file.",
        numbers: &[],
        rule: |_| Rule::Auto,
    },
    Way {
        name: "Far above the median",
        words: "By the median and the median deviation, which outliers do not move. Usual is 3.5.",
        numbers: &[number("Robust standard deviations", "rule-robust", "3.5", 0.1, 100.0, false)],
        rule: |[deviations, _]| Rule::Robust(deviations),
    },
    Way {
        name: "A budget of alerts",
        words: "The score that usual flows would exceed so often, going by the tail of their scores.",
        numbers: &[number("False alarms in a million flows", "rule-alerts", "100", 0.001, 500_000.0, false)],
        rule: |[alerts, _]| Rule::PeaksOverThreshold(alerts),
    },
    Way {
        name: "Beside flows known to be normal",
        words: "Bounds the share of false alarms among what is flagged behind them, if the first flows of the file are \
                normal ones like those that follow.",
        numbers: &[
            number("Normal flows at the beginning of the file", "rule-clean", "10000", 1.0, 1e6, true),
            number("False alarms among the flagged, in per cent", "rule-false-alarms", "10", 0.1, 90.0, false),
        ],
        rule: |[clean, percent]| Rule::FalseDiscoveryRate { share: percent / 100.0, calibration_rows: clean as u64 },
    },
];

/// The way that only a forest has; for an autoencoder it would be the recommended one once more.
const AUTO: usize = 3;

/// The numbers of the ways that there are for a detector.
pub fn ways(method: Method) -> impl Iterator<Item = usize> {
    (0..WAYS.len()).filter(move |&way| method == Method::IsolationForest || way != AUTO)
}

/// The ways that the histogram compares, with their names there.
const COMPARED: [(usize, &str); 5] = [(0, "Recommended"), (AUTO, "auto"), (1, "share"), (4, "robust"), (5, "budget")];

/// Those of them that there are for a detector.
pub fn compared(method: Method) -> impl Iterator<Item = (usize, &'static str)> {
    COMPARED.into_iter().filter(move |(way, _)| ways(method).any(|there| there == *way))
}

/// What was chosen and typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleForm {
    /// The mode that it begins with.
    pub mode: Mode,
    /// The number of the way.
    pub way: usize,
    /// The numbers of every way, as they were typed.
    pub texts: [[String; 2]; 7],
}

impl From<Mode> for RuleForm {
    /// Recommended's own way; the original's 5 % for Classic.
    fn from(mode: Mode) -> Self {
        let way = match mode {
            Mode::Recommended => 0,
            Mode::Classic => 1,
        };
        let initial = |way: usize, place: usize| WAYS[way].numbers.get(place).map_or("", |number| number.initial);
        Self { mode, way, texts: std::array::from_fn(|way| [0, 1].map(|place| initial(way, place).to_owned())) }
    }
}

impl RuleForm {
    /// What is wrong with a number of the chosen way, for a file with so many rows.
    pub fn error(&self, place: usize, rows: u64) -> Option<String> {
        let number = WAYS[self.way].numbers.get(place)?;
        let value = match number.read(&self.texts[self.way][place]) {
            Ok(value) => value?,
            Err(error) => return Some(error),
        };
        (number.testid == "rule-clean" && value as u64 >= rows)
            .then(|| format!("Fewer than the {} flows of the file, or none is left to judge.", format::count(rows)))
    }

    /// The rule that was chosen, unless a number is wrong.
    pub fn rule(&self, rows: u64) -> Option<Rule> {
        let right = (0..2).all(|place| self.error(place, rows).is_none());
        right.then(|| self.rule_of(self.way)).flatten()
    }

    /// The rules of [`compared`] with the numbers that were typed, or with those that they begin with.
    pub fn compared(&self, method: Method) -> Vec<Rule> {
        let of = |way: usize| self.rule_of(way).or_else(|| Self::from(self.mode).rule_of(way));
        compared(method).filter_map(|(way, _)| of(way)).collect()
    }

    /// For this detector: in place of a way that it has not, the recommended one.
    pub fn suit(&mut self, method: Method) {
        if !ways(method).any(|way| way == self.way) {
            self.way = 0;
        }
    }

    fn rule_of(&self, way: usize) -> Option<Rule> {
        let mut values = [0.0; 2];
        for (place, number) in WAYS[way].numbers.iter().enumerate() {
            values[place] = number.read(&self.texts[way][place]).ok()??;
        }
        Some((WAYS[way].rule)(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(way: usize, texts: &[&str]) -> RuleForm {
        let mut form = RuleForm { way, ..RuleForm::from(Mode::Recommended) };
        texts.iter().enumerate().for_each(|(place, text)| form.texts[way][place] = (*text).to_owned());
        form
    }

    #[test]
    fn every_way_gives_a_rule_that_is_accepted() {
        let rules: Vec<Rule> =
            (0..WAYS.len()).map(|way| form(way, &[]).rule(50_000).expect("what it begins with")).collect();
        let expected = [
            Rule::Isolated,
            Rule::Contamination(0.05),
            Rule::Top(100),
            Rule::Auto,
            Rule::Robust(3.5),
            Rule::PeaksOverThreshold(100.0),
            Rule::FalseDiscoveryRate { share: 0.1, calibration_rows: 10_000 },
        ];
        assert_eq!(rules, expected);
        // So are the bounds of all numbers.
        for (way, facts) in WAYS.iter().enumerate() {
            for bound in [|number: &Number| number.low, |number: &Number| number.high] {
                let texts: Vec<String> = facts.numbers.iter().map(|number| bound(number).to_string()).collect();
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                let rule = form(way, &texts).rule(u64::MAX).expect("within its bounds");
                assert_eq!(rule.check(), Ok(()), "{rule:?}");
            }
        }
    }

    #[test]
    fn what_is_wrong_stands_at_the_number() {
        let wrong = form(1, &["70"]);
        assert_eq!(wrong.error(0, 100).as_deref(), Some("A number from 0.0001 to 50."));
        assert_eq!((wrong.error(1, 100), wrong.rule(100)), (None, None));
        let all = form(6, &["100", "10"]);
        assert!(all.error(0, 100).is_some_and(|error| error.contains("100 flows")) && all.rule(100).is_none());
        assert!(all.error(1, 100).is_none() && all.rule(101).is_some());
        assert_eq!(form(6, &["5", "95"]).rule(100), None);
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
        let compared = |text: &str| form(4, &[text]).compared(Method::IsolationForest);
        let rules = compared("2");
        assert_eq!((rules[0], rules[3], rules.len()), (Rule::Isolated, Rule::Robust(2.0), COMPARED.len()));
        assert_eq!(compared("x")[3], Rule::Robust(3.5));
    }

    #[test]
    fn an_autoencoder_has_no_auto() {
        let method = Method::Autoencoder;
        assert!(ways(method).all(|way| WAYS[way].name != "scikit-learn's “auto”") && ways(method).count() == 6);
        let rules = form(AUTO, &[]).compared(method);
        assert!(!rules.contains(&Rule::Auto) && rules.len() == compared(method).count());
        let mut form = form(AUTO, &[]);
        form.suit(Method::IsolationForest);
        assert_eq!(form.way, AUTO);
        form.suit(method);
        assert_eq!(form.rule(10), Some(Rule::Isolated));
    }
}
