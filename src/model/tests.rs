use std::{io::Cursor, sync::Arc};

use futures_executor::block_on;

use super::*;
use crate::{
    detect::{autoencoder, isolation_forest::Params, nearest},
    engine::{self, Limits, ThreadHost},
    features::{Mode, Treatment},
    ingest::Choices,
    report::Common,
    sample::{Flows, Scenario},
    train::DevicePreference,
};

fn saved(options: Options) -> Result<Saved, SaveError> {
    of(3_000, options)
}

fn of(rows: u64, options: Options) -> Result<Saved, SaveError> {
    let mut text = Vec::new();
    let mut flows = Flows::of(rows, 5, Scenario::all());
    while flows.write(&mut text, 1 << 20) {}
    let text: Arc<[u8]> = text.into();
    let host = ThreadHost::new(2, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    block_on(async {
        let limits = Limits { rows: 1 << 30, unpacked: 1 << 30 };
        let opened = engine::open(&host, &Choices::default(), limits).await.expect("opens");
        let dataset = engine::read(&host, &opened).await.expect("reads");
        let outcome = engine::run(&host, &dataset, options).await.expect("runs");
        let about = About { name: "a day".into(), rows: dataset.profile.rows, ..About::default() };
        Ok(engine::save(&host, &dataset, &outcome, (about, outcome.threshold.score)).await.expect("learns"))
    })
}

fn forest(mode: Mode, extension: usize) -> Options {
    let params = Params { trees: 20, extension, ..Params::default() };
    Options { treatment: mode.into(), ..Options { detector: params.into(), ..Options::default() } }
}

fn network() -> Options {
    let params = autoencoder::Params { epochs: 2, ..autoencoder::Params::default() };
    Options { detector: Detector::Autoencoder(params, DevicePreference::Cpu), ..Options::default() }
}

fn nearest() -> Options {
    Options { detector: Detector::Nearest(nearest::Params::default()), ..Options::default() }
}

#[test]
fn a_file_gives_back_what_was_saved() {
    let hot =
        Options { treatment: Treatment { one_hot: true, ..Treatment::default() }, ..forest(Mode::Recommended, 0) };
    let near_hot = Options { detector: nearest().detector, ..hot.clone() };
    for options in [forest(Mode::Recommended, 0), forest(Mode::Classic, 0), hot, network(), nearest(), near_hot] {
        let saved = saved(options).expect("is written");
        let bytes = write(&saved).expect("is written");
        assert!(read(&bytes).expect("is sound") == saved);
        let older = write_for(&saved, Runtimes::Older).expect("is written");
        assert!(read(&older).expect("is sound") == saved, "for older runtimes");
    }
}

#[test]
fn a_file_for_older_runtimes_has_their_operators_only_and_is_read_as_strictly() {
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for options in [forest(Mode::Recommended, 0), network(), nearest()] {
        let saved = saved(options).expect("is written");
        let older = write_for(&saved, Runtimes::Older).expect("is written");
        assert_eq!(older[..2], [8, 8], "version 8 of the format");
        assert!(!holds(&older, "RegexFullMatch") && holds(&older, "class of Source.IP"));
        assert_eq!(
            holds(&older, "TreeEnsembleRegressor"),
            matches!(saved.model, crate::detect::Model::IsolationForest(_))
        );
        let at = older.windows(5).rposition(|window| window == b"older").expect("it says so");
        for (place, byte) in [(at, b'O'), (at - 9, b'x'), (older.len() / 4, 1), (older.len() / 2, 1)] {
            let mut other = older.clone();
            other[place] ^= byte;
            assert!(read(&other).is_err(), "byte {place}");
        }
        // A file for the others that says it is for these.
        let mut other = write(&saved).expect("is written");
        other.extend_from_slice(b"\x72\x1a\x0a\x11flowsift.runtimes\x12\x05older");
        assert_eq!(read(&other), Err(Unsound::Graph));
    }
}

#[test]
fn a_column_called_like_the_class_of_another_is_refused_for_older_runtimes_only() {
    let mut saved = saved(forest(Mode::Recommended, 0)).expect("is written");
    let compared = |name: &str| {
        let at = saved.schema.fields.iter().position(|field| field.name == name).expect("it has such a column");
        assert!(saved.plan.features.iter().any(|feature| feature.column == at), "{name} is compared");
        at
    };
    let (_, other) = (compared("Source.IP"), compared("Flow.Duration"));
    Arc::make_mut(&mut saved.schema).fields[other].name = "class of Source.IP".into();
    assert_eq!(write_for(&saved, Runtimes::Older), Err(SaveError::Called("class of Source.IP".into())));
    assert!(write(&saved).is_ok());
}

/// Small ones, as files of the first format. `UPDATE_FIXTURES=1` writes them again, which only a new format may need.
#[test]
fn files_of_every_format_are_read() {
    let forest = Params { trees: 3, sample_size: 16, ..Params::default() };
    let nearest = nearest::Params { neighbours: Some(3), references: Some(16) };
    for (name, rows, detector) in
        [("format-1", 60, forest.into()), ("format-1-nearest", 20, Detector::Nearest(nearest))]
    {
        let file = format!("tests/fixtures/models/{name}.flowsift.onnx");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            let options = Options { detector: detector.clone(), ..Options::default() };
            let bytes = write(&of(rows, options).expect("is written")).expect("is written");
            std::fs::create_dir_all("tests/fixtures/models").expect("there is room");
            std::fs::write(&file, bytes).expect("there is room");
        }
        let saved = read(&std::fs::read(&file).expect("is there")).expect("is sound");
        assert_eq!((saved.about.rows, saved.plan.features.is_empty()), (rows, false));
        assert_eq!(saved.options.detector, detector);
    }
}

