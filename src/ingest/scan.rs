//! Where delimiters and line ends are, 64 bytes at a time.

/// Bytes looked at together.
pub(super) const CHUNK: usize = 64;

/// What stands where in a chunk.
pub(super) struct Marks {
    /// A bit per byte, least first: it ends a cell, as a delimiter or as the end of the line.
    pub ends: u64,
    /// There is a quote.
    pub quoted: bool,
}

impl Marks {
    /// Marks a chunk. The loops are plain so that they become vector instructions on every platform.
    #[inline]
    pub fn of(chunk: &[u8; CHUNK], delimiter: u8, quote: u8) -> Self {
        let mut ends = [0u8; CHUNK];
        let mut quotes = 0;
        for (end, &byte) in ends.iter_mut().zip(chunk) {
            *end = u8::from(byte == delimiter) | u8::from(byte == b'\n') | u8::from(byte == b'\r');
            quotes |= u8::from(byte == quote);
        }
        let (words, _) = ends.as_chunks::<8>();
        let mut bits = 0;
        for (place, &word) in words.iter().enumerate() {
            // Multiplying moves bit 0 of byte i to bit 56 + i, and no two to the same place.
            bits |= (u64::from_le_bytes(word).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * place);
        }
        Self { ends: bits, quoted: quotes != 0 }
    }

    /// The marks of fewer bytes than a chunk has.
    #[inline(never)]
    pub fn of_rest(rest: &[u8], delimiter: u8, quote: u8) -> Self {
        let mut chunk = [delimiter; CHUNK];
        chunk[..rest.len()].copy_from_slice(rest);
        let mut marks = Self::of(&chunk, delimiter, quote);
        marks.ends &= (1 << rest.len()) - 1;
        marks
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_end_is_marked_and_nothing_else(bytes in prop::collection::vec(
            prop_oneof![prop::sample::select(b",;\n\r\"'\0\x80\xff".to_vec()), any::<u8>()], 0..=CHUNK
        )) {
            let marks = match bytes.first_chunk() {
                Some(chunk) => Marks::of(chunk, b',', b'"'),
                None => Marks::of_rest(&bytes, b',', b'"'),
            };
            let marked = |place: usize| marks.ends >> place & 1 == 1;
            let ends = |place| bytes.get(place).is_some_and(|byte| b",\n\r".contains(byte));
            prop_assert!((0..CHUNK).all(|place| marked(place) == ends(place)));
            prop_assert_eq!(marks.quoted, bytes.contains(&b'"'));
        }
    }
}
