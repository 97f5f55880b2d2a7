//! A JSON document → a line per record.
//!
//! Many tools write all records into one array, below some key or at the top, over many lines or on one. Such a document is
//! written out as lines before anything else looks at it, piece by piece: only its place in the nesting is kept.

mod flow_tuples;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    IngestError,
    json::{DEEPEST, Defect, walk},
};

/// Lines that tell whether this is a document or a file of lines.
const LINES: usize = 100;
/// Bytes of a key that are looked at.
const LONGEST_KEY: usize = 256;
/// Bytes in a hundred of a document that its records take; a list inside of a record takes less of that.
const MOSTLY: usize = 80;
/// Bytes of one record whose flows are taken apart.
const LONGEST_RECORD: usize = 64 << 20;

/// Writes the records of a document as lines.
pub(super) struct Document {
    /// Keys that lead to the array of records; `None` if the records are the values at the top.
    records: Option<Vec<Vec<u8>>>,
    /// Each record holds many flows, as Azure writes them.
    tuples: bool,
    place: Place,
    /// Open brackets and braces of the record at hand; `None` between two.
    open: Option<usize>,
    record: Vec<u8>,
}

/// Where in the nesting a byte stands.
#[derive(Default)]
struct Place {
    levels: Vec<Level>,
    in_string: bool,
    escaped: bool,
    /// The string that was read last.
    text: Vec<u8>,
}

/// An object or an array that is open.
struct Level {
    is_array: bool,
    /// Of an object, the key whose value is read.
    key: Vec<u8>,
}

impl Document {
    /// What to do with a text that begins with `head`, if it is a document and not a file of lines.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let new =
            |records, tuples| Some(Self { records, tuples, place: Place::default(), open: None, record: Vec::new() });
        let has_tuples = || memchr::memmem::find(text, b"\"flowTuples\"").is_some();
        match text {
            [b'[', inside @ ..] if inside.trim_ascii_start().starts_with(b"{") => new(Some(Vec::new()), has_tuples()),
            [b'{', ..] if begins_object(text) => {
                let tuples = has_tuples();
                if !tuples && is_lines(text) {
                    return None;
                }
                let found = find_records(text);
                if tuples {
                    return new(found.keys.filter(|keys| *keys == [b"records"]), true);
                }
                // One object is of use only for what it lists; of several, each may be a record that has lists in it.
                let lists = found.objects == 1 || found.bytes * 100 >= text.len() * MOSTLY;
                match found.keys.filter(|_| lists) {
                    Some(keys) => new(Some(keys), false),
                    None if is_over_lines(text) => new(None, false),
                    None => None,
                }
            }
            _ => None,
        }
    }

    /// Takes the next piece of the document in, and appends the lines of the records that it completes to `out`. The record
    /// at the end of the `last` piece may be incomplete: then its line is broken, too.
    ///
    /// # Errors
    /// [`IngestError::OtherFormat`] if it is nested too deeply.
    pub fn write(&mut self, mut piece: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), IngestError> {
        while let Some(&byte) = piece.first() {
            piece = match self.open {
                Some(open) => self.inside_record(open, piece, out),
                None if self.begins_record(byte) => {
                    self.open = Some(0);
                    piece
                }
                None => {
                    self.place.step(byte)?;
                    &piece[1..]
                }
            };
        }
        if last && self.open.take().is_some() {
            self.end_record(out);
        }
        Ok(())
    }

    /// A record begins with this byte, which stands outside of all.
    fn begins_record(&self, byte: u8) -> bool {
        let between = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}' | 0xef | 0xbb | 0xbf);
        if between || self.place.in_string {
            return false;
        }
        let levels = &self.place.levels;
        match &self.records {
            None => levels.is_empty(),
            Some(keys) => levels.split_last().is_some_and(|(last, objects)| {
                let leads = |(level, key): (&Level, &Vec<u8>)| !level.is_array && level.key == *key;
                last.is_array && objects.len() == keys.len() && objects.iter().zip(keys).all(leads)
            }),
        }
    }

    /// Copies what of a record is in this piece, and returns the rest.
    fn inside_record<'a>(&mut self, open: usize, piece: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let place = &mut self.place;
        let (mut open, mut at) = (open, 0);
        let mut ended = false;
        while let Some(&byte) = piece.get(at) {
            if place.in_string {
                // Line ends in strings are no JSON, and would be the line's.
                match byte {
                    _ if place.escaped => place.escaped = false,
                    b'\\' => place.escaped = true,
                    b'"' => place.in_string = false,
                    _ => {}
                }
                self.record.push(if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
                at += 1;
                continue;
            }
            match byte {
                b'"' => place.in_string = true,
                b'{' | b'[' => open += 1,
                // The array's own end, or what stands behind a number.
                b',' | b']' | b'}' if open == 0 => {
                    ended = true;
                    break;
                }
                b'}' | b']' => open -= 1,
                _ => {}
            }
            at += 1;
            if matches!(byte, b'\n' | b'\r' | b'\t' | b' ') {
                continue;
            }
            self.record.push(byte);
            if open == 0 && matches!(byte, b'}' | b']') {
                ended = true;
                break;
            }
        }
        self.open = (!ended).then_some(open);
        if ended {
            self.end_record(out);
        } else if !self.tuples || self.record.len() > LONGEST_RECORD {
            out.append(&mut self.record);
        }
        &piece[at..]
    }

    fn end_record(&mut self, out: &mut Vec<u8>) {
        if !(self.tuples && flow_tuples::write(&self.record, out)) {
            out.append(&mut self.record);
            out.push(b'\n');
        }
        self.record.clear();
    }
}

