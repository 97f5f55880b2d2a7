//! What a cell looks like, before anything is known of its column.

use std::net::IpAddr;

use crate::{
    ingest::{Dialect, Number, NumberStyle, cell::is_missing, parse_number, parse_time, quantity},
    table::TimeStyle,
};

/// What one cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ingest) enum Shape {
    /// Nothing, or a word for nothing.
    Missing,
    /// Digits, with signs and separators as numbers have them in any country.
    Number,
    /// An IP address.
    Address,
    /// A date, with or without a time.
    Time,
    /// Anything else.
    Text,
}

impl Shape {
    pub fn of(cell: &[u8]) -> Self {
        let cell = cell.trim_ascii();
        match parse_number(cell) {
            _ if is_missing(cell) => Self::Missing,
            Number::Missing => Self::Missing,
            Number::Value(_) => Self::Number,
            Number::Unreadable if is_address(cell) => Self::Address,
            Number::Unreadable if is_time(cell) => Self::Time,
            Number::Unreadable if is_numeral(cell) || is_quantity(cell) => Self::Number,
            Number::Unreadable => Self::Text,
        }
    }
}

/// An address in its plain form. (That a column holds addresses is told with more patience: `roles`.)
pub(super) fn is_address(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

fn is_time(cell: &[u8]) -> bool {
    use TimeStyle::{DayFirst, MonthFirst, TimeOfDay, YearFirst};
    [YearFirst, DayFirst, MonthFirst, TimeOfDay].into_iter().any(|style| parse_time(cell, style).is_some())
}

/// Digits with a unit, a length of time in parts.
fn is_quantity(cell: &[u8]) -> bool {
    let reads = |decimal| quantity::read(cell, NumberStyle::from(&Dialect { decimal, ..Dialect::default() })).is_some();
    // `1,` was cut at the wrong place.
    reads(b'.') || cell.last() != Some(&b',') && reads(b',')
}

/// A number with separators: `1,5`, `1.234.567,8`, `-12'345`; `'-1,5` where a sign shall not begin a formula.
fn is_numeral(cell: &[u8]) -> bool {
    let signed = [&b"-"[..], b"+", b"'-", b"'+"].into_iter().find_map(|sign| cell.strip_prefix(sign));
    let digits = signed.unwrap_or(cell);
    digits.first().is_some_and(u8::is_ascii_digit)
        && digits.last().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'\'' | b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for (cell, shape) in [
            ("", Shape::Missing),
            (" - ", Shape::Missing),
            ("1.5e3", Shape::Number),
            ("1.234.567,8", Shape::Number),
            ("-12'345", Shape::Number),
            ("'-12'345,5", Shape::Number),
            ("10.0.0.1", Shape::Address),
            ("fe80::1", Shape::Address),
            ("26/04/201711:11:17", Shape::Time),
            ("2018-01-12", Shape::Time),
            ("tcp", Shape::Text),
            ("1.5s", Shape::Number),
            ("300 kB", Shape::Number),
            ("'-1'300,25 kB", Shape::Number),
            ("11:05:40", Shape::Time),
            ("0x0050", Shape::Text),
            ("1,", Shape::Text),
        ] {
            assert_eq!(Shape::of(cell.as_bytes()), shape, "{cell}");
        }
    }
}
