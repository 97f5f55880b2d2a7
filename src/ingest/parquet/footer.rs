//! What a footer says of its columns, looked at before the decoder believes it: that makes room for as many children as a
//! group says that it has, and goes as deep as groups lie in each other. And whether the header of a page has an end.
//!
//! Both are structs in Apache Thrift's compact protocol
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>); `parquet.thrift` of
//! `apache/parquet-format` says what its fields are.

use std::io::{Read, Seek};

use crate::ingest::{IngestError, read_slice};

/// Bytes behind the footer: its length, and `PAR1`.
const END: u64 = 8;
/// Groups inside each other; those of tables of flows are one or two.
const DEEPEST: usize = 64;
/// `FileMetaData.schema`, a list of `SchemaElement`, and `SchemaElement.num_children`.
const SCHEMA: i16 = 2;
const CHILDREN: i16 = 5;

/// Kinds of values.
const STOP: u8 = 0;
const STRUCT: u8 = 12;

/// Checks the footer of a file of `length` bytes. What is odd about it otherwise is left to the decoder.
///
/// # Errors
/// [`IngestError::Packed`] if its columns make no tree; [`IngestError::Read`] if the source fails.
pub fn check(source: &mut (impl Read + Seek), length: u64) -> Result<(), IngestError> {
    let end = read_slice(source, length.saturating_sub(END), END as usize)?;
    let Some((size, b"PAR1")) = end.split_first_chunk() else { return Ok(()) };
    let size = u64::from(u32::from_le_bytes(*size));
    let Some(start) = length.checked_sub(END + size) else { return Ok(()) };
    let footer = read_slice(source, start, size as usize)?;
    if Thrift(&footer).columns_are_a_tree() == Some(true) {
        return Ok(());
    }
    Err(IngestError::Packed { reason: "its columns are not told as they should be".into() })
}

/// Whether the header of a page, which `bytes` begin with, can be passed in time that follows from its length.
pub fn is_page_header(bytes: &[u8]) -> bool {
    Thrift(bytes).skip(STRUCT, 0).is_some()
}

/// What is still to be read.
struct Thrift<'a>(&'a [u8]);

