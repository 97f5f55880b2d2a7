//! Several sources read as one, with a line end between two.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use futures_util::future::LocalBoxFuture;

use super::Source;

/// Sources one after the other. The byte between two of them is a line end of its own, so that the last record of one
/// and the first of the next stay apart whether or not a file ends with a line end.
pub struct Parts<S> {
    pieces: Vec<Piece<S>>,
    position: u64,
    /// What will be read next, and the piece that was told so: one at a time, because there may be hundreds.
    expected: Range<u64>,
    told: Option<usize>,
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
        Ok(Self { pieces, position: 0, expected: 0..0, told: None })
    }

    /// Where each part begins and how long it is, in bytes.
    pub fn extents(&self) -> Vec<(u64, u64)> {
        self.pieces.iter().map(|piece| (piece.start, piece.length)).collect()
    }

    /// Bytes in all.
    pub fn length(&self) -> u64 {
        self.pieces.last().map_or(0, |piece| piece.start + piece.length)
    }

    /// The piece with the byte at `at`, or with the line end behind it.
    fn piece_at(&self, at: u64) -> usize {
        self.pieces.partition_point(|piece| piece.start <= at).saturating_sub(1)
    }
}

impl<S: Source> Parts<S> {
    /// Tells a piece what is expected of it, and the one that was told before that nothing is.
    fn tell(&mut self, number: usize) {
        if self.told == Some(number) {
            return;
        }
        if let Some(before) = self.told.replace(number).and_then(|before| self.pieces.get_mut(before)) {
            before.source.expect(0..0);
        }
        if let Some(Piece { start, length, source, .. }) = self.pieces.get_mut(number) {
            let inside = |byte: u64| byte.saturating_sub(*start).min(*length);
            source.expect(inside(self.expected.start)..inside(self.expected.end));
        }
    }
}

impl<S: Source> Source for Parts<S> {
    fn expect(&mut self, range: Range<u64>) {
        let number = self.piece_at(range.start);
        // The same piece may have read ahead what is still expected.
        if self.told == Some(number) {
            self.told = None;
        }
        self.expected = range;
        self.tell(number);
    }

    fn arriving(&self, range: Range<u64>) -> Option<LocalBoxFuture<'static, ()>> {
        let piece = self.pieces.get(self.piece_at(range.start))?;
        let inside = |byte: u64| byte.checked_sub(piece.start).map(|byte| byte.min(piece.length));
        piece.source.arriving(inside(range.start)?..inside(range.end)?)
    }
}

impl<S: Source> Read for Parts<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.length();
        if self.position >= end || buffer.is_empty() {
            return Ok(0);
        }
        let number = self.piece_at(self.position);
        if !self.expected.is_empty() {
            self.tell(number);
        }
        let piece = &mut self.pieces[number];
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
    use std::{cell::RefCell, io::Cursor, rc::Rc};

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

    type Notes = Rc<RefCell<Vec<(u64, u64)>>>;

    /// Notes what is expected of it.
    struct Noting(Cursor<&'static str>, Notes);

    impl Read for Noting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Seek for Noting {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    impl Source for Noting {
        fn expect(&mut self, range: Range<u64>) {
            self.1.borrow_mut().push((range.start, range.end));
        }
    }

    #[test]
    fn what_is_expected_is_told_to_one_part_at_a_time() {
        let notes: [Notes; 3] = Default::default();
        let part = |(text, notes): (_, &Notes)| Noting(Cursor::new(text), Rc::clone(notes));
        let mut parts =
            Parts::new(["abcd", "efgh", "ijkl"].into_iter().zip(&notes).map(part).collect()).expect("lengths");
        let read = |parts: &mut Parts<Noting>, from, length| {
            parts.seek(SeekFrom::Start(from)).expect("seeks");
            parts.read_exact(&mut vec![0; length]).expect("reads");
            notes.each_ref().map(|notes| notes.take())
        };
        assert_eq!(read(&mut parts, 0, 12), [vec![], vec![], vec![]], "nothing is expected");
        parts.expect(2..11);
        assert_eq!(read(&mut parts, 2, 2), [vec![(2, 4)], vec![], vec![]]);
        assert_eq!(read(&mut parts, 4, 4), [vec![(0, 0)], vec![(0, 4)], vec![]]);
        parts.expect(7..11);
        assert_eq!(read(&mut parts, 7, 4), [vec![], vec![(2, 4), (0, 0)], vec![(0, 1)]]);
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
