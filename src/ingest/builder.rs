//! Records → blocks of typed columns, counting and locating what is odd.

use std::{ops::Range, sync::Arc};

use super::{
    FindingKind, Findings, Layout, Record,
    batch::{Batch, Row},
    cell::is_missing,
    column::{OpenCategory, OpenNumber, OpenTime},
    time::day_order,
    totals,
};
use crate::table::{BLOCK_ROWS, Block, Column, Field, Kind, Profile, Profiler, Schema, Storage, Table, TimeStyle};

/// Takes records in file order and makes a [`Table`] of them.
pub struct TableBuilder {
    schema: Arc<Schema>,
    /// Cells that a record may have.
    record_width: usize,
    /// Cells of a whole record.
    row_cells: usize,
    /// Stretches of the file that hold totals.
    totals: Vec<Range<u64>>,
    table: Table,
    /// Rows given away.
    taken: usize,
    /// The rows behind those of `table`: their offsets, and the stored columns.
    offsets: Vec<u64>,
    numbers: Vec<OpenNumber>,
    times: Vec<OpenTime>,
    /// One of them, and the point in time before which rows are taken in.
    until: Option<(usize, i64)>,
    categories: Vec<OpenCategory>,
    /// Columns of dates in which a row may prove whether days or months come first.
    dates: Vec<usize>,
    profiler: Profiler,
    findings: Findings,
    /// Records that are still to be taken in.
    batch: Batch,
    /// Rows and columns of the batch with something else than the number that is due.
    unreadable: Vec<(usize, usize)>,
}

impl TableBuilder {
    /// A builder for the columns of `layout`.
    pub fn new(layout: &Layout) -> Self {
        let with = |storage| {
            let stored = layout.schema.fields.iter().enumerate().filter(move |(_, field)| field.storage() == storage);
            stored.map(|(column, _)| column)
        };
        let times = layout.schema.fields.iter().enumerate().filter_map(|(column, field)| match field.storage() {
            Storage::Time { per } => field.time.map(|time| (column, field, time, per)),
            _ => None,
        });
        let dialect = layout.format.dialect();
        let dated = |field: &Field| {
            field.kind == Kind::Text && matches!(field.time, Some(TimeStyle::DayFirst | TimeStyle::MonthFirst))
        };
        let fields = layout.schema.fields.iter().enumerate();
        Self {
            schema: Arc::clone(&layout.schema),
            record_width: layout.record_width(),
            row_cells: layout.row_cells,
            totals: layout.totals.clone(),
            table: Table::default(),
            taken: 0,
            offsets: Vec::new(),
            numbers: with(Storage::Number)
                .map(|column| OpenNumber::new(column, &layout.schema.fields[column], &dialect))
                .collect(),
            times: times.map(|(column, field, time, per)| OpenTime::new(column, field, time, per, &dialect)).collect(),
            until: layout.until,
            categories: with(Storage::Category).map(|column| OpenCategory::new(column, layout)).collect(),
            dates: fields.filter(|(_, field)| dated(field)).map(|(column, _)| column).collect(),
            profiler: Profiler::new(&layout.schema),
            findings: Findings::default(),
            batch: Batch::new(layout.record_width()),
            unreadable: Vec::new(),
        }
    }

    /// A builder that makes no statistics, for rows that were read before.
    pub fn unprofiled(layout: &Layout) -> Self {
        Self { profiler: Profiler::idle(&layout.schema), dates: Vec::new(), ..Self::new(layout) }
    }

    /// One that keeps the places of all that is odd, not only of the first of each kind.
    pub fn locating_all(layout: &Layout) -> Self {
        Self { findings: Findings::locating_all(), ..Self::unprofiled(layout) }
    }

    /// Takes one record in, or rejects it.
    pub fn push(&mut self, record: &Record<'_>) {
        let totals = || self.holds_totals(record).then_some(FindingKind::Totals);
        let fragment = || (record.width() * 2 < self.record_width).then_some(FindingKind::RejectedFragment);
        if let Some(kind) = record.rejected.or_else(totals).or_else(fragment) {
            return self.findings.note(kind, record.offset, record.line, None);
        }
        self.batch.push(record);
        // A block is closed when it is full to the row.
        if self.batch.is_full() || self.offsets.len() + self.batch.rows().len() == BLOCK_ROWS {
            self.take_batch();
        }
    }

