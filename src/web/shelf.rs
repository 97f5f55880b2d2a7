//! Files in the browser's private storage. They stay when the page is closed, until the visitor or the browser removes them.

use crate::numeric::order::ordered;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions};

use super::{
    page::text_of,
    storage::{Held, manager, next, root, subfolder, take},
};

/// A folder of files; not one of workers, which are removed when these are gone.
#[derive(Debug, Clone, Copy)]
pub struct Shelf(&'static str);

/// Saved detectors.
pub const MODELS: Shelf = Shelf("flowsift-models");
/// Notes on them.
pub const NOTES: Shelf = Shelf("flowsift-model-notes");
/// What was said of flows, a file per file of flows.
pub const REMARKS: Shelf = Shelf("flowsift-remarks");
/// Rules by which findings are hidden, in one file for all files of flows.
pub const RULES: Shelf = Shelf("flowsift-rules");

impl Shelf {
    async fn folder(self) -> Result<FileSystemDirectoryHandle, JsValue> {
        subfolder(&root().await?, self.0).await
    }

    /// The files, by their names.
    ///
    /// # Errors
    /// What the browser says; not all have such a storage.
    pub async fn list(self) -> Result<Vec<File>, JsValue> {
        let folder = self.folder().await?;
        let (names, mut files) = (folder.keys(), Vec::new());
        while let Some(name) = next(&names).await? {
            let handle: FileSystemFileHandle = JsFuture::from(folder.get_file_handle(&name)).await?.dyn_into()?;
            files.push(JsFuture::from(handle.get_file()).await?.dyn_into::<File>()?);
        }
        Ok(ordered(files, |a, b| a.name().cmp(&b.name())))
    }

    /// Keeps a file, in place of one of that name.
    ///
    /// # Errors
    /// What the browser says: there may be no room, or no way to write.
    pub async fn keep(self, name: &str, what: &Blob) -> Result<(), JsValue> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle = JsFuture::from(self.folder().await?.get_file_handle_with_options(name, &options)).await?;
        let stream = call(&handle, "createWritable", &JsValue::UNDEFINED).await?;
        call(&stream, "write", what).await?;
        call(&stream, "close", &JsValue::UNDEFINED).await.map(drop)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn remove(self, name: &str) -> Result<(), JsValue> {
        JsFuture::from(self.folder().await?.remove_entry(name)).await.map(drop)
    }

    /// No other tab has the same of this file until what is given back is dropped; nothing where the browser has no locks.
    pub async fn alone(self, name: &str) -> Option<Held> {
        take(&format!("{} {name}", self.0)).await.ok()
    }

    /// A file, if there is such a one.
    pub async fn file(self, name: &str) -> Option<File> {
        let handle = JsFuture::from(self.folder().await.ok()?.get_file_handle(name)).await.ok()?;
        let handle: FileSystemFileHandle = handle.dyn_into().ok()?;
        JsFuture::from(handle.get_file()).await.ok()?.dyn_into().ok()
    }

    /// The text of a file, if there is such a one.
    pub async fn text(self, name: &str) -> Option<String> {
        let file = self.file(name).await?;
        text_of(&file).await
    }
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
