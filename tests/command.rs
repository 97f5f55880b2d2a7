//! The command says what the engine says, with whatever number of threads, and fails in words.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use flowsift::{
    engine::{self, Dataset, First, Limits, Options, Outcome, SinglesQuery, ThreadHost},
    findings::{SINGLES, csv, findings},
    ingest::Choices,
    sample::{Flows, Scenario},
};
use futures_executor::block_on;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn flows(seed: u64) -> Vec<u8> {
    made(seed, Scenario::all())
}

fn made(seed: u64, scenario: Scenario) -> Vec<u8> {
    let mut text = Vec::new();
    let mut flows = Flows::of(8_000, seed, scenario);
    while flows.write(&mut text, 1 << 20) {}
    text
}

fn flowsift(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flowsift")).current_dir(folder).args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn findings_are_those_of_the_engine() {
    let folder = folder("findings");
    let text = flows(3);
    fs::write(folder.join("flows.csv"), &text).unwrap();
    let listed = told(&flowsift(&folder, &["findings", "flows.csv", "--threads", "3", "--quiet"]));
    let host = host(&text);
    let expected = block_on(async {
        let dataset = engine::load(&host).await.unwrap();
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        list(&host, &dataset, &outcome).await
    });
    assert_eq!(listed, expected);
}

fn host(text: &[u8]) -> ThreadHost {
    let text: Arc<[u8]> = text.into();
    ThreadHost::new(1, move || Cursor::new(Arc::clone(&text)), |_, _| {})
}

/// The engine's own list of findings.
async fn list(host: &ThreadHost, dataset: &Dataset, outcome: &Outcome) -> String {
    let query = SinglesQuery { anomalies: outcome.threshold.anomalies, most: SINGLES };
    let singles = engine::ask_all(host, query).await.unwrap().rows;
    let all = findings(outcome, &singles, dataset);
    assert!(all.len() > 5, "something stands out");
    csv(&all, &[], &[], dataset.profile.rows)
}

/// What the engine lists against another file, or against the first part of the file itself.
fn against(text: &[u8], baseline: Result<&[u8], First>) -> String {
    let (here, normal) = (host(text), host(baseline.as_ref().copied().unwrap_or(text)));
    block_on(async {
        let dataset = engine::load(&here).await.unwrap();
        let baseline = match baseline {
            Ok(_) => engine::open_baseline(&normal, &dataset.layout.schema, Limits::default()).await,
            Err(first) => {
                let part = (&first, &Choices::default());
                engine::open_first(&normal, &here, &dataset, part, Limits::default()).await
            }
        };
        let fitted = engine::fit_on(&normal, &baseline.unwrap(), &Options::default()).await.unwrap();
        let outcome = engine::apply(&here, &dataset, fitted, Options::default()).await.unwrap();
        list(&here, &dataset, &outcome).await
    })
}

#[test]
fn what_is_learnt_from_normal_flows_is_what_the_engine_learns_and_a_model_keeps_it() {
    let folder = folder("normal");
    let [text, clean] = [(5, Scenario::all()), (6, Scenario::clean())].map(|(seed, scenario)| made(seed, scenario));
    fs::write(folder.join("flows.csv"), &text).unwrap();
    fs::write(folder.join("clean.csv"), &clean).unwrap();
    let (until, rows) = ("2017-04-26 09:00", 3_000);
    let [by_file, by_rows, by_time] = [
        (["--baseline", "clean.csv"], Ok(clean.as_slice())),
        (["--first-rows", "3000"], Err(First::Rows(rows))),
        (["--first-until", until], Err(First::Until(until.to_owned()))),
    ]
    .map(|(typed, baseline)| {
        let verb =
            |verb: &[&str], then: &[&str]| told(&flowsift(&folder, &[verb, &["flows.csv", "--quiet"], then].concat()));
        let expected = against(&text, baseline);
        assert_eq!(verb(&["findings"], &typed), expected, "{typed:?}");
        let scored = verb(&["score"], &typed);
        verb(&["fit"], &[typed.as_slice(), &["--out", "kept.flowsift.onnx"]].concat());
        let model = ["--model", "kept.flowsift.onnx"];
        assert_eq!(verb(&["findings"], &model), expected, "{typed:?}, as it was kept");
        assert_eq!(verb(&["score"], &model), scored, "{typed:?}, as it was kept");
        let info = told(&flowsift(&folder, &["info", "kept.flowsift.onnx"]));
        (scored, info)
    });
    assert!(by_file.0 != by_rows.0 && by_rows.0 != by_time.0, "each learns something else");
    assert!(by_file.1.contains("fitted on   8000 flows") && by_rows.1.contains("fitted on   3000 flows"));
}

