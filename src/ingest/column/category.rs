//! What is compared by what it is called, and addresses.

use crate::{
    ingest::{FilePart, Layout, batch::Batch, cell::is_missing, files::file_at},
    table::{Column, Host, Hosts, MISSING_KEY, Profiler, Role, network_name, text_key},
};

/// Characters of a category's text that are kept to show it.
const SHOWN_TEXT: usize = 64;

/// A category column.
pub struct OpenCategory {
    /// Its place in the table.
    pub column: usize,
    /// The files whose names it holds, if it does not hold cells.
    files: Option<Vec<FilePart>>,
    cells: Cells,
}

/// The cells of a category column, and the text last seen with what it is: values come in runs.
enum Cells {
    Keys(Vec<u32>, (Vec<u8>, u32)),
    Hosts(Vec<Host>, (Vec<u8>, Host)),
}

impl OpenCategory {
    pub fn new(column: usize, layout: &Layout) -> Self {
        let files = (layout.file_column() == Some(column)).then(|| layout.files.clone());
        let cells = match layout.schema.fields[column].role {
            Role::Ip => Cells::Hosts(Vec::new(), (Vec::new(), Host::Missing)),
            _ => Cells::Keys(Vec::new(), (Vec::new(), MISSING_KEY)),
        };
        Self { column, files, cells }
    }

    /// Takes in and counts those cells of a batch whose row's bit is set in `kept`.
    pub fn push(&mut self, batch: &Batch, kept: u32, profiler: &mut Profiler) {
        if let Some(files) = self.files.take() {
            for (row, place) in batch.rows().iter().enumerate() {
                let name = &files[file_at(&files, place.offset)].name;
                self.push_kept(row, kept, name.as_bytes(), profiler);
            }
            self.files = Some(files);
        } else {
            for (row, text) in batch.column(self.column).enumerate() {
                self.push_kept(row, kept, text, profiler);
            }
        }
    }

    fn push_kept(&mut self, row: usize, kept: u32, text: &[u8], profiler: &mut Profiler) {
        if kept >> row & 1 == 0 {
            return;
        }
        let text = text.trim_ascii();
        let key = match &mut self.cells {
            Cells::Keys(keys, last) => {
                let key = of_last(last, text, |text| if is_missing(text) { MISSING_KEY } else { text_key(text) });
                keys.push(key);
                key
            }
            Cells::Hosts(hosts, last) => {
                let host = of_last(last, text, |text| if is_missing(text) { Host::Missing } else { Host::read(text) });
                hosts.push(host);
                host.network()
            }
        };
        if key != MISSING_KEY {
            let is_address = matches!(self.cells, Cells::Hosts(..));
            profiler.count_text(self.column, key, || {
                let text = String::from_utf8_lossy(text);
                let shown = if is_address { network_name(&text) } else { text.into_owned() };
                shown.chars().take(SHOWN_TEXT).collect()
            });
        }
    }

    /// The column so far, which leaves no rows.
    pub fn close(&mut self, profiler: &mut Profiler) -> Column {
        match &mut self.cells {
            Cells::Keys(keys, _) => {
                profiler.add_keys(self.column, keys);
                let column = Column::of_keys(keys);
                keys.clear();
                column
            }
            Cells::Hosts(hosts, _) => {
                profiler.add_keys(self.column, &hosts.iter().map(|host| host.key()).collect::<Vec<u32>>());
                let column = Column::Address(Hosts::of(hosts));
                hosts.clear();
                column
            }
        }
    }
}

/// What a text is, looked up only where it differs from the last.
fn of_last<T: Copy>(last: &mut (Vec<u8>, T), text: &[u8], of: impl Fn(&[u8]) -> T) -> T {
    if text != last.0 {
        last.0.clear();
        last.0.extend(text);
        last.1 = of(text);
    }
    last.1
}
