//! Random tables, written in random dialects, read back equal: at any slice size and any cuts.

use std::io::Cursor;

use flowsift::ingest::{Dialect, Format, Number, NumberStyle, RecordReader, split};
use proptest::{collection::vec, prelude::*};

type Rows = Vec<Vec<Vec<u8>>>;

/// A dialect, and everything that is up to who writes in it.
#[derive(Debug, Clone)]
struct Hand {
    dialect: Dialect,
    line_ends: Vec<&'static str>,
    /// Per cell, in turn: quoted though it need not be; its quotes doubled though there is an escape.
    habits: Vec<(bool, bool)>,
    /// Blanks, in turn, where the dialect does not mind.
    blanks: Vec<&'static str>,
    /// Lines that are no records, in turn, between those that are.
    between: Vec<Option<&'static str>>,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let delimiter = prop::sample::select(b",;\t| ".to_vec());
    let quote = prop::sample::select(b"\"'".to_vec());
    let signs = prop::sample::select(vec![
        (b'.', None),
        (b'.', Some(b',')),
        (b',', None),
        (b',', Some(b'.')),
        (b'.', Some(b'\'')),
        (b',', Some(b' ')),
    ]);
    let escape = prop::option::of(Just(b'\\'));
    let comment = prop::option::of(Just(b'#'));
    (delimiter, quote, escape, comment, any::<bool>(), signs).prop_map(
        |(delimiter, quote, escape, comment, padded, (decimal, thousands))| Dialect {
            delimiter,
            quote,
            escape,
            comment,
            padded: padded || delimiter == b' ',
            decimal,
            thousands,
            ..Dialect::default()
        },
    )
}

fn hand() -> impl Strategy<Value = Hand> {
    let line_ends = prop_oneof![
        Just(vec!["\n"]),
        Just(vec!["\r\n"]),
        Just(vec!["\r"]),
        vec(prop::sample::select(vec!["\n", "\r\n", "\r"]), 1..5),
    ];
    let between = prop_oneof![
        4 => Just(None),
        1 => prop::sample::select(vec!["", "#", "# it's \"odd\", isn't it", "#a,b\t\"c;|\\"]).prop_map(Some)
    ];
    let blanks = vec(prop::sample::select(vec!["", "", " ", "  "]), 1..8);
    (dialect(), line_ends, vec(any::<(bool, bool)>(), 1..8), blanks, vec(between, 1..8))
        .prop_map(|(dialect, line_ends, habits, blanks, between)| Hand { dialect, line_ends, habits, blanks, between })
}

/// Texts with everything in them that a dialect may trip over.
fn text() -> impl Strategy<Value = String> {
    "[ab1 ,;|#.'\"\\\\\t\n\r\u{0}é]{0,6}"
}

fn table() -> impl Strategy<Value = (usize, Vec<Vec<String>>)> {
    (1usize..5).prop_flat_map(|width| (Just(width), vec(vec(text(), width), 0..12)))
}

impl Hand {
    fn write(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let Hand { dialect, line_ends, habits, blanks, between } = self;
        let (mut out, mut cells) = (Vec::new(), 0);
        let mut blank = {
            let mut turn = blanks.iter().cycle();
            move |least: &'static str| match turn.next() {
                Some(blank) if dialect.padded => [least, blank].concat(),
                _ => least.to_owned(),
            }
        };
        for (line, row) in rows.iter().enumerate() {
            let end = line_ends[line % line_ends.len()].as_bytes();
            if let Some(between) =
                between[line % between.len()].filter(|line| line.is_empty() || dialect.comment.is_some())
            {
                out.extend(between.as_bytes());
                out.extend(end);
            }
            for (column, cell) in row.iter().enumerate() {
                if column > 0 && dialect.delimiter == b' ' {
                    out.extend(blank(" ").as_bytes());
                } else {
                    out.extend(if column > 0 { blank("") } else { String::new() }.as_bytes());
                    out.extend((column > 0).then_some(dialect.delimiter));
                    // A comment is told by the very first character of its line.
                    out.extend(blank("").as_bytes());
                }
                let (quoted, doubled) = habits[cells % habits.len()];
                cells += 1;
                // A line without anything would be no record.
                let nothing = cell.is_empty() && row.len() == 1;
                if quoted || nothing || self.needs_quotes(cell, column) {
                    self.write_quoted(cell, doubled, &mut out);
                } else {
                    out.extend(cell.as_bytes());
                }
            }
            out.extend(blank("").as_bytes());
            // The last line may do without an end.
            if line + 1 < rows.len() || line % 2 == 0 {
                out.extend(end);
            }
        }
        out
    }

    fn needs_quotes(&self, cell: &str, column: usize) -> bool {
        let Dialect { delimiter, quote, comment, padded, .. } = self.dialect;
        let bytes = cell.as_bytes();
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        bytes.iter().any(|&byte| byte == delimiter || matches!(byte, b'\n' | b'\r'))
            || bytes.first() == Some(&quote)
            || column == 0 && comment.is_some() && bytes.first() == comment.as_ref()
            || padded && (bytes.first().is_some_and(blank) || bytes.last().is_some_and(blank))
            || delimiter == b' ' && (bytes.is_empty() || bytes.iter().any(blank))
    }

    fn write_quoted(&self, cell: &str, doubled: bool, out: &mut Vec<u8>) {
        let Dialect { quote, escape, .. } = self.dialect;
        out.push(quote);
        for &byte in cell.as_bytes() {
            match escape {
                Some(escape) if byte == escape || byte == quote && !doubled => out.push(escape),
                _ if byte == quote => out.push(quote),
                _ => {}
            }
            out.push(byte);
        }
        out.push(quote);
    }
}

