//! Parquet files: what DuckDB reads in them, whatever wrote them (`fixtures/make_parquet.py`), what only old tools write,
//! and damage.
#![cfg(feature = "parquet")]

use std::{
    io::Cursor,
    panic,
    path::{Path, PathBuf},
    sync::{Arc, Once},
};

use crate::common::results::all_rows;
use flowsift::{
    engine::{EngineError, ThreadHost},
    ingest::{Choices, Encoding, IngestError, ParquetText},
};
use parquet::{
    basic::{Compression, Encoding as Coding},
    data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
        Int64Type, Int96, Int96Type,
    },
    file::{
        properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion},
        writer::SerializedFileWriter,
    },
    schema::parser::parse_message_type,
};
use proptest::prelude::*;

const SAME: [&str; 5] = ["duckdb-plain", "duckdb-snappy", "duckdb-v2-zstd", "polars-gzip", "polars-zstd"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet").join(name)
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(fixture(&format!("{name}.parquet"))).expect("a fixture")
}

/// The whole text.
fn text(bytes: Vec<u8>, budget: u64) -> Result<String, IngestError> {
    let mut table = ParquetText::open(Cursor::new(bytes), budget)?;
    let mut out = Vec::new();
    while table.next_piece(&mut out)? {}
    let (written, rows) = table.progress();
    assert_eq!(written, rows);
    assert!(table.into_source().is_some(), "it is given back");
    Ok(String::from_utf8(out).expect("UTF-8"))
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect()
}

/// The same text, or the same number.
fn same(ours: &str, theirs: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().map(f64::to_bits);
    ours == theirs || number(ours).is_some_and(|ours| Some(ours) == number(theirs)) || (ours, theirs) == ("NaN", "nan")
}

#[test]
fn every_cell_is_what_duckdb_reads() {
    let expected = records(&std::fs::read_to_string(fixture("expected.csv")).expect("a fixture"));
    for name in SAME {
        let read = records(&text(bytes_of(name), u64::MAX).expect("a table"));
        assert_eq!(read.len(), expected.len(), "{name}");
        for (row, (ours, theirs)) in read.iter().zip(&expected).enumerate() {
            assert_eq!(ours.len(), theirs.len(), "{name}, row {row}");
            for (column, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                let title = &expected[0][column];
                // Shortest as 32 bits, which DuckDB writes with the digits of a sixteen-digit number's width at times.
                let close = title == "mean, of all" && ours.parse::<f32>().ok() == theirs.parse::<f32>().ok();
                assert!(same(ours, theirs) || close, "{name}, row {row}, {title}: {ours:?} for {theirs:?}");
            }
        }
    }
}

/// All rows with their results.
fn results(shards: usize, bytes: &[u8]) -> Result<(Encoding, String), EngineError> {
    let bytes: Arc<[u8]> = bytes.into();
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
    let (opened, _, written) = all_rows(&host, &Choices::default())?;
    Ok((opened.encoding, written))
}

#[test]
fn a_table_gives_the_results_of_its_text() {
    let plain = text(bytes_of("polars-gzip"), u64::MAX).expect("a table");
    let (_, expected) = results(1, plain.as_bytes()).expect("results");
    assert_eq!(records(&expected).len(), 241);
    for (shards, name) in [(1, "duckdb-plain"), (2, "duckdb-snappy"), (3, "polars-zstd")] {
        let (encoding, written) = results(shards, &bytes_of(name)).expect("results");
        assert_eq!(encoding, Encoding::Utf8);
        assert_eq!(written, expected, "{name}");
    }
}

#[test]
fn what_is_not_read_says_why() {
    let lists = text(bytes_of("lists"), u64::MAX).expect_err("lists");
    assert!(matches!(&lists, IngestError::Lists { column } if column.starts_with("ports")), "{lists}");
    let brotli = text(bytes_of("brotli"), u64::MAX).expect_err("brotli").to_string();
    assert!(brotli.contains("BROTLI") && brotli.contains("snappy"), "{brotli}");
    let budget = text(bytes_of("duckdb-plain"), 1 << 10).expect_err("a budget");
    assert_eq!(budget, IngestError::TooMuchUnpacked { most_mb: 0 });
    let cut = bytes_of("duckdb-plain")[..20_000].to_vec();
    assert!(matches!(text(cut, u64::MAX), Err(IngestError::Packed { .. })));
}

/// A column as the parquet crate's writer takes it: values, and how deep each cell lies.
type Write<'a> = Box<dyn Fn(&mut parquet::file::writer::SerializedColumnWriter<'_>) + 'a>;

fn column<T: DataType>(values: Vec<T::T>, depths: Option<Vec<i16>>) -> Write<'static> {
    Box::new(move |writer| {
        writer.typed::<T>().write_batch(&values, depths.as_deref(), None).expect("writes");
    })
}

