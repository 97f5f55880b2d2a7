//! A line with a JSON object → cells.

use std::{collections::HashMap, sync::Arc};

use super::{
    FindingKind, JsonFields,
    cells::Cells,
    json::{Value, unescape, walk},
};

/// The path whose value says what an event of Suricata's is.
pub(super) const EVENT: &str = "event_type";

/// Is an event of this type a flow?
pub(super) fn is_flow(event: &[u8]) -> bool {
    matches!(event, b"flow" | b"netflow")
}

/// Cuts the objects of one file into the cells of its columns.
pub(super) struct ObjectSplitter {
    fields: Arc<JsonFields>,
    columns: HashMap<Vec<u8>, usize>,
    event: Option<usize>,
    path: Vec<u8>,
}

impl ObjectSplitter {
    pub fn new(fields: &Arc<JsonFields>) -> Self {
        let columns =
            fields.paths.iter().enumerate().map(|(column, path)| (path.clone().into_bytes(), column)).collect();
        let event = fields.paths.iter().position(|path| path == EVENT).filter(|_| fields.flows_only);
        Self { fields: Arc::clone(fields), columns, event, path: Vec::new() }
    }

    /// Fills `cells` with the object's values: an empty cell where it has none, and a surplus cell for every value that
    /// has no column. Says why the line is no row, if so.
    pub fn split(&mut self, raw: &[u8], cells: &mut Cells) -> Option<FindingKind> {
        let paths = &self.fields.paths;
        cells.reset(paths.len());
        let mut next = 0;
        let walked = walk(raw, &mut self.path, &mut |path, value| {
            // Objects of a file have their members in the same order, as a rule.
            let column = match paths.get(next) {
                Some(expected) if expected.as_bytes() == path => Some(next),
                _ => self.columns.get(path).copied(),
            };
            next = column.map_or(next, |column| column + 1);
            match value {
                Value::Null => cells.place(column, 0..0),
                Value::Literal(range) | Value::String { inside: range, escaped: false } => cells.place(column, range),
                Value::String { inside, .. } => cells.place_made(column, |out| unescape(&raw[inside], out)),
            }
        });
        match (walked, self.event) {
            (Err(_), _) => {
                cells.reset(0);
                Some(FindingKind::RejectedJson)
            }
            (Ok(()), Some(event)) if !is_flow(cells.text(raw, event)) => Some(FindingKind::RejectedEvent),
            (Ok(()), _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{Format, RecordReader, split::guess_start};

    proptest! {
        #[test]
        fn lines_are_records_at_any_slice_and_cut(
            texts in prop::collection::vec("[a-c\"\\\\,{}\n\r]{0,12}", 1..20), slice in 1usize..40, at in 1u64..200,
        ) {
            let lines: Vec<String> = texts
                .iter()
                .map(|text| format!("{{\"n\":1,\"text\":{}}}\n", serde_json::to_string(text).expect("writes")))
                .collect();
            let file = lines.concat();
            let paths = ["n", "text"].map(str::to_owned).to_vec();
            let format = Format::JsonLines(JsonFields { paths, flows_only: false }.into());
            let mut reader = RecordReader::new(Cursor::new(&file), 0, &format, slice).expect("seeks");
            let mut read = Vec::new();
            while let Some(record) = reader.next_record().expect("reads") {
                prop_assert_eq!((record.rejected, record.width(), record.line), (None, 2, read.len() as u64 + 1));
                read.push(String::from_utf8_lossy(record.cell(1)).into_owned());
            }
            prop_assert_eq!(read, texts);

            let ends = lines.iter().scan(0, |end, line| { *end += line.len() as u64; Some(*end) });
            let next = ends.clone().find(|&end| end >= at).unwrap_or(file.len() as u64);
            let guess = guess_start(&mut Cursor::new(&file), at.min(file.len() as u64), &format, 2).expect("reads");
            prop_assert_eq!(guess, next);
        }
    }

    fn split(paths: &[&str], flows_only: bool, line: &str) -> (Vec<String>, Option<FindingKind>) {
        let fields = JsonFields { paths: paths.iter().map(|&path| path.to_owned()).collect(), flows_only };
        let mut cells = Cells::default();
        let rejected = ObjectSplitter::new(&Arc::new(fields)).split(line.as_bytes(), &mut cells);
        let texts = (0..cells.width()).map(|cell| String::from_utf8_lossy(cells.text(line.as_bytes(), cell)).into());
        (texts.collect(), rejected)
    }

    #[test]
    fn values_find_their_columns_in_any_order() {
        let paths = ["ts", "id.orig_h", "note", "gone", "list"];
        let (cells, rejected) = split(
            &paths,
            false,
            r#"{"list":[1,"x"],"note":"say \"hi\"","id":{"orig_h":"10.0.0.1"},"ts":1.5,"ts":2.5,"new":7,"gone":null}"#,
        );
        assert_eq!(cells, ["2.5", "10.0.0.1", "say \"hi\"", "", "[1,\"x\"]", "7"]);
        assert_eq!(rejected, None);
    }

    #[test]
    fn broken_lines_and_other_events_are_no_rows() {
        let paths = ["event_type", "flow.pkts"];
        let rejected = |flows_only, line| split(&paths, flows_only, line).1;
        assert_eq!(rejected(true, r#"{"event_type":"flow","flow":{"pkts":1}}"#), None);
        assert_eq!(rejected(true, r#"{"event_type":"netflow"}"#), None);
        assert_eq!(rejected(true, r#"{"event_type":"dns"}"#), Some(FindingKind::RejectedEvent));
        assert_eq!(rejected(true, r#"{"flow":{"pkts":1}}"#), Some(FindingKind::RejectedEvent));
        assert_eq!(rejected(false, r#"{"event_type":"dns"}"#), None);
        assert_eq!(split(&paths, true, r#"{"event_type":"flow""#), (Vec::new(), Some(FindingKind::RejectedJson)));
        assert_eq!(rejected(false, "[1]"), Some(FindingKind::RejectedJson));
    }
}
