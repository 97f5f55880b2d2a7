//! Where bytes come from.

use std::{
    fs::File,
    io::{Cursor, Read, Seek},
    ops::Range,
};

/// A file's bytes, read from wherever they are.
pub trait Source: Read + Seek {
    /// Says that these bytes will be read next, one after the other, so that they may be read ahead; an empty range that
    /// nothing is known of what comes.
    fn expect(&mut self, _range: Range<u64>) {}
}

impl Source for File {}
impl<T: AsRef<[u8]>> Source for Cursor<T> {}

impl<S: Source + ?Sized> Source for Box<S> {
    fn expect(&mut self, range: Range<u64>) {
        (**self).expect(range);
    }
}
