//! Packed and encoded files: they are unpacked or refused, in memory that does not follow what they say of sizes.
#![no_main]

use std::io::Cursor;

use flowsift::ingest::{Container, Packed, Unpacker};
use flowsift_fuzz::memory::within;

/// Bytes that may come out.
const BUDGET: u64 = 8 << 20;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    within((32 << 20) + 64 * input.len(), || {
        let Ok(container) = Container::of(input, &mut Cursor::new(input)) else { return };
        let entries = match &container {
            Container::Zip(entries) => entries.iter().map(|entry| entry.number).take(3).collect(),
            _ => vec![0],
        };
        for entry in entries {
            let Ok(mut packed) = Packed::open(Cursor::new(input), &container, entry) else { continue };
            let Ok(contents) = packed.contents() else { continue };
            let mut unpacker = Unpacker::new(contents, None, BUDGET);
            let mut text = Vec::new();
            while let Ok(true) = unpacker.next_piece(&mut text) {
                text.clear();
            }
            // The last piece may have gone beyond.
            assert!(unpacker.unpacked() <= BUDGET + (1 << 20));
        }
    });
});
