//! Times the reading of a file into columns, without a page: `cargo run --release --example parse -- FILE SHARDS [RUNS]`.
//!
//! That is all of what the page does from drop to ready: the layout, the cells, the profile and the sample. Prints one line of
//! JSON: the rows, the seconds of each run and their median.

use std::{error::Error, fs::File, time::Instant};

use flowsift::engine::{self, ThreadHost};
use futures_executor::block_on;

#[expect(clippy::disallowed_methods, reason = "it never runs on wasm")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, shards, runs) = match arguments.as_slice() {
        [path, shards] => (path, shards.parse()?, 1),
        [path, shards, runs] => (path, shards.parse()?, runs.parse::<usize>()?.max(1)),
        _ => return Err("usage: parse FILE SHARDS [RUNS]".into()),
    };
    // Each shard opens the file by itself; one that is not there is told of here.
    File::open(path)?;

    let mut rows = 0;
    let mut seconds = Vec::with_capacity(runs);
    for _ in 0..runs {
        let path = path.clone();
        let open = move || File::open(&path).expect("it could be opened a moment ago");
        let start = Instant::now();
        let host = ThreadHost::new(shards, open, |_, _| {});
        rows = block_on(engine::load(&host))?.profile.rows;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let runs = format!("{seconds:.4?}");
    seconds.sort_unstable_by(f64::total_cmp);
    println!(r#"{{"rows": {rows}, "median": {:.4}, "seconds": {runs}}}"#, seconds[seconds.len() / 2]);
    Ok(())
}
