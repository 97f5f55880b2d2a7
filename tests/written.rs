//! Numbers and times as people write them, in whole files: the same values, units and orders by any number of shards.

use std::{fmt::Write, io::Cursor, sync::Arc};

use flowsift::{
    engine::{self, Dataset, ThreadHost},
    ingest::FindingKind,
    table::{Field, Kind, Role, TimeStyle, Unit},
};
use futures_executor::block_on;
use proptest::prelude::*;

/// The file, read alike by 1, 2 and 5 shards.
fn load(text: &str) -> Dataset {
    load_by(text, [1, 2, 5])
}

fn load_by(text: &str, shards: [usize; 3]) -> Dataset {
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let loaded = shards.map(|shards| {
        let bytes = Arc::clone(&bytes);
        let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
        block_on(engine::load(&host)).expect("reads")
    });
    assert_eq!(loaded[0], loaded[1], "{shards:?}");
    assert_eq!(loaded[0], loaded[2], "{shards:?}");
    loaded[0].clone()
}

fn field<'a>(dataset: &'a Dataset, name: &str) -> &'a Field {
    dataset.layout.schema.fields.iter().find(|field| field.name == name).expect("a column")
}

/// Least and greatest value of a column, and its unreadable cells.
fn told(dataset: &Dataset, name: &str) -> (f32, f32, u64) {
    let column = dataset.layout.schema.fields.iter().position(|field| field.name == name).expect("a column");
    let stats = &dataset.profile.columns[column];
    (stats.min as f32, stats.max as f32, stats.unreadable)
}

/// Rows of a counter and a cell.
fn table(name: &str, cells: impl IntoIterator<Item = String>) -> String {
    let mut text = format!("port;{name};kind\n");
    for (row, cell) in cells.into_iter().enumerate() {
        let _ = writeln!(text, "{};{cell};{}", row % 7, ["a", "b"][row % 2]);
    }
    text
}

#[test]
fn cells_with_units_are_numbers_in_one_unit() {
    for (cells, unit, least, greatest) in [
        (["1.7 M", "823", "24.6 G"], None, 823.0, 24.6e9),
        (["300 kB", "1.5 GiB", "12 B"], Some(Unit::Bytes), 12.0, 1_610_612_736.0),
        (["3.4 ms", "250 µs", "2 s"], Some(Unit::Seconds), 0.000_25, 2.0),
        (["12 Mbit/s", "9.6 kbit/s", "1 Gbps"], Some(Unit::BitsPerSecond), 9_600.0, 1e9),
        (["120 pkts", "1 pkt", "3 packets"], Some(Unit::Packets), 1.0, 120.0),
        (["12.5 %", "3%", "0 %"], Some(Unit::Percent), 0.0, 12.5),
        (["PT1M30S", "PT0.5S", "P1D"], Some(Unit::Seconds), 0.5, 86_400.0),
        (["1m30s", "2h 5m", "45s"], Some(Unit::Seconds), 45.0, 7_500.0),
        (["1 day, 02:03:04", "00:00:01", "3 days, 00:00:00"], Some(Unit::Seconds), 1.0, 259_200.0),
        (["'-3.25", "−8.5", "+5"], None, -8.5, 5.0),
        (["12\u{a0}345", "1\u{202f}234\u{202f}567", "7"], None, 7.0, 1_234_567.0),
    ] {
        let dataset = load(&table("amount", cells.iter().cycle().take(60).map(|&cell| cell.to_owned())));
        let column = field(&dataset, "amount");
        assert_eq!((column.kind, column.unit), (Kind::Number, unit), "{cells:?}");
        assert_eq!(told(&dataset, "amount"), (least, greatest, 0), "{cells:?}");
        assert!(dataset.findings.by_kind.is_empty(), "{cells:?} {:?}", dataset.findings.by_kind);
    }
}

#[test]
fn a_clock_is_a_length_of_time_where_the_name_says_so_and_else_a_time_of_day() {
    let cells = || (0..60).map(|row| format!("{:02}:05:{:02}.5", row % 24, row));
    let dataset = load(&table("Duration", cells()));
    let column = field(&dataset, "Duration");
    assert_eq!((column.kind, column.role, column.unit), (Kind::Number, Role::Duration, Some(Unit::Seconds)));
    assert_eq!(told(&dataset, "Duration"), (300.5, 83_147.5, 0));
    let dataset = load(&table("seen", cells()));
    let column = field(&dataset, "seen");
    assert_eq!((column.kind, column.role, column.time), (Kind::Text, Role::Time, Some(TimeStyle::TimeOfDay)));
}

