//! Where shards begin and end.
//!
//! A range of bytes says which records are a shard's: those that *begin* in it. Where the first of them begins is a
//! guess, because a line end may be inside a quoted cell. The guess is verified by the neighbour on the left, which
//! knows where the first record behind its range begins ([`super::RecordReader::next_offset`]) because it read
//! everything up to there: a shard that began elsewhere starts again at that byte. Since the first shard begins at a
//! certain place, all of them end up with exactly the records that reading from the start gives, whatever the guesses
//! were.

use std::{
    io::{Read, Seek},
    ops::Range,
};

use super::{Dialect, Format, IngestError, RecordReader, read_slice};

/// Bytes looked at to guess.
const WINDOW: usize = 256 << 10;
/// Records that vote on a guess.
const WITNESSES: usize = 4;

/// `shards` ranges of about equal length that cover `start..end`. A shard gets at least 64 KiB, so a small file has
/// empty ranges at its end.
pub fn ranges(start: u64, end: u64, shards: usize) -> Vec<Range<u64>> {
    let shards = shards.max(1) as u64;
    let length = (end.saturating_sub(start)).div_ceil(shards).max(64 << 10);
    let cut = |shard: u64| (start + shard * length).min(end.max(start));
    (0..shards).map(|shard| cut(shard)..cut(shard + 1)).collect()
}

/// The likely offset of the first record that begins at or after `at`: of the two ways to read on from there, inside
/// quotes or outside, the one whose next records have more often `width` cells (outside, when both do equally).
///
/// # Errors
/// [`IngestError::Read`] if the source fails.
pub fn guess_start<S: Read + Seek>(source: &mut S, at: u64, format: &Format, width: usize) -> Result<u64, IngestError> {
    let window = read_slice(source, at.saturating_sub(1), WINDOW)?;
    let candidate = |quoted| {
        let end = first_line_end(&window, &format.framing(), quoted)?;
        let (votes, begin) = witness(&window[end..], format, width).ok()?;
        Some((votes, end as u64 + begin))
    };
    let best = match (candidate(false), candidate(true)) {
        (Some(outside), Some(inside)) if inside.0 > outside.0 => Some(inside),
        (outside, inside) => outside.or(inside),
    };
    Ok(at.saturating_sub(1) + best.map_or(window.len() as u64, |(_, begin)| begin))
}

/// Where the text after the first unquoted line end begins, if reading starts inside or outside quotes.
fn first_line_end(window: &[u8], dialect: &Dialect, mut quoted: bool) -> Option<usize> {
    let mut bytes = window.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        if byte == dialect.quote {
            quoted = !quoted;
        } else if quoted && Some(byte) == dialect.escape {
            bytes.next();
        } else if !quoted && matches!(byte, b'\n' | b'\r') {
            return Some(at + 1);
        }
    }
    None
}

/// How many of the next records look right, and where the first of them begins.
fn witness(bytes: &[u8], format: &Format, width: usize) -> Result<(usize, u64), IngestError> {
    let mut reader = RecordReader::new(std::io::Cursor::new(bytes), 0, format, bytes.len())?;
    let begin = reader.next_offset()?;
    let mut votes = 0;
    for _ in 0..WITNESSES {
        let Some(record) = reader.next_record()? else { break };
        votes += usize::from(record.width() == width && !record.has_loose_quote());
    }
    Ok((votes, begin))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    type Records = Vec<(u64, Vec<Vec<u8>>)>;

    /// The records that begin in `range`, reading on from `start`, and where the next one begins.
    fn read_range(text: &[u8], format: &Format, start: u64, range: &Range<u64>, slice: usize) -> (Records, u64) {
        let mut reader = RecordReader::new(Cursor::new(text), start, format, slice).expect("seeks");
        let mut records = Records::new();
        loop {
            let next = reader.next_offset().expect("reads");
            if next >= range.end {
                return (records, next);
            }
            let Some(record) = reader.next_record().expect("reads") else { return (records, next) };
            assert_eq!(record.offset, next);
            assert!(!record.raw.is_empty() && record.width() > 0);
            records.push((next, record.cells().map(<[u8]>::to_vec).collect()));
        }
    }

    fn formats() -> impl Strategy<Value = Format> {
        let delimiter = prop::sample::select(b",\t ".to_vec());
        let sign = |byte| prop::option::of(Just(byte));
        (delimiter, sign(b'\\'), sign(b'#'), any::<bool>()).prop_map(|(delimiter, escape, comment, padded)| {
            Format::Delimited(Dialect { delimiter, escape, comment, padded, ..Dialect::default() })
        })
    }

    /// Texts of what readers stumble over, and bytes that are no text at all.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let odd = prop::sample::select(b"ab1,,\"\"\n\n\r\\# \t\0\xff".to_vec());
        let parts = "([ab1,]{0,6}|\"[a\n,]{0,6}\"|[\n\r\"]){0,30}".prop_map(String::into_bytes);
        prop_oneof![prop::collection::vec(odd, 0..120), parts, prop::collection::vec(any::<u8>(), 0..120)]
    }

    #[test]
    fn ranges_cover_the_file_once() {
        for (start, end, shards) in [(0, 0, 3), (10, 20, 4), (100, 10_000_000, 7), (5, 1 << 40, 3)] {
            let ranges = ranges(start, end, shards);
            assert_eq!(ranges.len(), shards);
            assert_eq!(ranges[0].start, start);
            assert_eq!(ranges[shards - 1].end, end);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }

    #[test]
    fn the_guess_is_right_on_quoted_line_ends() {
        let row = "1,\"two\nlines, and a comma\",3\n";
        let text = row.repeat(200);
        for at in 1..row.len() as u64 * 3 {
            let guess = guess_start(&mut Cursor::new(&text), at, &Format::default(), 3).expect("reads");
            let right = at.next_multiple_of(row.len() as u64);
            assert_eq!(guess, right, "cut at {at}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]
        #[test]
        fn any_cuts_give_the_records_of_reading_from_the_start(
            bytes in bytes(), format in formats(), slice in 1usize..200,
            mut cuts in prop::collection::vec(0u64..120, 0..5),
        ) {
            let end = bytes.len() as u64;
            let whole = read_range(&bytes, &format, 0, &(0..end), 1 << 16).0;
            cuts.extend([0, end]);
            cuts.iter_mut().for_each(|cut| *cut = (*cut).min(end));
            cuts.sort_unstable();
            let mut found = Records::new();
            let mut begins_at = 0;
            for (part, pair) in cuts.windows(2).enumerate() {
                let range = pair[0]..pair[1];
                let guess = if part == 0 { 0 } else {
                    guess_start(&mut Cursor::new(&bytes), range.start, &format, 2).expect("reads")
                };
                // What the engine does: a shard's reading counts only if it began where its neighbour says.
                let (mut records, mut next) = read_range(&bytes, &format, guess, &range, slice);
                if part > 0 && guess != begins_at {
                    (records, next) = read_range(&bytes, &format, begins_at, &range, slice);
                }
                found.extend(records);
                begins_at = next;
            }
            prop_assert_eq!(found, whole);
        }
    }
}
