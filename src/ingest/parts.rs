//! Several sources read as one, with a line end between two.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use super::Source;

/// Sources one after the other. The byte between two of them is a line end of its own, so that the last record of one
/// and the first of the next stay apart whether or not a file ends with a line end.
pub struct Parts<S> {
    pieces: Vec<Piece<S>>,
    position: u64,
}

struct Piece<S> {
    start: u64,
    length: u64,
    source: S,
    /// Where the source stands, to spare it seeks.
    at: u64,
}

impl<S: Read + Seek> Parts<S> {
    /// Joins `sources` in this order.
    ///
    /// # Errors
    /// If a source cannot tell its length.
    pub fn new(sources: Vec<S>) -> io::Result<Self> {
        let mut start = 0;
        let mut pieces = Vec::with_capacity(sources.len());
        for mut source in sources {
            let length = source.seek(SeekFrom::End(0))?;
            pieces.push(Piece { start, length, source, at: length });
            start += length + 1;
        }
        Ok(Self { pieces, position: 0 })
    }

    /// Where each part begins and how long it is, in bytes.
    pub fn extents(&self) -> Vec<(u64, u64)> {
        self.pieces.iter().map(|piece| (piece.start, piece.length)).collect()
    }

    /// Bytes in all.
    pub fn length(&self) -> u64 {
        self.pieces.last().map_or(0, |piece| piece.start + piece.length)
    }
}

impl<S: Source> Source for Parts<S> {
    fn expect(&mut self, range: Range<u64>) {
        for Piece { start, length, source, .. } in &mut self.pieces {
            let inside = |byte: u64| byte.saturating_sub(*start).min(*length);
            source.expect(inside(range.start)..inside(range.end));
        }
    }
}

impl<S: Read + Seek> Read for Parts<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.length();
        if self.position >= end || buffer.is_empty() {
            return Ok(0);
        }
        let after = self.pieces.partition_point(|piece| piece.start <= self.position);
        let piece = &mut self.pieces[after - 1];
        let inside = self.position - piece.start;
        if inside >= piece.length {
            buffer[0] = b'\n';
            self.position += 1;
            return Ok(1);
        }
        if piece.at != inside {
            piece.source.seek(SeekFrom::Start(inside))?;
        }
        let most = usize::try_from(piece.length - inside).unwrap_or(usize::MAX).min(buffer.len());
        let read = piece.source.read(&mut buffer[..most])?;
        piece.at = inside + read as u64;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was"));
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl<S: Read + Seek> Seek for Parts<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(byte) => Some(byte),
            SeekFrom::End(step) => self.length().checked_add_signed(step),
            SeekFrom::Current(step) => self.position.checked_add_signed(step),
        };
        self.position = target.ok_or_else(|| io::Error::other("a position before the file's start"))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_joined_by_line_ends() {
        let mut parts = Parts::new(vec![Cursor::new("a\n"), Cursor::new(""), Cursor::new("b")]).expect("lengths");
        assert_eq!(parts.extents(), [(0, 2), (3, 0), (4, 1)]);
        let mut text = String::new();
        parts.read_to_string(&mut text).expect("reads");
        assert_eq!(text, "a\n\n\nb");
        assert_eq!(parts.length(), 5);
        assert_eq!(Parts::new(Vec::<Cursor<&str>>::new()).expect("none").length(), 0);
    }

    proptest! {
        #[test]
        fn reading_from_anywhere_gives_the_joined_text(
            texts in prop::collection::vec("[ab\n]{0,9}", 1..5), from in 0u64..50, slice in 1usize..9,
        ) {
            let joined = texts.join("\n");
            let mut parts = Parts::new(texts.iter().map(Cursor::new).collect()).expect("lengths");
            parts.seek(SeekFrom::Start(from)).expect("seeks");
            let mut read: Vec<u8> = Vec::new();
            loop {
                let mut buffer = vec![0; slice];
                match parts.read(&mut buffer).expect("reads") {
                    0 => break,
                    some => read.extend(&buffer[..some]),
                }
            }
            prop_assert_eq!(read, joined.as_bytes().get(from as usize..).unwrap_or_default());
        }
    }
}
