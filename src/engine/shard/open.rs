//! Files as they were given → one plain text with a layout.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};

use super::Shard;
#[cfg(feature = "parquet")]
use crate::ingest::ParquetText;
use crate::{
    engine::{EngineError, Outlet, Piece, Progress, Reply, Stage},
    ingest::{
        Choices, Container, Encoding, FilePart, FindingKind, Findings, HEAD_BYTES, IngestError, Layout, Packed, Parts,
        RecordReader, Source, TableBuilder, Unpacker, head_from_first_flow, read_slice, split,
    },
};

/// Rows that tell how much memory a row takes.
const WEIGHED: u64 = 1_000;

impl<S: Source + 'static> Shard<S> {
    fn input(&mut self, number: usize) -> Result<&mut S, EngineError> {
        let input = self.inputs.get_mut(number).and_then(Option::as_mut);
        input.ok_or_else(|| EngineError::Protocol(format!("there is no file {number}")))
    }

    /// Reads the pieces, one after the other, as the file from now on. This shard is number `shard` of `shards`: its part
    /// is read ahead from now on, before anybody knows the layout.
    ///
    /// # Errors
    /// If a file cannot be read, or was given away before.
    pub fn join(&mut self, pieces: Vec<Piece<S>>, (shard, shards): (usize, usize)) -> Result<(), EngineError> {
        let taken = |number: usize| EngineError::Protocol(format!("there is no file {number}"));
        let mut sources = Vec::with_capacity(pieces.len());
        for piece in pieces {
            sources.push(match piece {
                Piece::Written(source) => source,
                Piece::Input(number) => {
                    self.inputs.get_mut(number).and_then(Option::take).ok_or_else(|| taken(number))?
                }
            });
        }
        let mut source = Parts::new(sources).map_err(|error| unreadable(&error))?;
        source.expect(split::ranges(0, source.length(), shards).swap_remove(shard));
        self.source = Some(source);
        Ok(())
    }

    pub(super) fn examine(&mut self, input: usize) -> Result<Reply, EngineError> {
        let source = self.input(input)?;
        let head = read_slice(source, 0, HEAD_BYTES)?;
        let container = Container::of(&head, source)?;
        Ok(Reply::Examined(container, Encoding::sniff(&head)))
    }

    pub(super) async fn unpack(
        &mut self,
        input: usize,
        container: &Container,
        entry: usize,
        encoding: Option<Encoding>,
        budget: u64,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        if *container == Container::Parquet {
            return self.write_table(input, budget, outlet).await;
        }
        let source = self.input(input)?;
        let total = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
        let passed = Cell::new(0);
        let mut packed = Packed::open(Counted { source, passed: &passed }, container, entry)?;
        let mut unpacker = Unpacker::new(packed.contents()?, encoding, budget);
        let mut text = Vec::new();
        while unpacker.next_piece(&mut text)? {
            outlet.write(&text);
            text.clear();
            let done = passed.get().min(total);
            outlet.tick(Progress { stage: Stage::Unpacking, done, total, rows: 0 }).await?;
        }
        outlet.write(&text);
        Ok(Reply::Unpacked(unpacker.encoding()))
    }

    /// Writes a Parquet file's table as text.
    #[cfg(feature = "parquet")]
    async fn write_table(&mut self, input: usize, budget: u64, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let source = self.input(input)?;
        let total = source.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
        // The decoder holds what it reads from.
        let source = self.inputs[input].take().expect("it was there a moment ago");
        let mut table = ParquetText::open(source, budget)?;
        let mut text = Vec::new();
        while table.next_piece(&mut text)? {
            outlet.write(&text);
            text.clear();
            let (rows, all) = table.progress();
            let done = (total as f64 * rows as f64 / all.max(1) as f64) as u64;
            outlet.tick(Progress { stage: Stage::Unpacking, done: done.min(total), total, rows }).await?;
        }
        outlet.write(&text);
        self.inputs[input] = table.into_source();
        Ok(Reply::Unpacked(Encoding::Utf8))
    }

    /// Refuses a Parquet file: the program that has its decoder is another.
    #[cfg(not(feature = "parquet"))]
    async fn write_table(&mut self, _input: usize, _budget: u64, _outlet: &impl Outlet) -> Result<Reply, EngineError> {
        Err(IngestError::Binary { what: "a Parquet file".into() }.into())
    }

    #[inline(never)]
    pub(super) fn sniff(&mut self, choices: &Choices, names: &[String]) -> Result<Reply, EngineError> {
        let source = self.source()?;
        let extents = source.extents();
        let bytes = source.length();
        let mut files: Vec<FilePart> = Vec::with_capacity(extents.len());
        let mut first: Option<(FilePart, Layout, Findings, Vec<u8>)> = None;
        let mut rowless = Vec::new();
        let several = extents.len() > 1;
        if several {
            // Only their heads are read now.
            source.expect(0..0);
        }
        for (number, (start, length)) in extents.into_iter().enumerate() {
            let name = names.get(number).cloned().unwrap_or_default();
            let head = read_slice(source, start, length.min(HEAD_BYTES as u64) as usize)?;
            let head = head_from_first_flow(source, start, length, head)?;
            let (layout, findings) = match Layout::sniff(&head, length, choices) {
                // An hour without traffic.
                Err(error @ (IngestError::Empty | IngestError::HeaderOnly { .. })) if several => {
                    rowless.push((start, error));
                    files.push(FilePart { name, start, data_start: start + length });
                    continue;
                }
                sniffed => sniffed?,
            };
            let file = FilePart { name, start, data_start: start + layout.data_start };
            files.push(file.clone());
            match &first {
                None => first = Some((file, layout, findings, head)),
                Some((first, columns, ..)) if !columns.has_columns_of(&layout) => {
                    return Err(IngestError::OtherColumns { name: file.name, first: first.name.clone() }.into());
                }
                Some(_) => {}
            }
        }
        let Some((file, layout, mut findings, head)) = first else {
            return Err(rowless.into_iter().next().map_or(IngestError::Empty, |(_, error)| error).into());
        };
        for (start, error) in rowless {
            // A line of other words is no header of the others.
            let is_hour = match error {
                IngestError::HeaderOnly { columns } => columns == layout.schema.width(),
                _ => true,
            };
            if !is_hour {
                return Err(error.into());
            }
            findings.note(FindingKind::FileWithoutRows, start, 1, None);
        }
        let mut layout = layout.of_files(files, bytes);
        layout.totals = totals(source, &layout)?;
        let row_bytes = weigh(&head, &layout)?;
        let mut preview = layout.preview(&head)?;
        if let Some(column) = layout.file_column() {
            preview.iter_mut().for_each(|row| row[column].clone_from(&file.name));
        }
        layout.data_start = file.data_start;
        Ok(Reply::Sniffed { layout: Arc::new(layout), findings, preview, row_bytes })
    }
}

