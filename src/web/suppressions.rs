//! Rules by which findings are hidden, as the browser reads them.

use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;

use super::remarks::{field, whole};
use crate::report::{Common, Part, Suppression, Suppressions};

/// What a text says that was written by [`Suppressions::to_json`]; nothing where it is something else. What is no rule is left out.
pub fn read(text: &str) -> Option<Suppressions> {
    let written = JSON::parse(text).ok().filter(Array::is_array)?;
    Some(Array::from(&written).iter().filter_map(|rule| rule_of(&rule)).collect())
}

fn rule_of(written: &JsValue) -> Option<Suppression> {
    let asked = field(written, "what")?;
    let mut what = Common::default();
    for part in Part::ALL {
        let text = field(&asked, part.name())?;
        what.set(part, if text.is_null() { None } else { Some(text.as_string()?) });
    }
    Some(Suppression {
        what,
        at: whole(&field(written, "at")?)?,
        removed: field(written, "removed")?.as_bool()?,
        note: field(written, "note")?.as_string()?,
    })
}
