//! Files that were made to break parsers, and files of other tools: each has the rows and columns that an independent
//! reader sees in it, or is refused for the reason that the table `fixtures/shared_data.tsv` expects, alike by any number
//! of shards; and no row is lost silently.

use std::{
    collections::BTreeMap,
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    sync::Arc,
};

use flowsift::{
    engine::{self, Dataset, EngineError, Options, ThreadHost},
    ingest::IngestError,
};
use futures_executor::block_on;

/// What a line of the table expects of a file.
struct Expected<'a> {
    /// `read`, or the kind of error.
    outcome: &'a str,
    /// Records and columns that the reader sees.
    records: Option<u64>,
    columns: Option<usize>,
    /// Records that are no rows.
    left_out: Option<u64>,
}

fn table(text: &str) -> BTreeMap<&str, Expected<'_>> {
    let expected = |line| {
        let cells: Vec<&str> = str::split(line, '\t').collect();
        let [path, outcome, records, columns, left_out, _reader, _note] = cells[..] else { panic!("{line:?}") };
        let expected = Expected {
            outcome,
            records: records.parse().ok(),
            columns: columns.parse().ok(),
            left_out: left_out.parse().ok(),
        };
        (path, expected)
    };
    text.lines().skip(1).map(expected).collect()
}

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

/// The file as it is read by that many shards, and what running the detector on it gives.
fn load(bytes: &Arc<[u8]>, shards: usize) -> Result<(Dataset, Result<(), EngineError>), EngineError> {
    let bytes = Arc::clone(bytes);
    let host = ThreadHost::new(shards, move || Cursor::new(Arc::clone(&bytes)), |_, _| {});
    let dataset = block_on(engine::load(&host))?;
    let run = block_on(engine::run(&host, &dataset, Options::default())).map(|_| ());
    Ok((dataset, run))
}

/// The name of an error's variant, and the columns that it speaks of.
fn refusal(error: &EngineError) -> (String, Option<usize>) {
    let EngineError::Ingest(error) = error else { panic!("{error:?}") };
    let kind = format!("{error:?}").chars().take_while(char::is_ascii_alphanumeric).collect();
    let columns = match error {
        IngestError::NoNumbers { columns, .. } | IngestError::HeaderOnly { columns } => Some(*columns),
        _ => None,
    };
    (kind, columns)
}

/// What is other than expected.
fn difference(
    expected: &Expected<'_>,
    loaded: &Result<(Dataset, Result<(), EngineError>), EngineError>,
) -> Option<String> {
    let (dataset, run) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            let (kind, columns) = refusal(error);
            let alike = kind == expected.outcome
                && (columns.is_none() || expected.columns.is_none_or(|expected| columns == Some(expected)));
            return (!alike).then(|| format!("refused: {error:?}"));
        }
    };
    // Rows may all be alike, or too odd to compare: then the detector says so.
    if !matches!(run, Ok(()) | Err(EngineError::Features(_))) {
        return Some(format!("{run:?}"));
    }
    let (rows, left_out) = (dataset.profile.rows, dataset.findings.rejected_rows());
    let columns = dataset.layout.schema.width();
    let alike = expected.outcome == "read"
        && (Some(rows + left_out), Some(left_out)) == (expected.records, expected.left_out)
        && Some(columns) == expected.columns
        && rows > 0;
    (!alike).then(|| format!("{rows} rows + {left_out} left out, {columns} columns"))
}

#[test]
fn every_file_is_read_as_others_read_it_or_refused_for_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../shared/data");
    let mut found = Vec::new();
    files(&folder, &mut found);
    if found.is_empty() {
        println!("skipped: ../shared/data is not on this machine");
        return;
    }
    let text = fs::read_to_string(root.join("tests/fixtures/shared_data.tsv")).expect("the table");
    let mut table = table(&text);
    let (mut read, mut refused, mut differences) = (0, 0, Vec::new());
    for path in found {
        let name = path.strip_prefix(&folder).expect("inside").to_str().expect("a name of text");
        // These have right answers of another kind, and a list of their own.
        if name.starts_with("field/") {
            continue;
        }
        let Some(expected) = table.remove(name) else {
            differences.push(format!("{name}: not in the table"));
            continue;
        };
        let bytes: Arc<[u8]> = fs::read(&path).expect("readable").into();
        let one = load(&bytes, 1);
        assert_eq!(one, load(&bytes, 5), "{name}: 1 and 5 shards");
        differences.extend(difference(&expected, &one).map(|difference| format!("{name}: {difference}")));
        *if one.is_ok() { &mut read } else { &mut refused } += 1;
    }
    differences.extend(table.keys().map(|name| format!("{name}: in the table, but gone")));
    println!("{read} files read, {refused} refused");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
