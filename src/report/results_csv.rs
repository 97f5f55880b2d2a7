//! The results file: the input's columns as they were, then `anomaly`, `anomaly_score`, `anomaly_rank`, `anomaly_group`
//! and `anomaly_reasons`; where both detectors ran, then the rank by either and that by both together.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use csv::QuoteStyle;
use serde::{Deserialize, Serialize};

use super::{BothRanks, Mark, Said};
use crate::{
    detect::Method,
    ingest::{Dialect, Format, Layout, Record},
};

/// The columns that are appended. A name that the input has already is numbered.
const APPENDED: [&str; 5] = ["anomaly", "anomaly_score", "anomaly_rank", "anomaly_group", "anomaly_reasons"];
/// What an analyst says, where something is said.
const SAID: [&str; 2] = ["mark", "note"];
/// That behind the ranks of two detectors.
const CONSENSUS: &str = "consensus_rank";

/// The column of a detector's ranks, where two are compared.
fn rank_of(method: Method) -> &'static str {
    match method {
        Method::IsolationForest => "isolation_forest_rank",
        Method::Autoencoder => "autoencoder_rank",
        Method::Nearest => "nearest_rank",
    }
}

/// Which rows are written, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    /// The anomalies.
    Anomalies,
    /// Every row that was scored.
    All,
}

/// How cells are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cells {
    /// Byte for byte as in the input.
    #[default]
    AsTheyAre,
    /// With an apostrophe before text that a spreadsheet would run as a formula. This alters such cells.
    Neutralised,
}

/// What is appended to a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowResult<'a> {
    /// The row is an anomaly.
    pub anomaly: bool,
    /// Its score.
    pub score: f64,
    /// Its rank.
    pub rank: u32,
    /// The number of its group, 0 for none.
    pub group: u8,
    /// Why it is an anomaly.
    pub reasons: &'a str,
    /// Its ranks by both detectors, if the writer writes these.
    pub both: Option<BothRanks>,
    /// What is said of it, if the writer writes that.
    pub said: Said<'a>,
}

/// Writes rows with their results.
pub struct ResultsWriter<'a> {
    layout: &'a Layout,
    dialect: Dialect,
    cells: Cells,
    both: Option<[Method; 2]>,
    marked: bool,
    /// Records are written as they stand in the file.
    verbatim: bool,
}

impl<'a> ResultsWriter<'a> {
    /// A writer for files like the input; with the ranks by `both` detectors, and with what is said of rows that are `marked`.
    pub fn new(layout: &'a Layout, cells: Cells, both: Option<[Method; 2]>, marked: bool) -> Self {
        let verbatim = match layout.format {
            Format::Delimited(dialect) => cells == Cells::AsTheyAre && !dialect.trailing,
            Format::JsonLines(_) => false,
        };
        Self { layout, dialect: layout.format.dialect(), cells, both, marked, verbatim }
    }

