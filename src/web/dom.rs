//! Small things that the view asks of the document.

use gloo_file::FileList;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Event, HtmlInputElement};

/// A file on the visitor's disk, or one made here.
pub use web_sys::{File, HtmlElement};

/// The files that were chosen in an `input`, by name. The input is emptied, so that they can be chosen again.
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
    files.sort_by_key(File::name);
    files
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

/// Shows the top of the page.
pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Shows the element with this id, if there is one.
pub fn scroll_to(id: &str) {
    if let Some(element) = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Moves the focus from the element that listens to the one after or before it, if there is one.
pub fn focus_sibling(event: &Event, forward: bool) {
    let here = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let next =
        here.and_then(|here| if forward { here.next_element_sibling() } else { here.previous_element_sibling() });
    if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for elements that are not in a document.
        let _ = next.focus();
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
