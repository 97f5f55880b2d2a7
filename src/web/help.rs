//! The texts of the help page, fetched when somebody asks for one: they are no part of the page's program.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Element, HtmlElement};

use super::{fetched, text_of};

/// The address of the help page, beside the page's own.
pub const PAGE: &str = "help.html";

// What the page needs of it, and nothing else does.
#[wasm_bindgen]
extern "C" {
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

/// The help page.
async fn text() -> Option<String> {
    text_of(&fetched(PAGE).await?).await
}