    /// Writes the header.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn header(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout;
        let taken = |name: &str| layout.schema.fields.iter().any(|field| field.name == name);
        let free = |name: &str| {
            let numbered = (1..).map(|number| format!("{name}.{number}"));
            std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
        };
        let of_both = self.both.map(|methods| methods.map(rank_of));
        let of_both: Vec<&str> = of_both.iter().flatten().copied().chain(self.both.map(|_| CONSENSUS)).collect();
        let said = if self.marked { SAID.as_slice() } else { &[] };
        let appended: Vec<String> = APPENDED.iter().chain(&of_both).chain(said).map(|name| free(name)).collect();
        let appended = appended.iter().map(String::as_bytes);
        match self.cells {
            Cells::AsTheyAre if !layout.header.is_empty() => {
                let file = layout.file_column().map(|column| layout.schema.fields[column].name.as_bytes());
                self.append(&layout.header, file.into_iter().chain(appended), out)
            }
            Cells::AsTheyAre | Cells::Neutralised => {
                let names = layout.schema.fields.iter().map(|field| field.name.as_bytes());
                self.record(names.chain(appended), out)
            }
        }
    }

    /// Writes one row: its own cells, as many as the header has, and its results.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn row(&self, record: &Record<'_>, result: RowResult<'_>, out: &mut impl Write) -> io::Result<()> {
        let RowResult { anomaly, score, rank, group, reasons, both, said } = result;
        let group = if group > 0 { group.to_string() } else { String::new() };
        let (score, rank) = (score.to_string(), rank.to_string());
        // They begin with names from the file.
        let reasons = neutral(reasons.as_bytes());
        let flag: &[u8] = if anomaly { b"1" } else { b"0" };
        let results = [flag, score.as_bytes(), rank.as_bytes(), group.as_bytes(), &reasons];
        let file = self.layout.file_column().map(|_| neutral(self.layout.file_name(record.offset).as_bytes()));
        let both = both.filter(|_| self.both.is_some()).map(|BothRanks { detectors: [first, second], consensus }| {
            [first, second, consensus].map(|rank| rank.to_string())
        });
        let both = both.iter().flatten().map(String::as_bytes);
        let mark = said.mark.map_or("", Mark::name);
        let note = neutral(said.note.as_bytes());
        let said = [mark.as_bytes(), &note].into_iter().filter(|_| self.marked);
        let results = file.as_deref().into_iter().chain(results).chain(both).chain(said);
        let width = self.layout.record_width();
        if record.width() == width && !record.stray_quote && self.verbatim {
            self.append(record.raw, results, out)
        } else {
            // Ragged rows get the header's width, so that the results stand under their names.
            self.record((0..width).map(|column| record.cell(column)).chain(results), out)
        }
    }

    /// A line as it is, and cells after it.
    fn append<'c>(&self, line: &[u8], cells: impl Iterator<Item = &'c [u8]>, out: &mut impl Write) -> io::Result<()> {
        out.write_all(line)?;
        out.write_all(&[self.dialect.delimiter])?;
        self.record(cells, out)
    }

    /// Between spaces, nothing but quotes shows an empty cell.
    fn record<'c>(&self, cells: impl Iterator<Item = &'c [u8]>, out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.dialect.delimiter)
            .quote(self.dialect.quote)
            .quote_style(if self.dialect.delimiter == b' ' { QuoteStyle::NonNumeric } else { QuoteStyle::Necessary })
            .buffer_capacity(256)
            .from_writer(out);
        for cell in cells {
            let cell = if self.cells == Cells::Neutralised { neutral(cell) } else { Cow::Borrowed(cell) };
            writer.write_field(cell)?;
        }
        writer.write_record(None::<&[u8]>)?;
        writer.flush()
    }
}

/// The cell with an apostrophe before it if a spreadsheet would run it as a formula: so are all cells that are not copied
/// from the file but written.
pub(crate) fn neutral(cell: &[u8]) -> Cow<'_, [u8]> {
    if runs_as_formula(cell) { Cow::Owned([b"'", cell].concat()) } else { Cow::Borrowed(cell) }
}

