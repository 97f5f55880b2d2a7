//! The pages of a column, unpacked within bounds: the decoder itself would believe the sizes that a file tells.

use std::{cell::Cell, io::Read, rc::Rc, sync::Arc};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use parquet::{
    basic::{Compression, CompressionCodec, Encoding, Type},
    column::page::{Page, PageMetadata, PageReader},
    errors::{ParquetError, Result},
    file::{metadata::ColumnChunkMetaData, serialized_reader::SerializedPageReader},
};
use send_wrapper::SendWrapper;

use super::stretch::Stretch;
use crate::ingest::{IngestError, unpack::Frames};

/// Bytes that one byte of Snappy stands for at most: a copy of 64 takes three (google/snappy, format_description.txt, 2.2.2).
const SNAPPY: usize = 22;

/// Bytes of memory left to the pages of all columns that are read in step.
pub type Room = Rc<Cell<u64>>;

/// A column's pages.
pub struct Pages<S: Read + std::io::Seek> {
    packed: SerializedPageReader<Stretch<S>>,
    codec: CompressionCodec,
    /// Bits that a value takes at least.
    bits: u64,
    /// Some cells may be empty, and each page begins with which.
    nullable: bool,
    room: SendWrapper<Room>,
    /// Bytes of the dictionary, and of the page at hand.
    held: [u64; 2],
}

impl<S: Read + std::io::Seek> Pages<S> {
    /// The pages of the column that `chunk` tells of.
    ///
    /// # Errors
    /// [`IngestError::Packed`] if they are packed in a way that is not known here.
    pub fn new(
        stretch: Stretch<S>,
        chunk: &ColumnChunkMetaData,
        rows: usize,
        room: &Room,
    ) -> Result<Self, IngestError> {
        let codec = chunk.compression_codec();
        if !matches!(
            codec,
            CompressionCodec::UNCOMPRESSED | CompressionCodec::SNAPPY | CompressionCodec::GZIP | CompressionCodec::ZSTD
        ) {
            let reason = format!("its columns are packed with {codec}; write it with snappy, gzip or zstd instead");
            return Err(IngestError::Packed { reason });
        }
        let descriptor = chunk.column_descr();
        let bits = match descriptor.physical_type() {
            Type::BOOLEAN => 1,
            Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 32,
            Type::INT64 | Type::DOUBLE => 64,
            Type::INT96 => 96,
            Type::FIXED_LEN_BYTE_ARRAY => 8 * u64::try_from(descriptor.type_length()).unwrap_or(0),
        };
        let nullable = descriptor.max_def_level() > 0;
        let as_it_is = chunk.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build();
        let packed = as_it_is.and_then(|chunk| SerializedPageReader::new(Arc::new(stretch), &chunk, rows, None));
        let packed = packed.map_err(IngestError::packed)?;
        Ok(Self { packed, codec, bits, nullable, room: SendWrapper::new(Rc::clone(room)), held: [0; 2] })
    }

    fn unpack(&mut self, page: Page) -> Result<Page> {
        let kind = usize::from(page.is_data_page());
        self.room.set(self.room.get() + self.held[kind]);
        self.held[kind] = 0;
        let page = match page {
            Page::DictionaryPage { buf, num_values, encoding, is_sorted } => {
                let buf = inflate(self.codec, buf, self.room.get())?;
                // Room for all of them is made before one is read.
                if u64::from(num_values) * self.bits.max(1) > buf.len() as u64 * 8 {
                    return Err(ParquetError::General("a dictionary is shorter than it says".into()));
                }
                Page::DictionaryPage { buf, num_values, encoding, is_sorted }
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics } => {
                let buf = inflate(self.codec, buf, self.room.get())?;
                let levels = match buf.first_chunk() {
                    Some(&length) if self.nullable => 4 + u32::from_le_bytes(length) as usize,
                    _ => 0,
                };
                check_count(encoding, buf.get(levels..).unwrap_or_default(), num_values)?;
                Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics }
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed,
                statistics,
            } => {
                let levels = def_levels_byte_len as usize + rep_levels_byte_len as usize;
                if levels > buf.len() {
                    return Err(ParquetError::EOF("a page is shorter than it says".into()));
                }
                let values = buf.slice(levels..);
                let buf = if is_compressed && !values.is_empty() && self.codec != CompressionCodec::UNCOMPRESSED {
                    let values = inflate(self.codec, values, self.room.get())?;
                    Bytes::from([&buf[..levels], &values[..]].concat())
                } else {
                    buf
                };
                check_count(encoding, &buf[levels..], num_values)?;
                Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics,
                }
            }
        };
        let taken = page.buffer().len() as u64;
        self.room.set(self.room.get().checked_sub(taken).ok_or_else(too_large)?);
        self.held[kind] = taken;
        Ok(page)
    }
}