impl Thrift<'_> {
    /// Whether the columns that this footer tells are a tree of bounded depth; `None` where it ends too early.
    fn columns_are_a_tree(&mut self) -> Option<bool> {
        let mut field = 0;
        loop {
            match self.field(&mut field)? {
                STOP => return Some(true),
                _ if field == SCHEMA => {
                    if !self.schema()? {
                        return Some(false);
                    }
                }
                kind => self.skip(kind, 0)?,
            }
        }
    }

    fn schema(&mut self) -> Option<bool> {
        let (elements, _) = self.list()?;
        // Of the groups that are open, the children that are still to come.
        let mut open: Vec<u64> = Vec::new();
        for left in (0..elements).rev() {
            let children = u64::from(self.children()?.unsigned_abs());
            if children > left || open.len() > DEEPEST {
                return Some(false);
            }
            if let Some(siblings) = open.last_mut() {
                *siblings -= 1;
            }
            open.push(children);
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Some(true)
    }

    /// Reads an element of the schema: its children, or zero.
    fn children(&mut self) -> Option<i32> {
        let (mut field, mut children) = (0, 0);
        loop {
            match self.field(&mut field)? {
                STOP => return Some(children),
                _ if field == CHILDREN => children = self.zigzag()? as i32,
                kind => self.skip(kind, 0)?,
            }
        }
    }

    /// Goes to the next field of a struct: its kind, and its number in place of that of the last one.
    fn field(&mut self, number: &mut i16) -> Option<u8> {
        let byte = self.byte()?;
        if byte & 0xf != STOP {
            *number = match byte >> 4 {
                0 => self.zigzag()? as i16,
                step => number.wrapping_add(i16::from(step)),
            };
        }
        Some(byte & 0xf)
    }

    /// Elements of a list, and their kind.
    fn list(&mut self) -> Option<(u64, u8)> {
        let byte = self.byte()?;
        let elements = match byte >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        Some((elements, byte & 0xf))
    }

    /// Passes a field's value of that kind.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            // The kind of a field is its truth value.
            1 | 2 => {}
            3 => self.pass(1)?,
            4..=6 => drop(self.varint()?),
            7 => self.pass(8)?,
            8 => {
                let length = self.varint()?;
                self.pass(length)?;
            }
            9 | 10 => {
                let (elements, kind) = self.list()?;
                (0..elements).try_for_each(|_| self.skip_element(kind, depth))?;
            }
            11 => {
                let pairs = self.varint()?;
                let kinds = if pairs > 0 { self.byte()? } else { 0 };
                (0..pairs).try_for_each(|_| {
                    self.skip_element(kinds >> 4, depth)?;
                    self.skip_element(kinds & 0xf, depth)
                })?;
            }
            STRUCT => {
                let mut number = 0;
                loop {
                    match self.field(&mut number)? {
                        STOP => break,
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Passes an element of a list. Neither footers nor pages have lists of truth values: the decoder takes these for nothing,
    /// and would count through any number of them.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        if kind < 3 { None } else { self.skip(kind, depth + 1) }
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    /// Seven bits a byte, the lowest first, until one is below 128.
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// Numbers of either sign: 0, −1, 1, −2, …
    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A footer whose elements have so many children each, and what the check says of it.
    fn told(children: &[u32]) -> Result<(), IngestError> {
        // Version 1; a list of structs; in each a name of one letter, and the children.
        let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
        varint(children.len() as u64, &mut footer);
        for &children in children {
            footer.extend([0x48, 1, b'x']);
            if children > 0 {
                footer.push(0x15);
                varint(u64::from(children) << 1, &mut footer);
            }
            footer.push(0);
        }
        // No rows, no row groups.
        footer.extend([0x16, 0x00, 0x19, 0x0c, 0]);
        let size = (footer.len() as u32).to_le_bytes();
        let file = [b"PAR1", &footer[..], &size, b"PAR1"].concat();
        check(&mut Cursor::new(&file), file.len() as u64)
    }

    fn varint(mut value: u64, out: &mut Vec<u8>) {
        while value > 0x7f {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }

    #[test]
    fn groups_have_the_children_that_are_there() {
        assert_eq!(told(&[1, 0]), Ok(()));
        assert_eq!(told(&[3, 0, 2, 0, 0, 0]), Ok(()));
        assert_eq!(told(&[200].into_iter().chain([0; 200]).collect::<Vec<_>>()), Ok(()));
        assert_eq!(told(&[[1; 60].as_slice(), &[0]].concat()), Ok(()));
        for wrong in [&[2, 0][..], &[i32::MAX as u32, 0], &[1, 2, 0], &[[1; 1_000].as_slice(), &[0]].concat()] {
            let error = told(wrong).expect_err("no tree").to_string();
            assert!(error.contains("not told as they should be"), "{error}");
        }
    }

    #[test]
    fn headers_of_pages_have_no_lists_that_take_no_bytes() {
        // Two numbers; a truth value; a text; lists of two numbers, and of 2³¹ − 1 truth values.
        let header = [&[0x15, 0x04, 0x15, 0x02, 0x11, 0x18, 1, b'x'][..], &[0x19, 0x25, 2, 4]].concat();
        assert!(is_page_header(&[&header[..], &[0, 7, 7]].concat()));
        assert!(!is_page_header(&header), "it has no end");
        assert!(!is_page_header(&[&header[..], &[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0]].concat()));
    }

    #[test]
    fn what_ends_early_is_refused_and_what_is_no_footer_left_to_the_decoder() {
        let check = |file: &[u8]| check(&mut Cursor::new(file), file.len() as u64);
        assert!(check(b"PAR1\x15\x02\x19\x2c\x04\0\0\0PAR1").is_err());
        for other in [&b""[..], b"PAR1", b"PAR1\xff\xff\0\0PAR1", b"PAR1\0\0\0\0PARE"] {
            assert_eq!(check(other), Ok(()), "{other:?}");
        }
    }
}
