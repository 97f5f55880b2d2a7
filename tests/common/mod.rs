//! What the engine's tests begin with: synthetic flows, and threads that work on a text.

pub mod labelled;
pub mod ready;
pub mod results;

use std::{io::Cursor, sync::Arc};

use flowsift::{engine::ThreadHost, sample::Flows};

/// So many synthetic flows, of seed 7.
pub fn sample(rows: u64) -> Arc<[u8]> {
    let mut text = Vec::new();
    let mut flows = Flows::new(rows, 7);
    while flows.write(&mut text, 1 << 20) {}
    text.into()
}

/// Shards that were given the text as their file.
pub fn host(shards: usize, text: &Arc<[u8]>) -> ThreadHost {
    let text = Arc::clone(text);
    ThreadHost::new(shards, move || Cursor::new(Arc::clone(&text)), |_, _| {})
}
