//! Packed or differently encoded bytes → plain UTF-8, piece by piece and never more than a budget allows.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use zip::ZipArchive;

use super::{Container, Encoding, IngestError, document::Document, encoding::Decoder, sniff::reject_known};

/// Bytes asked of a packed source at a time.
pub(super) const SLICE: usize = 4 << 20;
/// Bytes unpacked at a time.
const PIECE: u64 = 1 << 20;
/// Bytes that a Zstandard frame may ask to be looked back on: its own recommendation is 8 MiB, `--ultra` has 128.
const WINDOW: u64 = 128 << 20;

/// A file in its container, from its start.
pub enum Packed<S: Read> {
    /// In none.
    Plain(BufReader<S>),
    /// gzip.
    Gzip(MultiGzDecoder<BufReader<S>>),
    /// Zstandard.
    Zstd(Frames<BufReader<S>>),
    /// The entry of this number.
    Zip(Box<ZipArchive<BufReader<S>>>, usize),
}

impl<S: Read + Seek> Packed<S> {
    /// Opens `source`, which is packed in `container`; of an archive, the entry of that number.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if the container is damaged.
    pub fn open(mut source: S, container: &Container, entry: usize) -> Result<Self, IngestError> {
        source.seek(SeekFrom::Start(0)).map_err(IngestError::packed)?;
        let source = BufReader::with_capacity(SLICE, source);
        Ok(match container {
            // Its text is made, not unpacked: `ParquetText`.
            Container::Plain | Container::Document | Container::Parquet => Self::Plain(source),
            Container::Gzip => Self::Gzip(MultiGzDecoder::new(source)),
            Container::Zstd => Self::Zstd(Frames::Before(source)),
            Container::Zip(_) => Self::Zip(Box::new(ZipArchive::new(source).map_err(IngestError::packed)?), entry),
        })
    }

    /// The bytes inside.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if there is no such entry, or it is encrypted or packed in a way that is not supported.
    pub fn contents(&mut self) -> Result<Box<dyn Read + '_>, IngestError> {
        Ok(match self {
            Self::Plain(source) => Box::new(source),
            Self::Gzip(decoder) => Box::new(decoder),
            Self::Zstd(frames) => Box::new(frames),
            Self::Zip(archive, number) => Box::new(archive.by_index(*number).map_err(IngestError::packed)?),
        })
    }
}

/// The frames of a Zstandard file, one after the other.
pub enum Frames<R: Read> {
    /// Before a frame.
    Before(R),
    /// In a frame.
    Inside(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
    /// Behind the last one, or after an error.
    Behind,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(self, Self::Behind) {
                Self::Behind => return Ok(0),
                Self::Before(mut source) => {
                    if source.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let frame = StreamingDecoder::new_with_max_window_size(source, WINDOW);
                    *self = Self::Inside(Box::new(frame.map_err(io::Error::other)?));
                }
                Self::Inside(mut frame) => match frame.read(buffer)? {
                    0 if !buffer.is_empty() => *self = Self::Before(frame.into_inner()),
                    read => {
                        *self = Self::Inside(frame);
                        return Ok(read);
                    }
                },
            }
        }
    }
}

/// Gives plain UTF-8.
pub struct Unpacker<R> {
    contents: R,
    decoder: Option<Decoder>,
    /// What the text is rewritten as, where it is a JSON document.
    document: Option<Document>,
    piece: Vec<u8>,
    /// Bytes that came out of the container, and those of the text that was made of them.
    unpacked: u64,
    written: u64,
    budget: u64,
}

impl<R: Read> Unpacker<R> {
    /// Reads what is inside a container. Fails once more than `budget` bytes have come out, however small the file is.
    /// The first piece tells the encoding, unless it is given.
    pub fn new(contents: R, encoding: Option<Encoding>, budget: u64) -> Self {
        let decoder = encoding.map(Decoder::new);
        Self { contents, decoder, document: None, piece: Vec::new(), unpacked: 0, written: 0, budget }
    }

    /// Appends the next piece of text to `out`; `false` at the end.
    ///
    /// # Errors
    /// [`IngestError`] if the container is damaged, holds what is known to be no text, or more than the budget allows.
    pub fn next_piece(&mut self, out: &mut Vec<u8>) -> Result<bool, IngestError> {
        self.piece.clear();
        let before = out.len();
        let read = self.contents.by_ref().take(PIECE).read_to_end(&mut self.piece).map_err(unpackable)?;
        self.unpacked += read as u64;
        self.check_budget()?;
        let piece = &self.piece;
        let is_first = self.unpacked == read as u64;
        if is_first {
            reject_known(piece)?;
        }
        let decoder = self.decoder.get_or_insert_with(|| Decoder::new(Encoding::sniff(piece)));
        if is_first {
            let mut text = Vec::new();
            decoder.decode(piece, read == 0, &mut text);
            self.document = Document::sniff(&text);
            match &mut self.document {
                Some(document) => document.write(&text, read == 0, out)?,
                None => out.append(&mut text),
            }
        } else if let Some(document) = &mut self.document {
            let mut text = Vec::new();
            decoder.decode(piece, read == 0, &mut text);
            document.write(&text, read == 0, out)?;
        } else {
            decoder.decode(piece, read == 0, out);
        }
        self.written += (out.len() - before) as u64;
        self.check_budget()?;
        Ok(read > 0)
    }

