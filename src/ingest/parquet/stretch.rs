//! A stretch of a file, as the decoder wants to read it.

use std::{
    cell::RefCell,
    io::{Read, Seek},
    ops::Range,
    rc::Rc,
};

use bytes::{Buf, Bytes, buf::Reader};
use parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};
use send_wrapper::SendWrapper;

use super::footer;
use crate::ingest::read_slice;

/// Bytes read at a time: a browser takes about as long for any fewer.
const WINDOW: u64 = 1 << 20;
/// Bytes that the header of a page may have. It tells the least and the greatest cell, which may be long texts.
const HEADER: u64 = 256 << 10;

/// Bytes of a source that other stretches read, too. The decoder wants what can go to another thread; this cannot, and
/// panics if it does.
pub struct Stretch<S> {
    source: SendWrapper<Rc<RefCell<S>>>,
    range: Range<u64>,
    /// What is read from a place on, not knowing how far, are the headers of pages.
    of_pages: bool,
    /// What was read last, from this byte on.
    window: SendWrapper<RefCell<(u64, Bytes)>>,
}

impl<S: Read + Seek> Stretch<S> {
    /// Reads this range of the source, which must lie within it.
    pub fn new(source: &Rc<RefCell<S>>, range: Range<u64>) -> Self {
        let window = SendWrapper::new(RefCell::new((range.start, Bytes::new())));
        Self { source: SendWrapper::new(Rc::clone(source)), range, of_pages: false, window }
    }

    /// The same, of a column's pages.
    pub fn of_pages(source: &Rc<RefCell<S>>, range: Range<u64>) -> Self {
        Self { of_pages: true, ..Self::new(source, range) }
    }

    /// What follows `start`: at least that many bytes, unless the stretch ends before.
    fn from(&self, start: u64, least: u64) -> Result<Bytes> {
        let mut window = self.window.borrow_mut();
        let known = window.0..window.0 + window.1.len() as u64;
        let enough = known.end >= self.range.end.min(start.saturating_add(least));
        if !(known.start..=known.end).contains(&start) || !enough {
            let left = self.range.end.checked_sub(start).filter(|_| start >= self.range.start);
            let left = left.ok_or_else(|| ParquetError::EOF("a page lies elsewhere than its column".into()))?;
            let most = left.min(WINDOW.max(least)) as usize;
            let bytes = read_slice(&mut *self.source.borrow_mut(), start, most);
            *window = (start, bytes.map_err(|error| ParquetError::External(Box::new(error)))?.into());
        }
        let (from, bytes) = &*window;
        Ok(bytes.slice((start - from) as usize..))
    }
}

impl<S> Length for Stretch<S> {
    fn len(&self) -> u64 {
        self.range.end
    }
}

impl<S: Read + Seek> ChunkReader for Stretch<S> {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let bytes = self.from(start, HEADER)?;
        if self.of_pages && !footer::is_page_header(&bytes) {
            return Err(ParquetError::General("a page does not begin as it should".into()));
        }
        Ok(bytes.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start, length as u64)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the file ends before a page does".into()));
        }
        Ok(bytes.slice(..length))
    }
}
