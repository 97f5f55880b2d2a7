//! A field: what it asks for, and how a text becomes a value.

use crate::ui::format;

/// Above that, numbers of the browser have gaps.
pub const MOST_EXACT: f64 = 9_007_199_254_740_991.0;

/// What a field asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// What it is.
    pub label: &'static str,
    /// What it is counted in; empty where it is a plain number.
    pub unit: &'static str,
    /// A sentence that helps to choose; may be empty.
    pub hint: &'static str,
    /// How tests find it, and how it is told from the other fields of all forms.
    pub testid: &'static str,
    /// What can be typed.
    pub input: Input,
}

/// What can be typed into a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    /// A number.
    Number(Bounds),
    /// A number or nothing; the words say what nothing means.
    Optional(Bounds, &'static str),
    /// So many numbers at most, separated by commas, blanks or dashes, and at least one.
    List(Bounds, usize),
    /// One of these: names for scripts and for people.
    Choice(&'static [[&'static str; 2]]),
    /// Anything, for whoever asks to understand; the words say what.
    Text(&'static str),
}

/// Which numbers a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Without a fraction.
    pub whole: bool,
}

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// Nothing, where that is allowed.
    Nothing,
    /// Several numbers.
    List(Vec<f64>),
    /// The name for scripts of what was chosen.
    Choice(&'static str),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The whole number, if it is a number.
    pub fn count(&self) -> Option<usize> {
        self.number().map(|number| number as usize)
    }

    /// The whole numbers of a list.
    pub fn counts(&self) -> Vec<usize> {
        if let Self::List(numbers) = self {
            numbers.iter().map(|&number| number as usize).collect()
        } else {
            Vec::new()
        }
    }

    /// This was chosen.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Choice(chosen) if *chosen == name)
    }
}

impl Question {
    /// The value that a text stands for.
    ///
    /// # Errors
    /// What is wrong with the text, in words to stand beside it.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        match self.input {
            Input::Number(bounds) => bounds.read(text).map(Value::Number).map_err(|wrong| self.error(text, wrong)),
            Input::Optional(..) if text.is_empty() => Ok(Value::Nothing),
            Input::Text(_) => Ok(Value::Nothing),
            Input::Optional(bounds, _) => bounds.read(text).map(Value::Number).map_err(|wrong| self.error(text, wrong)),
            Input::List(bounds, most) => {
                let parts: Vec<&str> = text.split([',', ' ', '-', '–']).filter(|part| !part.is_empty()).collect();
                if parts.is_empty() || parts.len() > most {
                    return Err(self.wanted());
                }
                let number = |part: &str| bounds.read(part).map_err(|wrong| self.error(part, wrong));
                parts.into_iter().map(number).collect::<Result<_, _>>().map(Value::List)
            }
            Input::Choice(offers) => {
                let chosen = offers.iter().find(|offer| offer[0] == text);
                chosen.map(|offer| Value::Choice(offer[0])).ok_or_else(|| self.wanted())
            }
        }
    }

    fn error(&self, text: &str, wrong: Wrong) -> String {
        match wrong {
            Wrong::NoNumber if !text.is_empty() => format!("“{text}” is not a number."),
            _ => self.wanted(),
        }
    }

    fn wanted(&self) -> String {
        match self.input {
            Input::Number(bounds) => format!("Enter {}.", bounds.words()),
            Input::Optional(bounds, _) => format!("Enter {}, or leave it empty.", bounds.words()),
            Input::List(bounds, most) => format!("Enter 1 to {most} numbers, each {}.", bounds.words()),
            Input::Choice(_) | Input::Text(_) => "Choose one of the list.".to_owned(),
        }
    }
}

/// Why a text is not taken.
enum Wrong {
    NoNumber,
    OutOfBounds,
}

impl Bounds {
    fn read(self, text: &str) -> Result<f64, Wrong> {
        let number: f64 = without_separators(text).parse().map_err(|_| Wrong::NoNumber)?;
        if number.is_nan() {
            return Err(Wrong::NoNumber);
        }
        let inside = (self.low..=self.high).contains(&number) && (!self.whole || number.fract() == 0.0);
        if inside { Ok(number) } else { Err(Wrong::OutOfBounds) }
    }

    fn words(self) -> String {
        let kind = if self.whole { "a whole number" } else { "a number" };
        match (self.low > f64::MIN, self.high < f64::MAX) {
            (true, true) => format!("{kind} from {} to {}", format::number(self.low), format::number(self.high)),
            (true, false) => format!("{kind} of at least {}", format::number(self.low)),
            _ => kind.to_owned(),
        }
    }
}

/// `4,096` as it can be parsed, where the commas stand between groups of three digits; anything else as it is.
fn without_separators(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = first && groups.all(|group| group.len() == 3 && digits(group));
    match (grouped, fraction) {
        (false, _) => text.to_owned(),
        (true, None) => whole.replace(',', ""),
        (true, Some(fraction)) => format!("{}.{fraction}", whole.replace(',', "")),
    }
}

