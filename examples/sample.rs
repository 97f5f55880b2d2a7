//! Writes a synthetic file of flows: `cargo run --release --example sample -- ROWS OUT.csv [SEED]`.
//!
//! A row takes about 480 bytes, so 420,000 rows are about 200 MB.

use flowsift::sample::Flows;
use std::error::Error;
use std::fs::File;
use std::io::Write;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (rows, path, seed) = match arguments.as_slice() {
        [rows, path] => (rows.parse()?, path, 42),
        [rows, path, seed] => (rows.parse()?, path, seed.parse()?),
        _ => return Err("usage: sample ROWS OUT.csv [SEED]".into()),
    };
    let mut file = File::create(path)?;
    let mut flows = Flows::new(rows, seed);
    let (mut piece, mut bytes) = (Vec::new(), 0);
    while flows.write(&mut piece, 1 << 20) {
        file.write_all(&piece)?;
        bytes += piece.len();
        piece.clear();
    }
    println!("{} rows, {bytes} bytes", flows.rows_written());
    Ok(())
}
