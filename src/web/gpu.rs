//! Whether there is a GPU to use.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::wire::words_of;
use crate::train::DevicePreference;

/// The browser has an interface for GPUs. Whether there is one shows when it is asked.
#[must_use]
pub fn has_webgpu() -> bool {
    gpu().is_some()
}

fn gpu() -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    Reflect::get(&navigator, &"gpu".into()).ok().filter(|gpu| gpu.is_object())
}

/// An adapter exists and, unless a GPU is wished for, is not a program on the processor.
///
/// # Errors
/// Why not, as part of a sentence.
pub async fn check_adapter(preference: DevicePreference) -> Result<(), String> {
    let gpu = gpu().ok_or("this browser offers no WebGPU")?;
    let request: Function =
        Reflect::get(&gpu, &"requestAdapter".into()).and_then(JsCast::dyn_into).map_err(|error| words_of(&error))?;
    let promise: Promise = request.call0(&gpu).and_then(JsCast::dyn_into).map_err(|error| words_of(&error))?;
    let adapter = JsFuture::from(promise).await.map_err(|error| words_of(&error))?;
    if !adapter.is_object() {
        return Err("WebGPU has no adapter here".into());
    }
    // It moved from the adapter to its description.
    let says = |of: &JsValue| Reflect::get(of, &"isFallbackAdapter".into()).is_ok_and(|says| says.is_truthy());
    let info = Reflect::get(&adapter, &"info".into()).unwrap_or(JsValue::UNDEFINED);
    if preference != DevicePreference::Gpu && (says(&adapter) || info.is_object() && says(&info)) {
        return Err("the only WebGPU adapter is a program on the processor".into());
    }
    Ok(())
}
