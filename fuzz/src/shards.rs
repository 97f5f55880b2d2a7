//! A file in ranges, as shards read it.

use std::{io::Cursor, ops::Range};

use flowsift::ingest::{Format, Record, RecordReader, split::guess_start};

/// Up to three ranges that cover `start..end`, cut at bytes that are told by numbers of two digits to the base of 129.
pub fn ranges(start: u64, end: u64, cuts: [u8; 4]) -> Vec<Range<u64>> {
    let cut = |pair: &[u8]| start + (u64::from(pair[0]) * 129 + u64::from(pair[1])) % (end - start + 1);
    let mut ends = [cut(&cuts[..2]), cut(&cuts[2..]), end];
    ends.sort_unstable();
    let starts = [start, ends[0], ends[1]];
    starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
}

/// What was read of a range, and from where to where.
pub struct Part<T> {
    pub found: T,
    begin: u64,
    next: u64,
    pub lines: u64,
}

/// Reads every range as the engine does: from a guess, and again where the neighbour says that the guess was wrong.
pub fn read<T: Default>(
    file: &[u8],
    format: &Format,
    (width, slice): (usize, usize),
    ranges: &[Range<u64>],
    mut take: impl FnMut(&mut T, &Record<'_>),
) -> Vec<Part<T>> {
    let mut parts: Vec<Part<T>> = Vec::new();
    for range in ranges {
        let right = parts.last().map_or(range.start, |part| part.next);
        let guess = match parts.len() {
            0 => range.start,
            _ => guess_start(&mut Cursor::new(file), range.start, format, width).expect("memory can be read"),
        };
        let part = range_from(guess, file, format, slice, range, &mut take);
        parts.push(if part.begin == right { part } else { range_from(right, file, format, slice, range, &mut take) });
    }
    parts
}

/// The records that begin in `range`, from byte `begin` on.
fn range_from<T: Default>(
    begin: u64,
    file: &[u8],
    format: &Format,
    slice: usize,
    range: &Range<u64>,
    take: &mut impl FnMut(&mut T, &Record<'_>),
) -> Part<T> {
    let mut reader = RecordReader::new(Cursor::new(file), begin, format, slice).expect("memory can be read");
    let mut found = T::default();
    let next = loop {
        let next = reader.next_offset().expect("memory can be read");
        if next >= range.end {
            break next;
        }
        match reader.next_record().expect("memory can be read") {
            Some(record) => {
                assert_eq!(record.offset, next);
                take(&mut found, &record);
            }
            None => break next,
        }
    };
    Part { found, begin, next, lines: reader.lines() }
}
