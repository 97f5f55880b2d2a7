//! A column of a row group: some thousand cells at a time.

use std::io::{Read, Seek};

use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader},
    data_type::{
        BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
        Int96Type,
    },
    schema::types::ColumnDescPtr,
};

use super::{
    cell::{self, Meaning},
    pages::Pages,
};
use crate::ingest::IngestError;

/// A column that is being read.
pub struct Column {
    meaning: Meaning,
    /// How deep cells lie that are there; those of optional structs lie deeper.
    depth: i16,
    depths: Vec<i16>,
    cells: Cells,
}

enum Cells {
    Bool(Stream<BoolType>),
    Int32(Stream<Int32Type>),
    Int64(Stream<Int64Type>),
    Int96(Stream<Int96Type>),
    Float(Stream<FloatType>),
    Double(Stream<DoubleType>),
    Bytes(Stream<ByteArrayType>),
    Fixed(Stream<FixedLenByteArrayType>),
}

/// Values of one type; empty cells have none.
struct Stream<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
    next: usize,
}

impl<T: DataType> Stream<T> {
    fn of(reader: ColumnReaderImpl<T>) -> Self {
        Self { reader, values: Vec::new(), next: 0 }
    }

    fn read(&mut self, rows: usize, depths: &mut Vec<i16>) -> parquet::errors::Result<usize> {
        self.values.clear();
        self.next = 0;
        Ok(self.reader.read_records(rows, Some(depths), None, &mut self.values)?.0)
    }

    fn next(&mut self) -> Option<&T::T> {
        self.next += 1;
        self.values.get(self.next - 1)
    }
}

impl Column {
    /// Begins to read a column of a row group.
    pub fn new<S: Read + Seek + 'static>(descriptor: &ColumnDescPtr, meaning: Meaning, pages: Pages<S>) -> Self {
        let cells = match get_column_reader(descriptor.clone(), Box::new(pages)) {
            ColumnReader::BoolColumnReader(reader) => Cells::Bool(Stream::of(reader)),
            ColumnReader::Int32ColumnReader(reader) => Cells::Int32(Stream::of(reader)),
            ColumnReader::Int64ColumnReader(reader) => Cells::Int64(Stream::of(reader)),
            ColumnReader::Int96ColumnReader(reader) => Cells::Int96(Stream::of(reader)),
            ColumnReader::FloatColumnReader(reader) => Cells::Float(Stream::of(reader)),
            ColumnReader::DoubleColumnReader(reader) => Cells::Double(Stream::of(reader)),
            ColumnReader::ByteArrayColumnReader(reader) => Cells::Bytes(Stream::of(reader)),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => Cells::Fixed(Stream::of(reader)),
        };
        Self { meaning, depth: descriptor.max_def_level(), depths: Vec::new(), cells }
    }

    /// Reads the next cells, at most so many; says how many there were.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if the column is damaged.
    pub fn read(&mut self, rows: usize) -> Result<usize, IngestError> {
        self.depths.clear();
        let depths = &mut self.depths;
        let read = match &mut self.cells {
            Cells::Bool(stream) => stream.read(rows, depths),
            Cells::Int32(stream) => stream.read(rows, depths),
            Cells::Int64(stream) => stream.read(rows, depths),
            Cells::Int96(stream) => stream.read(rows, depths),
            Cells::Float(stream) => stream.read(rows, depths),
            Cells::Double(stream) => stream.read(rows, depths),
            Cells::Bytes(stream) => stream.read(rows, depths),
            Cells::Fixed(stream) => stream.read(rows, depths),
        };
        read.map_err(IngestError::packed)
    }

    /// Writes the next of the cells that were read, which is the one of this number; nothing if it is empty.
    pub fn write(&mut self, number: usize, out: &mut Vec<u8>) {
        if self.depth > 0 && self.depths.get(number) != Some(&self.depth) {
            return;
        }
        let meaning = self.meaning;
        match &mut self.cells {
            Cells::Bool(stream) => out.extend(stream.next().map(|&value| b'0' + u8::from(value))),
            Cells::Int32(stream) => {
                if let Some(&value) = stream.next() {
                    meaning.whole(i64::from(value), u64::from(value as u32), out);
                }
            }
            Cells::Int64(stream) => {
                if let Some(&value) = stream.next() {
                    meaning.whole(value, value as u64, out);
                }
            }
            Cells::Int96(stream) => {
                if let Some(value) = stream.next() {
                    cell::julian(value.data(), out);
                }
            }
            Cells::Float(stream) => {
                if let Some(&value) = stream.next() {
                    cell::float(value, out);
                }
            }
            Cells::Double(stream) => {
                if let Some(&value) = stream.next() {
                    cell::float(value, out);
                }
            }
            Cells::Bytes(stream) => {
                if let Some(value) = stream.next() {
                    meaning.bytes(value.data(), out);
                }
            }
            Cells::Fixed(stream) => {
                if let Some(value) = stream.next() {
                    meaning.bytes(value.data(), out);
                }
            }
        }
    }
}
