//! What a cell's text says.

use super::Dialect;

/// A cell of a number column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A number, infinities included.
    Value(f64),
    /// Nothing, or one of the words for nothing.
    Missing,
    /// Something else.
    Unreadable,
}

/// Reads a number as pandas' `read_csv` would: blanks around it are ignored, its words for missing values are missing,
/// `inf` and `Infinity` with or without a sign are infinite. Zeek's and Wireshark's `-` is missing, too.
pub fn parse_number(text: &[u8]) -> Number {
    let text = text.trim_ascii();
    if let Some(whole) = parse_whole(text) {
        return Number::Value(whole);
    }
    if is_missing(text) {
        return Number::Missing;
    }
    match fast_float2::parse::<f64, _>(text) {
        Ok(value) if !value.is_nan() => Number::Value(value),
        _ => Number::Unreadable,
    }
}

/// Most cells of a flow file are small whole numbers.
fn parse_whole(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // 15 digits are exact in an f64.
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let mut value = 0u64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    let value = value as f64;
    Some(if negative { -value } else { value })
}

/// The words for a missing value.
pub const MISSING_WORDS: [&str; 16] =
    ["", "-", "NaN", "nan", "-nan", "-NaN", "NA", "N/A", "n/a", "<NA>", "null", "NULL", "None", "#N/A", "(empty)", "?"];

/// It is one of [`MISSING_WORDS`].
pub fn is_missing(text: &[u8]) -> bool {
    matches!(
        text,
        b"" | b"-"
            | b"NaN"
            | b"nan"
            | b"-nan"
            | b"-NaN"
            | b"NA"
            | b"N/A"
            | b"n/a"
            | b"<NA>"
            | b"null"
            | b"NULL"
            | b"None"
            | b"#N/A"
            | b"(empty)"
            | b"?"
    )
}

/// How a file writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberStyle {
    /// Between whole and fractional digits.
    decimal: u8,
    /// Between groups of three whole digits.
    thousands: Option<u8>,
}

impl From<&Dialect> for NumberStyle {
    fn from(dialect: &Dialect) -> Self {
        Self { decimal: dialect.decimal, thousands: dialect.thousands.filter(|&sign| sign != dialect.decimal) }
    }
}

impl NumberStyle {
    /// [`parse_number`] reads such numbers as well, and faster.
    pub fn is_plain(&self) -> bool {
        self.decimal == b'.' && self.thousands.is_none()
    }

    /// Reads a number as [`parse_number`] does, but with this style's signs: each at its place, thousands in groups of
    /// three (`1.234.567,5`), or the cell holds no number. A point that is neither sign makes it none, too.
    pub fn parse(&self, text: &[u8]) -> Number {
        let text = text.trim_ascii();
        let is_sign = |&byte: &u8| byte == b'.' || byte == self.decimal || Some(byte) == self.thousands;
        if self.is_plain() || !text.iter().any(is_sign) {
            return parse_number(text);
        }
        self.respell(text).map_or(Number::Unreadable, |plain| parse_number(&plain))
    }

    /// Whether this sign stands between groups of digits.
    pub(super) fn groups_by(&self, sign: u8) -> bool {
        self.thousands == Some(sign)
    }

    /// This style with another sign between groups of digits.
    pub(super) fn grouped_by(&self, sign: u8) -> Self {
        Self { thousands: Some(sign), ..*self }
    }

