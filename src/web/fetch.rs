//! Files of the site that are fetched when somebody asks for them.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

// What the page needs of it, and nothing else does.
#[wasm_bindgen]
extern "C" {
    type Response;

    #[wasm_bindgen(method, getter)]
    fn ok(this: &Response) -> bool;
    #[wasm_bindgen(method, catch)]
    fn blob(this: &Response) -> Result<Promise, JsValue>;
}

/// What the server, or the offline copy, has at an address beside the page's own; nothing where it cannot be had.
pub async fn fetched(address: &str) -> Option<Blob> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(address)).await.ok()?.unchecked_into::<Response>();
    let blob = response.blob().ok().filter(|_| response.ok())?;
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}
