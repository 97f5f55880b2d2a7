//! What is odd about rows and cells: counted in full, located for the first few.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Positions kept per kind.
const LOCATED: usize = 5;

/// A kind of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FindingKind {
    /// A file without rows among others that have some; left out.
    FileWithoutRows,
    /// A header name with blanks around it; trimmed.
    PaddedName,
    /// A header name that occurred before; numbered.
    RepeatedName,
    /// A header cell without a name; numbered.
    EmptyName,
    /// A first line of numbers, where names are due; taken as the header because the user says so.
    NumbersAsNames,
    /// A column that the header does not name and that repeats another; the names behind it would stand one too far left.
    UnnamedRepeat,
    /// A column in front that the header does not name, as R writes the numbers of rows.
    UnnamedRowNumbers,
    /// A column that the header names and no row has.
    NameWithoutCells,
    /// A delimiter behind the last cell of every row; no column.
    TrailingDelimiter,
    /// A line of few cells above the header; left out.
    LineAboveHeader,
    /// A first line that describes the tool and not a flow, in a file of JSON lines; left out.
    ToolDescription,
    /// Rows so few that a ranking of them means nothing.
    TooFewRows,
    /// Dates whose days and months could be the other way round.
    AmbiguousDate,
    /// A column that is mostly numbers, but is used as text.
    NumbersAsText,
    /// Times of a 12-hour clock without AM or PM.
    TwelveHourClock,
    /// A row with fewer cells than the header; the rest count as missing.
    ShortRow,
    /// A row with more cells than the header; the surplus is not used.
    LongRow,
    /// A cell of a number column that is not a number; counts as missing.
    UnreadableNumber,
    /// A quote that nothing closes; taken as an ordinary character.
    StrayQuote,
    /// Totals, averages or lines of a summary; not rows.
    Totals,
    /// The header again, in the middle of the file; not a row.
    RepeatedHeader,
    /// A row with less than half of the header's cells; not used.
    RejectedFragment,
    /// A row without a single number where numbers are due; not used.
    RejectedNoNumbers,
    /// A line that is no JSON object, in a file of such lines; not used.
    RejectedJson,
    /// An event that is no flow, in a file that has flows; not used.
    RejectedEvent,
}

impl FindingKind {
    /// The row was left out of the analysis.
    pub fn rejects_row(self) -> bool {
        matches!(
            self,
            Self::Totals
                | Self::RepeatedHeader
                | Self::RejectedFragment
                | Self::RejectedNoNumbers
                | Self::RejectedJson
                | Self::RejectedEvent
        )
    }

    /// What happened, in words that follow a count: of one, and of several.
    pub fn words(self) -> [&'static str; 2] {
        match self {
            Self::FileWithoutRows => ["file has no rows (skipped)", "files have no rows (skipped)"],
            Self::PaddedName => {
                ["column name had spaces around it (trimmed)", "column names had spaces around them (trimmed)"]
            }
            Self::RepeatedName => ["column name occurred twice (numbered)", "column names occurred twice (numbered)"],
            Self::EmptyName => ["column had no name (numbered)", "columns had no name (numbered)"],
            Self::NumbersAsNames => ["first line looks like a row, but was taken as the column names"; 2],
            Self::UnnamedRepeat => [
                "column is not in the header and repeats another (named after it)",
                "columns are not in the header and repeat others (named after them)",
            ],
            Self::UnnamedRowNumbers => ["column of row numbers is not in the header (named row)"; 2],
            Self::NameWithoutCells => [
                "column is in the header, but no row has it (empty)",
                "columns are in the header, but no row has them (empty)",
            ],
            Self::TrailingDelimiter => ["delimiter too many ends every row (ignored)"; 2],
            Self::ToolDescription => [
                "line describes the tool that wrote the file (skipped)",
                "lines describe the tool that wrote the file (skipped)",
            ],
            Self::TooFewRows => ["row is too few to rank", "rows are too few: with so few, a ranking means little"],
            Self::Totals => ["line of totals or of a summary (skipped)", "lines of totals or of a summary (skipped)"],
            Self::LineAboveHeader => ["line above the header (skipped)", "lines above the header (skipped)"],
            Self::AmbiguousDate => [
                "column has dates that could be day/month or month/day (read as day/month)",
                "columns have dates that could be day/month or month/day (read as day/month)",
            ],
            Self::NumbersAsText => [
                "column looks like numbers, but many cells are none or can be read in two ways (used as text)",
                "columns look like numbers, but many cells are none or can be read in two ways (used as text)",
            ],
            Self::TwelveHourClock => [
                "column has a 12-hour clock without AM or PM (times may be 12 hours off)",
                "columns have a 12-hour clock without AM or PM (times may be 12 hours off)",
            ],
            Self::ShortRow => [
                "row is shorter than the header (the rest count as missing)",
                "rows are shorter than the header (the rest count as missing)",
            ],
            Self::LongRow => [
                "row is longer than the header (extra cells are ignored)",
                "rows are longer than the header (extra cells are ignored)",
            ],
            Self::UnreadableNumber => [
                "cell in a number column is not a number (counts as missing)",
                "cells in number columns are not numbers (count as missing)",
            ],
            Self::StrayQuote => {
                ["row has an unclosed quote (taken literally)", "rows have an unclosed quote (taken literally)"]
            }
            Self::RepeatedHeader => ["row repeats the header (skipped)", "rows repeat the header (skipped)"],
            Self::RejectedFragment => [
                "row has fewer than half of the columns (skipped)",
                "rows have fewer than half of the columns (skipped)",
            ],
            Self::RejectedNoNumbers => {
                ["row has no numbers in number columns (skipped)", "rows have no numbers in number columns (skipped)"]
            }
            Self::RejectedJson => ["line is not a JSON object (skipped)", "lines are not JSON objects (skipped)"],
            Self::RejectedEvent => ["event is not a flow (skipped)", "events are not flows (skipped)"],
        }
    }
}

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Offset of the record's first byte.
    pub byte: u64,
    /// Line on which the record begins; 1 is the file's first.
    pub line: u64,
    /// Column of the table, where it is about one cell.
    pub column: Option<u32>,
}

