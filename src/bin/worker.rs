//! Trial worker.
use wasm_bindgen::prelude::*;
fn main() {
    console_error_panic_hook::set_once();
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let build = js_sys::Reflect::get(&scope, &"FLOWSIFT_BUILD".into()).unwrap_or(JsValue::NULL);
    let _ = scope.post_message(&build);
}
