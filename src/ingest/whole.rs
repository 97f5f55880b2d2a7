//! Short whole numbers, four at a time.
//!
//! Most cells of flows are such numbers, of one digit or of eight: with the digits of each at the high end of a word there
//! is nothing to foresee.

use wide::{i16x8, i32x4, u8x16, u16x8};

use super::number::ZEROS;

/// Added to more than nine, it sets the highest bit of a byte.
const NO_DIGIT: u8 = 0x76;

/// The values of the digits that the first `length` of eight characters are, the first of them lowest in `word`, moved to
/// the high end; something else than digits if they are too many, or none.
#[inline]
pub(super) fn align(word: u64, length: usize) -> u64 {
    let before_last = length.wrapping_sub(1);
    let values = (word ^ ZEROS) << (56 - 8 * (before_last & 7));
    if before_last < 8 { values } else { u64::MAX }
}

/// The numbers that were aligned, and a bit, least first, for each word that is none.
#[inline]
pub(super) fn read(aligned: [u64; 4]) -> ([f32; 4], u32) {
    let [first, second]: [u8x16; 2] = bytemuck::cast(aligned);
    let numbers = i16x8::from_i32x8_saturate(bytemuck::cast([fours(first), fours(second)]))
        .dot(i16x8::new([10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1]))
        .round_float();
    (numbers.to_array(), strangers(first, second))
}

/// The numbers of two words' digits, four and four.
#[inline]
fn fours(digits: u8x16) -> i32x4 {
    let digits: u16x8 = bytemuck::cast(digits);
    let twos = (digits & u16x8::splat(0xff)) * u16x8::splat(10) + (digits >> 8u32);
    bytemuck::cast::<u16x8, i16x8>(twos).dot(i16x8::new([100, 1, 100, 1, 100, 1, 100, 1]))
}

/// A bit for each of four words that has something else than digits.
#[inline]
fn strangers(first: u8x16, second: u8x16) -> u32 {
    let high = |values: u8x16| ((values + u8x16::splat(NO_DIGIT)) | values).to_bitmask();
    let bytes = high(first) | high(second) << 16;
    // What is set in a byte becomes its highest bit; those four are then brought together.
    let tops = (((bytes & 0x7f7f_7f7f) + 0x7f7f_7f7f) | bytes) & 0x8080_8080;
    (tops >> 7).wrapping_mul(0x0102_0408) >> 24 & 0xf
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word_of(text: &str) -> u64 {
        let mut bytes = *b"12,\n9 .7";
        bytes[..text.len().min(8)].copy_from_slice(&text.as_bytes()[..text.len().min(8)]);
        u64::from_le_bytes(bytes)
    }

    proptest! {
        #[test]
        fn digits_are_numbers_and_all_else_is_told(texts in prop::array::uniform4("[0-9]{0,9}|[-+.,eE0-9 /:]{0,9}|\\PC{0,3}")) {
            let (numbers, others) = read(texts.each_ref().map(|text| align(word_of(text), text.len())));
            for (place, text) in texts.iter().enumerate() {
                let is_whole = (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                prop_assert_eq!(others >> place & 1 == 0, is_whole, "{:?}", text);
                if is_whole {
                    prop_assert_eq!(numbers[place], text.parse::<u32>().expect("digits") as f32);
                }
            }
            prop_assert_eq!(others >> 4, 0);
        }
    }

    #[test]
    fn every_byte_but_a_digit_is_told() {
        for place in 0..4 {
            for at in 0..8 {
                for byte in 0..=u8::MAX {
                    let mut text = *b"12345678";
                    text[at] = byte;
                    let mut words = [align(word_of("5"), 1); 4];
                    words[place] = align(u64::from_le_bytes(text), 8);
                    assert_eq!(read(words).1, u32::from(!byte.is_ascii_digit()) << place, "{byte} at {at}");
                }
            }
        }
    }
}
