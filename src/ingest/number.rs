//! Numbers from digits, eight at a time.
//!
//! Two facts make this exact. An f64 holds every whole number up to 2⁵³ and every power of ten up to 10²², so the
//! quotient or product of two such is the f64 nearest to the number (Clinger 1990, "How to read floating point numbers
//! accurately"). And an f64 that is off by a few units in its last place still becomes the right f32, unless it lies
//! that close to the middle between two of them. Whatever these do not cover is left to a full parser.

/// Powers of ten that an f64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];
/// Eight characters at a time: a digit exclusive-or `0` is its value, and adding [`NO_DIGIT`] to ten or more sets the
/// highest bit. (A carry can only reach the characters behind such a one.)
pub(super) const ZEROS: u64 = 0x3030_3030_3030_3030;
const NO_DIGIT: u64 = 0x7676_7676_7676_7676;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
/// Powers of ten up to 10¹⁶.
const TENS: [u64; 17] = {
    let mut tens = [1; 17];
    let mut power = 1;
    while power < tens.len() {
        tens[power] = tens[power - 1] * 10;
        power += 1;
    }
    tens
};
/// Nearest to 10⁰ to 10⁻¹⁶.
const TENTHS: [f64; 17] =
    [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16];
/// So many digits fit into 63 bits and a sign.
const SIGNED_DIGITS: usize = 18;
/// So many digits fit into 64 bits.
const MOST_DIGITS: usize = 19;

/// The number that the first `length` bytes of `text` spell, such as `-1`, `588.333` or `1.5E-4`: the f64 nearest to
/// it, rounded to an f32. `None` if they spell none, or one that takes a full parser. What follows them in `text` does
/// not matter.
#[inline]
pub(super) fn parse_f32(text: &[u8], length: usize) -> Option<f32> {
    parse_fraction(text, length).or_else(|| parse_decimal(text, length))
}

/// A number of at most seven whole digits, a point and at most sixteen more, with as little to foresee as possible;
/// `None` may also mean that it takes a closer look.
#[inline]
fn parse_fraction(text: &[u8], length: usize) -> Option<f32> {
    let word = |at: usize| Some(u64::from_le_bytes(*text.get(at..)?.first_chunk()?));
    let first = word(0)?;
    let whole_digits = leading_digits(first);
    let whole = u64::from(value_of(aligned(first, whole_digits)));
    let point = first.checked_shr(8 * whole_digits as u32)? as u8;
    let fraction = length.wrapping_sub(whole_digits + 1);
    if point != b'.' || !(1..=16).contains(&fraction) || whole_digits + fraction > SIGNED_DIGITS {
        return None;
    }
    let at = whole_digits + 1;
    let (high, low) = if fraction > 8 { (8, fraction - 8) } else { (fraction, 0) };
    let (high_values, low_values) = (aligned(word(at)?, high), aligned(word(at + 8)?, low));
    let others =
        (high_values.wrapping_add(NO_DIGIT) | high_values | low_values.wrapping_add(NO_DIGIT) | low_values) & HIGH_BITS;
    if others != 0 {
        return None;
    }
    let fraction_value = u64::from(value_of(high_values)) * TENS[low] + u64::from(value_of(low_values));
    let mantissa = whole * TENS[fraction] + fraction_value;
    // A product with an inexact reciprocal is off by three units at most.
    let value = mantissa as i64 as f64 * TENTHS[fraction];
    if from_middle(value) > 4 { Some(value as f32) } else { scale(mantissa, -(fraction as i32)) }
}

/// How many units an f64 is from the middle between two f32: those of its bits that an f32 lacks are half their range there.
#[inline(always)]
fn from_middle(value: f64) -> u64 {
    (value.to_bits() & 0x1fff_ffff).abs_diff(0x1000_0000)
}

/// The values of the first `count` digits of a word, moved to its high end.
#[inline(always)]
fn aligned(word: u64, count: usize) -> u64 {
    // In two steps, because by 64 bits is too far for one.
    let step = 32 - 4 * count;
    (word ^ ZEROS) << step << step
}

/// Digits that are being read.
struct Digits {
    /// Their value; it wraps around if they are too many.
    mantissa: u64,
    count: usize,
    /// Where they end.
    at: usize,
}

#[inline(never)]
fn parse_decimal(text: &[u8], length: usize) -> Option<f32> {
    let has = |at: usize, byte: u8| at < length && text[at] == byte;
    let negative = has(0, b'-');
    let mut digits = Digits { mantissa: 0, count: 0, at: usize::from(negative) };
    while digits.take(text, length) {}
    let mut exponent = 0;
    if has(digits.at, b'.') {
        digits.at += 1;
        let whole = digits.count;
        // Twice at least, even if there is nothing left: how many digits there are is hard to foresee.
        digits.take(text, length);
        while digits.take(text, length) {}
        exponent = whole as i32 - digits.count as i32;
    }
    if !(1..=MOST_DIGITS).contains(&digits.count) {
        return None;
    }
    if digits.at < length {
        exponent += take_exponent(text, digits.at, length)?;
    }
    let value = scale(digits.mantissa, exponent)?;
    Some(if negative { -value } else { value })
}

