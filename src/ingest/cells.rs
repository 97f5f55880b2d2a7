//! The cells of the record at hand.

use std::ops::Range;

/// Each cell is a stretch of the record's own bytes or, where quotes had to be undone, of text made for it.
#[derive(Default)]
pub(super) struct Cells {
    spans: Vec<Span>,
    made: Vec<u8>,
    /// A cell holds a quote that neither opens, closes nor stands for one: likely, reading began inside quotes.
    pub loose_quote: bool,
}

/// Records are shorter than 2³¹ bytes, so the highest bit of `start` is free to say that the text was made.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

const MADE: u32 = 1 << 31;

impl Cells {
    /// Leaves no cells.
    pub fn clear(&mut self) {
        self.spans.clear();
        self.made.clear();
        self.loose_quote = false;
    }

    /// Leaves the last cell out if it is empty and not the only one.
    pub fn drop_empty_last(&mut self) {
        if self.spans.len() > 1 && self.spans.last().is_some_and(|last| last.start & !MADE == last.end) {
            self.spans.pop();
        }
    }

    /// Cells there are.
    pub fn width(&self) -> usize {
        self.spans.len()
    }

    /// Adds a cell that stands in the record as it is.
    pub fn push(&mut self, range: Range<usize>) {
        self.spans.push(Span { start: range.start as u32, end: range.end as u32 });
    }

    /// Adds a cell of what `write` appends.
    pub fn push_made(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.made.len() as u32 | MADE;
        write(&mut self.made);
        self.spans.push(Span { start, end: self.made.len() as u32 });
    }

    /// Makes `width` empty cells.
    pub fn reset(&mut self, width: usize) {
        self.clear();
        self.spans.resize(width, Span { start: 0, end: 0 });
    }

    /// Lets a cell, or a further one, stand in the record as it is.
    pub fn place(&mut self, column: Option<usize>, range: Range<usize>) {
        self.push(range);
        self.move_last(column);
    }

    /// Lets a cell, or a further one, be what `write` appends.
    pub fn place_made(&mut self, column: Option<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        self.push_made(write);
        self.move_last(column);
    }

    fn move_last(&mut self, column: Option<usize>) {
        if let Some(column) = column.filter(|&column| column + 1 < self.spans.len()) {
            self.spans.swap_remove(column);
        }
    }

    /// The text of a cell of the record `raw`; empty where there is none.
    pub fn text<'a>(&'a self, raw: &'a [u8], index: usize) -> &'a [u8] {
        let Some(&Span { start, end }) = self.spans.get(index) else { return b"" };
        let text = if start & MADE == 0 { raw } else { &self.made };
        &text[(start & !MADE) as usize..end as usize]
    }

    /// The text that was made.
    pub fn made(&self) -> &[u8] {
        &self.made
    }

    /// Where each cell begins and how long it is, if the text that was made stands behind the record's `raw_length`
    /// bytes.
    pub fn places(&self, raw_length: usize) -> impl Iterator<Item = (u32, u32)> {
        self.spans.iter().map(move |&Span { start, end }| {
            let shift = if start & MADE == 0 { 0 } else { raw_length as u32 };
            let start = start & !MADE;
            (start + shift, end - start)
        })
    }
}
