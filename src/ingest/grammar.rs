//! Where a record of delimited text ends, and its cells.
//!
//! The grammar is that of the `csv` crate with flexible widths (tested against it): a cell that begins with a quote
//! runs to the next single quote, a doubled quote inside means one, as does any character behind the dialect's escape;
//! whatever follows the closing quote up to the delimiter belongs to the cell; anywhere else a quote is an ordinary
//! character; LF, CRLF and CR all end a record. One thing differs: a quote that nothing closes, or that is closed on
//! another line and then followed by more text, is taken literally, so that stray ones spoil their own lines and not
//! what lies between them.
//!
//! In a padded dialect, blanks (spaces and tabs) around a cell are no part of it, whether it is quoted or not; where
//! the delimiter is a space, a run of blanks is one delimiter, and blanks at either end of a line are none.

use memchr::{memchr, memchr2, memchr3};

use super::{
    Dialect,
    cells::Cells,
    scan::{CHUNK, Marks},
};

/// Where a record ends in the bytes at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Before this byte, which is a line end or the end of the file.
    Whole { end: usize, stray_quote: bool },
    /// More bytes are needed to tell.
    Open,
}

/// Splits the record at the front of `bytes`. `whole`: no more bytes will come.
pub(super) fn split(bytes: &[u8], dialect: &Dialect, whole: bool, cells: &mut Cells) -> Extent {
    if !dialect.padded {
        match split_plain(bytes, dialect, whole, cells) {
            Some(extent) => return extent,
            None => cells.clear(),
        }
    }
    let mut splitter = Splitter { bytes, dialect, whole, literal: false, cells };
    match splitter.split() {
        Ok(end) => Extent::Whole { end, stray_quote: false },
        Err(Trouble::Open) => Extent::Open,
        Err(Trouble::StrayQuote) => {
            splitter.literal = true;
            // Without quotes the record is the first line, which is at hand or the last.
            let end = splitter.split().unwrap_or(bytes.len());
            Extent::Whole { end, stray_quote: true }
        }
    }
}

/// Splits the record if there is no quote in it.
fn split_plain(bytes: &[u8], dialect: &Dialect, whole: bool, cells: &mut Cells) -> Option<Extent> {
    let Dialect { delimiter, quote, .. } = *dialect;
    cells.clear();
    let (mut at, mut start) = (0, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let marks = match rest.first_chunk() {
            Some(chunk) => Marks::of(chunk, delimiter, quote),
            None => Marks::of_rest(rest, delimiter, quote),
        };
        let line_end = marks.line_ends.trailing_zeros();
        if marks.quotes.trailing_zeros() < line_end {
            return None;
        }
        let mut delimiters = if marks.line_ends == 0 { marks.delimiters } else { marks.before(line_end).delimiters };
        while delimiters != 0 {
            let end = at + delimiters.trailing_zeros() as usize;
            cells.push(start..end);
            start = end + 1;
            delimiters &= delimiters - 1;
        }
        if marks.line_ends != 0 {
            let end = at + line_end as usize;
            cells.push(start..end);
            return Some(Extent::Whole { end, stray_quote: false });
        }
        at += CHUNK;
    }
    if !whole {
        return Some(Extent::Open);
    }
    cells.push(start..bytes.len());
    Some(Extent::Whole { end: bytes.len(), stray_quote: false })
}

enum Trouble {
    /// The bytes end before the record does.
    Open,
    /// A quote is not closed, or not as it should be.
    StrayQuote,
}

/// Splits any record.
struct Splitter<'a> {
    bytes: &'a [u8],
    dialect: &'a Dialect,
    whole: bool,
    /// Quotes are ordinary characters.
    literal: bool,
    cells: &'a mut Cells,
}

