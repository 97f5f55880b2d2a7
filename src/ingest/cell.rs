//! What a cell's text says.

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
    )
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
        for missing in ["", "  ", "NaN", "nan", "-", "null", "NA"] {
            assert_eq!(parse_number(missing.as_bytes()), Number::Missing, "{missing:?}");
        }
        for other in ["tcp", "10.0.0.1", "1,5", "0x10", "12a", "--1", "+", "."] {
            assert_eq!(parse_number(other.as_bytes()), Number::Unreadable, "{other:?}");
        }
    }

    proptest! {
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