    /// The number without thousands and with a decimal point.
    pub(super) fn respell(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut parts = text.splitn(2, |&byte| byte == self.decimal);
        let (whole, fraction) = (parts.next()?, parts.next());
        let (sign, whole) = match whole {
            [sign @ (b'-' | b'+'), whole @ ..] => (Some(*sign), whole),
            whole => (None, whole),
        };
        let mut plain = Vec::with_capacity(text.len());
        plain.extend(sign);
        match self.thousands {
            Some(sign) if whole.contains(&sign) => {
                let mut groups = whole.split(|&byte| byte == sign);
                let first = groups.next()?;
                let well_formed = |group: &[u8]| group.len() == 3 && group.iter().all(u8::is_ascii_digit);
                if !matches!(first.len(), 1..=3) || first[0] == b'0' || !groups.all(well_formed) {
                    return None;
                }
                plain.extend(whole.iter().filter(|&&byte| byte != sign));
            }
            _ => plain.extend(whole),
        }
        let stray_point = self.decimal != b'.' && plain.contains(&b'.');
        if let Some(fraction) = fraction {
            plain.push(b'.');
            plain.extend(fraction);
        }
        (!stray_point).then_some(plain)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_missing_words_and_infinities() {
        assert_eq!(parse_number(b"42"), Number::Value(42.0));
        assert_eq!(parse_number(b" -1 "), Number::Value(-1.0));
        assert_eq!(parse_number(b"1.643E12"), Number::Value(1.643e12));
        assert_eq!(parse_number(b"588.333333333333"), Number::Value(588.333333333333));
        assert_eq!(parse_number(b"Infinity"), Number::Value(f64::INFINITY));
        assert_eq!(parse_number(b"-inf"), Number::Value(f64::NEG_INFINITY));
        assert!(MISSING_WORDS.iter().all(|word| is_missing(word.as_bytes())));
        for missing in ["", "  ", "NaN", "nan", "-", "null", "NA"] {
            assert_eq!(parse_number(missing.as_bytes()), Number::Missing, "{missing:?}");
        }
        for other in ["tcp", "10.0.0.1", "1,5", "0x10", "12a", "--1", "+", "."] {
            assert_eq!(parse_number(other.as_bytes()), Number::Unreadable, "{other:?}");
        }
    }

    #[test]
    fn signs_of_other_styles_count_at_their_places_only() {
        let style = |decimal, thousands| NumberStyle { decimal, thousands };
        let german = style(b',', Some(b'.'));
        for (text, value) in [
            ("1.234,5", 1234.5),
            ("1,5", 1.5),
            ("-1.234.567", -1_234_567.0),
            ("12", 12.0),
            (" ,5 ", 0.5),
            ("1,5E3", 1500.0),
        ] {
            assert_eq!(german.parse(text.as_bytes()), Number::Value(value), "{text:?}");
        }
        for text in
            ["1.5", "1.23,4", "1234.567", "0.123", ".123", "1,5,0", "1,234.5", "1..234", "1.234.", "a.bcd", "10.0.0.1"]
        {
            assert_eq!(german.parse(text.as_bytes()), Number::Unreadable, "{text:?}");
        }
        assert_eq!(german.parse(b"NaN"), Number::Missing);
        assert_eq!(style(b'.', Some(b',')).parse(b"1,234,567.25"), Number::Value(1_234_567.25));
        assert_eq!(style(b'.', Some(b',')).parse(b"1,23"), Number::Unreadable);
        assert_eq!(style(b',', None).parse(b"1234,5"), Number::Value(1234.5));
        assert_eq!(style(b',', None).parse(b"1.5"), Number::Unreadable);
        assert_eq!(style(b',', Some(b' ')).parse(b"12 345,5"), Number::Value(12_345.5));
    }

    proptest! {
        #[test]
        fn plain_numbers_mean_the_same_in_the_plain_style(text in "[-+0-9.,eE]{0,12}") {
            let plain = NumberStyle::from(&Dialect::default());
            prop_assert_eq!(plain.parse(text.as_bytes()), parse_number(text.as_bytes()));
        }

        #[test]
        fn every_float_reads_back(value in any::<f64>().prop_filter("a number", |value| !value.is_nan())) {
            prop_assert_eq!(parse_number(value.to_string().as_bytes()), Number::Value(value));
        }

        #[test]
        fn every_integer_reads_as_the_standard_library_reads_it(value in any::<i64>()) {
            prop_assert_eq!(parse_number(value.to_string().as_bytes()), Number::Value(value as f64));
        }
    }
}
