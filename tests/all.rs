//! All tests of what the crate offers, as one program: linking it takes most of the time, and threads are busy to its end.
//! `cargo test --test all noise::` runs those of `noise.rs`.

mod accuracy;
mod accuracy_autoencoder;
mod autoencoder;
mod baseline;
mod command;
mod common;
mod dialects;
mod engine;
mod engine_autoencoder;
mod engine_compare;
mod evaluate;
mod field;
mod filter;
mod formats;
mod fuzz;
mod fuzz_seeds;
mod golden;
mod groups;
mod help;
mod isolation_forest;
mod isolation_forest_sklearn;
mod learning;
mod models;
mod noise;
mod odd_files;
mod opening;
mod parquet;
mod ready;
mod rules;
mod runs;
mod similar;
mod streaming;
mod traffic;
mod written;

#[test]
fn every_file_of_tests_is_in_the_program() {
    let program = include_str!("all.rs");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    for entry in std::fs::read_dir(folder).expect("lists") {
        let path = entry.expect("lists").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        let is_source = path.extension().is_some_and(|extension| extension == "rs") || path.join("mod.rs").exists();
        assert!(!is_source || name == "all" || program.contains(&format!("\nmod {name};\n")), "all.rs lacks {name}");
    }
}