#[test]
fn what_no_graph_computes_is_refused_with_the_reason() {
    let refused = |options| saved(options).and_then(|saved| write(&saved)).expect_err("is refused");
    assert_eq!(refused(forest(Mode::Recommended, 2)), SaveError::Planes);
    let networks = Treatment { networks: true, ..Treatment::default() };
    let error = refused(Options { treatment: networks, ..forest(Mode::Recommended, 0) });
    assert!(matches!(error, SaveError::Networks(_)) && error.to_string().contains("networks of “"));
    let near = refused(Options { treatment: networks, ..nearest() });
    assert!(matches!(near, SaveError::Networks(_)), "{near}");
}

#[test]
fn what_was_changed_is_refused() {
    let bytes = write(&saved(forest(Mode::Recommended, 0)).expect("is written")).expect("is written");
    assert_eq!(read(b""), Err(Unsound::Foreign));
    assert_eq!(read(b"a,b\n1,2\n"), Err(Unsound::NoFile));
    assert_eq!(read(&bytes[..bytes.len() / 2]), Err(Unsound::NoFile));
    assert_eq!(read(&vec![0; (64 << 20) + 1]), Err(Unsound::TooLarge));
    let place = |text: &[u8]| bytes.windows(text.len()).position(|window| window == text).expect("it is there");
    let mut other = bytes.clone();
    let format = place(b"flowsift.format\x12\x011") + "flowsift.format\x12\x01".len();
    other[format] = b'2';
    assert_eq!(read(&other), Err(Unsound::Format("2".into(), 1)));
    // Any byte of the graph, of what it says of itself, and of the sum over both.
    for step in 0..200 {
        let mut other = bytes.clone();
        let changed = step * bytes.len() / 200;
        other[changed] ^= 1 << (step % 8);
        assert!(read(&other).is_err(), "byte {changed}");
    }
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let saved = saved(forest(Mode::Recommended, 0)).expect("is written");
    assert_eq!(saved.check(), Ok(()));
    let with = |change: &dyn Fn(&mut Saved)| {
        let mut other = saved.clone();
        change(&mut other);
        other.check()
    };
    assert_eq!(with(&|other| other.learned.scores[3] += 1e-3), Err(Unsound::Scores));
    assert_eq!(with(&|other| other.learned.scores.truncate(1)), Err(Unsound::Parts("rows")));
    assert_eq!(with(&|other| Arc::make_mut(&mut other.plan).features.truncate(2)), Err(Unsound::Parts("features")));
    let far = |other: &mut Saved| Arc::make_mut(&mut other.plan).features[0].column = 1 << 20;
    assert_eq!(with(&far), Err(Unsound::Parts("columns")));
}

#[test]
fn neighbours_of_another_plan_are_refused() {
    let saved = saved(nearest()).expect("is written");
    assert_eq!(saved.check(), Ok(()));
    let of_others = of(60, nearest()).expect("is written").model;
    let others = Saved { model: of_others, ..saved.clone() };
    assert_eq!(others.check(), Err(Unsound::Parts("the detector")));
    let mut fewer = saved.clone();
    Arc::make_mut(&mut fewer.plan).features.pop();
    assert_eq!(fewer.check(), Err(Unsound::Parts("the detector")));
    let mut moved = saved;
    moved.learned.scores[3] += 1e-3;
    assert_eq!(moved.check(), Err(Unsound::Scores));
}

#[test]
fn what_takes_more_room_than_is_read_again_is_not_written() {
    let mut saved = of(60, nearest()).expect("is written");
    saved.about.name = "long".repeat(16 << 20);
    assert_eq!(write(&saved), Err(SaveError::TooLarge));
}

#[test]
fn rules_go_along_and_more_or_longer_ones_than_there_can_be_are_refused() {
    let mut saved = of(60, forest(Mode::Recommended, 0)).expect("is written");
    let port = |port: &str| Common { port: Some(port.into()), ..Common::default() };
    assert!(saved.suppressions.add(port("123"), "the clocks", 5));
    let bytes = write(&saved).expect("is written");
    assert_eq!(read(&bytes).expect("is sound").suppressions, saved.suppressions);
    let said = b"[{\"what\":{\"from\":null,\"to\":null,\"port\":\"123\",";
    assert!(bytes.windows(said.len()).any(|window| window == said), "and can be read by others");

    // As nothing here makes them, but a file may say.
    let rule = |port: &str, note: String| (port.to_owned(), note);
    let hostile = |rules: Vec<(String, String)>| {
        let rules: Vec<_> = rules.iter().map(|(text, note)| (port(text), 5u64, false, note)).collect();
        let rules = postcard::from_bytes(&postcard::to_allocvec(&rules).expect("fits")).expect("is read");
        let saved = Saved { suppressions: rules, ..saved.clone() };
        (saved.check(), write(&saved).map(|bytes| read(&bytes)))
    };
    let refused = (Err(Unsound::Parts("rules")), Ok(Err(Unsound::Parts("rules"))));
    assert_eq!(hostile(vec![rule("123", String::new())]).0, Ok(()));
    assert_eq!(hostile((0..1_001).map(|n| rule(&n.to_string(), String::new())).collect()), refused);
    assert_eq!(hostile(vec![rule(&"1".repeat(257), String::new())]), refused);
    assert_eq!(hostile(vec![rule("123", "long ".repeat(100))]), refused);
}