    fn holds_totals(&self, record: &Record<'_>) -> bool {
        let behind = self.totals.partition_point(|stretch| stretch.end <= record.offset);
        let inside = self.totals.get(behind).is_some_and(|stretch| stretch.contains(&record.offset));
        inside || totals::is_total(record.cells())
    }

    /// Rows taken in so far.
    pub fn rows(&self) -> u64 {
        (self.taken + self.table.rows() + self.offsets.len()) as u64
    }

    /// Gives the full blocks away.
    pub fn take_blocks(&mut self) -> Vec<Block> {
        self.taken += self.table.rows();
        std::mem::take(&mut self.table.blocks)
    }

    /// The rows that were not given away, the profile of all and what was odd in the `lines` lines it was read from.
    pub fn finish(mut self, lines: u64) -> (Table, Profile, Findings) {
        self.take_batch();
        self.close_block();
        self.findings.lines = lines;
        (self.table, self.profiler.finish(), self.findings)
    }

    /// Takes the rows of the batch in, and rejects what is no row.
    fn take_batch(&mut self) {
        let rows = self.batch.rows().len();
        if rows == 0 {
            return;
        }
        self.numbers.iter_mut().for_each(|column| column.push(&self.batch, &mut self.unreadable));
        self.times.iter_mut().for_each(|column| column.push(&self.batch, &mut self.unreadable));
        // Most often one column tells that every row has a number.
        let mut kept = 0u32;
        let all = |kept: u32| kept.count_ones() as usize == rows;
        let numbers = self.numbers.iter().map(|column| column.numbers(rows));
        for numbers in numbers.chain(self.times.iter().map(|column| column.numbers(rows))) {
            kept |= numbers;
            if all(kept) {
                break;
            }
        }
        if !all(kept) {
            kept |= self.rows_of_categories(kept);
        }
        let wanted = self.wanted(rows);
        kept &= wanted;
        if !all(kept) {
            self.numbers.iter_mut().for_each(|column| column.keep(rows, kept));
            self.times.iter_mut().for_each(|column| column.keep(rows, kept));
        }
        for column in &mut self.categories {
            column.push(&self.batch, kept, &mut self.profiler);
        }
        for &column in &self.dates {
            for (_, text) in self.batch.column(column).enumerate().filter(|(row, _)| kept >> row & 1 == 1) {
                if let Some(order) = day_order(text) {
                    self.profiler.count_day_order(column, order);
                }
            }
        }
        self.unreadable.sort_unstable();
        for row in 0..rows {
            if kept >> row & 1 == 1 {
                self.offsets.push(self.batch.rows()[row].offset);
                self.note_oddities(row);
            } else if wanted >> row & 1 == 1 {
                self.note_rejected(row);
            }
        }
        self.unreadable.clear();
        self.batch.clear();
        if self.offsets.len() == BLOCK_ROWS {
            self.close_block();
        }
    }

    /// A bit per row of the batch: it is set where the row is early enough.
    fn wanted(&self, rows: usize) -> u32 {
        let Some((column, end)) = self.until else { return u32::MAX };
        let time = self.times.iter().find(|time| time.column == column);
        time.map_or(0, |time| time.before(rows, end))
    }

    /// A bit per row of the batch without a number that can be compared by its categories: two are filled, half of them where
    /// numbers are due, and no number is written in a way that is not understood, as in the lines of a summary.
    #[cold]
    fn rows_of_categories(&self, with_numbers: u32) -> u32 {
        let numbers = !self.numbers.is_empty() || self.times.iter().any(OpenTime::is_of_numbers);
        let half = if numbers { self.categories.len().div_ceil(2) } else { 0 };
        let least = half.max(2);
        let is_row = |&row: &usize| {
            let cells: Vec<&[u8]> = self.batch.row(row).map(<[u8]>::trim_ascii).collect();
            let filled = |category: &&OpenCategory| cells.get(category.column).is_some_and(|cell| !is_missing(cell));
            with_numbers >> row & 1 == 0
                && self.categories.iter().filter(filled).count() >= least
                && !self.unreadable.iter().any(|(unreadable, _)| *unreadable == row)
                && !self.is_header(row)
        };
        (0..self.batch.rows().len()).filter(is_row).fold(0, |rows, row| rows | 1 << row)
    }

