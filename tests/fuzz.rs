//! Damaged files: whatever is done to one, it is read or refused, alike by any number of shards, and nothing panics.
//! `FUZZ_CASES=100000 cargo test --release --test all fuzz::` tries longer.

use std::{fs, io::Cursor, path::Path, sync::Arc};

use flowsift::{
    detect::isolation_forest::Params,
    engine::{self, Dataset, EngineError, Options, ThreadHost},
    ingest::Choices,
};
use futures_executor::block_on;
use proptest::{prelude::*, test_runner::TestRunner};

/// A small file of every kind.
fn snippets() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/snippets");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("snippets").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("readable")).collect()
}

/// What is done to a file at some place.
#[derive(Debug, Clone)]
enum Damage {
    Overwrite(u8),
    Insert(u8),
    Remove(usize),
    Repeat(usize),
    CutOff,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = || prop_oneof![4 => prop::sample::select(b"\",;\t|'\\\n\r #{}[]:.-\0".to_vec()), 1 => any::<u8>()];
    prop_oneof![
        byte().prop_map(Damage::Overwrite),
        byte().prop_map(Damage::Insert),
        (1usize..40).prop_map(Damage::Remove),
        (1usize..200).prop_map(Damage::Repeat),
        Just(Damage::CutOff),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: usize, damage: &Damage) {
    let at = at % (bytes.len() + 1);
    let to = |length: usize| (at + length).min(bytes.len());
    match damage {
        Damage::Overwrite(byte) if at < bytes.len() => bytes[at] = *byte,
        Damage::Overwrite(byte) | Damage::Insert(byte) => bytes.insert(at, *byte),
        Damage::Remove(length) => drop(bytes.drain(at..to(*length))),
        Damage::Repeat(length) => {
            let piece = bytes[at..to(*length)].to_vec();
            bytes.splice(at..at, piece);
        }
        Damage::CutOff => bytes.truncate(at),
    }
}

/// The file, read and run.
fn load(bytes: &Arc<[u8]>, shards: usize, choices: &Choices) -> Result<(Dataset, bool), EngineError> {
    let bytes = Arc::clone(bytes);
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
    let options = Options { detector: Params { trees: 5, ..Params::default() }.into(), ..Options::default() };
    block_on(async {
        let opened = engine::open(&host, choices, engine::Limits::default()).await?;
        let dataset = engine::read(&host, &opened).await?;
        let ran = match engine::run(&host, &dataset, options).await {
            Ok(_) => true,
            Err(EngineError::Features(_)) => false,
            Err(error) => panic!("{error:?}"),
        };
        Ok((dataset, ran))
    })
}

#[test]
fn damaged_files_are_read_or_refused_alike_by_any_number_of_shards() {
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500);
    let snippets = snippets();
    assert!(snippets.len() > 5);
    let choices = (prop::option::of(prop::sample::select(b",;\t |".to_vec())), prop::option::of(any::<bool>()))
        .prop_map(|(delimiter, header)| Choices { delimiter, header, ..Choices::default() });
    let damaged = (
        0..snippets.len(),
        prop::collection::vec((any::<prop::sample::Index>(), damage()), 0..6),
        prop_oneof![3 => Just(Choices::default()), 1 => choices],
    );
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&damaged, |(snippet, damages, choices)| {
        // Several ranges have rows only where a range is more than 64 KiB.
        let mut bytes = snippets[snippet].repeat(1 + (90 << 10) / snippets[snippet].len().max(1));
        for (place, damage) in &damages {
            let at = place.index(bytes.len() + 1);
            apply(&mut bytes, at, damage);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let one = load(&bytes, 1, &choices);
        prop_assert_eq!(&one, &load(&bytes, 3, &choices));
        match one {
            Ok((dataset, _)) => prop_assert!(dataset.profile.rows > 0),
            Err(error) => prop_assert!(matches!(error, EngineError::Ingest(_)), "{error:?}"),
        }
        Ok(())
    });
    if let Err(found) = outcome {
        panic!("{found}");
    }
}
