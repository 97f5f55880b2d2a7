//! How bytes stand for text.

use serde::{Deserialize, Serialize};

/// The encodings that files of flows come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// With or without a byte order mark.
    #[default]
    Utf8,
    /// Sixteen bits, least byte first.
    Utf16Le,
    /// Sixteen bits, greatest byte first.
    Utf16Be,
    /// Western European, which has Latin-1 in it but for control characters.
    Windows1252,
}

/// What the bytes 80 to 9F mean in Windows-1252 (WHATWG Encoding Standard, index windows-1252).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252 (Latin-1)",
        }
    }

    /// Tells the encoding from a file's first bytes: by the byte order mark; by zero bytes, of which Western text in 16
    /// bits has one in each pair; by whether they are valid UTF-8.
    pub fn sniff(head: &[u8]) -> Self {
        match head {
            [0xef, 0xbb, 0xbf, ..] => return Self::Utf8,
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            _ => {}
        }
        let pairs = head.as_chunks::<2>().0;
        // Few enough at a time to be counted in a byte, which compilers make vectors of.
        let zeros = |of: usize| {
            let chunks = pairs.chunks(usize::from(u8::MAX));
            chunks.map(|chunk| usize::from(chunk.iter().map(|pair| u8::from(pair[of] == 0)).sum::<u8>())).sum::<usize>()
        };
        let (even, odd, pairs) = (zeros(0), zeros(1), pairs.len());
        if pairs > 0 && odd * 10 > pairs * 8 && even * 10 < pairs {
            return Self::Utf16Le;
        }
        if pairs > 0 && even * 10 > pairs * 8 && odd * 10 < pairs {
            return Self::Utf16Be;
        }
        match std::str::from_utf8(head) {
            // A character that is cut off at the end is none that is wrong.
            Err(error) if error.error_len().is_some() => Self::Windows1252,
            _ => Self::Utf8,
        }
    }
}

/// Turns bytes into UTF-8, piece by piece.
pub struct Decoder {
    encoding: Encoding,
    /// Bytes of a character that is not whole yet.
    rest: Vec<u8>,
    /// The byte order mark was passed, or there is none.
    begun: bool,
}

impl Decoder {
    /// A decoder at the start of a file.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, rest: Vec::new(), begun: false }
    }

    /// The encoding that it undoes.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Appends the text of `bytes` to `out`. What stands for no character becomes U+FFFD; UTF-8 passes as it is.
    pub fn decode(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 => out.extend(bytes),
            Encoding::Windows1252 => bytes.iter().for_each(|&byte| match byte {
                0x00..=0x7f => out.push(byte),
                0x80..=0x9f => push(WINDOWS_1252[usize::from(byte - 0x80)], out),
                0xa0..=0xff => push(char::from(byte), out),
            }),
            Encoding::Utf16Le => self.decode_pairs(bytes, last, u16::from_le_bytes, out),
            Encoding::Utf16Be => self.decode_pairs(bytes, last, u16::from_be_bytes, out),
        }
    }

    fn decode_pairs(&mut self, bytes: &[u8], last: bool, unit: fn([u8; 2]) -> u16, out: &mut Vec<u8>) {
        let mut all = std::mem::take(&mut self.rest);
        all.extend(bytes);
        let mut whole = all.len() & !1;
        let is_first_half = |pair: &[u8]| (0xd800..0xdc00).contains(&unit([pair[0], pair[1]]));
        if !last && whole >= 2 && is_first_half(&all[whole - 2..whole]) {
            whole -= 2;
        }
        let units = all[..whole].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        for character in char::decode_utf16(units) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            let mark = !std::mem::replace(&mut self.begun, true) && character == '\u{feff}';
            if !mark {
                push(character, out);
            }
        }
        if last && whole < all.len() {
            push(char::REPLACEMENT_CHARACTER, out);
        }
        self.rest = all.split_off(whole);
    }
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(encoding: Encoding, bytes: &[u8], slice: usize) -> String {
        let mut decoder = Decoder::new(encoding);
        let mut out = Vec::new();
        bytes.chunks(slice).for_each(|piece| decoder.decode(piece, false, &mut out));
        decoder.decode(&[], true, &mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    fn pairs(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "bytes,naïve €\n1,2\n";
        assert_eq!(Encoding::sniff(text.as_bytes()), Encoding::Utf8);
        assert_eq!(Encoding::sniff(&text.as_bytes()[..10]), Encoding::Utf8, "cut inside a character");
        assert_eq!(Encoding::sniff(b"bytes,na\xefve\n1,2\n"), Encoding::Windows1252);
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{text}");
            assert_eq!(Encoding::sniff(&pairs(&text, u16::to_le_bytes)), Encoding::Utf16Le);
            assert_eq!(Encoding::sniff(&pairs(&text, u16::to_be_bytes)), Encoding::Utf16Be);
        }
        assert_eq!(Encoding::sniff(b""), Encoding::Utf8);
        assert_eq!(Encoding::sniff(b"a,b\n1,\0\n"), Encoding::Utf8);
    }

    #[test]
    fn windows_1252_has_its_own_characters() {
        assert_eq!(decode(Encoding::Windows1252, b"\x80 na\xefve \x9f", 3), "€ naïve Ÿ");
    }

    #[test]
    fn halves_of_characters_are_replaced() {
        let mut bytes = pairs("a", u16::to_le_bytes);
        bytes.extend([0x00, 0xd8, b'b', 0, 0x41]);
        assert_eq!(decode(Encoding::Utf16Le, &bytes, 1), "a\u{fffd}b\u{fffd}");
    }

    proptest! {
        #[test]
        fn sixteen_bits_read_back(text in "\\PC{0,20}", slice in 1usize..7, mark in any::<bool>()) {
            prop_assume!(!text.starts_with('\u{feff}'));
            let marked = if mark { format!("\u{feff}{text}") } else { text.clone() };
            prop_assert_eq!(decode(Encoding::Utf16Le, &pairs(&marked, u16::to_le_bytes), slice), text.clone());
            prop_assert_eq!(decode(Encoding::Utf16Be, &pairs(&marked, u16::to_be_bytes), slice), text);
        }
    }
}
