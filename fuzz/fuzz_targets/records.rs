//! Records of any dialect: read in any ranges and slices, they are those of reading from the start.
#![no_main]

use flowsift::ingest::{Dialect, Format, JsonFields};
use flowsift_fuzz::{memory::within, options, shards};

/// A record: where it begins, its line, whether its quotes are right, and its cells.
type Row = (u64, u64, bool, Vec<Vec<u8>>);

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (file, [delimiter, signs, slice, cuts @ ..]) = options::<7>(input);
    let sign = |bit: u8, sign: u8| (signs & bit != 0).then_some(sign);
    let format = if signs & 64 != 0 {
        let paths = ["ts", "id.orig_h", "event_type", "flow.pkts_toserver", "a"].map(str::to_owned).to_vec();
        Format::JsonLines(JsonFields { paths, flows_only: signs & 1 != 0 }.into())
    } else {
        Format::Delimited(Dialect {
            delimiter: *b",;\t |".get(usize::from(delimiter)).unwrap_or(&delimiter),
            escape: sign(1, b'\\'),
            comment: sign(2, b'#'),
            padded: signs & 4 != 0,
            trailing: signs & 8 != 0,
            quote: sign(16, b'\'').or(sign(32, Dialect::NO_QUOTE)).unwrap_or(b'"'),
            ..Dialect::default()
        })
    };
    let read = |slice, ranges: &[_]| {
        let parts = shards::read(file, &format, (3, slice), ranges, |rows: &mut Vec<Row>, record| {
            assert!(!record.raw.is_empty() && file[record.offset as usize..].starts_with(record.raw));
            rows.push((record.offset, record.line, record.stray_quote, record.cells().map(<[u8]>::to_vec).collect()));
        });
        let mut lines = 0;
        let mut all = Vec::new();
        for part in parts {
            all.extend(part.found.into_iter().map(|row| (row.0, lines + row.1, row.2, row.3)));
            lines += part.lines;
        }
        (all, lines)
    };
    within((8 << 20) + 512 * file.len(), || {
        let length = file.len() as u64;
        let whole = read(1 << 16, std::slice::from_ref(&(0..length)));
        assert_eq!(read(1 + usize::from(slice), &shards::ranges(0, length, cuts)), whole);
    });
});
