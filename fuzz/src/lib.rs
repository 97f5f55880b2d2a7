//! What the targets share.

pub mod memory;
pub mod shards;

/// The input without its last bytes, and what these say of how to read it. Of plain ASCII they say nothing: a text file as it
/// is means all zeros.
pub fn options<const N: usize>(input: &[u8]) -> (&[u8], [u8; N]) {
    let (rest, last) = input.split_last_chunk().unwrap_or((input, &[0; N]));
    (rest, last.map(|byte| byte.saturating_sub(0x7f)))
}

/// The lines of the input, without their ends.
pub fn lines(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    input.split(|byte| matches!(byte, b'\n' | b'\r'))
}
