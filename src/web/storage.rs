//! The browser's private storage for this site: which part of it is whose, how much room there is, and what is removed when.
//!
//! Every worker has a folder with its name and holds a lock of that name while it lives. Who finds the lock free may remove
//! the folder: its worker is gone.

use js_sys::{AsyncIterator, Function, Object, Promise, Reflect};
use wasm_bindgen::{
    JsCast, JsValue,
    prelude::{Closure, wasm_bindgen},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FileSystemDirectoryHandle, FileSystemGetDirectoryOptions, StorageManager};

#[cfg(feature = "ui")]
use super::spool::MOST_IN_MEMORY;
use super::wire::words_of;
use crate::engine::EngineError;

/// The folder of all workers' folders, for an origin may serve other pages as well.
const FOLDER: &str = "flowsift";
/// How the names of files begin that hold unpacked text, and those of downloads.
pub const INPUT: &str = "input-";
pub const DOWNLOAD: &str = "download-";

#[wasm_bindgen]
extern "C" {
    /// A folder that can be removed with what is in it.
    #[wasm_bindgen(extends = FileSystemDirectoryHandle)]
    type Folder;
    #[wasm_bindgen(method, js_name = removeEntry)]
    fn remove_entry(this: &Folder, name: &str, options: &JsValue) -> Promise;
}

/// The folder of the worker with this name.
///
/// # Errors
/// What the browser says; not all have such a storage, and none gives it to private windows without bounds.
pub async fn folder_of(name: &str) -> Result<FileSystemDirectoryHandle, JsValue> {
    subfolder(&top().await?, name).await
}

/// The folder of all workers' folders.
///
/// # Errors
/// As [`folder_of`].
pub async fn top() -> Result<FileSystemDirectoryHandle, JsValue> {
    subfolder(&root().await?, FOLDER).await
}

pub(super) async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    JsFuture::from(manager()?.get_directory()).await?.dyn_into()
}

pub(super) async fn subfolder(
    of: &FileSystemDirectoryHandle,
    name: &str,
) -> Result<FileSystemDirectoryHandle, JsValue> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    JsFuture::from(of.get_directory_handle_with_options(name, &options)).await?.dyn_into()
}

/// Removes the folder of the worker with this name.
///
/// # Errors
/// What the browser says: there may be none, or a file is being written.
#[cfg(feature = "ui")]
pub async fn remove(name: &str) -> Result<(), JsValue> {
    JsFuture::from(begin_to_remove(&top().await?, name)).await.map(drop)
}

/// Removes what a worker unpacked, and leaves its downloads.
///
/// # Errors
/// As [`remove`].
#[cfg(feature = "ui")]
pub async fn remove_inputs(name: &str) -> Result<(), JsValue> {
    let folder: FileSystemDirectoryHandle =
        JsFuture::from(top().await?.get_directory_handle(name)).await?.dyn_into()?;
    let names = folder.keys();
    while let Some(name) = next(&names).await? {
        if name.starts_with(INPUT) {
            JsFuture::from(folder.remove_entry(&name)).await?;
        }
    }
    Ok(())
}

/// Begins to remove a worker's folder from the [`top`] one. Whoever leaves the page need not wait for the end of it.
pub fn begin_to_remove(top: &FileSystemDirectoryHandle, name: &str) -> Promise {
    let options = Object::new();
    // A plain object takes every key.
    let _ = Reflect::set(&options, &"recursive".into(), &JsValue::TRUE);
    top.unchecked_ref::<Folder>().remove_entry(name, &options)
}

/// Removes what workers that are gone have left.
///
/// # Errors
/// What the browser says.
pub async fn sweep() -> Result<(), JsValue> {
    let top = top().await?;
    let names = top.keys();
    while let Some(name) = next(&names).await? {
        if is_free(&name).await? {
            // Another worker may have been faster.
            let _ = JsFuture::from(begin_to_remove(&top, &name)).await;
        }
    }
    Ok(())
}

pub(super) async fn next(names: &AsyncIterator) -> Result<Option<String>, JsValue> {
    let step = JsFuture::from(names.next()?).await?;
    let name = Reflect::get(&step, &"value".into())?;
    Ok(name.as_string())
}

