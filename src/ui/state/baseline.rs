//! Flows known to be normal, that the next run is fitted on.

use leptos::prelude::*;

use crate::web::dom::File;

/// The files of normal flows, if the visitor has some.
#[derive(Clone, Copy)]
pub struct BaselineFiles {
    /// The next run is fitted on them.
    pub chosen: RwSignal<bool>,
    /// What they are called.
    pub name: RwSignal<Option<String>>,
    files: StoredValue<Vec<File>, LocalStorage>,
}

impl BaselineFiles {
    /// None.
    pub fn new() -> Self {
        Self { chosen: RwSignal::new(false), name: RwSignal::new(None), files: StoredValue::new_local(Vec::new()) }
    }

    /// Takes these in place of others.
    pub fn take(self, files: Vec<File>) {
        let Some(first) = files.first() else { return };
        self.name.set(Some(match files.len() {
            1 => first.name(),
            more => format!("{} and {} more", first.name(), more - 1),
        }));
        self.files.set_value(files);
    }

    /// The next run needs none, or they are there.
    pub fn is_ready(self) -> bool {
        !self.chosen.get() || self.name.with(Option::is_some)
    }

    /// Those that the next run is fitted on, if it is.
    pub fn wanted(self) -> Option<Vec<File>> {
        self.chosen.get_untracked().then(|| self.files.get_value()).filter(|files| !files.is_empty())
    }
}
