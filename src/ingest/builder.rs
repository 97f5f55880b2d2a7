//! Records → blocks of typed columns, counting and locating what is odd.

use std::sync::Arc;

use super::{
    FilePart, FindingKind, Findings, Layout, Number, NumberStyle, Record, cell, files::file_at, numeral::read_cell,
};
use crate::table::{
    BLOCK_ROWS, Block, Column, Counts, Field, MISSING_KEY, Profile, Role, Schema, Storage, Table, network_key,
    network_name, text_key,
};

/// Characters of a category's text that are kept to show it.
const SHOWN_TEXT: usize = 64;

/// Takes records in file order and makes a [`Table`] of them.
pub struct TableBuilder {
    schema: Arc<Schema>,
    /// Cells of a whole record.
    record_width: usize,
    files: Vec<FilePart>,
    /// Statistics are made.
    profiled: bool,
    style: NumberStyle,
    table: Table,
    /// Rows given away.
    taken: usize,
    open: OpenBlock,
    profile: Profile,
    findings: Findings,
    /// The numbers of the record at hand, so that a rejected one leaves no trace in the columns.
    numbers: Vec<f32>,
    unreadable: Vec<usize>,
    /// What is odd about the record at hand.
    notes: Vec<(FindingKind, Option<u32>)>,
}

