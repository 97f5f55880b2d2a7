//! Where workers write what is too large for memory: files in the browser's private storage for this site, which nobody else
//! can read and which go when they are not needed any more, at the latest with the site's next visit.

use std::cell::{Cell, RefCell};

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions, FileSystemSyncAccessHandle,
};

use super::storage;

/// Bytes of an output that may lie in memory where the storage is refused or full, in all workers together.
pub const MOST_IN_MEMORY: usize = 1 << 30;
/// Milliseconds that a download is kept at least: the browser copies what it saves in its own time, and does not say when it
/// is done.
pub const COPIED: f64 = 600_000.0;

/// How long a file is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Until something else is downloaded and the browser has had time to copy it.
    Download,
    /// Until another file is opened.
    Input,
}

/// The files of one worker.
pub struct Spool {
    name: String,
    made: Cell<u32>,
    /// With the times when they were begun.
    files: RefCell<Vec<(Need, f64, String)>>,
    /// Bytes of inputs that lie in memory.
    in_memory: Cell<usize>,
}

impl Spool {
    /// No files.
    pub fn new() -> Self {
        let name = format!("{:08x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
        Self { name, made: Cell::new(0), files: RefCell::default(), in_memory: Cell::new(0) }
    }

    /// The name of its folder, and of the lock that its worker holds.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes that lie in memory besides what is being written.
    pub fn in_memory(&self, need: Need) -> usize {
        // Of downloads there is one at a time.
        if need == Need::Input { self.in_memory.get() } else { 0 }
    }

    /// So many bytes more lie in memory from now on.
    pub fn keep_in_memory(&self, need: Need, bytes: usize) {
        if need == Need::Input {
            self.in_memory.set(self.in_memory.get() + bytes);
        }
    }

    /// A file to write. Earlier downloads are removed before another one.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn create(&self, need: Need) -> Result<SpoolFile, JsValue> {
        let folder = storage::folder_of(&self.name).await?;
        let now = js_sys::Date::now();
        if need == Need::Download {
            self.remove(&folder, |file| file.0 == need && now - file.1 > COPIED).await?;
        }
        let kind = if need == Need::Input { storage::INPUT } else { storage::DOWNLOAD };
        let name = format!("{kind}{}", self.made.replace(self.made.get() + 1));
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file = JsFuture::from(folder.get_file_handle_with_options(&name, &options)).await?;
        self.files.borrow_mut().push((need, now, name));
        let file: FileSystemFileHandle = file.dyn_into()?;
        let access = JsFuture::from(file.create_sync_access_handle()).await?.dyn_into()?;
        Ok(SpoolFile { file, access, length: Cell::new(0) })
    }

    /// Removes the inputs.
    ///
    /// # Errors
    /// What the browser says; the next visit tries again.
    pub async fn remove_inputs(&self) -> Result<(), JsValue> {
        self.in_memory.set(0);
        let is_input = |file: &(Need, f64, String)| file.0 == Need::Input;
        if self.files.borrow().iter().any(is_input) {
            self.remove(&storage::folder_of(&self.name).await?, is_input).await?;
        }
        Ok(())
    }

    async fn remove(
        &self,
        folder: &FileSystemDirectoryHandle,
        gone: impl Fn(&(Need, f64, String)) -> bool,
    ) -> Result<(), JsValue> {
        let (gone, kept): (Vec<_>, Vec<_>) = self.files.take().into_iter().partition(gone);
        self.files.replace(kept);
        for (_, _, name) in gone {
            JsFuture::from(folder.remove_entry(&name)).await?;
        }
        Ok(())
    }
}

/// A file that is being written.
pub struct SpoolFile {
    file: FileSystemFileHandle,
    access: FileSystemSyncAccessHandle,
    length: Cell<u64>,
}

impl SpoolFile {
    /// Appends; nothing, and `false`, if there is no room.
    ///
    /// # Errors
    /// What the browser says if it wrote a part and that cannot be taken back: the file is of no use any more.
    pub fn append(&self, bytes: &[u8]) -> Result<bool, JsValue> {
        let mut rest = bytes;
        // It appends: the handle's cursor is where the last write ended.
        while !rest.is_empty() {
            match self.access.write_with_u8_array(rest) {
                Ok(written) if written > 0.0 => rest = &rest[rest.len().min(written as usize)..],
                _ => {
                    // What was written of the bytes is cut off, and they go elsewhere.
                    self.access.truncate_with_f64(self.length.get() as f64)?;
                    return Ok(false);
                }
            }
        }
        self.length.set(self.length.get() + bytes.len() as u64);
        Ok(true)
    }

    /// What was written, all of it.
    ///
    /// # Errors
    /// What the browser says, or that it kept something else.
    pub async fn finish(self) -> Result<File, JsValue> {
        self.access.close();
        let file: File = JsFuture::from(self.file.get_file()).await?.dyn_into()?;
        let (kept, written) = (file.size(), self.length.get() as f64);
        if kept == written { Ok(file) } else { Err(format!("the disk kept {kept} of {written} bytes").into()) }
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // Once more does no harm, and a file that is open cannot be removed.
        self.access.close();
    }
}
