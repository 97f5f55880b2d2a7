//! Lines above the records that describe them: Zeek's, those of W3C logs, those of ARFF, and other comments.

use std::ops::Range;

use super::{arff, head::Head};
use crate::{ingest::IngestError, table::Role};

/// The lines above the first record that are comments, and what they say.
pub(super) struct Preamble {
    /// Where the first line that is no comment begins.
    pub end: usize,
    /// The last comment line, without its sign: it may be the header.
    pub last: Option<Range<usize>>,
    /// Comment lines.
    pub comments: usize,
    /// What begins a comment.
    pub sign: u8,
    /// What the file says of its own columns.
    pub described: Option<Described>,
}

/// What a file says of its own columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// Between two cells.
    pub separator: u8,
    /// What quotes are; none for a file in which they are ordinary characters.
    pub quotes: Quotes,
    pub names: Vec<Vec<u8>>,
    pub roles: Vec<Option<Role>>,
}

/// How a described file quotes its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Not at all.
    None,
    /// By double quotes.
    Double,
    /// As its records show.
    Any,
}

pub(super) const SIGN: u8 = b'#';

impl Preamble {
    /// Reads the comments at the start.
    ///
    /// # Errors
    /// [`IngestError::OtherFormat`] for an ARFF file of a kind that is not read.
    pub fn read(head: &Head<'_>) -> Result<Self, IngestError> {
        if let Some(preamble) = arff::read(head)? {
            return Ok(preamble);
        }
        let mut preamble = Self { end: head.start, last: None, comments: 0, sign: SIGN, described: None };
        let (mut separator, mut described, mut roles) = (b'\t', None, Vec::new());
        for (offset, line) in head.lines(head.start) {
            let indent = line.len() - line.trim_ascii_start().len();
            let Some(text) = line[indent..].strip_prefix(&[SIGN]) else {
                preamble.end = offset;
                break;
            };
            preamble.end = offset + line.len();
            preamble.comments += 1;
            preamble.last = Some(preamble.end - text.len()..preamble.end);
            if let Some(written) = text.strip_prefix(b"separator") {
                separator = one_byte(written).unwrap_or(separator);
            } else if let Some(fields) = text.strip_prefix(b"fields") {
                described = Some(zeek(fields, separator));
            } else if let Some(types) = text.strip_prefix(b"types") {
                let separator = described.as_ref().map_or(separator, |described: &Described| described.separator);
                roles = split(types, separator).map(role).collect();
            } else if let Some(fields) = text.strip_prefix(b"Fields:") {
                described = Some(w3c(fields));
            }
        }
        preamble.described = described.map(|described| Described { roles, ..described });
        Ok(preamble)
    }
}

/// The names of a Zeek log. Somebody may have turned its tabs into spaces.
fn zeek(fields: &[u8], separator: u8) -> Described {
    let separator = if fields.contains(&separator) { separator } else { b' ' };
    let names = split(fields, separator).map(<[u8]>::to_vec).collect();
    Described { separator, quotes: Quotes::None, names, roles: Vec::new() }
}

/// The names of a log in the W3C's extended format, as web servers and the Windows Firewall write them: between blanks, or
/// between tabs or commas where a product has it so.
fn w3c(fields: &[u8]) -> Described {
    let fields = fields.trim_ascii();
    let separator = [b'\t', b','].into_iter().find(|byte| fields.contains(byte)).unwrap_or(b' ');
    let names = split(fields, separator).map(|name| name.trim_ascii().to_vec()).collect();
    Described { separator, quotes: Quotes::Double, names, roles: Vec::new() }
}

/// What stands between separators, of which the line may begin with one; a run of blanks is one.
fn split(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let line = if separator == b' ' { line.trim_ascii() } else { line.strip_prefix(&[separator]).unwrap_or(line) };
    line.split(move |&byte| byte == separator).filter(move |text| separator != b' ' || !text.is_empty())
}

/// `\x09`, or the byte itself, behind a blank or a tab.
fn one_byte(written: &[u8]) -> Option<u8> {
    match written.split_first()?.1 {
        [byte] => Some(*byte),
        text => {
            let digits = text.trim_ascii().strip_prefix(b"\\x")?;
            u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn described(text: &str) -> Described {
        let head = Head::new(text.as_bytes(), text.len() as u64);
        Preamble::read(&head).expect("read").described.expect("described")
    }

    fn names(described: &Described) -> Vec<&str> {
        described.names.iter().map(|name| std::str::from_utf8(name).expect("text")).collect()
    }

    #[test]
    fn zeek_says_its_separator_behind_a_blank_or_a_tab() {
        for (first, separator) in [("#separator \\x09", b'\t'), ("#separator\t\\x09", b'\t'), ("#separator ,", b',')] {
            let sign = char::from(separator);
            let zeek = described(&format!("{first}\n#fields{sign}ts{sign}p\n#types{sign}time{sign}port\n1{sign}2\n"));
            assert_eq!((zeek.separator, names(&zeek)), (separator, vec!["ts", "p"]), "{first}");
            assert_eq!(zeek.roles, [Some(Role::Time), Some(Role::Port)]);
        }
    }

    #[test]
    fn zeek_whose_tabs_became_spaces_is_cut_at_spaces() {
        let zeek = described("#separator \\x09\n#fields  ts   id.orig_h p\n#types   time addr   port\n1 ::1  2\n");
        assert_eq!((zeek.separator, names(&zeek)), (b' ', vec!["ts", "id.orig_h", "p"]));
        assert_eq!(zeek.roles, [Some(Role::Time), Some(Role::Ip), Some(Role::Port)]);
    }

    #[test]
    fn w3c_names_stand_between_blanks_tabs_or_commas() {
        for (line, separator) in [("date time c-ip", b' '), ("date\ttime\tc-ip", b'\t'), ("date,time, c-ip", b',')] {
            let log = described(&format!("#Version: 1.0\n#Fields: {line}\n#Date: 2024-03-05\na b c\n"));
            assert_eq!((log.separator, names(&log)), (separator, vec!["date", "time", "c-ip"]), "{line}");
            assert_eq!(log.quotes, Quotes::Double);
        }
    }
}
