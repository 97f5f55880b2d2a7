//! Where delimiters, line ends and quotes are, 64 bytes at a time.

use wide::u8x16;

/// Bytes looked at together.
pub(super) const CHUNK: usize = 64;

/// What stands where in a chunk: a bit per byte, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub delimiters: u64,
    pub line_ends: u64,
    pub quotes: u64,
}

impl Marks {
    /// Marks a chunk.
    #[inline]
    pub fn of(chunk: &[u8; CHUNK], delimiter: u8, quote: u8) -> Self {
        let [delimiter, quote, lf, cr] = [delimiter, quote, b'\n', b'\r'].map(u8x16::splat);
        let mut marks = Self { delimiters: 0, line_ends: 0, quotes: 0 };
        for (place, &part) in chunk.as_chunks().0.iter().enumerate() {
            let bytes = u8x16::new(part);
            let bits = |found: u8x16| u64::from(found.to_bitmask()) << (16 * place);
            marks.delimiters |= bits(bytes.simd_eq(delimiter));
            marks.line_ends |= bits(bytes.simd_eq(lf) | bytes.simd_eq(cr));
            marks.quotes |= bits(bytes.simd_eq(quote));
        }
        marks
    }

    /// Marks fewer bytes than a chunk has.
    #[inline(never)]
    pub fn of_rest(rest: &[u8], delimiter: u8, quote: u8) -> Self {
        let mut chunk = [0; CHUNK];
        chunk[..rest.len()].copy_from_slice(rest);
        Self::of(&chunk, delimiter, quote).before(rest.len() as u32)
    }

    /// Without those from this place on, which must be in the chunk.
    pub fn before(self, place: u32) -> Self {
        let kept = (1 << place) - 1;
        let Self { delimiters, line_ends, quotes } = self;
        Self { delimiters: delimiters & kept, line_ends: line_ends & kept, quotes: quotes & kept }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn everything_is_marked_where_it_is(bytes in prop::collection::vec(
            prop_oneof![prop::sample::select(b",;\n\r\"'\0\x80\xff".to_vec()), any::<u8>()], 0..=CHUNK
        )) {
            let marks = match bytes.first_chunk() {
                Some(chunk) => Marks::of(chunk, b',', b'\0'),
                None => Marks::of_rest(&bytes, b',', b'\0'),
            };
            let places = |of: &[u8]| {
                bytes.iter().enumerate().fold(0, |bits, (place, byte)| bits | u64::from(of.contains(byte)) << place)
            };
            let expected = Marks { delimiters: places(b","), line_ends: places(b"\n\r"), quotes: places(b"\0") };
            prop_assert_eq!(marks, expected);
        }
    }
}
