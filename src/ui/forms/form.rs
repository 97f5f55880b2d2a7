//! A form: fields that describe one thing together, and what was typed into them.

use std::collections::BTreeMap;

use super::field::Field;

/// The description of a form: what it asks for, which is all that a detector or a rule has to say about its parameters.
pub struct Form<T: 'static> {
    /// The fields, as they are shown.
    pub fields: &'static [Field<T>],
    /// What is wrong with values that are each right: at which field, and in words.
    pub conflict: fn(&T) -> Option<(&'static str, String)>,
}

/// What was typed, by the test id of the field. Fields that were not touched are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<&'static str, String>);

impl Texts {
    /// Takes in what was typed.
    pub fn set(&mut self, testid: &'static str, text: String) {
        self.0.insert(testid, text);
    }

    /// What was typed into one field, if it was touched.
    pub fn typed(&self, testid: &str) -> Option<&str> {
        self.0.get(testid).map(String::as_str)
    }

    /// What was typed, by the test ids of the fields.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(testid, text)| (*testid, text.as_str()))
    }

    /// Forgets everything that was typed.
    pub fn reset(&mut self) {
        self.0.clear();
    }
}

impl<T> Field<T> {
    /// What stands in the field: what was typed, or what `initial` has.
    pub fn shown(&self, texts: &Texts, initial: &T) -> String {
        texts.0.get(self.asks.testid).cloned().unwrap_or_else(|| (self.text)(initial))
    }
}

impl<T> Form<T> {
    /// Takes in what was typed into one of its fields; whether it has that.
    pub fn take(&self, texts: &mut Texts, testid: &str, text: &str) -> bool {
        let field = self.fields.iter().find(|field| field.asks.testid == testid);
        field.map(|field| texts.set(field.asks.testid, text.to_owned())).is_some()
    }
}

impl<T: Clone + PartialEq> Form<T> {
    /// A form whose fields do not depend on one another.
    pub const fn of(fields: &'static [Field<T>]) -> Self {
        Self { fields, conflict: |_| None }
    }

    /// What was typed makes of `initial`.
    ///
    /// # Errors
    /// What is wrong, by the test id of the field.
    pub fn read(&self, texts: &Texts, initial: &T) -> Result<T, BTreeMap<&'static str, String>> {
        let (mut value, mut errors) = (initial.clone(), BTreeMap::new());
        // What was not touched stays as it is, also what its text does not tell in full.
        for field in self.fields {
            let Some(text) = texts.0.get(field.asks.testid) else { continue };
            match field.asks.read(text) {
                Ok(typed) => (field.put)(&mut value, &typed),
                Err(error) => {
                    errors.insert(field.asks.testid, error);
                }
            }
        }
        if errors.is_empty() {
            errors.extend((self.conflict)(&value));
        }
        if errors.is_empty() { Ok(value) } else { Err(errors) }
    }

    /// What was typed makes something else of `initial`, or something wrong.
    pub fn is_changed(&self, texts: &Texts, initial: &T) -> bool {
        self.read(texts, initial).as_ref() != Ok(initial)
    }

    /// The first thing that is wrong, with the name of its field.
    pub fn problem(&self, texts: &Texts, initial: &T) -> Option<String> {
        let errors = self.read(texts, initial).err()?;
        let field = self.fields.iter().find(|field| errors.contains_key(field.asks.testid))?;
        Some(format!("{}: {}", field.asks.label, errors[field.asks.testid]))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::ui::forms::field::{Bounds, Input};

    /// What was typed into these fields.
    pub fn typed(texts: &[(&'static str, &str)]) -> Texts {
        let mut all = Texts::default();
        texts.iter().for_each(|&(testid, text)| all.set(testid, text.to_owned()));
        all
    }

    /// Of every form: fields have names of their own, and what they show can be typed back.
    pub fn can_be_typed_back<T: Clone + PartialEq + std::fmt::Debug>(form: &Form<T>, value: &T, start: &T) {
        let mut texts = Texts::default();
        for field in form.fields {
            assert!(!texts.0.contains_key(field.asks.testid), "{} twice", field.asks.testid);
            texts.set(field.asks.testid, (field.text)(value));
        }
        assert_eq!(form.read(&texts, start).as_ref(), Ok(value));
        assert!(!form.is_changed(&texts, value));
    }

    /// Of every form: all bounds of its numbers, one at a time.
    pub fn at_bounds<T: Clone + PartialEq>(form: &Form<T>, initial: &T) -> Vec<T> {
        let bounds = form.fields.iter().flat_map(|field| match field.asks.input {
            Input::Number(Bounds { low, high, .. })
            | Input::Optional(Bounds { low, high, .. }, _)
            | Input::List(Bounds { low, high, .. }, _) => vec![(field, low), (field, high)],
            Input::Choice(_) | Input::Text(_) => Vec::new(),
        });
        let read = |(field, bound): (&Field<T>, f64)| {
            form.read(&typed(&[(field.asks.testid, &bound.to_string())]), initial)
                .unwrap_or_else(|errors| panic!("{errors:?}"))
        };
        bounds.map(read).collect()
    }

    #[derive(Debug, Clone, PartialEq)]
    struct Range {
        low: f64,
        high: f64,
    }

    const RANGE: Form<Range> = Form {
        fields: &[
            Field::number(
                "Low",
                "low",
                [0.0, 10.0],
                |range| range.low.to_string(),
                |range, value| range.low = value.number().unwrap_or(0.0),
            ),
            Field::number(
                "High",
                "high",
                [0.0, 10.0],
                |range| range.high.to_string(),
                |range, value| range.high = value.number().unwrap_or(0.0),
            ),
        ],
        conflict: |range| (range.low > range.high).then(|| ("high", "Must be above the lower end.".to_owned())),
    };

    #[test]
    fn what_was_not_touched_is_as_it_began() {
        let initial = Range { low: 1.0, high: 2.0 };
        let texts = typed(&[("high", "3")]);
        assert_eq!(RANGE.read(&texts, &initial), Ok(Range { low: 1.0, high: 3.0 }));
        assert_eq!(RANGE.fields[0].shown(&texts, &initial), "1");
        assert!(RANGE.is_changed(&texts, &initial));
        assert!(!RANGE.is_changed(&typed(&[("high", "2")]), &initial));
        let mut texts = texts;
        texts.reset();
        assert_eq!(RANGE.read(&texts, &initial), Ok(initial));
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let initial = Range { low: 1.0, high: 2.0 };
        let errors = |texts: &[(&'static str, &str)]| {
            RANGE.read(&typed(texts), &initial).unwrap_err().into_keys().collect::<Vec<_>>()
        };
        assert_eq!(errors(&[("low", "x"), ("high", "11")]), ["high", "low"]);
        assert_eq!(errors(&[("low", "5")]), ["high"]);
        assert_eq!(RANGE.problem(&typed(&[("low", "x")]), &initial).as_deref(), Some("Low: “x” is not a number."));
        assert_eq!(RANGE.problem(&typed(&[("low", "2")]), &initial), None);
    }
}
