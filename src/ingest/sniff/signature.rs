//! What is no text.

use crate::ingest::IngestError;

/// Text may have some control characters in it, zero bytes among them, but not one in so many. (Of random bytes, one in
/// nine is one.)
const FEWEST_PER_CONTROL: usize = 10;

const CAPTURE: &str = "a packet capture; make flows of it first, with CICFlowMeter for example";
const SIGNATURES: [(&[u8], &str); 21] = [
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"\x04\x22\x4d\x18", "an LZ4 archive; unpack it first"),
    (b"PAR1", "a Parquet file in an archive; unpack it first"),
    (b"PARE", "an encrypted Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd4\xc3\xb2\xa1", CAPTURE),
    (b"\xa1\xb2\xc3\xd4", CAPTURE),
    (b"\x4d\x3c\xb2\xa1", CAPTURE),
    (b"\xa1\xb2\x3c\x4d", CAPTURE),
    (b"\x0a\x0d\x0d\x0a", CAPTURE),
    (b"\x0c\xa5", "a file of nfcapd; write it as CSV first, with nfdump -o csv"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
];

/// Refuses files that are known to be no text by their first bytes, before these are decoded.
pub(in crate::ingest) fn reject_known(head: &[u8]) -> Result<(), IngestError> {
    match SIGNATURES.into_iter().find(|(signature, _)| head.starts_with(signature)) {
        Some((_, what)) => Err(IngestError::Binary { what: what.into() }),
        None => Ok(()),
    }
}

/// Refuses an empty head, known binary files and anything with many control characters.
pub(in crate::ingest) fn reject_binary(head: &[u8]) -> Result<(), IngestError> {
    if head.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err(IngestError::Empty);
    }
    reject_known(head)?;
    let is_control = |byte: u8| byte.is_ascii_control() && !matches!(byte, b'\t'..=b'\r' | 0x1b);
    // All bytes of a character but its first begin with the bits 10.
    let characters = count(head, |byte| byte & 0xc0 != 0x80);
    if count(head, is_control) * FEWEST_PER_CONTROL > characters {
        return Err(IngestError::Binary { what: "binary data".into() });
    }
    Ok(())
}

/// Refuses text whose lines are no rows: markup, and tables drawn for the eye.
pub(in crate::ingest) fn reject_documents(head: &[u8]) -> Result<(), IngestError> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut lines =
        text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let begins = |word: &[u8]| first.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let other = |what: &str, advice: &str| Err(IngestError::OtherFormat { what: what.into(), advice: advice.into() });
    if begins(b"<!doctype html") || begins(b"<html") {
        return other(
            "a web page, perhaps one that stands in for a download that failed",
            "Download the file itself and drop that.",
        );
    }
    if begins(b"<?xml") || begins(b"<!--") || begins(b"<!doctype") || is_tag(first) {
        return other("an XML file", "Export the flows as CSV, or as one JSON object per line, and drop that file.");
    }
    // Its names and its numbers have blanks in them, and so do the gaps between its columns.
    let delimited = first.iter().any(|byte| matches!(byte, b',' | b';' | b'|' | b'\t'));
    if (begins(b"date first seen ") || begins(b"date flow start ")) && !delimited {
        return other(
            "what nfdump prints for reading, in columns that no rule cuts",
            "Write the flows as CSV with nfdump -o csv, which works for aggregated ones (-a, -A) as well, and drop that file.",
        );
    }
    if std::iter::once(first).chain(lines.take(2)).any(is_ruler) {
        return other(
            "a table drawn with lines, as databases print it for reading",
            "Export it as CSV (psql: \\copy … to … csv header; mysql: --batch) and drop that file.",
        );
    }
    Ok(())
}

/// One tag on a line of its own.
fn is_tag(line: &[u8]) -> bool {
    let inside = line.strip_prefix(b"<").and_then(|line| line.strip_suffix(b">"));
    inside.is_some_and(|inside| {
        inside.first().is_some_and(u8::is_ascii_alphabetic) && !inside.iter().any(|byte| matches!(byte, b'<' | b'>'))
    })
}

