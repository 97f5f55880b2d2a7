//! What a visitor types, checked before anything is asked of the workers.
//!
//! | module | turns | into |
//! |---|---|---|
//! | this | a text | a number, or what is wrong with it |
//! | [`params`] | six texts | a detector's parameters |
//! | [`rule`] | a choice and its texts | the rule for the threshold |

pub mod params;
pub mod rule;

use super::format;

/// A number that is asked for.
#[derive(Debug, PartialEq)]
pub struct Number {
    /// What it is.
    pub name: &'static str,
    /// How tests find it.
    pub testid: &'static str,
    /// What it begins as; empty where it may be missing.
    pub initial: &'static str,
    /// What a missing one means; empty where it must not be.
    pub missing: &'static str,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Without a fraction.
    pub whole: bool,
}

impl Number {
    /// The number in a text, `None` if it is missing and may be.
    ///
    /// # Errors
    /// What is wrong with it, in words to stand under it.
    pub fn read(&self, text: &str) -> Result<Option<f64>, String> {
        let text = text.trim();
        if text.is_empty() && !self.missing.is_empty() {
            return Ok(None);
        }
        let number = text
            .parse()
            .ok()
            .filter(|number: &f64| (self.low..=self.high).contains(number) && (!self.whole || number.fract() == 0.0));
        number.map(Some).ok_or_else(|| self.wanted())
    }

    fn wanted(&self) -> String {
        let kind = if self.whole { "whole number" } else { "number" };
        let bound = |number: f64| if self.whole { format::count(number as u64) } else { number.to_string() };
        let or = if self.missing.is_empty() { "" } else { ", or nothing" };
        format!("A {kind} from {} to {}{or}.", bound(self.low), bound(self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Number =
        Number { name: "", testid: "", initial: "", missing: "", low: 2.0, high: 65_536.0, whole: true };
    const SHARE: Number = Number { missing: "all", low: 0.5, high: 50.0, whole: false, ..WHOLE };

    #[test]
    fn numbers_are_read_within_their_bounds() {
        assert_eq!(
            ["2", " 256 ", "65536"].map(|text| WHOLE.read(text)),
            [Ok(Some(2.0)), Ok(Some(256.0)), Ok(Some(65_536.0))]
        );
        assert_eq!(["0.5", "50", ""].map(|text| SHARE.read(text)), [Ok(Some(0.5)), Ok(Some(50.0)), Ok(None)]);
        for text in ["", "1", "65537", "2.5", "x", "NaN", "inf", "-3"] {
            assert_eq!(WHOLE.read(text), Err("A whole number from 2 to 65,536.".to_owned()), "{text}");
        }
        assert_eq!(SHARE.read("0.4"), Err("A number from 0.5 to 50, or nothing.".to_owned()));
    }
}
