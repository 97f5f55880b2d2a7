//! The texts of the help page, fetched when somebody asks for one: they are no part of the page's program.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement};

/// The address of the help page, beside the page's own.
pub const PAGE: &str = "help.html";

// What the page needs of these two, and nothing else does.
#[wasm_bindgen]
extern "C" {
    type Response;

    #[wasm_bindgen(method, getter)]
    fn ok(this: &Response) -> bool;
    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = DOMParser)]
    type Parser;

    #[wasm_bindgen(constructor, js_class = "DOMParser")]
    fn new() -> Parser;
    #[wasm_bindgen(method, js_name = parseFromString)]
    fn parse(this: &Parser, text: &str, kind: &str) -> Document;
}

/// Shows what a section of the help page says, without its heading, in place of what the element holds. Where it cannot be
/// had, that stays; whether it could.
pub async fn show(section: &str, place: &HtmlElement) -> bool {
    let (Some(text), Some(document)) = (text().await, web_sys::window().and_then(|window| window.document())) else {
        return false;
    };
    let Some(section) = Parser::new().parse(&text, "text/html").get_element_by_id(section) else { return false };
    place.set_text_content(None);
    for part in std::iter::successors(section.first_element_child(), Element::next_element_sibling).skip(1) {
        if let Ok(copy) = document.import_node_with_deep(&part, true) {
            // Fails only for elements that cannot hold others.
            let _ = place.append_child(&copy);
        }
    }
    true
}

/// The help page as the server, or the offline copy, has it.
async fn text() -> Option<String> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(PAGE)).await.ok()?.unchecked_into::<Response>();
    let text = response.text().ok().filter(|_| response.ok())?;
    JsFuture::from(text).await.ok()?.as_string()
}
