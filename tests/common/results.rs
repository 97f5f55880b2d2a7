//! All rows with their results, by the recommended forest.

use flowsift::{
    engine::{self, Dataset, EngineError, Limits, Opened, Options, ThreadHost},
    ingest::Choices,
    report::Selection,
};
use futures_executor::block_on;

/// The files that the host was given, read and scored: what they are, and the download of all rows. At most a MiB may come out
/// of packed ones.
pub fn all_rows(host: &ThreadHost, choices: &Choices) -> Result<(Opened, Dataset, String), EngineError> {
    block_on(async {
        let opened = engine::open(host, choices, Limits { rows: 1 << 30, unpacked: 1 << 20 }).await?;
        let dataset = engine::read(host, &opened).await?;
        let outcome = engine::run(host, &dataset, Options::default()).await?;
        let export = dataset.export(Selection::All, outcome.threshold.anomalies);
        let written = engine::export(host, export).await?.concat();
        Ok((opened, dataset, String::from_utf8(written).expect("text")))
    })
}
