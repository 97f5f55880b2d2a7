//! What a file is packed in, told from its first bytes and never from its name.

use std::io::{BufReader, Read, Seek};

use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::{IngestError, document::Document, unpack::SLICE};

/// What a file is packed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// Nothing.
    Plain,
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard.
    Zstd,
    /// Nothing, but it is a JSON document, of which each record is written on a line of its own.
    Document,
    /// A Parquet file: a table in columns, not a text.
    Parquet,
    /// A ZIP archive of these entries, folders left out.
    Zip(Vec<Entry>),
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the archive.
    pub number: usize,
    /// Its name, folders included.
    pub name: String,
    /// What the archive says its size is when unpacked, in bytes.
    pub bytes: u64,
}

impl Container {
    /// Looks into a source that stands at its start and has `head` there.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if it is an archive that is damaged, or a workbook.
    pub fn of(head: &[u8], source: &mut (impl Read + Seek)) -> Result<Self, IngestError> {
        match head {
            [0x1f, 0x8b, ..] => Ok(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Ok(Self::Zstd),
            [b'P', b'A', b'R', b'1', ..] => Ok(Self::Parquet),
            [b'P', b'K', 3, 4, ..] => Self::zip(source),
            text if Document::sniff(text).is_some() => Ok(Self::Document),
            _ => Ok(Self::Plain),
        }
    }

    fn zip(source: &mut (impl Read + Seek)) -> Result<Self, IngestError> {
        let mut archive = ZipArchive::new(BufReader::with_capacity(SLICE, source)).map_err(IngestError::packed)?;
        let mut entries = Vec::new();
        for number in 0..archive.len() {
            let entry = archive.by_index_raw(number).map_err(IngestError::packed)?;
            let name = entry.name().map_err(IngestError::packed)?.into_owned();
            if name == "[Content_Types].xml" {
                return Err(IngestError::Binary { what: "an Excel workbook".into() });
            }
            // What macOS adds beside each file.
            let shadow = name.starts_with("__MACOSX/");
            if entry.is_file() && !shadow {
                entries.push(Entry { number, name, bytes: entry.size() });
            }
        }
        if entries.is_empty() {
            return Err(IngestError::Packed { reason: "there is no file in the archive".into() });
        }
        Ok(Self::Zip(entries))
    }
}