impl TableBuilder {
    /// A builder for the columns of `layout`.
    pub fn new(layout: &Layout) -> Self {
        Self {
            schema: Arc::clone(&layout.schema),
            record_width: layout.record_width(),
            files: layout.files.clone(),
            profiled: true,
            style: NumberStyle::from(&layout.format.dialect()),
            table: Table::default(),
            taken: 0,
            open: OpenBlock::new(&layout.schema),
            profile: Profile::new(&layout.schema),
            findings: Findings::default(),
            numbers: Vec::new(),
            unreadable: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A builder that makes no statistics, for rows that were read before.
    pub fn unprofiled(layout: &Layout) -> Self {
        Self { profiled: false, ..Self::new(layout) }
    }

    /// Takes one record in, or rejects it.
    pub fn push(&mut self, record: &Record<'_>) {
        self.notes.clear();
        match record.rejected.or_else(|| self.read_numbers(record)) {
            Some(kind) => self.notes.push((kind, None)),
            None => {
                if record.stray_quote {
                    self.notes.push((FindingKind::StrayQuote, None));
                }
                match record.width().cmp(&self.record_width) {
                    std::cmp::Ordering::Less => self.notes.push((FindingKind::ShortRow, None)),
                    std::cmp::Ordering::Greater => self.notes.push((FindingKind::LongRow, None)),
                    std::cmp::Ordering::Equal => {}
                }
                for &column in &self.unreadable {
                    self.notes.push((FindingKind::UnreadableNumber, Some(column as u32)));
                    self.profile.columns[column].unreadable += 1;
                }
                self.store(record);
                if self.open.offsets.len() == BLOCK_ROWS {
                    self.close_block();
                }
            }
        }
        for &(kind, column) in &self.notes {
            self.findings.note(kind, record.offset, record.line, column);
        }
    }

    /// What is odd about the record that came last, and in which columns.
    pub fn notes(&self) -> &[(FindingKind, Option<u32>)] {
        &self.notes
    }

    /// Rows taken in so far.
    pub fn rows(&self) -> u64 {
        (self.taken + self.table.rows() + self.open.offsets.len()) as u64
    }

    /// Gives the full blocks away.
    pub fn take_blocks(&mut self) -> Vec<Block> {
        self.taken += self.table.rows();
        std::mem::take(&mut self.table.blocks)
    }

    /// The rows that were not given away, the profile of all and what was odd in the `lines` lines it was read from.
    pub fn finish(mut self, lines: u64) -> (Table, Profile, Findings) {
        self.close_block();
        self.findings.lines = lines;
        (self.table, self.profile, self.findings)
    }

    /// Fills `numbers` and `unreadable`, or says why the record is no row.
    fn read_numbers(&mut self, record: &Record<'_>) -> Option<FindingKind> {
        if record.width() * 2 < self.record_width {
            return Some(FindingKind::RejectedFragment);
        }
        self.numbers.clear();
        self.unreadable.clear();
        let mut some = false;
        for (index, field) in self.schema.fields.iter().enumerate() {
            if field.storage() == Storage::Number {
                self.numbers.push(match read_cell(record.cell(index), field, self.style) {
                    Number::Value(value) => {
                        some = true;
                        // Adding zero makes −0 a 0: which of the two is the minimum would depend on the platform.
                        value as f32 + 0.0
                    }
                    Number::Missing => f32::NAN,
                    Number::Unreadable => {
                        self.unreadable.push(index);
                        f32::NAN
                    }
                });
            }
        }
        if some {
            return None;
        }
        // A repeated name was numbered in the schema: `Name.1` begins with the cell's text.
        let mut named = self.schema.fields.iter().zip(record.cells());
        let is_header = named.all(|(field, cell)| field.name.as_bytes().starts_with(cell.trim_ascii()));
        let blank = record.cells().take(self.record_width).all(|cell| cell.trim_ascii().is_empty());
        Some(if is_header && !blank { FindingKind::RepeatedHeader } else { FindingKind::RejectedNoNumbers })
    }

    fn store(&mut self, record: &Record<'_>) {
        self.open.offsets.push(record.offset);
        let mut numbers = self.numbers.iter();
        for (index, column) in self.open.columns.iter_mut().enumerate() {
            match column {
                OpenColumn::Number(values) => values.extend(numbers.next()),
                OpenColumn::Category(keys) => {
                    let counts = self.profile.columns[index].counts.as_mut().filter(|_| self.profiled);
                    let text = if index < self.record_width {
                        record.cell(index)
                    } else {
                        self.files[file_at(&self.files, record.offset)].name.as_bytes()
                    };
                    keys.push(count_text(text, self.schema.fields[index].role, counts));
                }
                OpenColumn::Unstored => {}
            }
        }
    }

    fn close_block(&mut self) {
        if !self.open.offsets.is_empty() {
            let block = self.open.close();
            if self.profiled {
                self.profile.add(&block);
            }
            self.table.blocks.push(block);
        }
    }
}

/// The rows of a block that is being filled.
struct OpenBlock {
    offsets: Vec<u64>,
    columns: Vec<OpenColumn>,
}

enum OpenColumn {
    Number(Vec<f32>),
    Category(Vec<u32>),
    Unstored,
}

impl OpenBlock {
    /// Room is made as rows come: a file may have many columns and few rows.
    fn new(schema: &Schema) -> Self {
        let column = |field: &Field| match field.storage() {
            Storage::Number => OpenColumn::Number(Vec::new()),
            Storage::Category => OpenColumn::Category(Vec::new()),
            Storage::None => OpenColumn::Unstored,
        };
        Self { offsets: Vec::new(), columns: schema.fields.iter().map(column).collect() }
    }

    /// The rows so far, which leaves none.
    fn close(&mut self) -> Block {
        let close = |column: &mut OpenColumn| match column {
            OpenColumn::Number(values) => {
                let column = Column::of_numbers(values);
                values.clear();
                column
            }
            OpenColumn::Category(keys) => {
                let column = Column::of_keys(keys);
                keys.clear();
                column
            }
            OpenColumn::Unstored => Column::Unstored,
        };
        let columns = self.columns.iter_mut().map(close).collect();
        let offsets = self.offsets.clone();
        self.offsets.clear();
        Block { offsets, columns }
    }
}

/// The key of a category cell, counted.
fn count_text(text: &[u8], role: Role, counts: Option<&mut Counts>) -> u32 {
    let text = text.trim_ascii();
    if cell::is_missing(text) {
        return MISSING_KEY;
    }
    let key = if role == Role::Ip { network_key(text) } else { text_key(text) };
    if let Some(counts) = counts {
        counts.add(key, || {
            let text = String::from_utf8_lossy(text);
            let shown = if role == Role::Ip { network_name(&text) } else { text.into_owned() };
            shown.chars().take(SHOWN_TEXT).collect()
        });
    }
    key
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::ingest::{Choices, RecordReader};

    fn build(text: &str) -> (Layout, Table, Profile, Findings) {
        let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
        let mut reader = RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, 32).expect("seeks");
        let mut builder = TableBuilder::new(&layout);
        while let Some(record) = reader.next_record().expect("reads") {
            builder.push(&record);
        }
        let (table, profile, findings) = builder.finish(reader.lines());
        (layout, table, profile, findings)
    }

    #[test]
    fn odd_cells_count_and_rows_stay() {
        let text = "bytes,packets,proto\n1,2,tcp\nNaN,Infinity,udp\n,x,\n4,5,tcp\n6,7,tcp\n";
        let (_, table, profile, findings) = build(&text.replace("x,", "3,"));
        assert_eq!((table.rows(), findings.rejected_rows()), (5, 0));
        let (bytes, packets, proto) = (&profile.columns[0], &profile.columns[1], &profile.columns[2]);
        assert_eq!((bytes.missing, bytes.min, bytes.max), (2, 1.0, 6.0));
        assert_eq!((packets.infinite, packets.missing, packets.max), (1, 0, 7.0));
        assert_eq!(proto.missing, 1);
        let counts: Vec<(u64, &str)> =
            proto.counts.iter().flat_map(|counts| counts.values.values()).map(|v| (v.rows, v.text.as_str())).collect();
        assert!(counts.contains(&(3, "tcp")) && counts.contains(&(1, "udp")) && counts.len() == 2, "{counts:?}");
    }

    #[test]
    fn ragged_rows_are_kept_where_possible_and_located_where_not() {
        let rows = "1,2,3,4\n".repeat(100);
        let text = format!("a,b,c,d\n{rows}1,2,3\n1,2,3,4,5\nSummary\na,b,c,d\nx,y,z,w\n1,2,zz,4\n,,,\n");
        let (_, table, profile, findings) = build(&text);
        assert_eq!(table.rows(), 103);
        let at = |kind| findings.by_kind[&kind].first[0];
        assert_eq!(findings.count(FindingKind::ShortRow), 1);
        assert_eq!(findings.count(FindingKind::LongRow), 1);
        // Lines are counted from the first row here; the header's are added when findings are merged.
        assert_eq!((at(FindingKind::RejectedFragment).line, at(FindingKind::RejectedFragment).byte), (103, 824));
        assert_eq!(at(FindingKind::RepeatedHeader).line, 104);
        assert_eq!(at(FindingKind::RejectedNoNumbers).line, 105);
        assert_eq!(at(FindingKind::UnreadableNumber).column, Some(2));
        assert_eq!(profile.columns[2].unreadable, 1);
        assert_eq!(findings.count(FindingKind::RejectedNoNumbers), 2, "a blank row is no header");
        assert_eq!(findings.rejected_rows(), 4);
    }

    #[test]
    fn flows_take_less_than_half_of_32_bits_a_cell() {
        let mut text = Vec::new();
        crate::sample::Flows::new(9_000, 42).write(&mut text, usize::MAX);
        let (layout, table, ..) = build(&String::from_utf8(text).expect("text"));
        let (taken, most) = (table.bytes() as u64, 9_000 * (layout.schema.row_bytes() - 12));
        assert!(taken * 2 < most, "{taken} of {most}");
    }

    #[test]
    fn offsets_lead_back_to_the_rows() {
        let text = "a,b\r\n1,2\r\n\r\n3,4\r\n";
        let (_, table, ..) = build(text);
        let rows: Vec<&str> = (0..table.rows()).map(|row| &text[table.offset(row) as usize..][..3]).collect();
        assert_eq!(rows, ["1,2", "3,4"]);
    }
}
