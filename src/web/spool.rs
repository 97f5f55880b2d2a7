//! Where workers write what is too large for memory: files in the browser's private storage for this site, which nobody else
//! can read and which go when they are not needed any more, at the latest with the site's next visit.

use std::cell::{Cell, RefCell};

use js_sys::{AsyncIterator, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemSyncAccessHandle, StorageManager,
};

/// The folder, for an origin may serve other pages as well.
const FOLDER: &str = "flowsift";

/// How long a file is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Until something else is downloaded: the browser copies what it saves in its own time.
    Download,
    /// Until another file is opened.
    Input,
}

/// The files of one worker. A lock with its name, held while it lives, tells other tabs that they are in use.
pub struct Spool {
    name: String,
    made: Cell<u32>,
    locked: Cell<bool>,
    files: RefCell<Vec<(Need, String)>>,
}

impl Spool {
    /// No files.
    pub fn new() -> Self {
        let name = format!("{:08x}", (js_sys::Math::random() * f64::from(u32::MAX)) as u32);
        Self { name, made: Cell::new(0), locked: Cell::new(false), files: RefCell::default() }
    }

    /// A file to write. Those that were needed like it until now are removed, if they are downloads.
    ///
    /// # Errors
    /// What the browser says; not all have such a storage, and none gives it to private windows without bounds.
    pub async fn create(&self, need: Need) -> Result<SpoolFile, JsValue> {
        let folder = folder(true).await?;
        if !self.locked.replace(true) {
            hold(&self.name)?;
        }
        if need == Need::Download {
            self.remove(need).await?;
        }
        let name = format!("{}.{}", self.name, self.made.replace(self.made.get() + 1));
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file = JsFuture::from(folder.get_file_handle_with_options(&name, &options)).await?;
        self.files.borrow_mut().push((need, name));
        let file: FileSystemFileHandle = file.dyn_into()?;
        let access = JsFuture::from(file.create_sync_access_handle()).await?.dyn_into()?;
        Ok(SpoolFile { file, access })
    }

    /// Removes the files that were needed like this.
    ///
    /// # Errors
    /// What the browser says; the next visit tries again.
    pub async fn remove(&self, need: Need) -> Result<(), JsValue> {
        let (gone, kept) = self.files.take().into_iter().partition(|file| file.0 == need);
        self.files.replace(kept);
        let gone: Vec<(Need, String)> = gone;
        if !gone.is_empty() {
            let folder = folder(false).await?;
            for (_, name) in gone {
                JsFuture::from(folder.remove_entry(&name)).await?;
            }
        }
        Ok(())
    }
}

/// A file that is being written.
pub struct SpoolFile {
    file: FileSystemFileHandle,
    access: FileSystemSyncAccessHandle,
}

impl SpoolFile {
    /// Appends; nothing, and `false`, if there is no room.
    pub fn append(&self, bytes: &[u8]) -> bool {
        let Ok(size) = self.access.get_size() else { return false };
        // It appends: the handle's cursor is where the last write ended.
        let whole = self.access.write_with_u8_array(bytes).is_ok_and(|written| written as usize == bytes.len());
        if !whole {
            // What was written of the bytes is cut off, and they go elsewhere.
            return self.access.truncate_with_f64(size).is_err();
        }
        true
    }

    /// What was written.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn finish(self) -> Result<File, JsValue> {
        self.access.close();
        JsFuture::from(self.file.get_file()).await?.dyn_into()
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // Once more does no harm, and a file that is open cannot be removed.
        self.access.close();
    }
}

/// Removes what workers that are gone have left.
///
/// # Errors
/// What the browser says.
pub async fn sweep() -> Result<(), JsValue> {
    let folder = folder(false).await?;
    let names = folder.keys();
    while let Some(name) = next(&names).await? {
        let owner = name.split('.').next().unwrap_or_default();
        if is_free(owner).await? {
            // Another worker may have been faster.
            let _ = JsFuture::from(folder.remove_entry(&name)).await;
        }
    }
    Ok(())
}

async fn next(names: &AsyncIterator) -> Result<Option<String>, JsValue> {
    let step = JsFuture::from(names.next()?).await?;
    let name = Reflect::get(&step, &"value".into())?;
    Ok(name.as_string())
}

async fn folder(create: bool) -> Result<FileSystemDirectoryHandle, JsValue> {
    let storage = of_navigator("storage")?;
    if Reflect::get(&storage, &"getDirectory".into())?.is_undefined() {
        return Err("the browser has no private storage".into());
    }
    let storage: StorageManager = storage.dyn_into()?;
    let root: FileSystemDirectoryHandle = JsFuture::from(storage.get_directory()).await?.dyn_into()?;
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    JsFuture::from(root.get_directory_handle_with_options(FOLDER, &options)).await?.dyn_into()
}

/// A property of `navigator` that not all browsers have, nor any on pages that came over plain HTTP.
fn of_navigator(name: &str) -> Result<JsValue, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let property = Reflect::get(&navigator, &name.into())?;
    if property.is_undefined() { Err(format!("the browser has no {name}").into()) } else { Ok(property) }
}

/// Takes a lock for as long as the worker lives.
fn hold(name: &str) -> Result<(), JsValue> {
    let forever = Closure::once_into_js(|_lock: JsValue| Promise::new(&mut |_, _| {}));
    request_lock(name, &Object::new(), &forever).map(drop)
}

/// Nobody holds the lock.
async fn is_free(name: &str) -> Result<bool, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let given = Closure::once_into_js(|lock: JsValue| !lock.is_null());
    Ok(JsFuture::from(request_lock(name, &options, &given)?).await?.is_truthy())
}

fn request_lock(name: &str, options: &Object, given: &JsValue) -> Result<Promise, JsValue> {
    let locks = of_navigator("locks")?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    request.call3(&locks, &format!("{FOLDER} {name}").into(), options, given)?.dyn_into()
}
