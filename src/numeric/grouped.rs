//! Decimal numbers with commas between their thousands.

/// A count: `3,577,296`.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// Commas between the thousands of a decimal number.
pub fn grouped(text: &str) -> String {
    let whole = text.find('.').unwrap_or(text.len());
    let mut all = String::with_capacity(text.len() + whole / 3);
    for (place, digit) in text.char_indices() {
        if place > 0 && place < whole && (whole - place).is_multiple_of(3) {
            all.push(',');
        }
        all.push(digit);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart_before_the_decimal_point_only() {
        assert_eq!([0, 999, 1_000, 3_577_296].map(count), ["0", "999", "1,000", "3,577,296"]);
        assert_eq!(["1234.56789", "0.0001", "12"].map(grouped), ["1,234.56789", "0.0001", "12"]);
    }
}
