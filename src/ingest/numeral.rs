//! Numbers in the notation of their file and column.

use super::{Number, NumberStyle};
use crate::table::{Field, Role};

/// Reads a cell of a number column: ports may be hexadecimal, as Argus writes those of ICMP, and −1 is no value where the
/// user says so.
pub(super) fn read_cell(text: &[u8], field: &Field, style: NumberStyle) -> Number {
    match style.parse(text) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ingest::Dialect, table::Kind};

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
}