#[test]
fn a_model_that_is_kept_finds_the_same_again() {
    let folder = folder("model");
    fs::write(folder.join("flows.csv"), flows(4)).unwrap();
    told(&flowsift(&folder, &["fit", "flows.csv", "--quiet", "--out", "kept.flowsift.onnx"]));
    let by_model = ["--model", "kept.flowsift.onnx"];
    for verb in ["findings", "score"] {
        let at_once = told(&flowsift(&folder, &[verb, "flows.csv", "--quiet"]));
        let kept = told(&flowsift(&folder, &[&[verb, "flows.csv", "--quiet"], by_model.as_slice()].concat()));
        assert_eq!(kept, at_once, "{verb}");
        assert!(kept.lines().count() > 5);
    }
    told(&flowsift(&folder, &["findings", "flows.csv", "--quiet", "--out", "findings.csv"]));
    assert_eq!(
        fs::read_to_string(folder.join("findings.csv")).unwrap(),
        told(&flowsift(&folder, &["findings", "flows.csv", "--quiet"]))
    );
    assert!(told(&flowsift(&folder, &["info", "kept.flowsift.onnx"])).contains("IsolationForest"));
}

#[test]
fn a_model_for_older_runtimes_finds_the_same_and_is_written_again_for_the_others() {
    let folder = folder("older");
    fs::write(folder.join("flows.csv"), flows(4)).unwrap();
    told(&flowsift(&folder, &["fit", "flows.csv", "--quiet", "--onnx", "older", "--out", "older.flowsift.onnx"]));
    let older = fs::read(folder.join("older.flowsift.onnx")).unwrap();
    let scores = |model| told(&flowsift(&folder, &["score", "flows.csv", "--quiet", "--model", model]));
    told(&flowsift(&folder, &["export", "older.flowsift.onnx", "--out", "current.flowsift.onnx"]));
    assert!(fs::read(folder.join("current.flowsift.onnx")).unwrap() != older);
    assert_eq!(scores("older.flowsift.onnx"), scores("current.flowsift.onnx"));
    told(&flowsift(&folder, &["export", "current.flowsift.onnx", "--onnx", "older", "--out", "again.flowsift.onnx"]));
    assert!(fs::read(folder.join("again.flowsift.onnx")).unwrap() == older);
}

#[test]
fn what_cannot_be_done_is_said_in_words() {
    let folder = folder("refused");
    fs::write(folder.join("flows.csv"), "a,b\n1,2\n").unwrap();
    for (arguments, words) in [
        (["findings", "gone.csv", "--quiet"].as_slice(), "gone.csv"),
        (&["findings", "flows.csv", "--model", "flows.csv"], "model"),
        (&["nothing"], "unrecognized subcommand"),
        (&["export", "flows.csv", "--out", "x"], "The model cannot be used"),
        (&["findings", "flows.csv", "--baseline", "gone.csv"], "gone.csv"),
        (&["fit", "flows.csv", "--out", "x", "--first-rows", "0"], "no flow is in that part of the file"),
        (&["score", "flows.csv", "--first-rows", "9"], "that part is the whole file"),
        (&["score", "flows.csv", "--first-until", "noon"], "no column of times"),
        (&["score", "flows.csv", "--first-rows", "many"], "invalid value 'many'"),
        (&["score", "flows.csv", "--first-rows", "1", "--first-until", "noon"], "cannot be used with"),
        (&["findings", "flows.csv", "--first-rows", "1", "--model", "x"], "cannot be used with"),
        (&["fit", "flows.csv", "--out", "x", "--baseline", "flows.csv", "--first-rows", "1"], "cannot be used with"),
    ] {
        let output = flowsift(&folder, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}