/// One kind of oddity: how often, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Occurrences.
    pub count: u64,
    /// The first few, in file order.
    pub first: Vec<Position>,
}

/// Everything odd in a stretch of a file, and how many lines that stretch has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// By kind.
    pub by_kind: BTreeMap<FindingKind, Finding>,
    /// Line ends passed.
    pub lines: u64,
    /// All places are kept.
    #[serde(skip)]
    all: bool,
}

impl Findings {
    /// Findings that keep the places of all occurrences.
    pub fn locating_all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Notes one occurrence in the record that begins at `byte`, `line` lines below the start of this stretch (from 1).
    pub fn note(&mut self, kind: FindingKind, byte: u64, line: u64, column: Option<u32>) {
        let finding = self.by_kind.entry(kind).or_default();
        finding.count += 1;
        if self.all || finding.first.len() < LOCATED {
            finding.first.push(Position { byte, line, column });
        }
    }

    /// Takes back what was noted once about a column.
    pub fn withdraw(&mut self, kind: FindingKind, column: u32) {
        let Some(finding) = self.by_kind.get_mut(&kind) else { return };
        let Some(place) = finding.first.iter().position(|at| at.column == Some(column)) else { return };
        finding.first.remove(place);
        finding.count -= 1;
        if finding.count == 0 {
            self.by_kind.remove(&kind);
        }
    }

    /// Notes something of so many rows, which is nowhere in particular.
    pub fn note_rows(&mut self, kind: FindingKind, rows: u64) {
        self.by_kind.entry(kind).or_default().count += rows;
    }

    /// Appends what was found in the stretch that follows this one in the file.
    pub fn merge(&mut self, next: Self) {
        for (kind, theirs) in next.by_kind {
            let mine = self.by_kind.entry(kind).or_default();
            mine.count += theirs.count;
            let room = LOCATED.saturating_sub(mine.first.len());
            mine.first
                .extend(theirs.first.into_iter().take(room).map(|at| Position { line: at.line + self.lines, ..at }));
        }
        self.lines += next.lines;
    }

    /// How often this kind occurred.
    pub fn count(&self, kind: FindingKind) -> u64 {
        self.by_kind.get(&kind).map_or(0, |finding| finding.count)
    }

    /// Rows that were left out.
    pub fn rejected_rows(&self) -> u64 {
        self.by_kind.iter().filter(|(kind, _)| kind.rejects_row()).map(|(_, finding)| finding.count).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [FindingKind; 3] = [FindingKind::ShortRow, FindingKind::LongRow, FindingKind::RejectedFragment];

    /// One line per entry; `Some(kind)` where something was odd in it.
    fn stretch(lines: &[(usize, Option<usize>)]) -> Findings {
        let mut findings = Findings::default();
        for &(byte, kind) in lines {
            findings.lines += 1;
            if let Some(kind) = kind {
                findings.note(KINDS[kind], byte as u64, findings.lines, None);
            }
        }
        findings
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(
            kinds in prop::collection::vec(prop::option::of(0usize..3), 0..60), a in 0usize..60, b in 0usize..60,
        ) {
            let lines: Vec<_> = kinds.into_iter().enumerate().map(|(line, kind)| (line * 40, kind)).collect();
            let (a, b) = (a.min(b).min(lines.len()), a.max(b).min(lines.len()));
            let mut merged = stretch(&lines[..a]);
            merged.merge(stretch(&lines[a..b]));
            merged.merge(stretch(&lines[b..]));
            prop_assert_eq!(merged, stretch(&lines));
        }
    }
}
