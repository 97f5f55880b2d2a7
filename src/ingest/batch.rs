//! Some records side by side, so that they can be read column by column.
//!
//! The cells of a column are alike and those of a record are not: read one column at a time, a processor foresees most
//! branches, and writes to one place instead of a hundred.

use super::{Record, whole};

/// Records in a full batch: with its text it should fit into a processor's nearest cache.
pub(super) const BATCH_ROWS: usize = 32;
/// Bytes of text after which a batch counts as full: records may be of megabytes.
const BATCH_TEXT: usize = 32 << 10;
/// Bytes behind the text, so that the last cell can be read by words as well.
const SLACK: [u8; 32] = [0; 32];

/// Copies of records, with as many cells each as the table has columns.
pub(super) struct Batch {
    rows: Vec<Row>,
    text: Vec<u8>,
    width: usize,
    /// Where the cells are in `text`: of four rows all columns, and in each the four rows' cells.
    cells: Vec<[Cell; 4]>,
}

/// What is known of a record beside its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub offset: u64,
    pub line: u64,
    pub width: usize,
    pub stray_quote: bool,
}

#[derive(Clone, Copy, Default)]
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
        let place = (self.rows.len() - 1) % 4;
        if place == 0 {
            self.cells.resize(self.cells.len() + self.width, [Cell::default(); 4]);
        }
        let group = self.cells.len() - self.width;
        for ((start, length), cells) in record.places().zip(&mut self.cells[group..]) {
            cells[place] = Cell { start: base + start, length };
        }
    }

    /// Whether the rows' cells of a column are short whole numbers: a bit, least first, for each that is none. Those that are
    /// one are added to `values`, with anything in the place of the others.
    pub fn push_wholes(&self, column: usize, values: &mut Vec<f32>) -> u32 {
        let mut others = 0;
        let word = |cell: &Cell| {
            let bytes = self.text[cell.start as usize..].first_chunk().copied().unwrap_or_default();
            whole::align(u64::from_le_bytes(bytes), cell.length as usize)
        };
        let start = values.len();
        for (group, cells) in self.groups(column).enumerate() {
            let (numbers, rest) = whole::read(cells.each_ref().map(word));
            values.extend(numbers);
            others |= rest << (4 * group);
        }
        values.truncate(start + self.rows.len());
        others
    }

    /// A column's cells, four rows at a time.
    #[inline]
    fn groups(&self, column: usize) -> impl Iterator<Item = &[Cell; 4]> {
        self.cells.get(column..).unwrap_or_default().iter().step_by(self.width)
    }

    /// A column's cells, row by row.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &[u8]> {
        let cells = self.groups(column).flatten().take(self.rows.len());
        cells.map(|cell| &self.text[cell.start as usize..][..cell.length as usize])
    }

    /// A cell with whatever follows it in memory, and its own length.
    #[inline]
    pub fn cell(&self, row: usize, column: usize) -> (&[u8], usize) {
        let Cell { start, length } = self.cells[row / 4 * self.width + column][row % 4];
        (&self.text[start as usize..], length as usize)
    }

    /// A row's cells.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &[u8]> {
        let cells = self.cells[row / 4 * self.width..][..self.width].iter().map(move |cells| cells[row % 4]);
        cells.map(|cell| &self.text[cell.start as usize..][..cell.length as usize])
    }
}
