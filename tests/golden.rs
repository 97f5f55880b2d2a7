//! The same bits everywhere: hashes of what the page makes of its sample, which the browser tests compare with.
//!
//! They change whenever the sample, the features, the detector or the results file do. If that was meant:
//! `UPDATE_GOLDEN=1 cargo test --test all golden::`.

use std::{io::Cursor, sync::Arc};

use flowsift::{
    detect::{autoencoder, isolation_forest::Params, threshold::Rule},
    engine::{self, Detector, Options, ThreadHost},
    features::Mode,
    report::Selection,
    sample::Flows,
    train::DevicePreference,
};
use futures_executor::block_on;

/// What the page's sample button makes.
const ROWS: u64 = 50_000;
const SEED: u64 = 42;
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden.json");

/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn fnv1a(bytes: &[u8]) -> String {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The number of anomalies and the hash of the results file with all rows, as JSON.
fn results(text: &Arc<[u8]>, options: Options) -> String {
    let text = Arc::clone(text);
    let host = ThreadHost::new(2, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let dataset = engine::load(&host).await.expect("loads");
        let outcome = engine::run(&host, &dataset, options).await.expect("runs");
        let anomalies = outcome.threshold.anomalies;
        let export = dataset.export(Selection::All, anomalies);
        let file = engine::export(&host, export).await.expect("exports").concat();
        format!(r#"{{ "anomalies": {anomalies}, "all_rows_fnv1a": "{}" }}"#, fnv1a(&file))
    })
}

fn forest(mode: Mode) -> Options {
    Options { treatment: mode.into(), ..Options::default() }
}

/// A few epochs of Classic.
fn autoencoder() -> Options {
    let params = autoencoder::Params { epochs: 3, ..autoencoder::Params::classic() };
    Options { detector: Detector::Autoencoder(params, DevicePreference::Cpu), ..forest(Mode::Classic) }
}

#[test]
fn the_sample_and_its_results_are_what_they_were() {
    let mut text = Vec::new();
    let mut flows = Flows::new(ROWS, SEED);
    while flows.write(&mut text, 1 << 20) {}
    let text: Arc<[u8]> = text.into();
    // What the browser test types.
    let params =
        Params { trees: 20, sample_size: 128, max_features: Some(30), max_depth: Some(10), extension: 2, seed: 7 };
    let hyperplanes = Options { detector: params.into(), rule: Some(Rule::Top(321)), ..Options::default() };
    let found = format!(
        r#"{{
  "rows": {ROWS},
  "sample_fnv1a": "{}",
  "recommended": {},
  "classic": {},
  "autoencoder": {},
  "hyperplanes": {}
}}
"#,
        fnv1a(&text),
        results(&text, forest(Mode::Recommended)),
        results(&text, forest(Mode::Classic)),
        results(&text, autoencoder()),
        results(&text, hyperplanes),
    );
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, &found).expect("writes");
    }
    let expected = std::fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(found, expected, "if this was meant: UPDATE_GOLDEN=1 cargo test --test all golden::");
}
