//! Numbers in the notation of their file and column.

use super::{Dialect, Number, cell::is_missing, parse_number};
use crate::table::{Field, Role};

/// Digits, signs and separators of the longest number.
const LONGEST: usize = 64;

/// Reads a cell of a number column: ports may be hexadecimal, as Argus writes those of ICMP, and −1 is no value where the
/// user says so.
pub(super) fn read_cell(text: &[u8], field: &Field, dialect: Dialect) -> Number {
    match read_number(text, dialect) {
        Number::Value(-1.0) if field.minus_one_is_missing => Number::Missing,
        Number::Unreadable if field.role == Role::Port => hexadecimal(text).map_or(Number::Unreadable, Number::Value),
        number => number,
    }
}

/// `0x0050`.
pub(super) fn hexadecimal(text: &[u8]) -> Option<f64> {
    let digits = text.trim_ascii().strip_prefix(b"0x")?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().map(f64::from)
}

/// Reads a number with the dialect's decimal sign, and with its groups of three digits where they are well formed.
pub(super) fn read_number(text: &[u8], dialect: Dialect) -> Number {
    let text = text.trim_ascii();
    if dialect.decimal == b'.' && dialect.thousands.is_none() || is_missing(text) {
        return parse_number(text);
    }
    let mut plain = [0; LONGEST];
    match plainly(text, dialect, &mut plain) {
        Some(plain) => parse_number(plain),
        None => Number::Unreadable,
    }
}

/// The number with a point and without groups; `None` where a separator stands in a wrong place.
fn plainly<'a>(text: &[u8], dialect: Dialect, out: &'a mut [u8; LONGEST]) -> Option<&'a [u8]> {
    if text.len() > LONGEST {
        return None;
    }
    let digits_from = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let whole_to = text.iter().position(|&byte| byte == dialect.decimal || matches!(byte | 32, b'e'));
    let whole = &text[digits_from.min(text.len())..whole_to.unwrap_or(text.len()).max(digits_from)];
    if let Some(sign) = dialect.thousands.filter(|sign| whole.contains(sign)) {
        let mut groups = whole.split(|&byte| byte == sign);
        let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && group[0] != b'0');
        if !first || !groups.all(|group| group.len() == 3) {
            return None;
        }
    }
    let mut length = 0;
    for (at, &byte) in text.iter().enumerate() {
        let in_whole = whole_to.is_none_or(|end| at < end);
        if in_whole && Some(byte) == dialect.thousands {
            continue;
        }
        out[length] = match byte {
            _ if byte == dialect.decimal => b'.',
            b'.' => return None,
            _ => byte,
        };
        length += 1;
    }
    Some(&out[..length])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Kind;

    fn read(text: &str, decimal: u8, thousands: Option<u8>) -> Number {
        read_number(text.as_bytes(), Dialect { decimal, thousands, ..Dialect::default() })
    }

    #[test]
    fn separators_are_read_where_they_belong() {
        assert_eq!(read(" 1,5 ", b',', None), Number::Value(1.5));
        assert_eq!(read("-1,5e3", b',', None), Number::Value(-1500.0));
        assert_eq!(read("1.234.567,8", b',', Some(b'.')), Number::Value(1_234_567.8));
        assert_eq!(read("1,234", b'.', Some(b',')), Number::Value(1234.0));
        assert_eq!(read("-12'345.5", b'.', Some(b'\'')), Number::Value(-12_345.5));
        assert_eq!(read("Infinity", b',', None), Number::Value(f64::INFINITY));
        assert_eq!(read("NaN", b',', Some(b'.')), Number::Missing);
        for wrong in
            ["1.5", "1.23", "1234.567", "0.123", "1.234.5", "1,2,3", ".234", "1,234.567", "1..234", "tcp", "-", "+"]
        {
            let number = read(wrong, b',', Some(b'.'));
            assert!(matches!(number, Number::Unreadable | Number::Missing), "{wrong}: {number:?}");
        }
    }

    #[test]
    fn columns_have_their_own_rules() {
        let port = Field::new("Sport", Kind::Number, Role::Port);
        let window =
            Field { minus_one_is_missing: true, ..Field::new("Init_Win_bytes_backward", Kind::Number, Role::Measure) };
        let read = |text: &str, field| read_cell(text.as_bytes(), field, Dialect::default());
        assert_eq!(read(" 0x0050 ", &port), Number::Value(80.0));
        assert_eq!(read("http", &port), Number::Unreadable);
        assert_eq!(read("0x", &port), Number::Unreadable);
        assert_eq!(read("0x0050", &window), Number::Unreadable);
        assert_eq!(read("-1", &window), Number::Missing);
        assert_eq!(read("-1", &port), Number::Value(-1.0));
    }

    proptest! {
        #[test]
        fn numbers_read_back_from_any_notation(value in -1_000_000_000i64..1_000_000_000, cents in 0u32..100, swap: bool) {
            let (decimal, thousands) = if swap { (',', '.') } else { ('.', ',') };
            let digits = value.unsigned_abs().to_string();
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
            let sign = if value < 0 { "-" } else { "" };
            let text = format!("{sign}{}{decimal}{cents:02}", groups.join(&thousands.to_string()));
            let wanted: f64 = format!("{value}.{cents:02}").parse().expect("a number");
            prop_assert_eq!(read(&text, decimal as u8, Some(thousands as u8)), Number::Value(wanted));
        }

        #[test]
        fn any_bytes_are_read_or_refused(text in "[0-9.,' eE+-]{0,80}", swap: bool) {
            read(&text, if swap { b',' } else { b'.' }, Some(if swap { b'.' } else { b',' }));
        }
    }
}
