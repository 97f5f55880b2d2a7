//! Some records side by side, so that they can be read column by column.
//!
//! The cells of a column are alike and those of a record are not: read one column at a time, a processor foresees most
//! branches, and writes to one place instead of a hundred.

use super::Record;

/// Records in a full batch: with its text it should fit into a processor's nearest cache.
pub(super) const BATCH_ROWS: usize = 32;
/// Bytes of text after which a batch counts as full: records may be of megabytes.
const BATCH_TEXT: usize = 32 << 10;
/// Bytes behind the text, so that the last cell can be read by words as well.
const SLACK: [u8; 8] = [0; 8];

/// Copies of records, with as many cells each as the table has columns.
pub(super) struct Batch {
    width: usize,
    rows: Vec<Row>,
    text: Vec<u8>,
    /// Where the cells are in `text`, row by row.
    cells: Vec<Cell>,
}

/// What is known of a record beside its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub offset: u64,
    pub line: u64,
    pub width: usize,
    pub stray_quote: bool,
}

#[derive(Clone, Copy)]
struct Cell {
    start: u32,
    length: u32,
}

impl Batch {
    pub fn new(width: usize) -> Self {
        Self { width, rows: Vec::new(), text: Vec::new(), cells: Vec::new() }
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn is_full(&self) -> bool {
        self.rows.len() == BATCH_ROWS || self.text.len() >= BATCH_TEXT
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a copy of a record.
    pub fn push(&mut self, record: &Record<'_>) {
        let &Record { offset, line, stray_quote, .. } = record;
        self.rows.push(Row { offset, line, width: record.width(), stray_quote });
        self.text.truncate(self.text.len().saturating_sub(SLACK.len()));
        // Records are at most 16 MiB long, so 32 bits hold any place in a batch of them.
        let base = self.text.len() as u32;
        for part in record.texts() {
            self.text.extend(part);
        }
        self.text.extend(SLACK);
        let cell = |(start, length)| Cell { start: base + start, length };
        self.cells.extend(record.places().take(self.width).map(cell));
        self.cells.resize(self.rows.len() * self.width, Cell { start: base, length: 0 });
    }

    /// A column's cells, row by row: each with whatever follows it in memory, and its own length.
    #[inline]
    pub fn column(&self, column: usize) -> impl Iterator<Item = (&[u8], usize)> {
        let cells = self.cells.get(column..).unwrap_or_default().iter().step_by(self.width);
        cells.map(|cell| (&self.text[cell.start as usize..], cell.length as usize))
    }

    /// A row's cells.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let cells = &self.cells[row * self.width..][..self.width];
        cells.iter().map(|cell| &self.text[cell.start as usize..][..cell.length as usize])
    }
}
