//! What a file becomes in memory: blocks of typed columns, their schema, and statistics that merge over shards.
//!
//! A row's text is not kept: a row is the byte offset of its record in the file ([`Block::offsets`]), so memory is at
//! most 4 bytes × rows × stored columns (half of that for most files: [`Compact`]; twice that for whole numbers and times
//! that are spread over more than 32 bits: [`Exact`]), and 20 bytes a row for its offset, score and rank.

mod address;
mod block;
mod compact;
mod counts;
mod exact;
mod flow_columns;
mod hosts;
mod key;
pub mod packed;
mod profile;
mod profiler;
mod repeats;
mod sample;
mod schema;
mod smallest_keys;
mod tally;
mod unit;

pub use address::{AddressClass, Host, address_of, class_of, network_name};
pub use block::{BLOCK_ROWS, Block, Column, Table};
pub use compact::Compact;
pub use counts::{Counts, Value};
pub use exact::{Exact, MISSING_WHOLE};
pub use flow_columns::FlowColumns;
pub use hosts::Hosts;
pub use key::{MISSING_KEY, key_number, number_key, text_key};
pub use profile::{ColumnProfile, Profile};
pub use profiler::{Numbers, Profiler};
pub use repeats::Repeats;
pub use sample::{Hashes, RowSample, row_hash};
pub use schema::{CHOSEN, Field, Kind, Role, Schema, Storage};
pub use smallest_keys::SmallestKeys;
pub use unit::{TimeStyle, Unit};