/// `+-----+----+`, `------+-----`, `|:---|---|`, or the same drawn with box characters.
fn is_ruler(line: &[u8]) -> bool {
    let count = |byte: u8| line.iter().filter(|&&other| other == byte).count();
    let only = |allowed: &[u8]| line.iter().all(|byte| allowed.contains(byte));
    let dashes = count(b'-') + count(b'=');
    let ascii = dashes > 2 && (count(b'+') > 0 && only(b"+-= ") || line.starts_with(b"|") && only(b"|-=:+ "));
    ascii || ["┌", "╔", "╭", "├"].iter().any(|corner| line.starts_with(corner.as_bytes()))
}

/// How many bytes are such: few enough at a time to be counted in a byte, which compilers make vectors of.
fn count(bytes: &[u8], test: impl Fn(u8) -> bool) -> usize {
    let in_chunk = |chunk: &[u8]| usize::from(chunk.iter().map(|&byte| u8::from(test(byte))).sum::<u8>());
    bytes.chunks(usize::from(u8::MAX)).map(in_chunk).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_may_have_some_zero_bytes_and_binary_data_has_many() {
        let refused = |head: &[u8]| reject_binary(head).is_err();
        assert!(!refused(b"a,b,c\n\0,2,3\n"));
        assert!(!refused("Größe,Länge\n1,2\n\x1b[0m".as_bytes()));
        assert!(refused(b"a,b\n\0\x01\x02,2\n"));
        // A multiplicative generator's high bytes, as they are and as Western text.
        let noise: Vec<u8> = (1..4_096u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        assert!(refused(&noise));
        assert!(refused(noise.iter().map(|&byte| char::from(byte)).collect::<String>().as_bytes()));
        assert_eq!(reject_binary(b" \r\n"), Err(IngestError::Empty));
    }

    #[test]
    fn markup_and_drawn_tables_are_named() {
        let refused = |text: &str| reject_documents(text.as_bytes()).err().map(|error| error.to_string());
        for (text, word) in [
            ("\u{feff}<?xml version=\"1.0\"?>\n<flows/>\n", "XML"),
            ("\n<flows>\n<flow a=\"1\"/>\n</flows>\n", "XML"),
            ("<!DOCTYPE html>\n<html>\n", "web page"),
            ("+----+-------+\n| id | bytes |\n+----+-------+\n|  1 |    10 |\n", "drawn with lines"),
            (" id | bytes\n----+-------\n  1 |    10\n(1 row)\n", "drawn with lines"),
            ("| id | bytes |\n|----|------:|\n| 1 | 10 |\n", "drawn with lines"),
            (
                "Date first seen         Duration  Proto   Bytes\n2024-03-05 09:00:56.000 15:00:00.000  TCP   24.6 G\n",
                "nfdump",
            ),
            ("┌────┬───────┐\n│ id │ bytes │\n", "drawn with lines"),
        ] {
            assert!(refused(text).is_some_and(|said| said.contains(word)), "{text:?}: {:?}", refused(text));
        }
        for text in [
            "<DATE>\t<BYTES>\n1\t2\n",
            "a,b\n-,-\n1,2\n",
            "id|name\n--|----\n1|x\n",
            "a,b\n+1,-2\n",
            "Date first seen,Bytes\n1,2\n",
            "",
        ] {
            assert_eq!(refused(text), None, "{text:?}");
        }
    }

    #[test]
    fn known_files_are_named() {
        let named = |head: &[u8]| reject_known(head).expect_err("known").to_string();
        assert!(named(b"\xd4\xc3\xb2\xa1\x02\0").contains("packet capture"));
        assert!(named(b"BZh91AY").contains("bzip2"));
        assert_eq!(reject_known(b"\xff\xfea\0,\0"), Ok(()));
    }
}
