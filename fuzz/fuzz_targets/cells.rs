//! Numbers: every line is a cell. The quick ways to read one agree with the careful one, and what is written reads back.
#![no_main]

use std::{io::Cursor, sync::Arc};

use flowsift::{
    ingest::{
        Assumed, Dialect, Format, Layout, Number, NumberStyle, RecordReader, TableBuilder, parse_number, read_cell,
        read_quantity,
    },
    table::{Field, Kind, Role, Schema, Unit},
};
use flowsift_fuzz::{lines, memory::within, options};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (text, [role, unit, signs]) = options(input);
    let field = Field {
        unit: Unit::ALL.get(usize::from(unit).wrapping_sub(1)).copied(),
        minus_one_is_missing: signs & 1 != 0,
        zero_is_missing: signs & 2 != 0,
        ..Field::new("cell", Kind::Number, if role == 0 { Role::Measure } else { Role::ALL[usize::from(role) % 10] })
    };
    let (decimal, thousands) = [(b'.', None), (b',', Some(b'.')), (b'.', Some(b',')), (b',', None), (b',', Some(b' '))]
        [usize::from(signs >> 2) % 5];
    // Cells hold any bytes but the delimiter, and the one that no text has.
    let dialect = Dialect { delimiter: 1, quote: Dialect::NO_QUOTE, decimal, thousands, ..Dialect::default() };
    let cells: Vec<&[u8]> = lines(text).filter(|cell| !cell.iter().any(|byte| matches!(byte, 1 | 0xff))).collect();
    within((8 << 20) + 512 * text.len(), || {
        as_columns_store_them(&cells, &field, &dialect);
        for cell in cells {
            if let Some(quantity) = read_quantity(cell, field.unit) {
                assert!(!quantity.is_nan());
            }
        }
    });
    if let Some(bytes) = text.first_chunk() {
        reads_back(f64::from_le_bytes(*bytes), field.unit);
    }
});

/// A column holds what [`read_cell`] reads, as 32 bits.
fn as_columns_store_them(cells: &[&[u8]], field: &Field, dialect: &Dialect) {
    let mut file = Vec::new();
    let mut starts = Vec::new();
    for cell in cells {
        starts.push(file.len() as u64);
        // The number behind it makes it a row.
        file.extend([*cell, b"\x011\n"].concat());
    }
    let format = Format::Delimited(*dialect);
    let schema = Schema { fields: vec![field.clone(), Field::new("one", Kind::Number, Role::Measure)] };
    let layout = Layout {
        format: format.clone(),
        schema: Arc::new(schema),
        header: Vec::new(),
        row_cells: 2,
        totals: Vec::new(),
        data_start: 0,
        file_bytes: file.len() as u64,
        row_bytes: 8.0,
        assumed: Assumed::default(),
        files: Vec::new(),
        until: None,
    };
    let mut builder = TableBuilder::new(&layout);
    let mut reader = RecordReader::new(Cursor::new(&file), 0, &format, 1 << 16).expect("memory");
    while let Some(record) = reader.next_record().expect("memory") {
        builder.push(&record);
    }
    let style = NumberStyle::from(dialect);
    for block in builder.finish(0).0.blocks {
        let mut scratch = Vec::new();
        for (offset, &stored) in block.offsets.iter().zip(block.columns[0].numbers(&mut scratch)) {
            let cell = cells[starts.binary_search(offset).expect("a line")];
            let expected = match read_cell(cell, field, style) {
                // What is too small for 32 bits is zero as well.
                Number::Value(value) if field.zero_is_missing && value as f32 == 0.0 => f32::NAN,
                Number::Value(value) => value as f32 + 0.0,
                Number::Missing | Number::Unreadable => f32::NAN,
            };
            let same = stored.to_bits() == expected.to_bits() || stored.is_nan() && expected.is_nan();
            assert!(same, "{:?}: {stored} for {expected}", String::from_utf8_lossy(cell));
        }
    }
}

fn reads_back(value: f64, unit: Option<Unit>) {
    if value.is_nan() {
        return;
    }
    for text in [format!("{value}"), format!("{value:e}"), format!("{value:E}")] {
        assert_eq!(parse_number(text.as_bytes()), Number::Value(value), "{text}");
    }
    if let Some(unit) = unit.filter(|&unit| value.is_finite() && unit != Unit::Share) {
        let text = format!("{value} {}", unit.symbol());
        let read = read_quantity(text.as_bytes(), Some(unit)).expect("it has the column's unit");
        // Through the base unit and back: 10⁻⁹ of the greatest number is one, 10⁹ times it is none.
        let close = (read - value).abs() <= 4.0 * f64::EPSILON * value.abs() + f64::MIN_POSITIVE;
        assert!(close || value.abs() > 1e299, "{text}: {read}");
    }
}
