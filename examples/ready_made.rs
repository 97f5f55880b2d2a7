//! Makes the ready-made models of the page: `cargo run --release --example ready_made`. The same bytes every time.

#[path = "../tests/common/ready.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod ready;

use std::{error::Error, fs};

use flowsift::model::Ready;

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(ready::FOLDER)?;
    for model in &Ready::ALL {
        let (path, bytes) = (ready::path(model), ready::make(model)?);
        fs::write(&path, &bytes)?;
        println!("{path}: {} bytes", bytes.len());
    }
    Ok(())
}
