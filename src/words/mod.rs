//! What there is to tell, in words and in the file's own units: flows, values, columns, what was found in the file, reasons of
//! thresholds. The page and the command say the same.

pub mod format;
mod suppression;
mod threshold;
mod values;

pub use suppression::{covered, part};
pub use threshold::reason;
pub use values::{
    DATES, amount, axis_name, expected, in_full, is_expected, moment, nanoseconds, neighbour, number, tick, usual,
    value,
};

use crate::{
    engine::Dataset,
    features::{Encoding, FeaturePlan, Grouping, Omission},
    ingest::{Finding, FindingKind, Layout},
    table::{FlowColumns, Schema},
};

impl FlowColumns {
    /// The flow in a line, or `None` where there are no two addresses.
    pub fn flow(&self, cells: &[String]) -> Option<String> {
        let cell = |column: Option<&usize>| column.and_then(|&column| cells.get(column)).map(|cell| cell.trim());
        let end = |place: usize| {
            let address = cell(self.addresses.get(place))?;
            let port = cell(self.ports.get(place)).filter(|port| !port.is_empty() && self.ports.len() == 2);
            let bracketed = port.is_some() && address.contains(':');
            Some(match port {
                Some(port) if bracketed => format!("[{address}]:{port}"),
                Some(port) => format!("{address}:{port}"),
                None => address.to_owned(),
            })
        };
        let protocol = cell(self.protocol.as_ref()).map_or("", protocol_name);
        Some(format!("{} → {} {protocol}", end(0)?, end(1)?).trim_end().to_owned())
    }

    /// When the flow was seen: for reading, and as the file says it.
    pub fn time(&self, cells: &[String], layout: &Layout) -> Option<[String; 2]> {
        let column = self.time?;
        let cell = cells.get(column)?.trim();
        let shown = if cell.is_empty() { String::new() } else { value(cell, column, layout) };
        // A date, and the time of day in another column.
        let clock = self.clock.and_then(|clock| cells.get(clock)).map(|clock| clock.trim());
        Some(match clock.filter(|_| !cell.contains(':')) {
            Some(clock) => [shown, cell.to_owned()].map(|date| format!("{date} {clock}").trim().to_owned()),
            None => [shown, cell.to_owned()],
        })
    }

    /// Whether there are times.
    pub fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Whether flows can be told by their ends.
    pub fn has_flow(&self) -> bool {
        self.addresses.len() == 2
    }
}

/// The name of the commonest IANA protocol numbers; anything else as it is.
/// A protocol by its number, as people call it.
pub fn protocol_name(text: &str) -> &str {
    match text {
        "1" => "icmp",
        "6" => "tcp",
        "17" => "udp",
        "47" => "gre",
        "50" => "esp",
        "58" => "icmpv6",
        "132" => "sctp",
        other => other,
    }
}

/// A finding and where it was made first: by line, and by file and byte where several files are read as one.
pub fn finding(kind: FindingKind, finding: &Finding, layout: &Layout) -> (String, String) {
    let one_file = layout.files.len() < 2;
    let place = |position: &crate::ingest::Position| {
        let column = position.column.and_then(|column| layout.schema.fields.get(column as usize));
        let named = column.map_or_else(String::new, |field| format!(" ({})", field.name));
        if one_file {
            return format!("{}{named}", format::count(position.line));
        }
        let start = layout.files.iter().rfind(|file| file.start <= position.byte).map_or(0, |file| file.start);
        format!("{} byte {}{named}", layout.file_name(position.byte), format::count(position.byte - start))
    };
    let places: Vec<String> = finding.first.iter().map(place).collect();
    let more = if finding.count > places.len() as u64 { ", …" } else { "" };
    let lines = match places.len() {
        _ if !one_file => "",
        1 => "line ",
        _ => "lines ",
    };
    let [one, many] = kind.words();
    (format::counted(finding.count, one, many), format!("{lines}{}{more}", places.join(", ")))
}

/// The rows are not in memory, and there are more than the sample has: some of what is shown is not exact.
pub fn is_sampled(dataset: &Dataset) -> bool {
    !dataset.held && dataset.profile.rows > dataset.sample_rows()
}

/// Cells of a column that hold no finite number, in words; `None` where all do.
pub fn gaps(dataset: &Dataset, column: usize) -> Option<(u64, String)> {
    let profile = &dataset.profile.columns[column];
    let parts = [
        (profile.missing.saturating_sub(profile.unreadable), "missing"),
        (profile.unreadable, "not a number"),
        (profile.infinite, "infinite"),
    ];
    let words: Vec<String> = parts
        .iter()
        .filter(|part| part.0 > 0)
        .map(|(cells, what)| format!("{} {what}", format::count(*cells)))
        .collect();
    (!words.is_empty()).then(|| (profile.missing + profile.infinite, words.join(", ")))
}

/// Why a column was not compared.
pub fn omission(omission: Omission, schema: &Schema) -> String {
    match omission {
        Omission::Role(role) => format!("{}: never compared", role.word()),
        Omission::Text => "text".to_owned(),
        Omission::Empty => "no usable value".to_owned(),
        Omission::Constant => "constant".to_owned(),
        Omission::DuplicateOf(twin) => format!("equals {}", schema.fields[twin].name),
        Omission::Crowded => "too many distinct values".to_owned(),
        Omission::NotInBaseline => "not in what the detector was fitted on".to_owned(),
    }
}

