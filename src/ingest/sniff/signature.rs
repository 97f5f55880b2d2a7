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
    fn known_files_are_named() {
        let named = |head: &[u8]| reject_known(head).expect_err("known").to_string();
        assert!(named(b"\xd4\xc3\xb2\xa1\x02\0").contains("packet capture"));
        assert!(named(b"BZh91AY").contains("bzip2"));
        assert_eq!(reject_known(b"\xff\xfea\0,\0"), Ok(()));
    }
}
