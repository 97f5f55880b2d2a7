use std::io::Cursor;

use proptest::prelude::*;

use super::*;

type Rows = Vec<Vec<Vec<u8>>>;

fn format(escape: Option<u8>, comment: Option<u8>) -> Format {
    Format::Delimited(Dialect { escape, comment, ..Dialect::default() })
}

/// Rows and their lines, and whether all quotes are closed as they should be.
fn read(bytes: &[u8], format: &Format, slice: usize) -> (Rows, Vec<u64>, bool) {
    let mut reader = RecordReader::new(Cursor::new(bytes), 0, format, slice).expect("seeks");
    let (mut rows, mut lines, mut closed) = (Rows::new(), Vec::new(), true);
    while let Some(record) = reader.next_record().expect("reads") {
        rows.push(record.cells().map(<[u8]>::to_vec).collect());
        lines.push(record.line);
        closed &= !record.stray_quote;
    }
    (rows, lines, closed)
}

fn read_by_csv_crate(bytes: &[u8], dialect: &Dialect) -> Rows {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).escape(dialect.escape);
    let mut reader = builder.from_reader(bytes);
    reader.byte_records().map(|record| record.expect("reads").iter().map(<[u8]>::to_vec).collect()).collect()
}

#[test]
fn quotes_line_ends_and_blank_lines() {
    let text = b"a,\"b,1\",c\r\n\r\n\"say \"\"hi\"\"\",\"x\ny\",\n1,2\r3,\"\"\n\n";
    let (rows, lines, _) = read(text, &Format::default(), 3);
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).into()).collect()).collect();
    assert_eq!(rows, [vec!["a", "b,1", "c"], vec!["say \"hi\"", "x\ny", ""], vec!["1", "2"], vec!["3", ""]]);
    assert_eq!(lines, [1, 3, 5, 6]);
}

#[test]
fn a_stray_quote_spoils_its_own_line_only() {
    let text = b"a,b\n1,\"two\n3,4\n5,6\n";
    let mut reader = RecordReader::new(Cursor::new(text), 0, &Format::default(), 4).expect("seeks");
    let mut seen = Vec::new();
    while let Some(record) = reader.next_record().expect("reads") {
        seen.push((record.offset, record.width(), record.stray_quote));
    }
    assert_eq!(seen, [(0, 2, false), (4, 2, true), (11, 2, false), (15, 2, false)]);
}

#[test]
fn two_stray_quotes_do_not_swallow_what_lies_between() {
    let text = b"a,b\n1,\"two\n3,4\n5,6\n7,\"eight\n9,10\n";
    let mut reader = RecordReader::new(Cursor::new(text), 0, &Format::default(), 4).expect("seeks");
    let mut strays = Vec::new();
    while let Some(record) = reader.next_record().expect("reads") {
        strays.push(record.stray_quote);
    }
    assert_eq!(strays, [false, true, false, false, true, false]);
}

#[test]
fn comments_are_no_records_but_lines() {
    let text = b"# one\r\na,b\n#two\n\n# \"three\"\n1,#2\n\"#\",3\r# four";
    for slice in [1, 2, 3, 100] {
        let (rows, lines, _) = read(text, &format(None, Some(b'#')), slice);
        assert_eq!(rows, [[&b"a"[..], b"b"], [b"1", b"#2"], [b"#", b"3"]]);
        assert_eq!(lines, [2, 6, 7]);
    }
}

#[test]
fn blanks_are_no_part_of_cells_where_they_pad_them() {
    let dialect = Dialect { padded: true, ..Dialect::default() };
    let (rows, ..) = read(b" a ,\t\" b \" , c d \n ,\"x\"\"\" y , \n", &Format::Delimited(dialect), 2);
    assert_eq!(rows, [[&b"a"[..], b" b ", b"c d"], [b"", b"x\" y", b""]]);
    let dialect = Dialect { delimiter: b' ', ..dialect };
    let (rows, ..) = read(b"  a   b\t c  \n1 \"2 3\"  \"\"\n", &Format::Delimited(dialect), 2);
    assert_eq!(rows, [[&b"a"[..], b"b", b"c"], [b"1", b"2 3", b""]]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn reads_what_the_csv_crate_reads_at_any_slice(
        text in "[ab,\"\\\\\n\r]{0,40}", slice in 1usize..20, escape in prop::option::of(Just(b'\\')),
    ) {
        let format = format(escape, None);
        let (rows, _, closed) = read(text.as_bytes(), &format, slice);
        // The csv crate has no stray quotes; the file must not have any to compare.
        if closed {
            prop_assert_eq!(rows, read_by_csv_crate(text.as_bytes(), &format.dialect()));
        }
    }

    #[test]
    fn lines_are_numbered_alike_at_any_slice(
        text in "[ab,\"\\\\#\n\r]{0,40}", slice in 1usize..20, comment in prop::option::of(Just(b'#')),
    ) {
        let format = format(None, comment);
        prop_assert_eq!(read(text.as_bytes(), &format, slice), read(text.as_bytes(), &format, 4096));
    }
}