impl Splitter<'_> {
    /// Fills `cells` and says where the record ends.
    fn split(&mut self) -> Result<usize, Trouble> {
        self.cells.clear();
        let mut at = self.skip_blanks(0);
        loop {
            let end = if self.bytes.get(at) == Some(&self.dialect.quote) && !self.literal {
                self.quoted_cell(at + 1)?
            } else {
                let end = self.cell_end(at)?;
                self.cells.push(at..self.trimmed(at, end));
                self.cells.loose_quote |= memchr(self.dialect.quote, &self.bytes[at..end]).is_some();
                end
            };
            match self.bytes.get(end) {
                None | Some(b'\n' | b'\r') => return Ok(end),
                Some(_) => at = self.skip_blanks(end + 1),
            }
            if self.merges_blanks() {
                match self.bytes.get(at) {
                    None if !self.whole => return Err(Trouble::Open),
                    None | Some(b'\n' | b'\r') => return Ok(at),
                    Some(_) => {}
                }
            }
        }
    }

    /// Adds the cell whose text begins behind the quote at `from` − 1, and says where it ends.
    fn quoted_cell(&mut self, from: usize) -> Result<usize, Trouble> {
        let unfinished = if self.whole { Trouble::StrayQuote } else { Trouble::Open };
        let Some((close, plain)) = self.closing_quote(from) else { return Err(unfinished) };
        let after = self.skip_blanks(close + 1);
        if after >= self.bytes.len() && !self.whole {
            return Err(Trouble::Open);
        }
        let end = match self.bytes.get(after) {
            None => after,
            Some(b'\n' | b'\r') => after,
            Some(&byte) if byte == self.dialect.delimiter => after,
            // The blanks behind the quote were the delimiter.
            Some(_) if self.merges_blanks() && after > close + 1 => close + 1,
            Some(_) if memchr2(b'\n', b'\r', &self.bytes[from..close]).is_some() => return Err(Trouble::StrayQuote),
            Some(_) => self.cell_end(after)?,
        };
        let surplus = if end > after { &self.bytes[close + 1..self.trimmed(after, end)] } else { b"" };
        if plain && surplus.is_empty() {
            self.cells.push(from..close);
        } else {
            self.cells.loose_quote |= !surplus.is_empty();
            let inside = &self.bytes[from..close];
            self.cells.push_made(|made| {
                unquote(inside, self.dialect, made);
                made.extend(surplus);
            });
        }
        Ok(end)
    }

    /// The quote that closes a cell whose text begins at `from`, and whether that text stands for itself.
    fn closing_quote(&self, mut from: usize) -> Option<(usize, bool)> {
        let Dialect { quote, escape, .. } = *self.dialect;
        let mut plain = true;
        loop {
            let at = from + memchr2(quote, escape.unwrap_or(quote), self.bytes.get(from..)?)?;
            if self.bytes[at] == quote && self.bytes.get(at + 1) != Some(&quote) {
                return Some((at, plain));
            }
            plain = false;
            from = at + 2;
        }
    }

    /// Where the unquoted text from `from` on ends: before a delimiter, a line end or the end of the file.
    fn cell_end(&self, from: usize) -> Result<usize, Trouble> {
        let rest = &self.bytes[from..];
        let step = if self.merges_blanks() {
            rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        } else {
            memchr3(self.dialect.delimiter, b'\n', b'\r', rest)
        };
        match step {
            Some(step) => Ok(from + step),
            None if self.whole || self.literal => Ok(self.bytes.len()),
            None => Err(Trouble::Open),
        }
    }

    fn merges_blanks(&self) -> bool {
        self.dialect.padded && self.dialect.delimiter == b' '
    }

    fn is_blank(&self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && (byte != self.dialect.delimiter || self.merges_blanks())
    }

    /// The first place from `from` on without a blank; `from` itself in a dialect without padding.
    fn skip_blanks(&self, from: usize) -> usize {
        if !self.dialect.padded {
            return from;
        }
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|&&byte| self.is_blank(byte)).count()
    }

    /// Where the text in `from..end` ends without the blanks behind it.
    fn trimmed(&self, from: usize, end: usize) -> usize {
        if !self.dialect.padded {
            return end;
        }
        end - self.bytes[from..end].iter().rev().take_while(|&&byte| self.is_blank(byte)).count()
    }
}

/// Appends what the text between two quotes means.
fn unquote(mut inside: &[u8], dialect: &Dialect, out: &mut Vec<u8>) {
    // Behind a quote or an escape stands the character that is meant.
    while let Some(at) = memchr2(dialect.quote, dialect.escape.unwrap_or(dialect.quote), inside) {
        out.extend(&inside[..at]);
        out.extend(inside.get(at + 1));
        inside = inside.get(at + 2..).unwrap_or_default();
    }
    out.extend(inside);
}