#[test]
fn a_name_may_say_the_unit() {
    for (name, unit) in [
        ("Dauer (s)", Some(Unit::Seconds)),
        ("Elapsed Time (sec)", Some(Unit::Seconds)),
        ("clock_skew_ms", Some(Unit::Milliseconds)),
        ("rtt [µs]", Some(Unit::Microseconds)),
        ("wait.ns", Some(Unit::Nanoseconds)),
        ("Anteil (%)", Some(Unit::Percent)),
        ("payload_bytes", Some(Unit::Bytes)),
        ("rate (bit/s)", Some(Unit::BitsPerSecond)),
        ("port_s", None),
        ("amount (total)", None),
        ("amount", None),
    ] {
        let dataset = load(&table(name, (0..60).map(|row| format!("{row}.5"))));
        assert_eq!(field(&dataset, name).unit, unit, "{name}");
    }
    // What the cells say counts for more.
    let dataset = load(&table("wait_ms", (0..60).map(|row| format!("{row} ms"))));
    assert_eq!((field(&dataset, "wait_ms").unit, told(&dataset, "wait_ms").1), (Some(Unit::Seconds), 0.059));
}

#[test]
fn quantities_are_no_names_however_long_and_different() {
    for cell in ["M", "ms", "GB"] {
        let dataset = load(&table("thing", (0..60).map(|row| format!("{} {cell}", 1_000_000 + row))));
        assert_eq!(field(&dataset, "thing").role, Role::Measure, "{cell}");
    }
}

#[test]
fn relative_times_may_have_a_unit() {
    let dataset = load(&table("timestamp", (0..60).map(|row| format!("{row}.5 s"))));
    let column = field(&dataset, "timestamp");
    assert_eq!((column.kind, column.role, column.time), (Kind::Number, Role::Time, Some(TimeStyle::Seconds)));
    assert_eq!(told(&dataset, "timestamp"), (0.5, 59.5, 0));
}

#[test]
fn names_that_look_like_quantities_stay_text() {
    for cells in [["4G", "5G", "3G"], ["$5", "$7.20", "$1"], ["10 m/s", "3 parsecs", "x"], ["(1)", "(2)", "(3)"]] {
        let dataset = load(&table("thing", cells.iter().cycle().take(60).map(|&cell| cell.to_owned())));
        assert_eq!(field(&dataset, "thing").kind, Kind::Text, "{cells:?}");
    }
}

#[test]
fn units_may_come_after_the_first_rows() {
    let cells = (0..4_000).map(|row| if row > 2_500 { format!("{}.5 k", row) } else { row.to_string() });
    let dataset = load(&table("bytes", cells));
    assert_eq!(told(&dataset, "bytes"), (0.0, 3_999_500.0, 0));
    let cells = (0..4_000).map(|row| if row == 2_500 { "12 ms".to_owned() } else { row.to_string() });
    let dataset = load(&table("bytes", cells));
    assert_eq!(told(&dataset, "bytes"), (0.0, 3_999.0, 1), "bytes are not counted in ms");
    assert_eq!(dataset.findings.count(FindingKind::UnreadableNumber), 1);
    assert_eq!(dataset.findings.by_kind[&FindingKind::UnreadableNumber].first[0].line, 2_502);
}

#[test]
fn a_column_of_numbers_and_others_is_told_of() {
    let mixed = |every: usize| (0..4_000).map(move |row| if row % every == 0 { "n/v".into() } else { row.to_string() });
    let dataset = load(&table("amount", mixed(100)));
    assert_eq!((field(&dataset, "amount").kind, told(&dataset, "amount").2), (Kind::Number, 40));
    assert_eq!(dataset.findings.count(FindingKind::NumbersAsText), 0);
    let dataset = load(&table("amount", mixed(4)));
    assert_eq!(field(&dataset, "amount").kind, Kind::Text);
    assert_eq!(dataset.findings.count(FindingKind::NumbersAsText), 1);
    let position = dataset.findings.by_kind[&FindingKind::NumbersAsText].first[0];
    assert_eq!((position.line, position.column), (2, Some(1)));
    // The same where only later rows say so.
    let late = (0..4_000).map(|row| if row > 2_000 && row % 2 == 0 { "n/v".into() } else { row.to_string() });
    let dataset = load(&table("amount", late));
    assert_eq!(field(&dataset, "amount").kind, Kind::Text);
    assert_eq!(dataset.findings.count(FindingKind::NumbersAsText), 1);
    assert_eq!(dataset.findings.by_kind[&FindingKind::NumbersAsText].first[0].line, 2);
}

