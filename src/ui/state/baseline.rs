//! Flows known to be normal, that the next run is fitted on.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    engine::{Detector, Fitted, Options},
    features::Treatment,
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

/// The files of normal flows, if the visitor has some.
#[derive(Clone, Copy)]
pub struct BaselineFiles {
    /// The next run is fitted on them.
    pub chosen: RwSignal<bool>,
    /// What they are called.
    pub name: RwSignal<Option<String>>,
    files: StoredValue<Vec<File>, LocalStorage>,
    fitted: StoredValue<Option<(Wanted, Fitted)>, LocalStorage>,
}

impl BaselineFiles {
    /// None.
    pub fn new() -> Self {
        Self {
            chosen: RwSignal::new(false),
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

    /// The next run needs none, or they are there.
    pub fn is_ready(self) -> bool {
        !self.chosen.get() || self.name.with(Option::is_some)
    }

    /// Those that the next run is fitted on, if it is.
    pub fn wanted(self) -> Option<Vec<File>> {
        self.chosen.get_untracked().then(|| self.files.get_value()).filter(|files| !files.is_empty())
    }
}
