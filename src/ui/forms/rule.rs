//! The rules for the threshold, and their numbers.

mod choices;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::choices::CALIBRATION_ROWS;
pub use self::choices::{CHOICES, Choice, choices, compared};
use super::{Field, Texts};
use crate::{
    detect::{Method, threshold::Rule},
    features::Mode,
    ui::format,
};

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