/// The records that begin in `begin..end`, and where the next one does.
fn read(bytes: &[u8], format: &Format, begin: u64, end: u64, slice: usize) -> (Rows, u64) {
    let mut reader = RecordReader::new(Cursor::new(bytes), begin, format, slice).expect("seeks");
    let mut rows = Rows::new();
    loop {
        let next = reader.next_offset().expect("reads");
        if next >= end {
            return (rows, next);
        }
        match reader.next_record().expect("reads") {
            Some(record) => {
                assert!(!record.stray_quote);
                rows.push(record.cells().map(<[u8]>::to_vec).collect());
            }
            None => return (rows, next),
        }
    }
}

/// The records read in ranges that each begin at a guess, or where the range before says if the guess was wrong; and how
/// often it was.
fn read_in_parts(bytes: &[u8], format: &Format, width: usize, cuts: &[u64], slice: usize) -> (Rows, usize) {
    let (mut rows, mut begins_at) = read(bytes, format, 0, cuts.first().copied().unwrap_or(u64::MAX), slice);
    let mut wrong = 0;
    for (part, &cut) in cuts.iter().enumerate() {
        let end = cuts.get(part + 1).copied().unwrap_or(u64::MAX);
        let guess = split::guess_start(&mut Cursor::new(bytes), cut, format, width).expect("reads");
        wrong += usize::from(guess != begins_at && begins_at < end);
        let (more, next) = read(bytes, format, begins_at, end, slice);
        rows.extend(more);
        begins_at = next;
    }
    (rows, wrong)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn tables_in_any_dialect_read_back_at_any_slice_and_cuts(
        (width, rows) in table(), hand in hand(), slice in 1usize..200, mut cuts in vec(0u64..400, 0..4),
    ) {
        let bytes = hand.write(&rows);
        let format = Format::Delimited(hand.dialect);
        cuts.sort_unstable();
        let expected: Rows =
            rows.iter().map(|row| row.iter().map(|cell| cell.clone().into_bytes()).collect()).collect();
        prop_assert_eq!(&read(&bytes, &format, 0, u64::MAX, slice).0, &expected);
        prop_assert_eq!(&read_in_parts(&bytes, &format, width, &cuts, slice).0, &expected);
    }

    #[test]
    fn numbers_read_back_in_any_style(dialect in dialect(), value in any::<i64>(), decimals in 0usize..6, grouped in any::<bool>()) {
        let (whole, fraction) = (value / 1_000_000, (value % 1_000_000).unsigned_abs());
        let digits = whole.unsigned_abs().to_string();
        let mut text = if value < 0 { "-".to_owned() } else { String::new() };
        for (place, digit) in digits.chars().enumerate() {
            if let (Some(sign), true) = (dialect.thousands, grouped && place > 0 && (digits.len() - place).is_multiple_of(3)) {
                text.push(char::from(sign));
            }
            text.push(digit);
        }
        let plain = format!("{}{digits}.{:06}", if value < 0 { "-" } else { "" }, fraction);
        let plain = &plain[..plain.len() - 6 + decimals];
        if decimals > 0 {
            text.push(char::from(dialect.decimal));
            text.push_str(&plain[plain.len() - decimals..]);
        }
        let expected: f64 = plain.parse().expect("a number");
        prop_assert_eq!(NumberStyle::from(&dialect).parse(text.as_bytes()), Number::Value(expected));
    }
}

#[test]
fn fields_of_megabytes_and_many_lines_read_back() {
    for escape in [None, Some(b'\\')] {
        let dialect = Dialect { escape, ..Dialect::default() };
        let long = "one \"line\" of\nmany, and\r\nmore\\ ".repeat(100_000);
        let rows =
            vec![vec!["a".to_owned(), long, "b".to_owned()], vec!["1".to_owned(), "2".to_owned(), String::new()]];
        let hand =
            Hand { dialect, line_ends: vec!["\n"], habits: vec![(false, true)], blanks: vec![""], between: vec![None] };
        let bytes = hand.write(&rows);
        let expected: Rows = rows.into_iter().map(|row| row.into_iter().map(String::into_bytes).collect()).collect();
        assert_eq!(read(&bytes, &Format::Delimited(dialect), 0, u64::MAX, 1 << 16).0, expected);
    }
}

#[test]
fn the_guess_is_right_where_the_text_allows_it() {
    let rows: Vec<Vec<String>> =
        (0..50).map(|row| vec![row.to_string(), "two\nlines, \"quoted\"".to_owned(), "c".to_owned()]).collect();
    for escape in [None, Some(b'\\')] {
        let dialect = Dialect { escape, comment: Some(b'#'), ..Dialect::default() };
        let hand = Hand {
            dialect,
            line_ends: vec!["\n"],
            habits: vec![(false, false)],
            blanks: vec![""],
            between: vec![None, Some("# nothing")],
        };
        let bytes = hand.write(&rows);
        let cuts: Vec<u64> = (100..bytes.len() as u64 - 200).step_by(7).collect();
        let wrong: usize =
            cuts.iter().map(|&cut| read_in_parts(&bytes, &Format::Delimited(dialect), 3, &[cut], 64).1).sum();
        assert_eq!(wrong, 0, "of {} guesses, escape {escape:?}", cuts.len());
    }
}