impl Place {
    /// Goes past a byte.
    fn step(&mut self, byte: u8) -> Result<(), IngestError> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    return Ok(());
                }
                _ => {}
            }
            if self.text.len() < LONGEST_KEY {
                self.text.push(byte);
            }
            return Ok(());
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.text.clear();
            }
            b':' => {
                if let Some(level) = self.levels.last_mut() {
                    level.key.clone_from(&self.text);
                }
            }
            b'{' | b'[' if self.levels.len() == DEEPEST => {
                return Err(IngestError::OtherFormat {
                    what: "JSON that is nested too deeply".into(),
                    advice: "Write one object per line, for example with jq -c, and drop that file.".into(),
                });
            }
            b'{' | b'[' => self.levels.push(Level { is_array: byte == b'[', key: Vec::new() }),
            b'}' | b']' => {
                self.levels.pop();
            }
            _ => {}
        }
        Ok(())
    }
}

/// What of a text is lists of objects.
struct Found {
    /// The keys that lead to the list that takes most of it.
    keys: Option<Vec<Vec<u8>>>,
    /// Bytes that this list takes.
    bytes: usize,
    /// Objects at the top.
    objects: usize,
}

fn find_records(text: &[u8]) -> Found {
    // Where the first of the lists that the same keys lead to begins, and the bytes that all of them take. There may be other
    // keys every few bytes, and many levels of them: only what they hash to is kept.
    let mut lists: Vec<(usize, usize)> = Vec::new();
    let mut numbers: HashMap<u64, usize> = HashMap::new();
    let mut objects = 0;
    let mut place = Place::default();
    // The list at hand: its number, its depth, and where it began.
    let mut inside: Option<(usize, usize, usize)> = None;
    for (at, &byte) in text.iter().enumerate() {
        objects += usize::from(byte == b'{' && place.levels.is_empty());
        let may_begin = inside.is_none() && byte == b'[' && !place.in_string;
        if place.step(byte).is_err() {
            break;
        }
        if may_begin && text[at + 1..].trim_ascii_start().starts_with(b"{") {
            let mut keys = DefaultHasher::new();
            place.levels[..place.levels.len() - 1].iter().for_each(|level| level.key.hash(&mut keys));
            let number = *numbers.entry(keys.finish()).or_insert(lists.len());
            if number == lists.len() {
                lists.push((at, 0));
            }
            inside = Some((number, place.levels.len(), at));
        }
        if let Some((number, depth, from)) = inside
            && place.levels.len() < depth
        {
            lists[number].1 += at - from;
            inside = None;
        }
    }
    if let Some((number, _, from)) = inside {
        lists[number].1 += text.len() - from;
    }
    // Of equals, the first.
    let largest = lists.into_iter().rev().max_by_key(|&(_, bytes)| bytes);
    let (keys, bytes) = largest.map_or((None, 0), |(first, bytes)| (keys_at(text, first).ok(), bytes));
    Found { keys, bytes, objects }
}

/// The keys that lead to the byte at `at`.
fn keys_at(text: &[u8], at: usize) -> Result<Vec<Vec<u8>>, IngestError> {
    let mut place = Place::default();
    text[..at].iter().try_for_each(|&byte| place.step(byte))?;
    Ok(place.levels.into_iter().map(|level| level.key).collect())
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(LINES)
}

/// The first line is an object, or goes on as one.
fn begins_object(text: &[u8]) -> bool {
    lines(text).next().is_some_and(|line| matches!(read(line), Ok(()) | Err(Defect::Ends)))
}

/// There are several lines, of which the first is a whole object.
fn is_lines(text: &[u8]) -> bool {
    lines(text).nth(1).is_some() && lines(text).next().is_some_and(|line| read(line).is_ok())
}

/// Most of the first lines are no objects by themselves.
fn is_over_lines(text: &[u8]) -> bool {
    let objects = lines(text).filter(|line| read(line).is_ok()).count();
    let all = lines(text).count();
    all > 1 && objects * 2 < all
}

fn read(line: &[u8]) -> Result<(), Defect> {
    walk(line, &mut Vec::new(), &mut |_, _| {})
}

#[cfg(test)]
mod tests;
