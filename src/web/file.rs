//! A `File` as `Read + Seek`, in a dedicated worker.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use futures_util::future::{FutureExt, LocalBoxFuture};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

use super::{ahead::Ahead, wire::words_of};
use crate::ingest::Source;

/// Bytes read before and behind what was expected: for a look at the line end before, and for the rest of a record.
const BEFORE: u64 = 1;
const REST: u64 = 256 << 10;
/// Bytes of a read that is remembered.
const SMALL: u64 = 1 << 20;

/// A file that is read synchronously, slice by slice; but what is expected to be read is read ahead by the browser while
/// the worker does other things.
pub struct FileSource {
    blob: Blob,
    reader: FileReaderSync,
    position: u64,
    /// Nothing where nothing is expected.
    ahead: Option<Ahead>,
    /// What was read last, if it is small: the first bytes are looked at several times.
    last: Option<(Range<u64>, Uint8Array)>,
}

impl FileSource {
    /// Reads `blob` from its start. Fails outside of dedicated workers.
    pub fn new(blob: Blob) -> Result<Self, JsValue> {
        Ok(Self { blob, reader: FileReaderSync::new()?, position: 0, ahead: None, last: None })
    }

    fn read_now(&mut self, range: &Range<u64>) -> Result<Uint8Array, JsValue> {
        // Sizes of files are exact in an f64.
        let slice = self.blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)?;
        let buffer = self.reader.read_as_array_buffer(&slice)?;
        let bytes = Uint8Array::new(&buffer);
        let end = range.start + u64::from(bytes.length());
        self.last = (end - range.start <= SMALL).then(|| (range.start..end, bytes.clone()));
        Ok(bytes)
    }

    /// What is at hand of `wanted`, or is read now.
    fn take(&mut self, mut wanted: Range<u64>) -> Result<Uint8Array, JsValue> {
        // Before what was read ahead, which need not be passed then: a layout is told, and then all is read from its start.
        if let Some((range, bytes)) = &self.last
            && range.contains(&wanted.start)
        {
            let end = wanted.end.min(range.end);
            return Ok(bytes.subarray((wanted.start - range.start) as u32, (end - range.start) as u32));
        }
        if let Some(ahead) = &self.ahead {
            ahead.pass(wanted.start);
            if let Some(bytes) = ahead.at(wanted.start, wanted.end - wanted.start) {
                return Ok(bytes);
            }
            wanted.end = wanted.end.min(wanted.start + SMALL);
        }
        self.read_now(&wanted)
    }
}

impl Source for FileSource {
    fn expect(&mut self, range: Range<u64>) {
        if range.is_empty() {
            self.ahead = None;
            return;
        }
        if self.ahead.as_ref().is_some_and(|ahead| ahead.covers(&range)) {
            return;
        }
        let begin = range.start.saturating_sub(BEFORE);
        let end = (range.end + REST).min(self.blob.size() as u64);
        // Whatever fails is read when it is needed, and the error is told then.
        self.ahead = Ahead::new(&self.blob, begin..end).ok();
    }

    fn arriving(&self, range: Range<u64>) -> Option<LocalBoxFuture<'static, ()>> {
        let ahead = self.ahead.as_ref().filter(|ahead| ahead.covers(&(range.start..range.start)))?;
        Some(ahead.arrival(range.end)?.boxed_local())
    }
}

impl Read for FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.position..self.position.saturating_add(buffer.len() as u64);
        let bytes = self.take(wanted).map_err(|error| io::Error::other(words_of(&error)))?;
        let length = bytes.length() as usize;
        bytes.copy_to(&mut buffer[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for FileSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(byte) => Some(byte),
            SeekFrom::End(step) => (self.blob.size() as u64).checked_add_signed(step),
            SeekFrom::Current(step) => self.position.checked_add_signed(step),
        };
        self.position = target.ok_or_else(|| io::Error::other("a position before the file's start"))?;
        Ok(self.position)
    }
}
