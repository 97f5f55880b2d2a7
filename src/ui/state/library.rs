//! The detectors that are kept in this browser.

use leptos::prelude::*;

use crate::web::dom::File;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What it is called: its file's name without what all end with.
    pub name: String,
    /// Bytes.
    pub bytes: f64,
}

/// How the names of all files end.
pub const ENDING: &str = ".flowsift.onnx";

/// All of them.
#[derive(Clone, Copy)]
pub struct Library {
    /// By name.
    pub kept: RwSignal<Vec<Kept>>,
    /// What the browser said when it was asked to keep them for good.
    pub lasting: RwSignal<Option<bool>>,
    /// What the visitor calls the next.
    pub name: RwSignal<String>,
    files: StoredValue<Vec<File>, LocalStorage>,
}

impl Library {
    /// None known yet.
    pub fn new() -> Self {
        Self {
            kept: RwSignal::new(Vec::new()),
            lasting: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            files: StoredValue::new_local(Vec::new()),
        }
    }

    /// These are there now.
    pub fn know(self, files: Vec<File>) {
        let kept = |file: &File| {
            let name = file.name();
            Kept { name: name.strip_suffix(ENDING).map(str::to_owned).unwrap_or(name), bytes: file.size() }
        };
        self.kept.set(files.iter().map(kept).collect());
        self.files.set_value(files);
    }

    /// The file of one.
    pub fn file(self, place: usize) -> Option<File> {
        self.files.with_value(|files| files.get(place).cloned())
    }
}
