//! What the next run is fitted on: the file itself, flows known to be normal, or what was fitted and kept before.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    engine::{Detector, Fitted, Options},
    features::Treatment,
    model::Saved,
    table::Schema,
    web::dom::File,
};

/// What a detector was fitted for, on a baseline: for the same, it need not be fitted again.
#[derive(Clone, PartialEq)]
struct Wanted {
    schema: Arc<Schema>,
    treatment: Treatment,
    detector: Detector,
}

impl Wanted {
    fn of(schema: &Arc<Schema>, options: &Options) -> Self {
        Self { schema: Arc::clone(schema), treatment: options.treatment, detector: options.detector.clone() }
    }
}

/// What the next run is fitted on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrainedOn {
    /// The file itself.
    #[default]
    Itself,
    /// Flows known to be normal.
    Baseline,
    /// The first part of the file, known to be normal.
    First,
    /// Nothing: a saved detector is used as it is.
    Model,
}

/// The file of a saved detector, if the visitor has one.
#[derive(Clone, Copy)]
pub struct ModelFile {
    /// What it is called.
    pub name: RwSignal<Option<String>>,
    file: StoredValue<Option<File>, LocalStorage>,
    saved: StoredValue<Option<Arc<Saved>>, LocalStorage>,
}

impl ModelFile {
    /// None.
    pub fn new() -> Self {
        Self { name: RwSignal::new(None), file: StoredValue::new_local(None), saved: StoredValue::new_local(None) }
    }

    /// Takes this in place of another.
    pub fn take(self, file: File) {
        self.name.set(Some(file.name()));
        self.saved.set_value(None);
        self.file.set_value(Some(file));
    }

    /// It itself, where it was not opened yet.
    pub fn file(self) -> Option<File> {
        self.file.get_value()
    }

    /// What is in it, where it was opened.
    pub fn saved(self) -> Option<Arc<Saved>> {
        self.saved.get_value()
    }

    /// Keeps what is in it.
    pub fn keep(self, saved: Arc<Saved>) {
        self.saved.set_value(Some(saved));
    }
}

/// The files of normal flows, if the visitor has some.
#[derive(Clone, Copy)]
pub struct BaselineFiles {
    /// What they are called.
    pub name: RwSignal<Option<String>>,
    files: StoredValue<Vec<File>, LocalStorage>,
    fitted: StoredValue<Option<(Wanted, Fitted)>, LocalStorage>,
}

impl BaselineFiles {
    /// None.
    pub fn new() -> Self {
        Self {
            name: RwSignal::new(None),
            files: StoredValue::new_local(Vec::new()),
            fitted: StoredValue::new_local(None),
        }
    }

    /// Takes these in place of others.
    pub fn take(self, files: Vec<File>) {
        let Some(first) = files.first() else { return };
        self.name.set(Some(match files.len() {
            1 => first.name(),
            more => format!("{} and {} more", first.name(), more - 1),
        }));
        self.files.set_value(files);
        self.fitted.set_value(None);
    }

    /// What was last fitted on them, if it was for such columns and with these options.
    pub fn fitted(self, schema: &Arc<Schema>, options: &Options) -> Option<Fitted> {
        let wanted = Wanted::of(schema, options);
        self.fitted.with_value(|known| known.as_ref().filter(|known| known.0 == wanted).map(|known| known.1.clone()))
    }

    /// Keeps what was fitted on them.
    pub fn keep(self, schema: &Arc<Schema>, options: &Options, fitted: &Fitted) {
        self.fitted.set_value(Some((Wanted::of(schema, options), fitted.clone())));
    }

    /// They themselves.
    pub fn files(self) -> Vec<File> {
        self.files.get_value()
    }
}