impl<S: Read + std::io::Seek> Drop for Pages<S> {
    fn drop(&mut self) {
        self.room.set(self.room.get() + self.held.iter().sum::<u64>());
    }
}

impl<S: Read + std::io::Seek> Iterator for Pages<S> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<S: Read + std::io::Seek> PageReader for Pages<S> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.packed.get_next_page()?;
        page.map(|page| self.unpack(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.packed.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.packed.skip_next_page()
    }
}

fn too_large() -> ParquetError {
    ParquetError::General("its pages are too large for the memory that there is for them".into())
}

/// What `packed` holds, if that is at most so many bytes.
fn inflate(codec: CompressionCodec, packed: Bytes, most: u64) -> Result<Bytes> {
    let read = |contents: &mut dyn Read| {
        let mut bytes = Vec::new();
        let read = contents.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if read as u64 > most { Err(too_large()) } else { Ok(bytes.into()) }
    };
    match codec {
        // A page without a cell that is not empty has nothing to unpack.
        _ if packed.is_empty() => Ok(packed),
        CompressionCodec::SNAPPY => {
            let failed = |error: snap::Error| ParquetError::General(error.to_string());
            // Room for all of them is made before one is read.
            let length = snap::raw::decompress_len(&packed).map_err(failed)?;
            if length > packed.len().saturating_mul(SNAPPY) {
                return Err(ParquetError::General("a page is shorter than it says".into()));
            }
            if length as u64 > most {
                return Err(too_large());
            }
            Ok(snap::raw::Decoder::new().decompress_vec(&packed).map_err(failed)?.into())
        }
        CompressionCodec::GZIP => read(&mut MultiGzDecoder::new(&packed[..])),
        CompressionCodec::ZSTD => read(&mut Frames::Before(&packed[..])),
        _ => Ok(packed),
    }
}

/// Of encodings that begin with how many values there are, which the decoder makes room for: not more than the page has.
fn check_count(encoding: Encoding, values: &[u8], most: u32) -> Result<()> {
    use Encoding::{DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY};
    if !matches!(encoding, DELTA_BINARY_PACKED | DELTA_BYTE_ARRAY | DELTA_LENGTH_BYTE_ARRAY) {
        return Ok(());
    }
    // Of these numbers, the values of a block and its parts come first. Seven bits a byte, the last byte below 128.
    let mut numbers = values.split_inclusive(|byte| byte & 0x80 == 0);
    let count = numbers.nth(2).unwrap_or_default();
    let count = count.iter().rev().fold(0u64, |count, byte| (count << 7) | u64::from(byte & 0x7f));
    if count > u64::from(most) {
        return Err(ParquetError::General("a page holds more values than it says".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snappy(packed: Vec<u8>) -> Result<Bytes> {
        inflate(CompressionCodec::SNAPPY, packed.into(), 1 << 30)
    }

    #[test]
    fn no_room_is_made_for_what_a_page_cannot_hold() {
        let zeros = vec![0; 1 << 20];
        let packed = snap::raw::Encoder::new().compress_vec(&zeros).expect("packs");
        assert!(zeros.len() > packed.len() * (SNAPPY - 2), "as short as it gets");
        assert_eq!(snappy(packed.clone()).expect("unpacks"), zeros);
        // 2²⁸ bytes, of which a few follow.
        let large = [&[0x80, 0x80, 0x80, 0x80, 0x01], &packed[3..100]].concat();
        assert!(snappy(large).expect_err("damaged").to_string().contains("shorter than it says"));
        assert!(snappy(Vec::new()).expect("nothing").is_empty());
    }
}
