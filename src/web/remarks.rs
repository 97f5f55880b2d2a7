//! What was said of flows, as the browser reads it: its own reader of JSON costs the page nothing.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::report::{Mark, Notebook, Remark, Subject};

/// Whole numbers up to here are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a text says that was written by [`Notebook::to_json`], and of which file; nothing where it is something else. Remarks of
/// another kind than are known here are left out.
pub fn read(text: &str) -> Option<(String, Notebook)> {
    let written = JSON::parse(text).ok()?;
    let remarks = field(&written, "remarks").filter(Array::is_array)?;
    let file = field(&written, "file")?.as_string()?;
    Some((file, Array::from(&remarks).iter().filter_map(|entry| pair(&entry)).collect()))
}

/// What one entry says, if it is one.
pub(super) fn pair(entry: &JsValue) -> Option<(Subject, Remark)> {
    let pair = Array::is_array(entry).then(|| Array::from(entry))?;
    let (subject, remark) = (pair.get(0), pair.get(1));
    let mark = match field(&remark, "mark")? {
        none if none.is_null() => None,
        named => {
            let name = named.as_string()?;
            Some(Mark::ALL.into_iter().find(|mark| mark.name() == name)?)
        }
    };
    let text = |name: &str| field(&remark, name)?.as_string();
    let flows = field(&remark, "flows").filter(Array::is_array)?;
    let flows = Array::from(&flows).iter().map(|flow| whole(&flow)).collect::<Option<Vec<u64>>>()?;
    let subject = Subject { group: field(&subject, "group")?.as_bool()?, flow: whole(&field(&subject, "flow")?)? };
    Some((
        subject,
        Remark { mark, note: text("note")?, about: text("about")?, at: field(&remark, "at")?.as_f64()?, flows },
    ))
}

pub(super) fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined())
}

pub(super) fn whole(value: &JsValue) -> Option<u64> {
    value.as_f64().filter(|value| (0.0..EXACT).contains(value) && value.fract() == 0.0).map(|value| value as u64)
}
