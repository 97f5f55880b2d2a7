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
    /// What the visitor notes beside it.
    pub note: String,
}

/// How the names of all files end.
pub const ENDING: &str = ".flowsift.onnx";
/// How the names of the notes on them end.
pub const NOTE: &str = ".flowsift.txt";
/// Characters of a note.
pub const LONGEST_NOTE: usize = 4_096;

/// What a detector's file is called without what all end with.
pub fn name_of(file: &File) -> String {
    let name = file.name();
    name.strip_suffix(ENDING).map(str::to_owned).unwrap_or(name)
}

/// As much of a text as a note holds.
pub fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST_NOTE).map_or(text, |(end, _)| &text[..end])
}

/// All of them.
#[derive(Clone, Copy)]
pub struct Library {
    /// By name.
    pub kept: RwSignal<Vec<Kept>>,
    /// What the browser said when it was asked to keep them for good.
    pub lasting: RwSignal<Option<bool>>,
    /// What the visitor calls the next.
    pub name: RwSignal<String>,
    /// The ready-made one that is being fetched.
    pub fetching: RwSignal<Option<&'static str>>,
    files: StoredValue<Vec<File>, LocalStorage>,
}

impl Library {
    /// None known yet.
    pub fn new() -> Self {
        Self {
            kept: RwSignal::new(Vec::new()),
            lasting: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            fetching: RwSignal::new(None),
            files: StoredValue::new_local(Vec::new()),
        }
    }

    /// These are there now, with what is noted beside each.
    pub fn know(self, files: Vec<File>, notes: Vec<String>) {
        let kept = |(file, note): (&File, String)| Kept { name: name_of(file), bytes: file.size(), note };
        self.kept.set(files.iter().zip(notes).map(kept).collect());
        self.files.set_value(files);
    }

    /// What one is called.
    pub fn name_at(self, place: usize) -> Option<String> {
        self.kept.with_untracked(|kept| kept.get(place).map(|kept| kept.name.clone()))
    }

    /// The file of one.
    pub fn file(self, place: usize) -> Option<File> {
        self.files.with_value(|files| files.get(place).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_cut_between_characters() {
        let long = "ü€😀".repeat(LONGEST_NOTE);
        assert_eq!(cut(&long).chars().count(), LONGEST_NOTE);
        assert!(long.starts_with(cut(&long)));
        let whole = "€".repeat(LONGEST_NOTE);
        assert_eq!([cut(&whole), cut("<b>as it is</b>"), cut("")], [&whole, "<b>as it is</b>", ""]);
    }
}