    /// A row of the batch says no more than the header. A repeated name was numbered in the schema: `Name.1` begins with the
    /// cell's text.
    fn is_header(&self, row: usize) -> bool {
        let mut cells = self.schema.fields.iter().zip(self.batch.row(row));
        cells.all(|(field, cell)| field.name.as_bytes().starts_with(cell.trim_ascii()))
    }

    /// Notes why a row of the batch, which holds no number, is none.
    fn note_rejected(&mut self, row: usize) {
        let blank = self.batch.row(row).all(|cell| cell.trim_ascii().is_empty());
        let kind =
            if self.is_header(row) && !blank { FindingKind::RepeatedHeader } else { FindingKind::RejectedNoNumbers };
        let Row { offset, line, .. } = self.batch.rows()[row];
        self.findings.note(kind, offset, line, None);
    }

    /// Notes what is odd about a row of the batch.
    fn note_oddities(&mut self, row: usize) {
        let Row { offset, line, width, stray_quote } = self.batch.rows()[row];
        let mut note = |kind, column| self.findings.note(kind, offset, line, column);
        if stray_quote {
            note(FindingKind::StrayQuote, None);
        }
        if width < self.row_cells {
            note(FindingKind::ShortRow, None);
        } else if width > self.record_width {
            note(FindingKind::LongRow, None);
        }
        for &(_, column) in self.unreadable.iter().filter(|(unreadable, _)| *unreadable == row) {
            note(FindingKind::UnreadableNumber, Some(column as u32));
            self.profiler.count_unreadable(column);
        }
    }

    fn close_block(&mut self) {
        if self.offsets.is_empty() {
            return;
        }
        self.profiler.begin_block(&self.offsets);
        let mut columns = vec![Column::Unstored; self.schema.width()];
        for number in &mut self.numbers {
            columns[number.column] = number.close(&mut self.profiler);
        }
        for time in &mut self.times {
            columns[time.column] = time.close(&mut self.profiler);
        }
        for category in &mut self.categories {
            columns[category.column] = category.close(&mut self.profiler);
        }
        let block = Block { offsets: self.offsets.clone(), columns };
        self.offsets.clear();
        self.table.blocks.push(block);
    }
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
            proto.counts.iter().flat_map(|counts| counts.iter()).map(|v| (v.rows, v.text)).collect();
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
        assert_eq!((at(FindingKind::Totals).line, at(FindingKind::Totals).byte), (103, 824));
        assert_eq!(at(FindingKind::RepeatedHeader).line, 104);
        assert_eq!(at(FindingKind::RejectedNoNumbers).line, 105);
        assert_eq!(at(FindingKind::UnreadableNumber).column, Some(2));
        assert_eq!(profile.columns[2].unreadable, 1);
        assert_eq!(findings.count(FindingKind::RejectedNoNumbers), 2, "a blank row is no header");
        assert_eq!(findings.rejected_rows(), 4);
    }

    #[test]
    fn rows_without_a_number_are_rows_by_their_categories() {
        let rows = "tcp,ssl,allow,5\n".repeat(40);
        let text = format!(
            "proto,service,action,bytes\n{rows}gre,-,reset,\n,,deny,-\nproto,service,action,\n,,,\na,b,c,total\n"
        );
        let (_, table, _, findings) = build(&text);
        assert_eq!((table.rows(), findings.count(FindingKind::RepeatedHeader)), (41, 1));
        assert_eq!(findings.count(FindingKind::RejectedNoNumbers), 3, "too empty, empty, and a word for a number");

        let rows = "tcp,ssl,allow\nudp,dns,allow\n".repeat(20);
        let (_, table, profile, findings) =
            build(&format!("proto,service,action\n{rows}gre,-,reset\n,,\nproto,service,action\n-,,x\n"));
        assert_eq!((table.rows(), findings.rejected_rows()), (41, 3));
        assert_eq!(profile.columns[0].counts.as_ref().map(|counts| counts.len()), Some(3));
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
