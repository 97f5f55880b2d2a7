//! What is no text.

use crate::ingest::IngestError;

/// Text may have some zero bytes in it, but not one in so many.
const FEWEST_PER_ZERO: usize = 100;

/// Refuses an empty head, known binary files and anything with many zero bytes.
pub(in crate::ingest) fn reject_binary(head: &[u8]) -> Result<(), IngestError> {
    const SIGNATURES: [(&[u8], &str); 12] = [
        (b"\x1f\x8b", "a gzip archive; unpack it first"),
        (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
        (b"BZh", "a bzip2 archive; unpack it first"),
        (b"PAR1", "a Parquet file"),
        (b"\xd4\xc3\xb2\xa1", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\xa1\xb2\xc3\xd4", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\x0a\x0d\x0d\x0a", "a packet capture; make flows of it first, with CICFlowMeter for example"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    ];
    if head.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err(IngestError::Empty);
    }
    for (signature, what) in SIGNATURES {
        if head.starts_with(signature) {
            return Err(IngestError::Binary { what: what.into() });
        }
    }
    if memchr::memchr_iter(0, head).count() * FEWEST_PER_ZERO > head.len() {
        return Err(IngestError::Binary { what: "binary data".into() });
    }
    Ok(())
}