    fn check_budget(&self) -> Result<(), IngestError> {
        if self.unpacked.max(self.written) > self.budget {
            return Err(IngestError::TooMuchUnpacked { most_mb: self.budget >> 20 });
        }
        Ok(())
    }

    /// Bytes that came out so far.
    pub fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// The encoding, told by the first piece.
    pub fn encoding(&self) -> Encoding {
        self.decoder.as_ref().map_or(Encoding::Utf8, Decoder::encoding)
    }
}

/// What went wrong, in words where it is what happens most: a copy or a download that ended early.
fn unpackable(error: io::Error) -> IngestError {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete");
    if cut {
        return IngestError::packed("it is cut short, its end is missing; copy or download it again");
    }
    IngestError::packed(error)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

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

    fn unpack(bytes: &[u8], entry: usize, budget: u64) -> Result<(Encoding, String), IngestError> {
        let container = Container::of(bytes, &mut Cursor::new(bytes))?;
        let mut packed = Packed::open(Cursor::new(bytes), &container, entry)?;
        let mut unpacker = Unpacker::new(packed.contents()?, None, budget);
        let mut out = Vec::new();
        while unpacker.next_piece(&mut out)? {}
        Ok((unpacker.encoding(), String::from_utf8_lossy(&out).into_owned()))
    }

    fn text_of(bytes: &[u8]) -> String {
        unpack(bytes, 0, u64::MAX).expect("unpacks").1
    }

    #[test]
    fn containers_are_told_by_content_and_unpacked() {
        let text = "bytes,packets\n1,2\n";
        assert_eq!(text_of(text.as_bytes()), text);
        assert_eq!(text_of(&gzip(text.as_bytes())), text);
        let members = [gzip(b"bytes,packets\n"), gzip(b"1,2\n")].concat();
        assert_eq!(text_of(&members), text, "rotated logs have several members");
        let frame = |text: &[u8]| compress_to_vec(text, CompressionLevel::Fastest);
        assert_eq!(text_of(&[frame(b"bytes,packets\n"), frame(b"1,2\n")].concat()), text);

        let bytes = archive(&[("logs/", b""), ("logs/a.csv", text.as_bytes()), ("__MACOSX/a.csv", b"x")]);
        let container = Container::of(&bytes, &mut Cursor::new(&bytes)).expect("an archive");
        let entry = crate::ingest::Entry { number: 1, name: "logs/a.csv".into(), bytes: text.len() as u64 };
        assert_eq!(container, Container::Zip(vec![entry]));
        assert_eq!(unpack(&bytes, 1, u64::MAX).expect("unpacks").1, text);
        assert!(matches!(unpack(&bytes, 7, u64::MAX), Err(IngestError::Packed { .. })));
    }

    #[test]
    fn documents_are_rewritten_as_lines_packed_or_not() {
        let text = "{\"flows\": [\n {\"a\": 1},\n {\"a\": \"é\"}\n]}";
        assert_eq!(Container::of(text.as_bytes(), &mut Cursor::new(text)), Ok(Container::Document));
        for bytes in
            [text.as_bytes().to_vec(), gzip(text.as_bytes()), text.encode_utf16().flat_map(u16::to_le_bytes).collect()]
        {
            assert_eq!(text_of(&bytes), "{\"a\":1}\n{\"a\":\"é\"}\n");
        }
    }

    #[test]
    fn encodings_are_told_inside_of_containers() {
        let pairs: Vec<u8> = "\u{feff}a,b\n1,2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(unpack(&gzip(&pairs), 0, u64::MAX).expect("unpacks"), (Encoding::Utf16Be, "a,b\n1,2\n".into()));
    }

    #[test]
    fn bombs_stop_at_the_budget() {
        let bomb = gzip(&vec![b'0'; 40 << 20]);
        assert!(bomb.len() < 1 << 20);
        let too_much = |most_mb| Err(IngestError::TooMuchUnpacked { most_mb });
        assert_eq!(unpack(&bomb, 0, 10 << 20), too_much(10));
        // Euro signs are one byte in Windows-1252, and three in the text.
        let euros = [b"a,b\n".to_vec(), vec![0x80; 700 << 10]].concat();
        assert_eq!(unpack(&euros, 0, 1 << 20), too_much(1));
        assert_eq!(unpack(&euros, 0, 3 << 20).expect("unpacks").1.len(), 4 + 3 * (700 << 10));
    }

    #[test]
    fn workbooks_and_empty_archives_say_so() {
        let workbook = archive(&[("[Content_Types].xml", b"<x/>")]);
        assert!(matches!(unpack(&workbook, 0, 1), Err(IngestError::Binary { .. })));
        assert!(matches!(unpack(&archive(&[("a/", b"")]), 0, 1), Err(IngestError::Packed { .. })));
    }

    proptest! {
        #[test]
        fn damaged_containers_are_refused_or_read_but_never_panic(
            at in 0usize..400, value in any::<u8>(), cut in 0usize..400,
        ) {
            let text = "bytes,packets\n".to_owned() + &"1,2\n".repeat(30);
            let packed = [
                gzip(text.as_bytes()),
                archive(&[("a.csv", text.as_bytes())]),
                compress_to_vec(text.as_bytes(), CompressionLevel::Fastest),
            ];
            for mut bytes in packed {
                let place = at % bytes.len();
                bytes[place] = value;
                bytes.truncate(bytes.len() - cut % bytes.len());
                let _ = unpack(&bytes, 0, 1 << 20);
            }
        }
    }
}
