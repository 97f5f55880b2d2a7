//! The browser: the only module that names `js_sys` and `web_sys`.
//!
//! The page starts plain dedicated workers ([`WebHost`]); in each, [`serve()`] runs a shard. They exchange bytes
//! (`postcard`, transferred, not copied) with at most one attachment: the `File` to read, or the `Blob` that was written.

mod ahead;
#[cfg(feature = "ui")]
pub mod dom;
#[cfg(feature = "ui")]
pub mod dropped;
#[cfg(feature = "ui")]
pub mod echarts;
#[cfg(feature = "ui")]
mod fetch;
mod file;
mod gpu;
#[cfg(feature = "ui")]
pub mod help;
#[cfg(feature = "ui")]
mod identity;
#[cfg(feature = "ui")]
pub mod manifest;
#[cfg(feature = "ui")]
mod names;
mod outlet;
#[cfg(feature = "ui")]
mod page;
#[cfg(feature = "ui")]
mod pool;
mod rehearsal;
#[cfg(feature = "ui")]
pub mod remarks;
mod serve;
#[cfg(feature = "ui")]
pub mod shelf;
mod spool;
mod storage;
#[cfg(feature = "ui")]
pub mod suppressions;
#[cfg(feature = "ui")]
pub mod turns;
mod wire;

#[cfg(feature = "ui")]
pub use fetch::fetched;
pub use file::FileSource;
pub use gpu::{check_adapter, has_webgpu};
#[cfg(feature = "ui")]
pub use identity::identity;
#[cfg(feature = "ui")]
pub use page::{
    bytes_of, download, download_text, file_of, memory_limits, now, report_panics, since_1970, sleep, text_file,
    text_of, today,
};
#[cfg(feature = "ui")]
pub use pool::{Listeners, WebHost};
pub use serve::{serve, serve_with};
#[cfg(feature = "ui")]
pub use storage::{check_room, refused as unkept};
