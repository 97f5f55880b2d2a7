//! Numbers as people and reports write them: with a unit (`1.7 M`, `300 kB`, `3.4 ms`), as a length of time in parts
//! (`00:01:30.5`, `PT1M30S`, `2h 5m`), with signs and groups that no program writes (`'-3.25`, `−8.5`, `(12.50)`).
//!
//! Plain numbers never come here: these cells are the few that [`NumberStyle::parse`] cannot read.

mod length;
mod suffix;

pub(super) use suffix::unit_in_name;

use super::{Dialect, Number, NumberStyle};
use crate::table::Unit;

/// A number with what was written beside its digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quantity {
    /// Counted in `unit`.
    pub value: f64,
    /// The base unit of what is written behind it ([`Unit::base`]), if that is a unit.
    pub unit: Option<Unit>,
    pub form: Form,
}

/// How a quantity is written, as far as that makes it doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing is doubtful.
    Clear,
    /// Whole digits with a prefix right behind them: `5G` may be the name of something.
    Prefixed,
    /// In brackets, as accountants write what is owed.
    Bracketed,
    /// Hours, minutes and seconds of less than a day: it may be a time of day.
    Clock,
}

/// Reads a quantity whose digits are written in `style`; `None` if it is something else.
pub(super) fn read(text: &[u8], style: NumberStyle) -> Option<Quantity> {
    let text = trim(text);
    // Spreadsheets put an apostrophe before what is to stay as it was typed.
    let text = text.strip_prefix(b"'").unwrap_or(text);
    let inside = text.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
    let (negative, rest) = match inside {
        Some(inside) => (true, trim(inside)),
        None => unsigned(text),
    };
    if !rest.first().is_some_and(|first| first.is_ascii_digit() || matches!(first, b'P' | b'p' | b'.' | b',')) {
        return None;
    }
    let read = match length::read(rest) {
        Some(length) => length,
        None => with_suffix(rest, style)?,
    };
    let value = if negative { -read.value } else { read.value };
    let form = if inside.is_some() { Form::Bracketed } else { read.form };
    Some(Quantity { value, form, ..read })
}

/// A quantity as a person types it, in the unit of a column; `None` if it is none of that kind.
pub fn read_quantity(text: &[u8], unit: Option<Unit>) -> Option<f64> {
    read(text, NumberStyle::from(&Dialect::default()))?.in_unit(unit)
}

impl Quantity {
    /// Its value in a column that is counted in `unit`; `None` if that is something else.
    pub fn in_unit(self, unit: Option<Unit>) -> Option<f64> {
        match (self.unit, unit.map(Unit::base)) {
            (None, _) => Some(self.value),
            (Some(own), Some((base, per))) if own == base => Some(self.value * per),
            _ => None,
        }
    }
}

/// Digits in the style, and a unit or a prefix or nothing.
fn with_suffix(text: &[u8], style: NumberStyle) -> Option<Quantity> {
    let (digits, rest) = text.split_at(digits_end(text, style));
    let suffix = trim(rest);
    let plain = plain_digits(digits, style)?;
    let Some(suffix) = (!suffix.is_empty()).then_some(suffix) else {
        return Some(Quantity { value: value_of(&plain, 0)?, unit: None, form: Form::Clear });
    };
    let Some((unit, power, factor)) = suffix::read(std::str::from_utf8(suffix).ok()?) else {
        // `1.5e3` behind a sign that only people write.
        let Number::Value(value) = style.parse(text) else { return None };
        return Some(Quantity { value, unit: None, form: Form::Clear });
    };
    let tight = rest.len() == suffix.len() && !plain.contains(&b'.');
    let form = if unit.is_none() && tight { Form::Prefixed } else { Form::Clear };
    Some(Quantity { value: value_of(&plain, power)? * factor, unit, form })
}

/// Digits with at most one point, times a power of ten: the nearest f64.
fn value_of(plain: &[u8], power: i32) -> Option<f64> {
    let mut text = plain.to_vec();
    if power != 0 {
        text.extend(format!("e{power}").bytes());
    }
    fast_float2::parse(text).ok()
}

/// Where a number's digits and marks end. A mark counts if a digit follows it.
fn digits_end(text: &[u8], style: NumberStyle) -> usize {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let mark = match byte {
            b'0'..=b'9' => {
                at += 1;
                continue;
            }
            b'.' | b',' | b'\'' => 1,
            b' ' if style.groups_by(b' ') => 1,
            _ => match group_mark(&text[at..]) {
                Some(length) => length,
                None => break,
            },
        };
        if !text.get(at + mark).is_some_and(u8::is_ascii_digit) {
            break;
        }
        at += mark;
    }
    at
}

/// The digits with a decimal point and without groups.
fn plain_digits(digits: &[u8], style: NumberStyle) -> Option<Vec<u8>> {
    // Blanks that do not break a line and typographic apostrophes stand for nothing but groups, as the apostrophe does.
    let mut marked = Vec::with_capacity(digits.len());
    let mut at = 0;
    while at < digits.len() {
        match group_mark(&digits[at..]) {
            Some(length) => {
                marked.push(b'\'');
                at += length;
            }
            None => {
                marked.push(digits[at]);
                at += 1;
            }
        }
    }
    let style = if marked.contains(&b'\'') { style.grouped_by(b'\'') } else { style };
    let plain = style.respell(&marked)?;
    let point = plain.iter().filter(|&&byte| byte == b'.').count();
    let valid = plain.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    (valid && point <= 1 && plain.iter().any(u8::is_ascii_digit)).then_some(plain)
}

/// The bytes of a mark between groups at the front of `text`: no-break and thin spaces, the typographic apostrophe.
fn group_mark(text: &[u8]) -> Option<usize> {
    const MARKS: [&str; 4] = ["\u{a0}", "\u{202f}", "\u{2009}", "\u{2019}"];
    MARKS.into_iter().find(|mark| text.starts_with(mark.as_bytes())).map(str::len)
}

/// Whether there is a minus, and what follows the sign.
fn unsigned(text: &[u8]) -> (bool, &[u8]) {
    for minus in ["-", "\u{2212}"] {
        if let Some(rest) = text.strip_prefix(minus.as_bytes()) {
            return (true, trim(rest));
        }
    }
    (false, text.strip_prefix(b"+").unwrap_or(text))
}

/// Without blanks at either end, those that do not break a line among them.
fn trim(mut text: &[u8]) -> &[u8] {
    const BLANKS: [&str; 3] = ["\u{a0}", "\u{202f}", "\u{2009}"];
    loop {
        text = text.trim_ascii();
        let of = |blank: &str| text.strip_prefix(blank.as_bytes()).or(text.strip_suffix(blank.as_bytes()));
        match BLANKS.into_iter().find_map(of) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

#[cfg(test)]
mod tests;
