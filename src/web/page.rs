//! Small things that the page asks of the browser.

use std::cell::RefCell;

use gloo_file::{Blob as GlooBlob, ObjectUrl, futures::read_as_bytes};
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FilePropertyBag, HtmlAnchorElement};

use crate::engine::{EngineError, Limits};

thread_local! {
    /// The last download's address: it must outlive the click that starts it, and costs nothing until the next.
    static LAST_DOWNLOAD: RefCell<Option<ObjectUrl>> = const { RefCell::new(None) };
}

/// Offers the joined pieces as a file to save.
///
/// # Errors
/// What the browser says.
pub fn download(name: &str, parts: &[Blob]) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(match name.rsplit_once('.') {
        Some((_, "onnx")) => "application/octet-stream",
        Some((_, "html")) => "text/html",
        Some((_, "json")) => "application/json",
        Some((_, "txt")) => "text/plain",
        _ => "text/csv",
    });
    let parts: Array = parts.iter().collect();
    let whole = Blob::new_with_blob_sequence_and_options(&parts, &kind)?;
    let url = ObjectUrl::from(GlooBlob::from(whole));
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    LAST_DOWNLOAD.set(Some(url));
    Ok(())
}

/// Offers a text as a file to save.
///
/// # Errors
/// What the browser says.
pub fn download_text(name: &str, text: &str) -> Result<(), JsValue> {
    download(name, &[text_file(text)?])
}

/// A text as bytes of a file.
///
/// # Errors
/// What the browser says.
pub fn text_file(text: &str) -> Result<Blob, JsValue> {
    Blob::new_with_str_sequence(&Array::of1(&text.into()))
}

/// The text of a file, if it can be read.
pub async fn text_of(file: &Blob) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// A file made of what a worker wrote.
///
/// # Errors
/// What the browser says.
pub fn file_of(name: &str, blob: &Blob) -> Result<File, JsValue> {
    let kind = FilePropertyBag::new();
    kind.set_type("text/csv");
    File::new_with_blob_sequence_and_options(&Array::of1(blob), name, &kind)
}

/// All bytes of a small file.
///
/// # Errors
/// [`EngineError::Model`] where it is larger than any model, or cannot be read.
pub async fn bytes_of(file: &File) -> Result<Vec<u8>, EngineError> {
    /// No saved detector is larger.
    const MOST: f64 = (64 << 20) as f64;
    if file.size() > MOST {
        return Err(EngineError::Model("it has more than 64 MB".into()));
    }
    let blob = GlooBlob::from(Blob::from(file.clone()));
    read_as_bytes(&blob).await.map_err(|error| EngineError::Model(format!("it cannot be read ({error})")))
}

/// Has the visitor told when the page's program panics, which ends it: `boot.js` does that.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // Where it happened is for the console, not for the visitor.
        let words = panic.payload_as_str().unwrap_or("no reason is known");
        let stop = js_sys::Reflect::get(&js_sys::global(), &"FLOWSIFT_STOP".into());
        if let Some(stop) = stop.ok().and_then(|stop| stop.dyn_into::<js_sys::Function>().ok()) {
            // The program ends in any case.
            let _ = stop.call1(&JsValue::UNDEFINED, &words.into());
        }
        console_error_panic_hook::hook(panic);
    }));
}

/// What time it is, as ISO 8601 tells.
pub fn today() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// What time it is, in milliseconds since 1970.
pub fn since_1970() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Waits.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Fails only for strings of code, which the page's policy forbids.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Gibibytes of memory that a device is taken to have if the browser does not tell.
const USUAL_MEMORY: f64 = 4.0;

/// Memory to use: a quarter of the device's, as far as the browser tells (it says 8 GiB at most, and some say nothing).
pub fn memory_limits() -> Limits {
    let device = web_sys::window()
        .and_then(|window| js_sys::Reflect::get(&window.navigator(), &"deviceMemory".into()).ok())
        .and_then(|gibibytes| gibibytes.as_f64());
    let bytes = device.unwrap_or(USUAL_MEMORY) * f64::from(1 << 30) / 4.0;
    Limits { rows: bytes as u64, ..Limits::default() }
}

/// Workers to start: one per core, at most eight.
pub(super) fn worker_count() -> usize {
    let cores = web_sys::window().map_or(2.0, |window| window.navigator().hardware_concurrency());
    (cores as usize).clamp(1, 8)
}
