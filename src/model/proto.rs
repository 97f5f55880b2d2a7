//! Protocol buffers, as far as an ONNX file needs them: what is written, and the top level of what is read.
//!
//! The format: *Protocol Buffers, Encoding* (protobuf.dev). Field numbers are those of `onnx.proto`.

/// A message that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Message(pub Vec<u8>);

/// How a field's value is written.
const VARINT: u64 = 0;
const EIGHT_BYTES: u64 = 1;
const BYTES: u64 = 2;
const FOUR_BYTES: u64 = 5;

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// A whole number.
    pub fn int(mut self, field: u64, value: i64) -> Self {
        self.varint(field << 3 | VARINT);
        self.varint(value as u64);
        self
    }

    /// A number of 32 bits.
    pub fn float(mut self, field: u64, value: f32) -> Self {
        self.varint(field << 3 | FOUR_BYTES);
        self.0.extend(value.to_le_bytes());
        self
    }

    /// Text, bytes, or a message.
    pub fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | BYTES);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    /// Whole numbers.
    pub fn ints(mut self, field: u64, values: impl IntoIterator<Item = i64>) -> Self {
        for value in values {
            self = self.int(field, value);
        }
        self
    }

    /// Messages.
    pub fn messages<'a>(mut self, field: u64, messages: impl IntoIterator<Item = &'a Message>) -> Self {
        for message in messages {
            self = self.bytes(field, &message.0);
        }
        self
    }
}

/// The fields of a message that hold bytes, in order; `None` behind what is no message.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for place in 0..10 {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, bytes: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(bytes).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next field; `Some(None)` at the end of the message.
    #[expect(clippy::option_option, reason = "no message, the end of one, a field")]
    pub fn next(&mut self) -> Option<Option<(u64, &'a [u8])>> {
        while !self.0.is_empty() {
            let tag = self.varint()?;
            match tag & 7 {
                VARINT => {
                    self.varint()?;
                }
                EIGHT_BYTES => {
                    self.take(8)?;
                }
                FOUR_BYTES => {
                    self.take(4)?;
                }
                BYTES => {
                    let length = self.varint()?;
                    return Some(Some((tag >> 3, self.take(length)?)));
                }
                _ => return None,
            }
        }
        Some(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_what_the_format_says() {
        // The examples of the format's own description.
        assert_eq!(Message::default().int(1, 150).0, [0x08, 0x96, 0x01]);
        assert_eq!(Message::default().bytes(2, b"testing").0, b"\x12\x07testing");
        assert_eq!(Message::default().int(1, -1).0.len(), 11);
        let both = Message::default().int(3, 7).float(4, 1.0).bytes(5, b"x").ints(6, [1, 2]).bytes(7, b"");
        let mut fields = Fields::of(&both.0);
        assert_eq!(fields.next(), Some(Some((5, b"x".as_slice()))));
        assert_eq!(fields.next(), Some(Some((7, b"".as_slice()))));
        assert_eq!(fields.next(), Some(None));
    }

    proptest! {
        #[test]
        fn whatever_is_read_ends(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut fields = Fields::of(&bytes);
            let mut found = 0;
            while let Some(Some((_, value))) = fields.next() {
                found += value.len();
            }
            prop_assert!(found <= bytes.len());
        }
    }
}
