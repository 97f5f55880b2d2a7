//! Bytes → table: what the file is ([`Layout`]), where its records begin and end ([`RecordReader`], [`split`]), and what
//! their cells hold ([`TableBuilder`]), with every oddity counted and located ([`Findings`]).
//!
//! A file is read in ranges of bytes, one per shard. Each shard guesses where its first record begins and reads on until
//! a record begins at or after its end; [`split`] says how guesses are verified, so that any split of a file gives the
//! records that reading it from the start gives.

mod batch;
mod builder;
mod cell;
mod cells;
mod choices;
mod column;
mod container;
mod dialect;
mod document;
mod encoding;
mod error;
mod families;
mod files;
mod finding;
mod format;
mod grammar;
mod json;
mod json_lines;
mod layout;
mod number;
mod numeral;
#[cfg(feature = "parquet")]
mod parquet;
mod parts;
mod quantity;
mod record;
mod roles;
mod scan;
mod slice;
mod sniff;
mod source;
pub mod split;
mod time;
mod totals;
mod unpack;
mod whole;
mod widen;

pub use builder::TableBuilder;
pub use cell::{MISSING_WORDS, Number, NumberStyle, parse_number};
pub use choices::Choices;
pub use container::{Container, Entry};
pub use dialect::Dialect;
pub use encoding::Encoding;
pub use error::IngestError;
pub use files::{FilePart, RowReader};
pub use finding::{Finding, FindingKind, Findings, Position};
pub use format::{Format, JsonFields};
pub use layout::{Assumed, HEAD_BYTES, Layout};
pub use numeral::read_cell;
#[cfg(feature = "parquet")]
pub use parquet::ParquetText;
pub use parts::Parts;
pub use quantity::read_quantity;
pub use record::{Record, RecordReader};
pub use slice::read_slice;
pub use sniff::head_from_first_flow;
pub use source::Source;
pub use time::civil;
pub use time::{parse_nanoseconds, parse_time};
pub use unpack::{Packed, Unpacker};
