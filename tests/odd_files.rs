//! Files that were made to break parsers, and files of other tools: each is read or refused with a reason, alike by any
//! number of shards, and nothing panics.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    sync::Arc,
};

use flowsift::engine::{self, Dataset, EngineError, Options, ThreadHost};
use futures_executor::block_on;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn load(bytes: &Arc<[u8]>, shards: usize) -> Result<Dataset, EngineError> {
    let bytes = Arc::clone(bytes);
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
    let dataset = block_on(engine::load(&host))?;
    block_on(engine::run(&host, &dataset, Options::default()))?;
    Ok(dataset)
}

#[test]
fn every_file_is_read_or_refused_alike_by_any_number_of_shards() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let mut found = Vec::new();
    files(&folder, &mut found);
    if found.is_empty() {
        println!("skipped: ../shared/data is not on this machine");
        return;
    }
    let (mut read, mut refused) = (0, 0);
    for path in found {
        let bytes: Arc<[u8]> = fs::read(&path).expect("readable").into();
        let one = load(&bytes, 1);
        let many = load(&bytes, 5);
        assert_eq!(one, many, "{}", path.display());
        match one {
            Ok(dataset) => {
                assert!(dataset.profile.rows > 0, "{}", path.display());
                read += 1;
            }
            Err(EngineError::Ingest(_) | EngineError::Features(_)) => refused += 1,
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }
    println!("{read} files read, {refused} refused");
    assert!(read > 0 && refused > 0);
}