/// What the text from `at` on says as an exponent; `None` if there is anything else.
fn take_exponent(text: &[u8], at: usize, length: usize) -> Option<i32> {
    let sign = text.get(at + 1).copied();
    let start = at + 1 + usize::from(matches!(sign, Some(b'-' | b'+')));
    let (count, value) = digits(text, start, length);
    let whole = matches!(text[at], b'e' | b'E') && count > 0 && start + count == length;
    whole.then_some(if sign == Some(b'-') { -(value as i32) } else { value as i32 })
}

/// `mantissa` × 10^`exponent`.
fn scale(mantissa: u64, exponent: i32) -> Option<f32> {
    let power = *POWERS.get(exponent.unsigned_abs() as usize)?;
    let value = if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    // Within 2⁵³ the value is the nearest f64; above, both the mantissa and the result may be rounded.
    let exact = mantissa <= 1 << 53;
    (exact || from_middle(value) > 4 && value < 1e38).then_some(value as f32)
}

impl Digits {
    /// Takes in the digits that follow, at most eight, and says whether there may be more.
    #[inline(always)]
    fn take(&mut self, text: &[u8], length: usize) -> bool {
        let (count, value) = digits(text, self.at, length);
        self.mantissa = self.mantissa.wrapping_mul(TENS[count]).wrapping_add(value);
        self.count += count;
        self.at += count;
        count == 8
    }
}

/// How many digits, of at most eight, there are in `text[at..length]` before anything else, and their value.
#[inline(always)]
fn digits(text: &[u8], at: usize, length: usize) -> (usize, u64) {
    let rest = text.get(at..).unwrap_or_default();
    let word = match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => word_of(rest),
    };
    let count = leading_digits(word).min(length.saturating_sub(at));
    (count, u64::from(value_of(aligned(word, count))))
}

/// How many of a word's characters are digits before anything else.
#[inline(always)]
fn leading_digits(word: u64) -> usize {
    let values = word ^ ZEROS;
    ((values.wrapping_add(NO_DIGIT) | values) & HIGH_BITS).trailing_zeros() as usize / 8
}

/// The value of eight digits, the first of them lowest: neighbours join by two, by four, by eight.
#[inline(always)]
fn value_of(digits: u64) -> u32 {
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    (low.wrapping_add(high) >> 32) as u32
}

/// Fewer than eight bytes, and zeros.
#[cold]
fn word_of(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is read must be what the full parser reads, whatever follows in memory.
    fn check(text: &str) -> Option<f32> {
        let mut found = None;
        for behind in ["", "7", ",12345678901234567890", "\n"] {
            found = parse_f32([text, behind].concat().as_bytes(), text.len());
            if let Some(value) = found {
                let full: f64 = fast_float2::parse(text).expect("a number");
                assert_eq!(value.to_bits(), (full as f32).to_bits(), "{text:?} before {behind:?}");
            }
        }
        found
    }

    /// Of text in an old encoding such bytes stand alone.
    #[test]
    fn bytes_beyond_127_are_no_digits() {
        for byte in 0x80..=0xff {
            for text in [[b'1', b'.', byte], [b'1', byte, b'5']] {
                let followed = [text.as_slice(), b",12345678901234567890"].concat();
                assert_eq!(parse_f32(&followed, text.len()), None, "{byte:#x}");
            }
        }
    }

    #[test]
    fn numbers_as_flow_tools_write_them_need_no_full_parser() {
        for text in [
            "0",
            "7",
            "443",
            "12345678",
            "123456789",
            "119999999",
            "1493198877000",
            "-1",
            "0.0",
            "6.0",
            "-1.5",
            "333333.333333333",
            "588.3333333333334",
            "28.86751345948129",
            "1.643E12",
            "1.0E-4",
            "1e5",
            "2E+3",
            "0.1",
            ".5",
            "5.",
            "1234567890123456789",
        ] {
            assert!(check(text).is_some(), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "-.",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "12a",
            "1,5",
            "+1",
            " 1",
            "1 ",
            "NaN",
            "inf",
            "0x10",
            "--1",
            "1e99",
            "12345678901234567890",
        ] {
            assert_eq!(check(text), None, "{text}");
        }
    }

    #[test]
    fn the_middle_between_two_numbers_is_left_to_the_full_parser() {
        // 2²⁴ + 1 has 17 digits with these zeros, which is more than an f64 can be sure of.
        assert_eq!(check("16777217.00000000000"), None);
        assert_eq!(check("16777217.00000000001"), None);
        assert_eq!(check("16777217.0"), Some(16_777_216.0));
        assert_eq!(check("16777217.1000000000"), Some(16_777_218.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn whatever_is_read_is_right(text in "-?[0-9]{0,20}(\\.[0-9]{0,20})?([eE][-+]?[0-9]{1,3})?") {
            check(&text);
        }

        #[test]
        fn near_the_middle_it_is_right(bits in 0x3000_0000u32..0x5000_0000, off in -3i64..4, digits in 14usize..19) {
            let middle = f64::from(f32::from_bits(bits)).midpoint(f64::from(f32::from_bits(bits + 1)));
            let near = f64::from_bits(middle.to_bits().wrapping_add_signed(off));
            check(&format!("{near:.digits$}"));
            check(&format!("{near:.digits$e}"));
        }

        #[test]
        fn other_text_is_no_number(text in "[-+.eE0-9 a\u{b9}\u{2009}]{0,12}") {
            if check(&text).is_some() {
                prop_assert!(fast_float2::parse::<f64, _>(&text).is_ok());
            }
        }
    }
}
