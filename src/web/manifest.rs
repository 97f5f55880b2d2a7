//! A run's manifest, as the browser reads it. Nothing that is not known is passed over: what somebody wrote into it was meant.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::remarks::{field, pair, whole};
use crate::report::{Chosen, FORMAT, FileFacts, Manifest, Reading, Results};

/// What a text says that was written by [`Manifest::to_json`].
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(text: &str) -> Result<Manifest, String> {
    let written = JSON::parse(text).ok().and_then(|value| field(&value, "manifest").map(|format| (value, format)));
    let Some((written, format)) = written else { return Err("That file is no manifest of Flowsift’s.".into()) };
    if whole(&format) != Some(FORMAT) {
        return Err(format!("That manifest is of another format than {FORMAT}, which this version of Flowsift reads."));
    }
    let top = Fields::of(
        &written,
        "manifest",
        &["manifest", "flowsift", "created", "file", "reading", "settings", "results", "told", "remarks"],
    )?;
    let file = top.within("file", &["name", "bytes", "identity"])?;
    let reading = top.within(
        "reading",
        &["delimiter", "header", "encoding", "decimal", "entries", "roles", "minus_one_is_missing"],
    )?;
    let settings = top.within(
        "settings",
        &[
            "trained_on",
            "trained_with",
            "detector",
            "mode",
            "one_hot",
            "networks",
            "learn_once",
            "device",
            "rule",
            "typed",
        ],
    )?;
    let results = top.within("results", &["ran", "flows", "threshold", "flagged", "groups", "identity"])?;
    Ok(Manifest {
        manifest: FORMAT,
        flowsift: top.text("flowsift")?,
        created: top.text("created")?,
        file: FileFacts {
            name: file.text("name")?,
            bytes: file.get("bytes", whole)?,
            identity: file.text("identity")?,
        },
        reading: Reading {
            delimiter: reading.get("delimiter", or_null(text_of))?,
            header: reading.get("header", or_null(JsValue::as_bool))?,
            encoding: reading.get("encoding", or_null(text_of))?,
            decimal: reading.get("decimal", or_null(text_of))?,
            entries: reading.list("entries", text_of)?,
            roles: reading.list("roles", two_texts)?,
            minus_one_is_missing: reading.list("minus_one_is_missing", text_of)?,
        },
        settings: Chosen {
            trained_on: settings.text("trained_on")?,
            trained_with: settings.get("trained_with", or_null(text_of))?,
            detector: settings.text("detector")?,
            mode: settings.text("mode")?,
            one_hot: settings.get("one_hot", JsValue::as_bool)?,
            networks: settings.get("networks", JsValue::as_bool)?,
            learn_once: settings.get("learn_once", JsValue::as_bool)?,
            device: settings.text("device")?,
            rule: settings.text("rule")?,
            typed: settings.list("typed", two_texts)?,
        },
        results: Results {
            ran: results.text("ran")?,
            flows: results.get("flows", whole)?,
            threshold: results.get("threshold", JsValue::as_f64)?,
            flagged: results.get("flagged", whole)?,
            groups: results.get("groups", whole)?,
            identity: results.text("identity")?,
        },
        told: top.list("told", |value| two_texts(value).map(|(name, value)| [name, value]))?,
        remarks: top.list("remarks", pair)?.into_iter().collect(),
    })
}

/// An object that has just the fields that it should have.
struct Fields(JsValue);

impl Fields {
    fn of(value: &JsValue, called: &str, names: &[&str]) -> Result<Self, String> {
        let object: &Object = value.dyn_ref().ok_or_else(|| wrong(called))?;
        for name in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            if !names.contains(&name.as_str()) {
                let name: String = name.chars().take(40).collect();
                return Err(format!(
                    "That manifest says something that this version of Flowsift does not know: “{name}”."
                ));
            }
        }
        Ok(Self(value.clone()))
    }

    fn within(&self, name: &str, names: &[&str]) -> Result<Self, String> {
        Self::of(&self.get(name, |value| Some(value.clone()))?, name, names)
    }

    fn get<T>(&self, name: &str, read: impl Fn(&JsValue) -> Option<T>) -> Result<T, String> {
        field(&self.0, name).and_then(|value| read(&value)).ok_or_else(|| wrong(name))
    }

    fn text(&self, name: &str) -> Result<String, String> {
        self.get(name, text_of)
    }

    fn list<T>(&self, name: &str, read: impl Fn(&JsValue) -> Option<T>) -> Result<Vec<T>, String> {
        self.get(name, |value| {
            let list: &Array = value.dyn_ref()?;
            list.iter().map(|entry| read(&entry)).collect()
        })
    }
}

fn wrong(name: &str) -> String {
    format!("That manifest cannot be read: “{name}” is missing, or something else than it should be.")
}

fn text_of(value: &JsValue) -> Option<String> {
    value.as_string()
}

fn two_texts(value: &JsValue) -> Option<(String, String)> {
    let pair: &Array = value.dyn_ref().filter(|pair: &&Array| pair.length() == 2)?;
    Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
}

fn or_null<T>(read: impl Fn(&JsValue) -> Option<T>) -> impl Fn(&JsValue) -> Option<Option<T>> {
    move |value| if value.is_null() { Some(None) } else { read(value).map(Some) }
}
