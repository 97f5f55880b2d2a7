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
    engine::{self, Options, SinglesQuery, ThreadHost},
    findings::{SINGLES, csv, findings},
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
    let mut text = Vec::new();
    let mut flows = Flows::of(8_000, seed, Scenario::all());
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
    let text: Arc<[u8]> = text.into();
    let host = ThreadHost::new(1, move || Cursor::new(Arc::clone(&text)), |_, _| {});
    let expected = block_on(async {
        let dataset = engine::load(&host).await.unwrap();
        let outcome = engine::run(&host, &dataset, Options::default()).await.unwrap();
        let query = SinglesQuery { anomalies: outcome.threshold.anomalies, most: SINGLES };
        let singles = engine::ask_all(&host, query).await.unwrap().rows;
        let all = findings(&outcome, &singles, &dataset);
        assert!(all.len() > 5, "something stands out");
        csv(&all, &[], &[], dataset.profile.rows)
    });
    assert_eq!(listed, expected);
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
fn what_cannot_be_done_is_said_in_words() {
    let folder = folder("refused");
    fs::write(folder.join("flows.csv"), "a,b\n1,2\n").unwrap();
    for (arguments, words) in [
        (["findings", "gone.csv", "--quiet"].as_slice(), "gone.csv"),
        (&["findings", "flows.csv", "--model", "flows.csv"], "model"),
        (&["nothing"], "unrecognized subcommand"),
    ] {
        let output = flowsift(&folder, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}
