//! What was dropped on the page: files, and those in folders.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DragEvent, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use super::{dom::by_name, names::natural, wire::words_of};
use crate::{engine::EngineError, ingest::IngestError, numeric::order::ordered};

/// The files that were dropped, with those in folders, in the order of their paths. What is hidden in a folder is not meant.
/// What was dropped is looked at before this returns, because the browser forgets it after the event.
pub fn dropped_files(event: &DragEvent) -> impl Future<Output = Result<Vec<File>, EngineError>> + 'static {
    let data = event.data_transfer();
    let files = by_name(data.as_ref().and_then(DataTransfer::files));
    let entries = data.as_ref().map(entries).unwrap_or_default();
    async move {
        if entries.iter().any(FileSystemEntry::is_directory) {
            let unreadable = |error| IngestError::Read { byte: 0, reason: words_of(&error) };
            walk(entries).await.map_err(|error| unreadable(error).into())
        } else {
            Ok(files)
        }
    }
}

fn entries(data: &DataTransfer) -> Vec<FileSystemEntry> {
    let items = data.items();
    (0..items.length()).filter_map(|item| items.get(item)?.webkit_get_as_entry().ok()?).collect()
}

async fn walk(mut entries: Vec<FileSystemEntry>) -> Result<Vec<File>, JsValue> {
    let mut found: Vec<(String, File)> = Vec::new();
    while let Some(entry) = entries.pop() {
        // Browsers have several names for these classes, so they are not asked for them.
        if entry.is_directory() {
            let inside = contents(entry.unchecked_ref()).await?;
            entries.extend(inside.into_iter().filter(|entry| !entry.name().starts_with('.')));
        } else {
            let path = entry.full_path();
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = called_back(|done, failed| entry.file_with_callback_and_callback(done, failed)).await?;
            found.push((path, file.dyn_into()?));
        }
    }
    Ok(ordered(found, |a, b| natural(&a.0, &b.0)).into_iter().map(|(_, file)| file).collect())
}

/// All entries of a folder, of which a reader gives some hundred at a time.
async fn contents(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let some = called_back(|done, failed| {
            // It only fails by calling back.
            let _ = reader.read_entries_with_callback_and_callback(done, failed);
        });
        let some: Array = some.await?.dyn_into()?;
        if some.length() == 0 {
            return Ok(all);
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

/// What an interface of callbacks calls back with.
async fn called_back(mut start: impl FnMut(&Function, &Function)) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |done, failed| start(&done, &failed))).await
}
