//! Numbers in the notation of their file and column.

use super::{Number, NumberStyle, quantity};
use crate::table::{Field, Role};

/// Reads a cell of a number column, in the column's unit: what is measured may be written with a unit, ports may be
/// hexadecimal, as Argus writes those of ICMP, and −1 is no value where the user says so, nor is 0 among
/// times since 1970.
pub fn read_cell(text: &[u8], field: &Field, style: NumberStyle) -> Number {
    let found = match style.parse(text) {
        Number::Unreadable if field.role == Role::Port => hexadecimal(text),
        Number::Unreadable if has_quantities(field.role) => {
            quantity::read(text, style).and_then(|quantity| quantity.in_unit(field.unit))
        }
        Number::Unreadable => None,
        Number::Value(value) => Some(value),
        Number::Missing => return Number::Missing,
    };
    match found {
        Some(-1.0) if field.minus_one_is_missing => Number::Missing,
        Some(0.0) if field.zero_is_missing => Number::Missing,
        Some(value) => Number::Value(value),
        None => Number::Unreadable,
    }
}

/// Cells of such a column may be quantities; others name something.
pub(super) fn has_quantities(role: Role) -> bool {
    matches!(role, Role::Measure | Role::Duration | Role::Time | Role::Ignored)
}

/// `0x0050`.
pub(super) fn hexadecimal(text: &[u8]) -> Option<f64> {
    let digits = text.trim_ascii().strip_prefix(b"0x")?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ingest::Dialect, table::Kind};

    fn read(text: &str, decimal: u8, thousands: Option<u8>) -> Number {
        NumberStyle::from(&Dialect { decimal, thousands, ..Dialect::default() }).parse(text.as_bytes())
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
        let read = |text: &str, field| read_cell(text.as_bytes(), field, NumberStyle::from(&Dialect::default()));
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