#[test]
fn one_late_row_proves_the_order_of_days_and_months() {
    let dates = |proof: &'static str| {
        (0..5_000).map(move |row| {
            let date = if row == 4_321 { proof } else { ["03/04/2024", "5/6/2024", "12/12/2024"][row % 3] };
            format!("{date} {:02}:00:00", row % 24)
        })
    };
    for (proof, style, ambiguous) in [
        ("13/04/2024", TimeStyle::DayFirst, 0),
        ("04/13/2024", TimeStyle::MonthFirst, 0),
        ("04/04/2024", TimeStyle::DayFirst, 1),
    ] {
        let dataset = load(&table("seen", dates(proof)));
        assert_eq!(field(&dataset, "seen").time, Some(style), "{proof}");
        assert_eq!(dataset.findings.count(FindingKind::AmbiguousDate), ambiguous, "{proof}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let rows: Vec<String> = (0..200)
        .map(|row| match row {
            150 => "7;n/v;x;1.5 k".to_owned(),
            _ if row > 120 => format!("{row}.25;{row};y;{row}"),
            _ => format!("{row};;z;"),
        })
        .collect();
    let text = |rows: Vec<String>| format!("wait;bytes;kind;size\n{}\n", rows.join("\n"));
    let forwards = load(&text(rows.clone()));
    let backwards = load(&text(rows.into_iter().rev().collect()));
    assert_eq!(forwards.layout.schema, backwards.layout.schema);
    for name in ["wait", "bytes", "size"] {
        assert_eq!(field(&forwards, name).kind, Kind::Number, "{name}");
        assert_eq!(told(&forwards, name), told(&backwards, name), "{name}");
    }
    assert_eq!((told(&forwards, "bytes").2, told(&forwards, "size").1), (1, 1_500.0));
}

/// Digits with marks between their thousands.
fn grouped(value: u64, mark: &str) -> String {
    let digits = value.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(mark)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn files_of_any_dialect_and_notation_read_back(
        values in prop::collection::vec((1_000_000u64..1_000_000_000_000, 1u32..100, any::<bool>()), 20..60),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        quoted: bool,
        german: bool,
        mark in 0usize..5,
        unit in prop::sample::select(vec![("", 0, None), (" kB", 3, Some(Unit::Bytes)), (" M", 6, None), (" %", 0, Some(Unit::Percent)), ("ms", -3, Some(Unit::Seconds))]),
        minus in prop::sample::select(vec!["-", "\u{2212}", "'-"]),
        shards in 2usize..9,
    ) {
        let (decimal, other) = if german { (",", ".") } else { (".", ",") };
        let mark = [other, "'", "\u{a0}", "\u{202f}", ""][mark];
        let delimiter = char::from(delimiter);
        // A delimiter within a cell has to be quoted.
        let quote = if quoted || delimiter == ',' { "\"" } else { "" };
        let mut text = format!("name{delimiter}amount{delimiter}kind\n");
        let mut wanted: Vec<f32> = Vec::new();
        for (row, &(whole, cents, negative)) in values.iter().enumerate() {
            let sign = if negative { minus } else { "" };
            let digits = grouped(whole, mark);
            let _ = writeln!(text, "n{row}{delimiter}{quote}{sign}{digits}{decimal}{cents:02}{}{quote}{delimiter}k", unit.0);
            let sign = if negative { "-" } else { "" };
            wanted.push(format!("{sign}{whole}.{cents:02}e{}", unit.1).parse::<f64>().expect("a number") as f32);
        }
        let dataset = load_by(&text, [1, 2, shards]);
        let (least, greatest) = (wanted.iter().copied().fold(f32::INFINITY, f32::min), wanted.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        prop_assert_eq!(dataset.profile.rows, values.len() as u64, "{}", text);
        prop_assert_eq!(told(&dataset, "amount"), (least, greatest, 0), "{}", text);
        prop_assert_eq!(field(&dataset, "amount").unit, unit.2);
    }
}
