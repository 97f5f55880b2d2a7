//! The files, how they are read, and what was read.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    engine::{Dataset, Opened},
    ingest::{Choices, Layout},
    table::Schema,
    ui::panels::reading::Told,
    web::dom::File,
};

/// Bytes that a worker reads in a millisecond, until that was measured here.
const READING_SPEED: f64 = 50_000.0;

/// The file that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// It was made here.
    pub synthetic: bool,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// What the engine says.
    pub dataset: Dataset,
    /// Milliseconds that it took.
    pub took: f64,
}

/// What is known of files before they are read, to come back to where others cannot be.
struct Before {
    file: OpenedFile,
    files: Vec<File>,
    choices: Choices,
    told: Told,
    opened: Option<Arc<Opened>>,
}

/// The files and what was read.
#[derive(Clone, Copy)]
pub struct Data {
    /// The file.
    pub file: RwSignal<Option<OpenedFile>>,
    /// What the visitor says about it.
    pub choices: RwSignal<Choices>,
    /// What the file itself says of that.
    pub told: RwSignal<Told>,
    /// What kind of file it is, known before all of it is read.
    pub opened: RwSignal<Option<Arc<Opened>>>,
    /// What was read last. While something else is read, still what was read before.
    pub loaded: RwSignal<Option<Arc<Loaded>>>,
    /// The workers hold what was read last. They do not once they were given other files, or one of them had to be replaced.
    pub at_hand: RwSignal<bool>,
    /// The name of the file that can be gone back to, if another one is not read yet.
    pub previous: RwSignal<Option<String>>,
    files: StoredValue<Vec<File>, LocalStorage>,
    before: StoredValue<Option<Before>, LocalStorage>,
    speed: StoredValue<f64>,
}

impl Data {
    /// No file.
    pub fn new() -> Self {
        Self {
            file: RwSignal::new(None),
            choices: RwSignal::new(Choices::default()),
            told: RwSignal::new(Told::default()),
            opened: RwSignal::new(None),
            loaded: RwSignal::new(None),
            at_hand: RwSignal::new(false),
            previous: RwSignal::new(None),
            files: StoredValue::new_local(Vec::new()),
            before: StoredValue::new_local(None),
            speed: StoredValue::new(READING_SPEED),
        }
    }

    /// Other files are to be read. What was read stays in sight until they are, and can be come back to.
    pub fn take(self, files: Vec<File>, file: OpenedFile) {
        let file_before = self.file.get_untracked().filter(|_| self.loaded.with_untracked(Option::is_some));
        // Of two files that could not be read, the second is no better to come back to.
        if let (Some(file), true) = (file_before, self.previous.with_untracked(Option::is_none)) {
            self.previous.set(Some(file.name.clone()));
            self.before.set_value(Some(Before {
                file,
                files: self.files.get_value(),
                choices: self.choices.get_untracked(),
                told: self.told.get_untracked(),
                opened: self.opened.get_untracked(),
            }));
        }
        self.choices.set(Choices::default());
        self.told.set(Told::default());
        self.opened.set(None);
        self.files.set_value(files);
        self.file.set(Some(file));
    }

    /// Comes back to the files that were read before these.
    pub fn go_back(self) {
        self.previous.set(None);
        let mut before = None;
        self.before.update_value(|kept| before = kept.take());
        let Some(Before { file, files, choices, told, opened }) = before else { return };
        self.files.set_value(files);
        self.choices.set(choices);
        self.told.set(told);
        self.opened.set(opened);
        self.file.set(Some(file));
    }

    /// No file any more.
    pub fn forget(self) {
        self.let_go();
        self.previous.set(None);
        self.before.set_value(None);
        self.files.set_value(Vec::new());
        self.loaded.set(None);
        self.opened.set(None);
        self.file.set(None);
    }

    /// The files were read.
    pub fn keep(self, loaded: Loaded) {
        self.previous.set(None);
        self.before.set_value(None);
        self.loaded.set(Some(Arc::new(loaded)));
        self.at_hand.set(true);
    }

    /// The workers hold the rows no more.
    pub fn let_go(self) {
        if self.at_hand.get_untracked() {
            self.at_hand.set(false);
        }
    }

    /// Does something with the files that were given.
    pub fn with_files(self, act: impl FnOnce(&[File])) {
        self.files.with_value(|files| act(files));
    }

    /// Takes in what was told; nobody hears of it unless it is new.
    pub fn learn(self, take: impl FnOnce(&mut Told)) {
        let mut told = self.told.get_untracked();
        take(&mut told);
        if self.told.with_untracked(|known| *known != told) {
            self.told.set(told);
        }
    }

    /// Learns how fast files are read by so many workers.
    pub fn measure_reading(self, bytes: u64, milliseconds: f64, workers: usize) {
        // What is read at once says nothing about files that are not.
        if milliseconds > 200.0 {
            self.speed.set_value(bytes as f64 / milliseconds / workers.max(1) as f64);
        }
    }

    /// Milliseconds that it takes so many workers to read so many bytes, as far as is known.
    pub fn reading_time(self, bytes: u64, workers: usize) -> f64 {
        bytes as f64 / self.speed.get_value() / workers.max(1) as f64
    }

    /// Rows of the file.
    pub fn rows(self) -> u64 {
        self.loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.dataset.profile.rows))
    }

    /// Columns of the file.
    pub fn schema(self) -> Option<Arc<Schema>> {
        self.loaded.with(|loaded| Some(Arc::clone(&loaded.as_ref()?.dataset.layout.schema)))
    }

    /// How the file that was read last is laid out.
    pub fn layout(self) -> Option<Arc<Layout>> {
        self.loaded.with(|loaded| Some(Arc::clone(&loaded.as_ref()?.dataset.layout)))
    }

    /// The rows are in memory; not where they are read again when they are needed.
    pub fn held(self) -> bool {
        self.loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.dataset.held))
    }
}
