//! Parquet files: they are decoded or refused, in memory that does not follow what they say of sizes.
#![no_main]

use std::{io::Cursor, panic};

use flowsift::ingest::ParquetText;
use flowsift_fuzz::memory::within;
use libfuzzer_sys::fuzz_target;

/// Bytes of text that may come out.
const BUDGET: u64 = 4 << 20;

fuzz_target!(
    // The decoder panics on some damaged files, which is caught: only what is not caught ends the program.
    init: panic::set_hook(Box::new(|_| {})),
    |input: &[u8]| {
        let file = Cursor::new(input.to_vec());
        within((64 << 20) + 64 * input.len(), || {
            let Ok(mut table) = ParquetText::open(file, BUDGET) else { return };
            let mut text = Vec::new();
            while let Ok(true) = table.next_piece(&mut text) {
                text.clear();
            }
        });
    }
);
