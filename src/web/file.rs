//! A `File` as `Read + Seek`, in a dedicated worker.

use std::{
    collections::VecDeque,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, FileReaderSync};

use super::wire::words_of;
use crate::ingest::Source;

/// Bytes that are read ahead at a time, up to the next multiple of it, and how often that is under way at once.
const PIECE: u64 = 4 << 20;
const AHEAD: usize = 5;
/// Bytes read behind what was expected, for the rest of a record.
const REST: u64 = 256 << 10;
/// Bytes of a read that is remembered.
const SMALL: u64 = 1 << 20;

/// A file that is read synchronously, slice by slice; but what is expected to be read is read ahead by the browser while
/// the worker does other things.
pub struct FileSource {
    blob: Blob,
    reader: FileReaderSync,
    position: u64,
    expected: Range<u64>,
    /// One behind the other.
    ahead: VecDeque<Piece>,
    /// What was read last, if it is small: the first bytes are looked at several times.
    last: Option<(Range<u64>, Uint8Array)>,
}

/// A stretch of the file that was asked for.
struct Piece {
    range: Range<u64>,
    /// There only between two turns of the worker's event loop; nothing if they could not be read.
    bytes: Shared<LocalBoxFuture<'static, Option<Uint8Array>>>,
}

impl FileSource {
    /// Reads `blob` from its start. Fails outside of dedicated workers.
    pub fn new(blob: Blob) -> Result<Self, JsValue> {
        Ok(Self {
            blob,
            reader: FileReaderSync::new()?,
            position: 0,
            expected: 0..0,
            ahead: VecDeque::new(),
            last: None,
        })
    }

    /// Sizes of files are exact in an f64.
    fn slice(&self, range: &Range<u64>) -> Result<Blob, JsValue> {
        self.blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)
    }

    fn read_now(&mut self, range: &Range<u64>) -> Result<Uint8Array, JsValue> {
        let buffer = self.reader.read_as_array_buffer(&self.slice(range)?)?;
        let bytes = Uint8Array::new(&buffer);
        let end = range.start + u64::from(bytes.length());
        self.last = (end - range.start <= SMALL).then(|| (range.start..end, bytes.clone()));
        Ok(bytes)
    }

    /// Asks for what is expected from byte `from` on, but for what was asked for before.
    fn read_ahead(&mut self, from: u64) {
        while self.ahead.len() < AHEAD {
            let start = self.ahead.back().map_or(from, |piece| piece.range.end);
            let range = start..(start - start % PIECE + PIECE).min(self.expected.end);
            if range.is_empty() {
                return;
            }
            // Whatever fails is read again when it is needed, and the error is told then.
            let Ok(slice) = self.slice(&range) else { return };
            let buffer = JsFuture::from(slice.array_buffer());
            let bytes = async move { buffer.await.ok().map(|buffer| Uint8Array::new(&buffer)) };
            let bytes = bytes.boxed_local().shared();
            // On its own, because nobody may ever wait for it.
            spawn_local(bytes.clone().map(drop));
            self.ahead.push_back(Piece { range, bytes });
        }
    }

    /// What is at hand of `wanted`, or is read now.
    fn take(&mut self, mut wanted: Range<u64>) -> Result<Uint8Array, JsValue> {
        if let Some((range, bytes)) = &self.last
            && range.contains(&wanted.start)
        {
            return Ok(part(bytes, range, &wanted));
        }
        // Some go back to the record that they last read in part.
        while self.ahead.front().is_some_and(|piece| piece.range.end + REST <= wanted.start) {
            self.ahead.pop_front();
        }
        let Some(Piece { range, bytes }) = self.ahead.iter().find(|piece| wanted.start < piece.range.end) else {
            if !self.expected.is_empty() {
                wanted.end = wanted.end.min(wanted.start + REST);
            }
            return self.read_now(&wanted);
        };
        if wanted.start < range.start {
            wanted.end = wanted.end.min(range.start);
            return self.read_now(&wanted);
        }
        wanted.end = wanted.end.min(range.end);
        let there = bytes.peek().and_then(Option::as_ref).map(|bytes| part(bytes, range, &wanted));
        there.map_or_else(|| self.read_now(&wanted), Ok)
    }
}

/// What `bytes`, those of `range`, hold of `wanted`, which begins among them.
fn part(bytes: &Uint8Array, range: &Range<u64>, wanted: &Range<u64>) -> Uint8Array {
    bytes.subarray((wanted.start - range.start) as u32, (wanted.end.min(range.end) - range.start) as u32)
}

impl Source for FileSource {
    fn expect(&mut self, mut range: Range<u64>) {
        if !range.is_empty() {
            range.end = (range.end + REST).min(self.blob.size() as u64);
        }
        self.ahead.retain(|piece| piece.range.end > range.start && piece.range.start < range.end);
        if self.ahead.front().is_some_and(|piece| piece.range.start > range.start) {
            self.ahead.clear();
        }
        let from = range.start;
        self.expected = range;
        self.read_ahead(from);
    }

    fn arriving(&self, at: u64) -> Option<LocalBoxFuture<'static, ()>> {
        let piece = self.ahead.iter().find(|piece| piece.range.contains(&at))?;
        piece.bytes.peek().is_none().then(|| piece.bytes.clone().map(drop).boxed_local())
    }
}

impl Read for FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.position..self.position.saturating_add(buffer.len() as u64);
        let bytes = self.take(wanted).map_err(|error| io::Error::other(words_of(&error)))?;
        let length = bytes.length() as usize;
        bytes.copy_to(&mut buffer[..length]);
        self.position += length as u64;
        if !self.ahead.is_empty() {
            self.read_ahead(self.position);
        }
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
