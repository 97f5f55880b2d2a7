//! Small things that the view asks of the document.

use gloo_file::FileList;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Event, HtmlInputElement};

use super::names::natural;
use crate::numeric::order::ordered;

/// A file on the visitor's disk, or one made here.
pub use web_sys::{File, HtmlElement};

/// The files that were chosen in an `input`, by name or, in a folder, by path; what is hidden in a folder is not meant.
/// The input is emptied, so that they can be chosen again.
pub fn chosen_files(event: &Event) -> Vec<File> {
    let input: Option<HtmlInputElement> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(input) = input else { return Vec::new() };
    let files = by_name(input.files());
    input.set_value("");
    files
}

/// Hourly logs and the like are in the order of their names.
pub(super) fn by_name(files: Option<web_sys::FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    let mut files: Vec<File> = FileList::from(files).iter().map(|file| AsRef::<File>::as_ref(file).clone()).collect();
    files.retain(|file| !path(file).split('/').skip(1).any(|part| part.starts_with('.')));
    ordered(files, |a, b| natural(&path(a), &path(b)))
}

/// A file's path in the folder that was chosen, or its name.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

/// The value of a custom property of the stylesheet, such as `--ink`.
pub fn colour(property: &str) -> String {
    let root = web_sys::window().and_then(|window| Some((window.document()?.document_element()?, window)));
    root.and_then(|(root, window)| window.get_computed_style(&root).ok()?)
        .and_then(|style| style.get_property_value(property).ok())
        .map(|value| value.trim().to_owned())
        .unwrap_or_default()
}

/// Calls `changed` whenever the system turns light or dark, for as long as the page lives.
pub fn on_scheme_change(changed: impl Fn() + 'static) {
    let query = web_sys::window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?);
    if let Some(query) = query {
        let listener = Closure::<dyn Fn()>::new(changed).into_js_value();
        // Only a missing listener could be refused.
        let _ = query.add_event_listener_with_callback("change", listener.unchecked_ref());
    }
}

/// Whether the site is stored for use without a network: a state (`ready`, `unavailable`, `update`) and its reason.
pub type Offline = (String, String);

/// Calls `changed` with what boot.js knows already, and whenever it learns more.
pub fn on_offline(changed: impl Fn(Offline) + 'static) {
    let read = |detail: &JsValue| {
        let text = |key: &str| Reflect::get(detail, &key.into()).ok().and_then(|value| value.as_string());
        Some((text("state")?, text("reason").unwrap_or_default()))
    };
    let known = Reflect::get(&js_sys::global(), &"FLOWSIFT_OFFLINE".into()).ok();
    if let Some(known) = known.as_ref().filter(|known| known.is_object()).and_then(read) {
        changed(known);
    }
    let listener = Closure::<dyn Fn(web_sys::CustomEvent)>::new(move |event: web_sys::CustomEvent| {
        if let Some(news) = read(&event.detail()) {
            changed(news);
        }
    });
    if let Some(window) = web_sys::window() {
        let listener = listener.into_js_value();
        let _ = window.add_event_listener_with_callback("flowsift-offline", listener.unchecked_ref());
    }
}

/// Shows the results from their top: where the set-up stands above them, past that.
pub fn show_results() {
    let Some(window) = web_sys::window() else { return };
    let narrow = window.match_media(NARROW).ok().flatten().is_some_and(|query| query.matches());
    if narrow {
        scroll_to("main");
    } else {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Where the stylesheet has everything in one column.
const NARROW: &str = "(max-width: 860px)";

/// What stands behind `#` in the page's address, with it.
pub fn hash() -> String {
    location().and_then(|location| Reflect::get(&location, &"hash".into()).ok()?.as_string()).unwrap_or_default()
}

/// Changes what stands behind `#`, if it is something else.
pub fn set_hash(name: &str) {
    if hash().trim_start_matches('#') != name
        && let Some(location) = location()
    {
        // An address that is not allowed to change stays as it is.
        let _ = Reflect::set(&location, &"hash".into(), &name.into());
    }
}

/// Calls `changed` whenever that changes, for as long as the page lives.
pub fn on_hash_change(changed: impl Fn() + 'static) {
    if let Some(window) = web_sys::window() {
        let listener = Closure::<dyn Fn()>::new(changed).into_js_value();
        let _ = window.add_event_listener_with_callback("hashchange", listener.unchecked_ref());
    }
}

fn location() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"location".into()).ok().filter(JsValue::is_object)
}

/// Has the element that listens hear of this pointer until it is released, wherever that goes.
pub fn capture_pointer(event: &Event) {
    let element = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let pointer = Reflect::get(event, &"pointerId".into()).ok().and_then(|pointer| pointer.as_f64());
    if let (Some(element), Some(pointer)) = (element, pointer) {
        // One that was released meanwhile is captured no more.
        let _ = element.set_pointer_capture(pointer as i32);
    }
}

/// Shows the element with this id, if there is one.
pub fn scroll_to(id: &str) {
    if let Some(element) = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Moves the focus from the element that listens to the one so many after it, or before it; as far as there are any.
pub fn focus_sibling(event: &Event, steps: i32) {
    let next = |element: &web_sys::Element| {
        if steps > 0 { element.next_element_sibling() } else { element.previous_element_sibling() }
    };
    let here = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let there = std::iter::successors(here, next).take(steps.unsigned_abs().saturating_add(1) as usize).last();
    if let Some(next) = there.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for elements that are not in a document.
        let _ = next.focus();
    }
}

/// Moves the focus to what is selected in the list with this test id.
pub fn focus_selected(list: &str) {
    let selected = format!("[data-testid={list}] [aria-selected=true]");
    focus_on(&selected);
}

/// Moves the focus to the first element that a selector finds.
pub fn focus_on(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for elements that are not in a document.
        let _ = element.focus();
    }
}

/// Has the browser ask before the page is left while `asks`, for as long as the page lives.
pub fn on_leaving(asks: impl Fn() -> bool + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if asks() {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        let listener = listener.into_js_value();
        // Only a missing listener could be refused.
        let _ = window.add_event_listener_with_callback("beforeunload", listener.unchecked_ref());
    }
}

/// The event comes from where letters are typed.
pub fn is_typing(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}
