//! A saved detector ⇄ the bytes of its file.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::{
    SaveError, Saved, Unsound, detector,
    features::{CLASSES, Inputs, class_name, classified},
    graph::{Graph, METADATA, Runtimes, Type},
    nearest,
    proto::Fields,
};
use crate::{
    detect::{Method, Model},
    ingest::MISSING_WORDS,
};

/// Files of another format are refused.
const FORMAT: u32 = 1;
/// No saved detector is larger.
const MOST_BYTES: usize = 64 << 20;
/// Fields of an entry of the metadata.
const KEY: u64 = 1;
const VALUE: u64 = 2;

const OF_FORMAT: &str = "flowsift.format";
const OF_ITSELF: &str = "flowsift.model";
const OF_RUNTIMES: &str = "flowsift.runtimes";
/// What a file for older runtimes says there; others do not have it.
const OLDER: &str = "older";

/// Writes a saved detector, for current runtimes.
///
/// # Errors
/// As [`write_for`].
pub fn write(saved: &Saved) -> Result<Vec<u8>, SaveError> {
    write_for(saved, Runtimes::Current)
}

/// Writes a saved detector.
///
/// # Errors
/// [`SaveError`] where no graph computes what it does, or the file would be too large.
pub fn write_for(saved: &Saved, runtimes: Runtimes) -> Result<Vec<u8>, SaveError> {
    let classified = classified(&saved.plan, &saved.schema, runtimes);
    let mut compared = saved.plan.features.iter().map(|feature| &saved.schema.fields[feature.column].name);
    if let Some(name) = compared.find(|name| classified.contains_key(*name)) {
        return Err(SaveError::Called(name.clone()));
    }
    let mut graph = Graph::of(runtimes);
    let columns = Inputs::add(&mut graph, &saved.plan, &saved.schema, saved.texts());
    let score = detector::add(&mut graph, (&saved.plan, &saved.model), &columns)?;
    let limit = graph.doubles(&[saved.threshold]);
    let flagged = graph.op("Greater", &[&score, &limit], &[]);
    graph.output("anomaly_score", Type::Double, score);
    graph.output("anomaly", Type::Bool, flagged);
    let broken = |error: postcard::Error| SaveError::Broken(error.to_string());
    let itself = postcard::to_allocvec(saved).map_err(broken)?;
    let (names, rows, scores) = saved.told_rows();
    let json = |value: serde_json::Result<String>| value.map_err(|error| SaveError::Broken(error.to_string()));
    let mut entries = vec![
        (OF_FORMAT, FORMAT.to_string()),
        ("flowsift.version", saved.about.version.clone()),
        ("flowsift.name", saved.about.name.clone()),
        ("flowsift.created", saved.about.created.clone()),
        ("flowsift.detector", detector_name(saved.model.method()).to_owned()),
        ("flowsift.rows", saved.about.rows.to_string()),
        ("flowsift.threshold", saved.threshold.to_string()),
        ("flowsift.suppressions", json(serde_json::to_string(&saved.suppressions))?),
        ("flowsift.missing_words", json(serde_json::to_string(&MISSING_WORDS))?),
        ("flowsift.verify.columns", json(serde_json::to_string(&names))?),
        ("flowsift.verify.rows", json(serde_json::to_string(&rows))?),
        ("flowsift.verify.scores", json(serde_json::to_string(&scores))?),
    ];
    if let Model::Nearest(nearest) = &saved.model {
        entries.push(("flowsift.batch", nearest::batch(nearest).to_string()));
    }
    if runtimes == Runtimes::Older {
        let classes = CLASSES.map(|(class, pattern)| [class_name(class), pattern]);
        entries.push((OF_RUNTIMES, OLDER.to_owned()));
        entries.push(("flowsift.address_columns", json(serde_json::to_string(&classified))?));
        entries.push(("flowsift.address_classes", json(serde_json::to_string(&classes))?));
    }
    entries.push((OF_ITSELF, BASE64_STANDARD.encode(itself)));
    let bytes = graph.finish(ABOUT, &entries);
    if bytes.len() > MOST_BYTES { Err(SaveError::TooLarge) } else { Ok(bytes) }
}

/// What a file says of itself to people who open it elsewhere.
const ABOUT: &str = "Anomaly scores of network flows, by Flowsift. Inputs: raw columns, [rows, 1] each; numbers as float with NaN for missing ones, texts \
                     trimmed, with an empty text for missing ones. Outputs: anomaly_score (higher is more anomalous) and anomaly (above the threshold).";

fn detector_name(method: Method) -> &'static str {
    match method {
        Method::IsolationForest => "isolation_forest",
        Method::Autoencoder => "autoencoder",
        Method::Nearest => "nearest",
    }
}

/// Reads a saved detector, if the bytes are just those that [`write_for`] gives for it, and it is [sound](Saved::check).
///
/// # Errors
/// [`Unsound`]
pub fn read(bytes: &[u8]) -> Result<Saved, Unsound> {
    if bytes.len() > MOST_BYTES {
        return Err(Unsound::TooLarge);
    }
    let entry = |wanted: &str| {
        let mut fields = Fields::of(bytes);
        while let Some((field, entry)) = fields.next().ok_or(Unsound::NoFile)? {
            if field == METADATA && text_of(entry, KEY)? == wanted {
                return text_of(entry, VALUE).map(Some);
            }
        }
        Ok(None)
    };
    let format = entry(OF_FORMAT)?.ok_or(Unsound::Foreign)?;
    if format != FORMAT.to_string() {
        return Err(Unsound::Format(format.chars().take(8).collect(), FORMAT));
    }
    let itself = BASE64_STANDARD.decode(entry(OF_ITSELF)?.ok_or(Unsound::Foreign)?).map_err(|_| Unsound::Garbled)?;
    let saved = decode(&itself)?;
    let runtimes = match entry(OF_RUNTIMES)? {
        Some(OLDER) => Runtimes::Older,
        _ => Runtimes::Current,
    };
    if write_for(&saved, runtimes).ok().as_deref() != Some(bytes) {
        return Err(Unsound::Graph);
    }
    Ok(saved)
}

/// What a file says of itself, if it is [sound](Saved::check).
///
/// # Errors
/// [`Unsound`]
pub fn decode(itself: &[u8]) -> Result<Saved, Unsound> {
    let saved: Saved = postcard::from_bytes(itself).map_err(|_| Unsound::Garbled)?;
    saved.check()?;
    Ok(saved)
}

fn text_of(message: &[u8], wanted: u64) -> Result<&str, Unsound> {
    let mut fields = Fields::of(message);
    while let Some((field, value)) = fields.next().ok_or(Unsound::NoFile)? {
        if field == wanted {
            return std::str::from_utf8(value).map_err(|_| Unsound::NoFile);
        }
    }
    Ok("")
}