/// How a column is made comparable.
pub fn encoding(encoding: &Encoding) -> &'static str {
    match encoding {
        Encoding::MinMax { .. } => "min–max scaled",
        Encoding::SignedLog { .. } => "log scale",
        Encoding::Rarity { of: Grouping::Values, .. } => "rarity of the value",
        Encoding::Rarity { of: Grouping::AddressClasses, .. } => "rarity of the address class",
        Encoding::Is { .. } => "one-hot",
    }
}

/// Number columns for the axes of the scatter chart: those that were compared first.
pub fn axis_choices(dataset: &Dataset, plan: &FeaturePlan) -> (Vec<usize>, Vec<usize>) {
    let usable = |column: &usize| {
        dataset.layout.schema.fields[*column].kind == crate::table::Kind::Number
            && dataset.profile.columns[*column].has_numbers()
    };
    (
        plan.compared().map(|feature| feature.column).filter(usable).collect(),
        plan.left_out.iter().map(|left| left.0).filter(usable).collect(),
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Cursor;

    use futures_executor::block_on;

    use super::*;
    use crate::{
        engine::{self, ThreadHost},
        ingest::FilePart,
        table::{Field, Kind, Role},
    };

    /// A text as it is read, and who holds its rows.
    pub fn dataset_of(text: &str) -> (ThreadHost, Dataset) {
        let text: std::sync::Arc<[u8]> = text.as_bytes().into();
        let host = ThreadHost::new(1, move || Cursor::new(std::sync::Arc::clone(&text)), |_, _| {});
        let dataset = block_on(engine::load(&host)).expect("a table");
        (host, dataset)
    }

    fn schema(columns: &[(&str, Role)]) -> Schema {
        let field = |&(name, role): &(&str, Role)| Field::new(name, Kind::Text, role);
        Schema { fields: columns.iter().map(field).collect() }
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn a_flow_is_told_by_its_ends() {
        let schema = schema(&[
            ("Src IP", Role::Ip),
            ("Src Port", Role::Port),
            ("Dst IP", Role::Ip),
            ("Dst Port", Role::Port),
            ("Protocol", Role::Protocol),
        ]);
        let columns = FlowColumns::of(&schema);
        let flow = columns.flow(&cells(&["10.0.0.1", "52", "fe80::1", "443", "6"]));
        assert_eq!(flow.as_deref(), Some("10.0.0.1:52 → [fe80::1]:443 tcp"));
        assert_eq!(columns.flow(&cells(&["10.0.0.1"])), None);
    }

    #[test]
    fn the_source_comes_first_also_where_the_file_has_it_second() {
        let mut found =
            schema(&[("to", Role::Ip), ("from", Role::Ip), ("service", Role::Port), ("exporter", Role::Ip)]);
        let flow = |schema: &Schema| FlowColumns::of(schema).flow(&cells(&["b", "a", "1", "x"]));
        assert_eq!(flow(&found).as_deref(), Some("b → a"), "nothing is known of them");
        found.fields[1].meaning = Some("src_ip".into());
        assert_eq!(flow(&found), None, "of two others, nobody knows");
        found.fields[3].role = Role::Category;
        assert_eq!(flow(&found).as_deref(), Some("a → b"));
        found.fields[3].role = Role::Ip;
        found.fields[0].meaning = Some("dst_ip".into());
        assert_eq!(flow(&found).as_deref(), Some("a → b"));
        assert!(!FlowColumns::of(&schema(&[("ip", Role::Ip)])).has_flow());
    }

    #[test]
    fn a_time_is_told_from_one_column_or_two() {
        let time = |text: &str, row: &[&str]| {
            let (_, dataset) = dataset_of(text);
            FlowColumns::of(&dataset.layout.schema).time(&cells(row), &dataset.layout)
        };
        let rows = |row: &str| format!("{row}\n").repeat(9);
        let shown = |shown: &str, raw: &str| Some([shown.to_owned(), raw.to_owned()]);
        let two = format!("time,date,bytes\n{}", rows("11:05:40,2024-03-05,7"));
        assert_eq!(time(&two, &["11:05:41", "2024-03-05", "1"]), shown("2024-03-05 11:05:41", "2024-03-05 11:05:41"));
        let zeek = format!("ts,bytes\n{}", rows("1647513012.345,7"));
        assert_eq!(time(&zeek, &["1647513012.5", "1"]), shown("2022-03-17 10:30:12.5", "1647513012.5"));
        assert_eq!(time(&zeek, &[" ", "1"]), shown("", ""));
        assert_eq!(time("a,bytes\nx,1\ny,2\n", &["x", "1"]), None);
    }

    #[test]
    fn findings_have_a_count_and_places() {
        let mut findings = crate::ingest::Findings::default();
        (0..7).for_each(|line| findings.note(FindingKind::ShortRow, line, line + 2, None));
        findings.note(FindingKind::UnreadableNumber, 9, 9, Some(0));
        let mut layout = (*dataset_of("bytes\n1\n2\n").1.layout).clone();
        let said = |kind| finding(kind, &findings.by_kind[&kind], &layout);
        assert!(said(FindingKind::ShortRow).0.starts_with("7 rows are shorter"));
        assert_eq!(said(FindingKind::ShortRow).1, "lines 2, 3, 4, 5, 6, …");
        assert_eq!(said(FindingKind::UnreadableNumber).1, "line 9 (bytes)");
        let file = |name: &str, start| FilePart { name: name.into(), start, data_start: start };
        layout.files = vec![file("a.csv", 0), file("b.csv", 7)];
        let said = |kind| finding(kind, &findings.by_kind[&kind], &layout);
        assert_eq!(said(FindingKind::UnreadableNumber).1, "b.csv byte 2 (bytes)");
    }
}
