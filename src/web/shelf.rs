//! Saved detectors in the browser's private storage. They stay when the page is closed, until the visitor or the browser removes them.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions};

use super::storage::{manager, next, root, subfolder};

/// Their folder; not among those of workers, which are removed when these are gone.
const FOLDER: &str = "flowsift-models";

async fn folder() -> Result<FileSystemDirectoryHandle, JsValue> {
    subfolder(&root().await?, FOLDER).await
}

/// The files, by their names.
///
/// # Errors
/// What the browser says; not all have such a storage.
pub async fn list() -> Result<Vec<File>, JsValue> {
    let folder = folder().await?;
    let (names, mut files) = (folder.keys(), Vec::new());
    while let Some(name) = next(&names).await? {
        let handle: FileSystemFileHandle = JsFuture::from(folder.get_file_handle(&name)).await?.dyn_into()?;
        files.push(JsFuture::from(handle.get_file()).await?.dyn_into::<File>()?);
    }
    files.sort_by_key(File::name);
    Ok(files)
}

/// Keeps a file, in place of one of that name.
///
/// # Errors
/// What the browser says: there may be no room, or no way to write.
pub async fn keep(name: &str, what: &Blob) -> Result<(), JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let handle = JsFuture::from(folder().await?.get_file_handle_with_options(name, &options)).await?;
    let stream = call(&handle, "createWritable", &JsValue::UNDEFINED).await?;
    call(&stream, "write", what).await?;
    call(&stream, "close", &JsValue::UNDEFINED).await.map(drop)
}

/// Removes a file.
///
/// # Errors
/// What the browser says.
pub async fn remove(name: &str) -> Result<(), JsValue> {
    JsFuture::from(folder().await?.remove_entry(name)).await.map(drop)
}

/// Asks the browser not to remove what is stored here when it needs room; whether it agrees.
pub async fn persist() -> bool {
    let Some(asked) = manager().ok().and_then(|manager| manager.persist().ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}

/// Calls what not all browsers have.
async fn call(on: &JsValue, method: &str, with: &JsValue) -> Result<JsValue, JsValue> {
    let found: Function =
        Reflect::get(on, &method.into())?.dyn_into().map_err(|_| JsValue::from("this browser cannot write there"))?;
    JsFuture::from(found.call1(on, with)?.dyn_into::<Promise>()?).await
}