fn written(schema: &str, properties: WriterPropertiesBuilder, groups: usize, columns: &[Write<'_>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build())).expect("begins");
    for _ in 0..groups {
        let mut group = writer.next_row_group().expect("a group");
        for column in columns {
            let mut writer = group.next_column().expect("writes").expect("a column");
            column(&mut writer);
            writer.close().expect("closes");
        }
        group.close().expect("closes");
    }
    writer.into_inner().expect("finishes")
}

#[test]
fn types_of_older_and_rarer_tools() {
    let schema = "message flows {
        REQUIRED INT96 impala;
        OPTIONAL INT64 old (TIMESTAMP_MILLIS);
        REQUIRED INT32 unsigned (UINT_32);
        OPTIONAL group outer { OPTIONAL group inner { OPTIONAL INT32 deep; } }
        REQUIRED FIXED_LEN_BYTE_ARRAY (2) half (FLOAT16);
        REQUIRED FIXED_LEN_BYTE_ARRAY (12) span (INTERVAL);
        REQUIRED BYTE_ARRAY price (DECIMAL(20, 2));
        REQUIRED BYTE_ARRAY raw;
        REQUIRED FLOAT rate;
        REQUIRED BOOLEAN up;
    }";
    let julian = |low, high, day| {
        let mut value = Int96::new();
        value.set_data(low, high, day);
        value
    };
    let bytes = |values: &[&[u8]]| values.iter().map(|value| ByteArray::from(value.to_vec())).collect::<Vec<_>>();
    let fixed = |values: &[&[u8]]| -> Vec<FixedLenByteArray> {
        values.iter().map(|value| ByteArray::from(value.to_vec()).into()).collect()
    };
    let interval = [1, 0, 0, 0, 2, 0, 0, 0, 0xdc, 5, 0, 0];
    let columns = [
        column::<Int96Type>(vec![julian(0, 0, 2_440_588), julian(500_000_000, 0, 2_458_000)], None),
        column::<Int64Type>(vec![-1], Some(vec![1, 0])),
        column::<Int32Type>(vec![-1, 7], None),
        column::<Int32Type>(vec![-5], Some(vec![3, 1])),
        column::<FixedLenByteArrayType>(fixed(&[&[0x00, 0x3e], &[0x01, 0x80]]), None),
        column::<FixedLenByteArrayType>(fixed(&[&interval, &[0; 12]]), None),
        column::<ByteArrayType>(bytes(&[&[0xff], &[0x01, 0x00]]), None),
        column::<ByteArrayType>(bytes(&[b"tcp", &[0xff, 0x00]]), None),
        column::<FloatType>(vec![0.1, 16_777_216.0], None),
        column::<BoolType>(vec![true, false], None),
    ];
    let expected = "impala,old,unsigned,outer.inner.deep,half,span,price,raw,rate,up\n\
        1970-01-01 00:00:00,1969-12-31 23:59:59.999Z,4294967295,-5,1.5,P1M2DT1.500S,-0.01,tcp,0.1,1\n\
        2017-09-03 00:00:00.5,,7,,-5.960464477539063e-8,P0M0DT0.000S,2.56,ff00,16777216,0\n";
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for dictionary in [true, false] {
            let properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(dictionary)
                .set_compression(Compression::UNCOMPRESSED);
            let file = written(schema, properties, 1, &columns);
            let text = text(file, u64::MAX).expect("a table");
            // A float and its exponent, as Rust writes them.
            let text = text.replace("-5.9604645e-8", "-5.960464477539063e-8");
            assert_eq!(text, expected);
        }
    }
}

#[test]
fn encodings_that_few_tools_write_by_themselves() {
    let names: Vec<String> = (0..5_000).map(|n| format!("host-{:04}.example", n * 7_919 % 5_000)).collect();
    let values: Vec<ByteArray> = names.iter().map(|name| name.as_str().into()).collect();
    let rows: String = names.iter().map(|name| format!("{name}\n")).collect();
    for coding in [Coding::DELTA_BYTE_ARRAY, Coding::DELTA_LENGTH_BYTE_ARRAY, Coding::PLAIN] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(false)
                .set_data_page_size_limit(4_000)
                .set_encoding(coding);
            let column = column::<ByteArrayType>(values.clone(), Some(vec![1; names.len()]));
            let file = written("message flows { OPTIONAL BYTE_ARRAY host (UTF8); }", properties, 3, &[column]);
            assert_eq!(text(file, u64::MAX).expect("a table"), format!("host\n{}", rows.repeat(3)));
        }
    }
}

#[test]
fn a_row_with_nothing_in_it_is_a_row() {
    let column = column::<Int32Type>(vec![1, 2], Some(vec![1, 0, 1]));
    let file = written("message flows { OPTIONAL INT32 bytes; }", WriterProperties::builder(), 1, &[column]);
    assert_eq!(text(file, u64::MAX).expect("a table"), "bytes\n1\n\"\"\n2\n");
}

static QUIET: Once = Once::new();

/// The decoder's own panics are caught, and would fill the screen.
fn quieten() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|location| location.file().contains("/parquet-")) {
            usual(panic);
        }
    }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn damaged_files_are_refused_or_read_but_nothing_panics(
        name in prop::sample::select(&SAME[..]), at in any::<prop::sample::Index>(), behind in prop::bool::ANY,
        value in any::<u8>(), cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        QUIET.call_once(quieten);
        let mut bytes = bytes_of(name);
        // Half of the damage is in what the file tells of itself.
        let from = if behind { bytes.len() - 8_000 } else { 4 };
        let place = from + at.index(bytes.len() - from);
        bytes[place] = value;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let read = ParquetText::open(Cursor::new(bytes), 10 << 20).and_then(|mut table| {
            let mut out = Vec::new();
            while table.next_piece(&mut out)? {}
            Ok(out)
        });
        let is_clear = matches!(
            read,
            Ok(_)
                | Err(IngestError::Packed { .. } | IngestError::Lists { .. } | IngestError::TooMuchUnpacked { .. })
        );
        prop_assert!(is_clear, "{:?}", read.err());
    }
}
