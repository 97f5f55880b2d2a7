//! A stretch of a file at once.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::IngestError;

/// The `most` bytes from `start` on, or all there are, in as few reads as the source allows: in a browser each one takes
/// milliseconds, however little it reads.
///
/// # Errors
/// [`IngestError::Read`] if the source fails.
pub fn read_slice(source: &mut (impl Read + Seek), start: u64, most: usize) -> Result<Vec<u8>, IngestError> {
    let failed = |error: std::io::Error| IngestError::Read { byte: start, reason: error.to_string() };
    source.seek(SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = vec![0; most];
    let mut length = 0;
    while length < most {
        match source.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}
