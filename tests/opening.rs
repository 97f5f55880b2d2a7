//! Files as analysts have them: packed, in other encodings, in several pieces, with columns that change their minds.

use std::{
    io::{Cursor, Write},
    sync::Arc,
};

use crate::common::results::all_rows;
use flate2::{Compression, write::GzEncoder};
use flowsift::{
    engine::{self, Dataset, EngineError, Input, Limits, Opened, Options, ThreadHost},
    ingest::{Choices, Encoding, FindingKind, IngestError},
    table::{Kind, Role},
};
use futures_executor::block_on;

fn text(from: u64, rows: u64) -> String {
    let row =
        |n: u64| format!("{},{},{}\n", n * 37 % 1_013, n * 11 % 97, if n.is_multiple_of(3) { "tcp" } else { "udp" });
    std::iter::once("bytes,packets,proto\n".to_owned()).chain((from..from + rows).map(row)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writes");
    encoder.finish().expect("finishes")
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options: zip::write::FileOptions<()> = zip::write::FileOptions::default();
        writer.start_file(*name, options).expect("starts");
        writer.write_all(bytes).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

/// Suricata's events: so many lookups, then flows among lookups.
fn events(lookups: usize, flows: usize) -> String {
    let lookup = "{\"event_type\":\"dns\",\"src_ip\":\"10.0.0.1\",\"dns\":{\"id\":7,\"rrname\":\"example.org\"}}\n";
    let flow = |n: usize| {
        format!(
            "{{\"event_type\":\"flow\",\"src_ip\":\"10.0.0.1\",\"flow\":{{\"pkts\":{},\"bytes\":{}}}}}\n{lookup}",
            n % 7,
            n * 60 % 1_013
        )
    };
    lookup.repeat(lookups) + &(0..flows).map(flow).collect::<String>()
}

fn host(shards: usize, files: &[(&str, Vec<u8>)]) -> ThreadHost {
    let input = |(name, bytes): &(&str, Vec<u8>)| {
        let bytes: Arc<[u8]> = bytes.clone().into();
        Input::new(name, move || Cursor::new(Arc::clone(&bytes)))
    };
    ThreadHost::of(shards, files.iter().map(input).collect(), |_, _| {})
}

/// The files read, and all rows with their results.
fn results(
    shards: usize,
    files: &[(&str, Vec<u8>)],
    choices: &Choices,
) -> Result<(Opened, Dataset, String), EngineError> {
    all_rows(&host(shards, files), choices)
}

fn one(bytes: Vec<u8>) -> (Opened, Dataset, String) {
    results(2, &[("flows", bytes)], &Choices::default()).expect("a table")
}

#[test]
fn packed_and_encoded_files_give_the_results_of_the_plain_one() {
    let plain = text(0, 500);
    let (opened, dataset, expected) = one(plain.clone().into_bytes());
    assert_eq!((dataset.profile.rows, opened.encoding), (500, Encoding::Utf8));
    assert_eq!(opened.preview.len(), 8);
    assert_eq!(opened.preview[1], ["37", "11", "udp"]);
    let utf16: Vec<u8> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (first, second) = plain.split_at(1_000);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let packed = [
        (gzip(plain.as_bytes()), Encoding::Utf8),
        (members, Encoding::Utf8),
        (archive(&[("readme.txt", b"hello"), ("flows.csv", plain.as_bytes())]), Encoding::Utf8),
        (utf16.clone(), Encoding::Utf16Le),
        (gzip(&utf16), Encoding::Utf16Le),
    ];
    for (bytes, encoding) in packed {
        let (opened, _, written) = one(bytes);
        assert_eq!(opened.encoding, encoding);
        assert_eq!(written, expected);
    }
}

#[test]
fn western_text_is_decoded_and_can_be_said_to_be_something_else() {
    let bytes = text(0, 50).replace("udp", "na\u{ef}ve").chars().map(|character| character as u8).collect::<Vec<u8>>();
    let (opened, _, written) = one(bytes.clone());
    assert_eq!(opened.encoding, Encoding::Windows1252);
    assert!(written.contains(",naïve,"));
    let choices = Choices { encoding: Some(Encoding::Utf8), ..Choices::default() };
    let host = host(1, &[("flows", bytes)]);
    let opened = block_on(engine::open(&host, &choices, Limits::default())).expect("opens");
    assert_eq!(opened.encoding, Encoding::Utf8);
    assert!(opened.preview[1][2].contains('\u{fffd}'));
}

#[test]
fn an_archives_entries_can_be_chosen() {
    let (a, b) = (text(0, 300), text(300, 200));
    let bytes = archive(&[("a.csv", a.as_bytes()), ("b.csv", b.as_bytes()), ("c.txt", b"notes")]);
    let read = |entries: &[&str]| {
        let entries = entries.iter().map(|&name| name.to_owned()).collect();
        results(3, &[("logs.zip", bytes.clone())], &Choices { entries, ..Choices::default() }).expect("a table")
    };
    let (opened, dataset, _) = read(&[]);
    assert_eq!((opened.chosen, dataset.profile.rows), (vec!["a.csv".to_owned()], 300), "the largest");
    assert_eq!(opened.entries.len(), 3);
    assert_eq!(read(&["b.csv"]).1.profile.rows, 200);
    let (_, dataset, written) = read(&["a.csv", "b.csv"]);
    assert_eq!(dataset.profile.rows, 500);
    assert_eq!(written.lines().filter(|line| line.contains(",b.csv,")).count(), 200);
}

#[test]
fn several_files_are_one_table_with_a_column_that_says_which() {
    let files = [("a.csv", text(0, 300).into_bytes()), ("b.csv.gz", gzip(text(300, 200).as_bytes()))];
    let (_, dataset, written) = results(1, &files, &Choices::default()).expect("a table");
    assert_eq!(dataset.profile.rows, 500);
    assert_eq!(dataset.findings.rejected_rows(), 0, "the second header is no row");
    assert!(written.starts_with("bytes,packets,proto,source_file,anomaly,"));
    assert_eq!(written.lines().count(), 501);
    assert!(written.lines().nth(301).is_some_and(|line| line.contains(",b.csv.gz,")));
    for shards in [2, 5] {
        let (_, many, rewritten) = results(shards, &files, &Choices::default()).expect("a table");
        assert_eq!((many, rewritten), (dataset.clone(), written.clone()), "{shards} shards");
    }

    let hours = [
        ("00.csv", b"bytes,packets,proto\n".to_vec()),
        ("01.csv", text(0, 300).into_bytes()),
        ("02.csv", Vec::new()),
        ("03.csv", text(300, 200).into_bytes()),
        ("04.csv", b"bytes,packets,proto".to_vec()),
    ];
    for shards in [1, 3] {
        let (opened, dataset, written) = results(shards, &hours, &Choices::default()).expect("a table");
        assert_eq!((dataset.profile.rows, dataset.findings.rejected_rows()), (500, 0));
        assert_eq!(dataset.findings.count(FindingKind::FileWithoutRows), 3);
        assert_eq!(opened.preview[0][3], "01.csv");
        assert!(written.lines().nth(1).is_some_and(|line| line.contains(",01.csv,")));
        assert!(written.lines().nth(301).is_some_and(|line| line.contains(",03.csv,")));
    }
    let refused = results(1, &hours[..1], &Choices::default()).expect_err("no rows");
    assert_eq!(refused, EngineError::Ingest(IngestError::HeaderOnly { columns: 3 }));

    let other = [files[0].clone(), ("c.csv", b"bytes,flags\n1,2\n".to_vec())];
    let refused = results(2, &other, &Choices::default()).expect_err("other columns");
    assert_eq!(refused, EngineError::Ingest(IngestError::OtherColumns { name: "c.csv".into(), first: "a.csv".into() }));
}

#[test]
fn bombs_end_with_a_message() {
    let bomb = gzip(&vec![b'1'; 20 << 20]);
    let refused = results(1, &[("bomb.gz", bomb)], &Choices::default()).expect_err("too much");
    assert_eq!(refused, EngineError::Ingest(IngestError::TooMuchUnpacked { most_mb: 1 }));
}

#[test]
fn a_column_that_turns_to_text_is_read_again_as_text() {
    // Numbers for longer than the part that is looked at first, then words.
    let mut text = String::from("bytes,state,packets\n");
    (0..200_000).for_each(|n| text.push_str(&format!("{},{},{}\n", n % 977, n % 5, n % 13)));
    (0..200_000).for_each(|n| text.push_str(&format!("{},{},{}\n", n % 977, ["CON", "INT"][n % 2], n % 13)));
    let host = host(2, &[("flows", text.into_bytes())]);
    let dataset = block_on(engine::load(&host)).expect("a table");
    let field = &dataset.layout.schema.fields[1];
    assert_eq!((field.kind, field.role), (Kind::Text, Role::Category));
    assert_eq!(dataset.findings.count(FindingKind::UnreadableNumber), 0);
    let values = dataset.profile.columns[1].counts.as_ref().expect("counted").len();
    assert_eq!((values, dataset.profile.rows), (7, 400_000));
}

#[test]
fn what_was_left_out_can_be_taken_away_with_its_places() {
    let mut file = text(0, 300);
    file.push_str("Summary\nx,y,z\n1,oops,tcp\n7,8\n");
    for shards in [1, 3] {
        let host = host(shards, &[("flows", file.clone().into_bytes())]);
        let written = block_on(async {
            let dataset = engine::load(&host).await?;
            assert_eq!((dataset.profile.rows, dataset.findings.rejected_rows()), (302, 2));
            engine::export_rejected(&host, &dataset).await
        });
        let written = String::from_utf8(written.expect("exports").concat()).expect("text");
        let lines: Vec<&str> = written.lines().collect();
        let byte = |line: &str| file.find(line).expect("there");
        assert_eq!(lines[0], "file,line,byte,what,column,text");
        assert_eq!(lines[1], format!(",302,{},line of totals or of a summary (skipped),,Summary", byte("Summary")));
        assert!(lines[2].starts_with(&format!(",303,{},row has no numbers", byte("x,y,z"))));
        assert!(
            lines[3].starts_with(&format!(",304,{},cell in a number column", byte("1,oops")))
                && lines[3].ends_with(",packets,oops")
        );
        assert!(lines[4].starts_with(&format!(",305,{},row is shorter", byte("7,8\n"))));
        assert_eq!(lines.len(), 5);
    }
}

#[test]
fn roles_are_changed_without_reading_where_that_is_possible() {
    let host = host(2, &[("flows", text(0, 300).into_bytes())]);
    block_on(async {
        let dataset = engine::load(&host).await.expect("a table");
        let assign = |name: &str, role| {
            let roles = [(name.to_owned(), role)].into();
            let (host, dataset) = (&host, &dataset);
            async move { engine::assign(host, dataset, &roles).await.expect("answers") }
        };
        let changed = assign("packets", Role::Ignored).await.expect("nothing to read");
        let outcome = engine::run(&host, &changed, Options::default()).await.expect("runs");
        let used: Vec<usize> = outcome.plan.features.iter().map(|feature| feature.column).collect();
        assert_eq!(used, [0, 2]);
        assert_eq!(assign("bytes", Role::Category).await, None, "its values were not counted");
        assert_eq!(assign("proto", Role::Identifier).await, None, "its keys would not be stored");
    });
}

#[test]
fn flows_behind_megabytes_of_other_events_are_rows() {
    let file = events(20_000, 300);
    assert!(file.find("flow").is_some_and(|first| first > flowsift::ingest::HEAD_BYTES));
    for shards in [1, 3] {
        let (_, dataset, _) =
            results(shards, &[("eve.json", file.clone().into_bytes())], &Choices::default()).expect("flows");
        assert_eq!(dataset.profile.rows, 300);
        let names: Vec<&str> = dataset.layout.schema.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["event_type", "src_ip", "flow.pkts", "flow.bytes"]);
        assert_eq!(dataset.findings.count(FindingKind::RejectedEvent), 20_300);
    }
}
