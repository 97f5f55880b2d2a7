//! JSON objects, read in place: every value has a path such as `id.orig_h` or `flow.bytes_toserver`, which is its column.
//!
//! The grammar is RFC 8259's, but for two liberties that tools take: `NaN` and `Infinity` are numbers, and strings may
//! hold control characters. Nested objects are flattened with dots, arrays are one value, as they are written.

use std::ops::Range;

/// Objects and arrays inside each other that are still read; serde_json has the same limit.
pub(super) const DEEPEST: usize = 128;

/// Why text is no JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defect {
    /// It ends too early.
    Ends,
    /// Something else stands where a value, a name or a separator is due.
    Malformed,
    /// It is nested too deeply.
    TooDeep,
}

/// A value that is no object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// `null`.
    Null,
    /// A number, `true`, `false`, or an array, as written.
    Literal(Range<usize>),
    /// What stands between the quotes.
    String {
        inside: Range<usize>,
        /// It has backslashes in it, see [`unescape`].
        escaped: bool,
    },
}

/// Tells `visit` the path and the place of every value of the object that `text` is, in order. `path` is a buffer.
///
/// # Errors
/// [`Defect`], after telling what came before it.
pub(super) fn walk(text: &[u8], path: &mut Vec<u8>, visit: &mut impl FnMut(&[u8], Value)) -> Result<(), Defect> {
    path.clear();
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_blanks();
    scanner.expect(b'{')?;
    scanner.object(path, visit, 1)?;
    scanner.skip_blanks();
    if scanner.at == text.len() { Ok(()) } else { Err(Defect::Malformed) }
}

/// Appends the text that a string's inside stands for. Halves of surrogate pairs that stand alone become U+FFFD.
pub(super) fn unescape(mut inside: &[u8], out: &mut Vec<u8>) {
    while let Some(at) = memchr::memchr(b'\\', inside) {
        out.extend(&inside[..at]);
        let Some(&escape) = inside.get(at + 1) else { return };
        inside = &inside[at + 2..];
        let character = match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut unit = four_digits(inside);
                inside = inside.get(4..).unwrap_or_default();
                if let (0xd800..0xdc00, [b'\\', b'u', low @ ..]) = (unit, inside) {
                    let low_unit = four_digits(low);
                    if (0xdc00..0xe000).contains(&low_unit) {
                        unit = 0x10000 + ((unit - 0xd800) << 10) + (low_unit - 0xdc00);
                        inside = &low[4..];
                    }
                }
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            itself => char::from(itself),
        };
        out.extend(character.encode_utf8(&mut [0; 4]).bytes());
    }
    out.extend(inside);
}

/// The number that four hexadecimal digits at the front are; no character if they are none.
fn four_digits(text: &[u8]) -> u32 {
    let digits = text.first_chunk::<4>().and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(u32::MAX)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The members of an object whose brace was read, up to and including the closing one.
    fn object(&mut self, path: &mut Vec<u8>, visit: &mut impl FnMut(&[u8], Value), depth: usize) -> Result<(), Defect> {
        let parent = path.len();
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.skip_blanks();
            self.expect(b'"')?;
            let (name, escaped) = self.string()?;
            if parent > 0 {
                path.push(b'.');
            }
            if escaped {
                unescape(&self.text[name], path);
            } else {
                path.extend(&self.text[name]);
            }
            self.skip_blanks();
            self.expect(b':')?;
            self.skip_blanks();
            if self.take(b'{') {
                deeper(depth)?;
                self.object(path, visit, depth + 1)?;
            } else {
                let value = self.value(depth)?;
                visit(path, value);
            }
            path.truncate(parent);
            self.skip_blanks();
            if self.take(b'}') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// A value that is no object.
    fn value(&mut self, depth: usize) -> Result<Value, Defect> {
        let start = self.at;
        match self.peek()? {
            b'"' => {
                self.at += 1;
                let (inside, escaped) = self.string()?;
                return Ok(Value::String { inside, escaped });
            }
            b'n' => {
                self.word(b"null")?;
                return Ok(Value::Null);
            }
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'[' => {
                self.at += 1;
                deeper(depth)?;
                self.array(depth + 1)?;
            }
            _ => self.number()?,
        }
        Ok(Value::Literal(start..self.at))
    }

    /// The elements of an array whose bracket was read.
    fn array(&mut self, depth: usize) -> Result<(), Defect> {
        self.skip_blanks();
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.skip_blanks();
            if self.take(b'{') {
                deeper(depth)?;
                self.object(&mut Vec::new(), &mut |_, _| {}, depth + 1)?;
            } else {
                self.value(depth)?;
            }
            self.skip_blanks();
            if self.take(b']') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// The inside of a string whose first quote was read, and whether it has escapes.
    fn string(&mut self) -> Result<(Range<usize>, bool), Defect> {
        let start = self.at;
        let mut escaped = false;
        loop {
            let step = memchr::memchr2(b'"', b'\\', &self.text[self.at..]).ok_or(Defect::Ends)?;
            self.at += step + 1;
            if self.text[self.at - 1] == b'"' {
                return Ok((start..self.at - 1, escaped));
            }
            escaped = true;
            match self.peek()? {
                b'u' => {
                    let digits = self.text.get(self.at + 1..self.at + 5).ok_or(Defect::Ends)?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(Defect::Malformed);
                    }
                    self.at += 5;
                }
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                _ => return Err(Defect::Malformed),
            }
        }
    }

    fn number(&mut self) -> Result<(), Defect> {
        self.take(b'-');
        match self.peek()? {
            b'N' => return self.word(b"NaN"),
            b'I' => return self.word(b"Infinity"),
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Defect> {
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        match digits {
            0 if self.at == self.text.len() => Err(Defect::Ends),
            0 => Err(Defect::Malformed),
            _ => Ok(()),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Defect> {
        let rest = &self.text[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(if word.starts_with(rest) { Defect::Ends } else { Defect::Malformed })
    }

    fn skip_blanks(&mut self) {
        let blanks = self.text[self.at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blanks.count();
    }

    fn peek(&self) -> Result<u8, Defect> {
        self.text.get(self.at).copied().ok_or(Defect::Ends)
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Defect> {
        match self.peek()? {
            found if found == byte => {
                self.at += 1;
                Ok(())
            }
            _ => Err(Defect::Malformed),
        }
    }
}

fn deeper(depth: usize) -> Result<(), Defect> {
    if depth < DEEPEST { Ok(()) } else { Err(Defect::TooDeep) }
}

#[cfg(test)]
mod tests;