/// A field of a form that describes a `T`.
pub struct Field<T> {
    /// What it asks for.
    pub asks: Question,
    /// What a `T` has of it, as it could be typed.
    pub text: fn(&T) -> String,
    /// Puts a value into a `T`.
    pub put: fn(&mut T, &Value),
}

impl<T> Field<T> {
    /// A number.
    pub const fn number(
        label: &'static str,
        testid: &'static str,
        [low, high]: [f64; 2],
        text: fn(&T) -> String,
        put: fn(&mut T, &Value),
    ) -> Self {
        let input = Input::Number(Bounds { low, high, whole: false });
        Self { asks: Question { label, unit: "", hint: "", testid, input }, text, put }
    }

    /// A whole number.
    pub const fn whole(
        label: &'static str,
        testid: &'static str,
        [low, high]: [f64; 2],
        text: fn(&T) -> String,
        put: fn(&mut T, &Value),
    ) -> Self {
        let input = Input::Number(Bounds { low, high, whole: true });
        Self { asks: Question { label, unit: "", hint: "", testid, input }, text, put }
    }

    /// One of several.
    pub const fn choice(
        label: &'static str,
        testid: &'static str,
        offers: &'static [[&'static str; 2]],
        text: fn(&T) -> String,
        put: fn(&mut T, &Value),
    ) -> Self {
        let asks = Question { label, unit: "", hint: "", testid, input: Input::Choice(offers) };
        Self { asks, text, put }
    }

    /// The same, which may be empty.
    #[must_use]
    pub const fn or_empty(mut self, means: &'static str) -> Self {
        if let Input::Number(bounds) = self.asks.input {
            self.asks.input = Input::Optional(bounds, means);
        }
        self
    }

    /// The same for so many numbers.
    #[must_use]
    pub const fn up_to(mut self, most: usize) -> Self {
        if let Input::Number(bounds) = self.asks.input {
            self.asks.input = Input::List(bounds, most);
        }
        self
    }

    /// The same, counted in this.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.asks.unit = unit;
        self
    }

    /// The same with a sentence that helps to choose.
    #[must_use]
    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.asks.hint = hint;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn question(input: Input) -> Question {
        Question { label: "", unit: "", hint: "", testid: "", input }
    }

    const WHOLE: Question = question(Input::Number(Bounds { low: 2.0, high: 65_536.0, whole: true }));
    const BOUNDS: Bounds = Bounds { low: 0.5, high: 50.0, whole: false };
    const ANY: Question = question(Input::Number(Bounds { low: f64::MIN, high: f64::MAX, whole: false }));

    #[test]
    fn numbers_are_read_within_their_bounds() {
        let read = |text: &str| WHOLE.read(text).map(|value| value.number().unwrap());
        assert_eq!(["2", " 256 ", "65536", "65,536"].map(read), [Ok(2.0), Ok(256.0), Ok(65_536.0), Ok(65_536.0)]);
        for text in ["", "1", "65537", "2.5", "inf", "-3"] {
            assert_eq!(WHOLE.read(text), Err("Enter a whole number from 2 to 65,536.".to_owned()), "{text}");
        }
        for text in ["x", "NaN", "2,56", "1e", "12 flows", ",256"] {
            assert_eq!(WHOLE.read(text), Err(format!("“{text}” is not a number.")));
        }
    }

    #[test]
    fn numbers_of_any_size_are_numbers() {
        for (text, number) in [("1.5e-5", 1.5e-5), ("0.0000123", 1.23e-5), ("-4,096.5", -4_096.5), ("1e300", 1e300)] {
            assert_eq!(ANY.read(text), Ok(Value::Number(number)), "{text}");
        }
        assert_eq!(ANY.read("inf"), Err("Enter a number.".to_owned()));
        assert_eq!(ANY.read("0,5"), Err("“0,5” is not a number.".to_owned()));
    }

    #[test]
    fn what_may_be_empty_may() {
        let optional = question(Input::Optional(BOUNDS, "all"));
        assert_eq!([optional.read(" "), optional.read("0.5")], [Ok(Value::Nothing), Ok(Value::Number(0.5))]);
        assert_eq!(optional.read("0.4"), Err("Enter a number from 0.5 to 50, or leave it empty.".to_owned()));
        assert_eq!(question(Input::Number(BOUNDS)).read(""), Err("Enter a number from 0.5 to 50.".to_owned()));
    }

    #[test]
    fn lists_and_choices() {
        let list = question(Input::List(Bounds { low: 1.0, high: 1_024.0, whole: true }, 3));
        for text in ["16, 8, 16", "16-8-16", "16–8–16", "16 8 16"] {
            assert_eq!(list.read(text).unwrap().counts(), [16, 8, 16]);
        }
        assert_eq!(list.read("16, x"), Err("“x” is not a number.".to_owned()));
        for text in ["", "1 2 3 4", "0"] {
            assert_eq!(list.read(text), Err("Enter 1 to 3 numbers, each a whole number from 1 to 1,024.".to_owned()));
        }
        let choice = question(Input::Choice(&[["relu", "ReLU"], ["tanh", "Tanh"]]));
        assert!(choice.read("tanh").unwrap().is("tanh") && choice.read("sine").is_err());
    }
}
