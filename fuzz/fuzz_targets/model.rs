//! Kept models: what a file says of itself is used or refused, in memory that does not follow what it says of sizes.
#![no_main]

use flowsift::model;
use flowsift_fuzz::memory::within;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    within((64 << 20) + 256 * input.len(), || {
        // As a whole file, and as what such a file holds.
        let _ = model::read(input);
        let Ok(saved) = model::decode(input) else { return };
        if let Ok(bytes) = model::write(&saved) {
            assert!(model::read(&bytes).is_ok_and(|again| model::write(&again).is_ok_and(|other| other == bytes)));
        }
    });
});
