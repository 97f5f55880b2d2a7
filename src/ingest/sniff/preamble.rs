//! Comment lines above the records: Zeek's description of its columns, and others'.

use std::ops::Range;

use super::head::Head;
use crate::table::Role;

/// The lines above the first record that begin with a number sign, and what they say.
#[derive(Default)]
pub(super) struct Preamble {
    /// Where the first line that is no comment begins.
    pub end: usize,
    /// The last comment line, without its sign: it may be the header.
    pub last: Option<Range<usize>>,
    /// Comment lines.
    pub comments: usize,
    /// Delimiter, names and roles by `#separator`, `#fields` and `#types`.
    pub zeek: Option<Zeek>,
}

/// What a Zeek log says of itself.
pub(super) struct Zeek {
    pub separator: u8,
    pub names: Vec<Vec<u8>>,
    pub roles: Vec<Option<Role>>,
}

pub(super) const SIGN: u8 = b'#';

impl Preamble {
    pub fn read(head: &Head<'_>) -> Self {
        let mut preamble = Self { end: head.start, ..Self::default() };
        let (mut separator, mut names, mut roles) = (b'\t', None, Vec::new());
        for (offset, line) in head.lines(head.start) {
            let indent = line.len() - line.trim_ascii_start().len();
            let Some(text) = line[indent..].strip_prefix(&[SIGN]) else {
                preamble.end = offset;
                break;
            };
            preamble.end = offset + line.len();
            preamble.comments += 1;
            preamble.last = Some(preamble.end - text.len()..preamble.end);
            if let Some(written) = text.strip_prefix(b"separator ") {
                separator = one_byte(written.trim_ascii_end()).unwrap_or(separator);
            } else if let Some(fields) = text.strip_prefix(b"fields") {
                names = Some(split(fields, separator).map(<[u8]>::to_vec).collect());
            } else if let Some(types) = text.strip_prefix(b"types") {
                roles = split(types, separator).map(role).collect();
            }
        }
        preamble.zeek = names.map(|names| Zeek { separator, names, roles });
        preamble
    }
}

fn split(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    line.strip_prefix(&[separator]).unwrap_or(line).split(move |&byte| byte == separator)
}

/// `\x09`, or the byte itself.
fn one_byte(text: &[u8]) -> Option<u8> {
    match text {
        [byte] => Some(*byte),
        _ => u8::from_str_radix(std::str::from_utf8(text.strip_prefix(b"\\x")?).ok()?, 16).ok(),
    }
}

/// What Zeek's types say; strings and sets may be anything.
fn role(zeek_type: &[u8]) -> Option<Role> {
    match zeek_type.trim_ascii() {
        b"time" => Some(Role::Time),
        b"interval" => Some(Role::Duration),
        b"addr" => Some(Role::Ip),
        b"port" => Some(Role::Port),
        b"count" | b"int" | b"double" => Some(Role::Measure),
        b"bool" | b"enum" => Some(Role::Category),
        _ => None,
    }
}
