//! Where bytes come from.

use std::{
    fs::File,
    io::{Cursor, Read, Seek},
    ops::Range,
};

use futures_util::future::LocalBoxFuture;

/// A file's bytes, read from wherever they are.
pub trait Source: Read + Seek {
    /// Says that these bytes will be read next, one after the other, so that they may be read ahead; an empty range that
    /// nothing is known of what comes. What was read ahead of them before is kept.
    fn expect(&mut self, _range: Range<u64>) {}

    /// If these bytes, or the first of them, are being read ahead, what is ready once those are there. Who does not wait
    /// reads them twice.
    fn arriving(&self, _range: Range<u64>) -> Option<LocalBoxFuture<'static, ()>> {
        None
    }
}

impl Source for File {}
impl<T: AsRef<[u8]>> Source for Cursor<T> {}

impl<S: Source + ?Sized> Source for Box<S> {
    fn expect(&mut self, range: Range<u64>) {
        (**self).expect(range);
    }

    fn arriving(&self, range: Range<u64>) -> Option<LocalBoxFuture<'static, ()>> {
        (**self).arriving(range)
    }
}

impl<S: Source> Source for &mut S {
    fn expect(&mut self, range: Range<u64>) {
        (**self).expect(range);
    }

    fn arriving(&self, range: Range<u64>) -> Option<LocalBoxFuture<'static, ()>> {
        (**self).arriving(range)
    }
}