/// OWASP's list of first characters ("CSV Injection"), except where the cell is a plain number.
fn runs_as_formula(cell: &[u8]) -> bool {
    matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
        && !matches!(
            crate::ingest::parse_number(cell),
            crate::ingest::Number::Value(_) | crate::ingest::Number::Missing
        )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::ingest::{Choices, Dialect, Format, RecordReader};

    fn written(text: &str, cells: Cells) -> String {
        written_of_both(text, cells, false)
    }

    fn written_of_both(text: &str, cells: Cells, both: bool) -> String {
        let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
        let mut reader = RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, 64).expect("seeks");
        let writer =
            ResultsWriter::new(&layout, cells, both.then_some([Method::IsolationForest, Method::Autoencoder]), false);
        let mut out = Vec::new();
        writer.header(&mut out).expect("writes");
        let mut rank = 0;
        while let Some(record) = reader.next_record().expect("reads") {
            rank += 1;
            let both = both.then_some(BothRanks { detectors: [rank, rank + 7], consensus: rank + 20 });
            let group = if rank == 3 { 12 } else { 0 };
            let result = RowResult {
                anomaly: rank == 1,
                score: 0.5,
                rank,
                group,
                reasons: "a, 60 %; b",
                both,
                said: Said::default(),
            };
            writer.row(&record, result, &mut out).expect("writes");
        }
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn rows_stay_as_they_were_and_results_stand_under_their_names() {
        let text = " a;b;\"c d\"\r\n1; 2;\"x\"\"y\"\r\n3;4\r\n5;6;7;8\r\n9;1;\"open\r\n";
        assert_eq!(
            written(text, Cells::AsTheyAre),
            " a;b;\"c d\";anomaly;anomaly_score;anomaly_rank;anomaly_group;anomaly_reasons\n\
             1; 2;\"x\"\"y\";1;0.5;1;;\"a, 60 %; b\"\n\
             3;4;;0;0.5;2;;\"a, 60 %; b\"\n\
             5;6;7;0;0.5;3;12;\"a, 60 %; b\"\n\
             9;1;\"\"\"open\";0;0.5;4;;\"a, 60 %; b\"\n"
        );
    }

    #[test]
    fn what_is_written_beside_the_cells_never_runs() {
        assert_eq!(*neutral(b"=HYPERLINK(1), 60 %"), *b"'=HYPERLINK(1), 60 %");
        for kept in [b"bytes, 60 %".as_slice(), b"-1.5", b""] {
            assert_eq!(*neutral(kept), *kept);
        }
    }

    #[test]
    fn the_ranks_of_both_detectors_come_last() {
        assert_eq!(
            written_of_both("a,b\n1,2\n3,4\n", Cells::AsTheyAre, true),
            "a,b,anomaly,anomaly_score,anomaly_rank,anomaly_group,anomaly_reasons,isolation_forest_rank,autoencoder_rank,consensus_rank\n\
             1,2,1,0.5,1,,\"a, 60 %; b\",1,8,21\n\
             3,4,0,0.5,2,,\"a, 60 %; b\",2,9,22\n"
        );
    }

    #[test]
    fn what_is_said_comes_last_and_does_not_run() {
        let text = "a,mark\n1,2\n3,4\n";
        let (layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
        let writer = ResultsWriter::new(&layout, Cells::AsTheyAre, None, true);
        let mut reader = RecordReader::new(Cursor::new(text), layout.data_start, &layout.format, 64).expect("seeks");
        let mut out = Vec::new();
        writer.header(&mut out).expect("writes");
        let said = Said { mark: Some(Mark::Expected), note: "=1+1, \"quoted\"" };
        for said in [said, Said::default()] {
            let record = reader.next_record().expect("reads").expect("a record");
            let result = RowResult { anomaly: true, score: 0.5, rank: 1, group: 0, reasons: "", both: None, said };
            writer.row(&record, result, &mut out).expect("writes");
        }
        let out = String::from_utf8(out).expect("text");
        assert!(
            out.starts_with("a,mark,anomaly,anomaly_score,anomaly_rank,anomaly_group,anomaly_reasons,mark.1,note\n")
        );
        assert!(out.ends_with("1,2,1,0.5,1,,,expected,\"'=1+1, \"\"quoted\"\"\"\n3,4,1,0.5,1,,,,\n"), "{out}");
    }

    #[test]
    fn between_spaces_no_cell_is_lost() {
        let text = "a b\n1 2\n";
        let (mut layout, _) = Layout::sniff(text.as_bytes(), text.len() as u64, &Choices::default()).expect("a table");
        layout.format = Format::Delimited(Dialect { delimiter: b' ', padded: true, ..Dialect::default() });
        let writer = ResultsWriter::new(&layout, Cells::AsTheyAre, None, false);
        let mut reader = RecordReader::new(Cursor::new("1   2"), 0, &layout.format, 64).expect("seeks");
        let record = reader.next_record().expect("reads").expect("a record");
        let mut out = Vec::new();
        let result =
            RowResult { anomaly: false, score: 0.5, rank: 2, group: 0, reasons: "", both: None, said: Said::default() };
        writer.row(&record, result, &mut out).expect("writes");
        let mut results = RecordReader::new(Cursor::new(&out), 0, &layout.format, 64).expect("seeks");
        let record = results.next_record().expect("reads").expect("a record");
        assert!(record.cells().eq([&b"1"[..], b"2", b"0", b"0.5", b"2", b"", b""]));
    }

    #[test]
    fn names_that_exist_are_numbered() {
        let out = written("a,anomaly,anomaly_score\n1,2,3\n", Cells::AsTheyAre);
        assert!(out.starts_with(
            "a,anomaly,anomaly_score,anomaly.1,anomaly_score.1,anomaly_rank,anomaly_group,anomaly_reasons\n"
        ));
    }

    #[test]
    fn formulas_are_neutralised_on_request_and_numbers_are_not() {
        let text = "a,=b,c\n-1,=1+1,@x\n";
        assert!(written(text, Cells::AsTheyAre).starts_with("a,=b,c,anomaly,"));
        assert!(written(text, Cells::AsTheyAre).contains("\n-1,=1+1,@x,"));
        assert!(written(text, Cells::Neutralised).starts_with("a,'=b,c,anomaly,"));
        assert!(written(text, Cells::Neutralised).contains("\n-1,'=1+1,'@x,"));
    }
}
