//! What a file becomes in memory: blocks of typed columns, their schema, and statistics that merge over shards.
//!
//! A row's text is not kept: a row is the byte offset of its record in the file ([`Block::offsets`]), so memory is about
//! 4 bytes × rows × stored columns, and 20 bytes a row for its offset, score and rank.

mod block;
pub mod packed;
mod profile;
mod sample;
mod schema;
mod unit;

pub use block::{BLOCK_ROWS, Block, Column, MISSING_KEY, Table, key_number, number_key, text_key};
pub use profile::{ColumnProfile, Counts, Profile, Value};
pub use sample::{RowSample, SampleKeys, row_hash};
pub use schema::{Field, Kind, Role, Schema, Storage};
pub use unit::{TimeStyle, Unit};
