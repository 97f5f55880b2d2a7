//! What fuzzing of models begins with: models of every kind, as small as they can be, so that most of what is changed matters and an
//! input takes microseconds. `UPDATE_FIXTURES=1 cargo test --test all fuzz_seeds::` writes them again, as a new format needs.

use std::{fs, io::Cursor, path::Path, sync::Arc};

use flowsift::{
    detect::{autoencoder, isolation_forest, nearest},
    engine::{self, Detector, Limits, Options, ThreadHost},
    features::{Mode, Treatment},
    ingest::Choices,
    model::{self, About, Saved},
    report::Common,
    train::DevicePreference,
};
use futures_executor::block_on;

const LIMITS: Limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };

/// A few flows, three columns of which are compared.
fn flows(rows: u32) -> Arc<[u8]> {
    let row = |row: u32| format!("10.0.0.{},{},{},{}\n", row % 3, [53, 80, 443][row as usize % 3], row * row, row % 5);
    let rows: String = (0..rows).map(row).collect();
    format!("src_ip,dst_port,bytes,packets\n{rows}").into_bytes().into()
}

fn host() -> ThreadHost {
    let text = flows(20);
    ThreadHost::new(1, move || Cursor::new(Arc::clone(&text)), |_, _| {})
}

/// What is kept of a run on them; against themselves as a baseline, if that is asked for.
fn saved(options: Options, baseline: bool) -> Saved {
    block_on(async {
        let here = host();
        let opened = engine::open(&here, &Choices::default(), LIMITS).await?;
        let dataset = engine::read(&here, &opened).await?;
        let outcome = if baseline {
            let normal = host();
            let baseline = engine::open_baseline(&normal, &dataset.layout.schema, LIMITS).await?;
            let fitted = engine::fit_on(&normal, &baseline, &options).await?;
            engine::apply(&here, &dataset, fitted, options).await?
        } else {
            engine::run(&here, &dataset, options).await?
        };
        engine::save(&here, &dataset, &outcome, (About::default(), outcome.threshold.score)).await
    })
    .expect("is fitted")
}

fn models() -> [(&'static str, Saved); 5] {
    let forest = isolation_forest::Params { trees: 2, sample_size: 8, ..isolation_forest::Params::default() };
    let forest = || Options { detector: forest.into(), ..Options::default() };
    let network = autoencoder::Params { hidden: vec![2], epochs: 1, ..autoencoder::Params::default() };
    let network = Options { detector: Detector::Autoencoder(network, DevicePreference::Cpu), ..Options::default() };
    let near = nearest::Params { neighbours: Some(1), references: Some(16) };
    let near = Options { detector: Detector::Nearest(near), ..Options::default() };
    let classic = Options { treatment: Mode::Classic.into(), ..forest() };
    let hot = Options { treatment: Treatment { one_hot: true, ..Treatment::default() }, ..forest() };
    let mut ruled = saved(hot, false);
    let port = Common { port: Some("53".into()), ..Common::default() };
    assert!(ruled.suppressions.add(port, "names", 5));
    [
        ("small-forest", ruled),
        ("small-classic", saved(classic, false)),
        ("small-autoencoder", saved(network, false)),
        ("small-nearest", saved(near, false)),
        ("small-baseline", saved(forest(), true)),
    ]
}

/// Whole files, and what they say of themselves: each is read in its own way.
#[test]
fn seeds_of_models_are_models() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/model");
    for (name, saved) in models() {
        let (itself, whole) = (folder.join(name), folder.join(format!("{name}.onnx")));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&itself, postcard::to_allocvec(&saved).expect("fits")).expect("there is room");
            fs::write(&whole, model::write(&saved).expect("is written")).expect("there is room");
        }
        let kept = model::decode(&fs::read(&itself).expect("is there")).expect("is sound");
        assert_eq!((kept.options.detector, kept.normal.is_some()), (saved.options.detector, saved.normal.is_some()));
        let whole = fs::read(&whole).expect("is there");
        assert!(whole.len() < 1 << 14, "{name} has {} bytes, of which the fuzzer takes no more", whole.len());
        assert_eq!(model::read(&whole).expect("is sound").suppressions, saved.suppressions);
    }
}