/// Where the files have totals or a summary behind their rows.
fn totals<S: Source>(source: &mut Parts<S>, layout: &Layout) -> Result<Vec<Range<u64>>, IngestError> {
    let starts: Vec<u64> = match layout.files.len() {
        0 => vec![layout.data_start],
        _ => layout.files.iter().map(|file| file.data_start).collect(),
    };
    let ends = source.extents().into_iter().map(|(start, length)| start + length);
    let mut found = Vec::new();
    for (start, end) in starts.into_iter().zip(ends).filter(|(start, end)| start < end) {
        found.extend(layout.find_totals(source, start..end)?);
    }
    Ok(found)
}

fn unreadable(error: &io::Error) -> EngineError {
    IngestError::Read { byte: 0, reason: error.to_string() }.into()
}

/// Bytes of memory that a row takes, by the first ones.
fn weigh(head: &[u8], layout: &Layout) -> Result<f64, IngestError> {
    let mut reader = RecordReader::new(io::Cursor::new(head), layout.data_start, &layout.format, head.len())?;
    let mut builder = TableBuilder::new(layout);
    while builder.rows() < WEIGHED {
        match reader.next_record()? {
            Some(record) => builder.push(&record),
            None => break,
        }
    }
    let (table, profile, _) = builder.finish(0);
    Ok(table.bytes() as f64 / profile.rows.max(1) as f64)
}

/// Counts the bytes that pass.
struct Counted<'a, S> {
    source: &'a mut S,
    passed: &'a Cell<u64>,
}

impl<S: Read> Read for Counted<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.passed.set(self.passed.get() + read as u64);
        Ok(read)
    }
}

impl<S: Seek> Seek for Counted<'_, S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}
