//! A `File` as `Read + Seek`, in a dedicated worker.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

use super::wire::words_of;

/// A file that is read synchronously, slice by slice.
pub struct FileSource {
    blob: Blob,
    reader: FileReaderSync,
    position: u64,
}

impl FileSource {
    /// Reads `blob` from its start. Fails outside of dedicated workers.
    pub fn new(blob: Blob) -> Result<Self, JsValue> {
        Ok(Self { blob, reader: FileReaderSync::new()?, position: 0 })
    }
}

impl Read for FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let failed = |error: JsValue| io::Error::other(words_of(&error));
        // Sizes of files are exact in an f64.
        let (start, end) = (self.position as f64, self.position as f64 + buffer.len() as f64);
        let slice = self.blob.slice_with_f64_and_f64(start, end).map_err(failed)?;
        let bytes = self.reader.read_as_array_buffer(&slice).map_err(failed)?;
        let bytes = Uint8Array::new(&bytes);
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