/// Bytes that the browser lets this site store yet, as far as it tells.
pub async fn room() -> Option<f64> {
    let estimate = JsFuture::from(manager().ok()?.estimate().ok()?).await.ok()?;
    let bytes = |key: &str| Reflect::get(&estimate, &key.into()).ok().and_then(|value| value.as_f64());
    Some((bytes("quota")? - bytes("usage")?).max(0.0))
}

/// Refuses to begin what would write more than can be stored, as far as the browser tells how much that is.
///
/// # Errors
/// [`EngineError::NoRoom`]
#[cfg(feature = "ui")]
pub async fn check_room(bytes: f64) -> Result<(), EngineError> {
    let megabytes = |bytes: f64| (bytes / 1e6).ceil();
    match room().await {
        Some(room) if bytes > room + MOST_IN_MEMORY as f64 => Err(EngineError::NoRoom {
            reason: format!(
                "it would take about {} MB, and the browser lets this site store {} MB",
                megabytes(bytes),
                megabytes(room)
            ),
        }),
        _ => Ok(()),
    }
}

/// What is told when the browser could not keep what was written.
pub fn refused(error: &JsValue) -> EngineError {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    let full = name.as_deref() == Some("QuotaExceededError");
    let reason = if full { "the browser's storage for this site is full".to_owned() } else { words_of(error) };
    EngineError::NoRoom { reason }
}

pub(super) fn manager() -> Result<StorageManager, JsValue> {
    let storage = of_navigator("storage")?;
    if Reflect::get(&storage, &"getDirectory".into())?.is_undefined() {
        return Err("the browser has no private storage".into());
    }
    storage.dyn_into()
}

/// A property of `navigator` that not all browsers have, nor any on pages that came over plain HTTP.
fn of_navigator(name: &str) -> Result<JsValue, JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let property = Reflect::get(&navigator, &name.into())?;
    if property.is_undefined() { Err(format!("the browser has no {name}").into()) } else { Ok(property) }
}

/// Takes the lock for as long as the worker lives; ready when it has it.
///
/// # Errors
/// There are no locks.
pub async fn hold(name: &str) -> Result<(), JsValue> {
    let mut held = None;
    let taken = Promise::new(&mut |resolve, _| held = Some(resolve));
    let forever = Closure::once_into_js(move |_lock: JsValue| {
        if let Some(held) = held {
            // A function that resolves a promise does not fail.
            let _ = held.call0(&JsValue::UNDEFINED);
        }
        Promise::new(&mut |_, _| {})
    });
    // It never ends, so nobody waits for it.
    drop(request_lock(name, &Object::new(), &forever)?);
    JsFuture::from(taken).await.map(drop)
}

/// A lock that nobody else has until this is dropped.
#[cfg(feature = "ui")]
pub struct Held(Function);

#[cfg(feature = "ui")]
impl Drop for Held {
    fn drop(&mut self) {
        // A function that resolves a promise does not fail.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Waits until nobody has the lock, and takes it for as long as the answer lives.
///
/// # Errors
/// There are no locks, or the browser refuses them.
#[cfg(feature = "ui")]
pub async fn take(name: &str) -> Result<Held, JsValue> {
    let [mut granted, mut released] = [const { JsValue::UNDEFINED }; 2];
    let taken = Promise::new(&mut |resolve, _| granted = resolve.into());
    let over = Promise::new(&mut |resolve, _| released = resolve.into());
    let given = Closure::once_into_js(move |lock: JsValue| {
        let _ = granted.unchecked_into::<Function>().call1(&JsValue::UNDEFINED, &lock);
        over
    });
    let ended = request_lock(name, &Object::new(), &given)?;
    JsFuture::from(Promise::race(&js_sys::Array::of2(&taken, &ended))).await?;
    Ok(Held(released.unchecked_into()))
}

/// Takes a worker's lock when the worker is gone, so that nobody but the page removes what it left.
///
/// # Errors
/// There are no locks.
#[cfg(feature = "ui")]
pub async fn inherit(name: &str) -> Result<(), JsValue> {
    hold(name).await
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
