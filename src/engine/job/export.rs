//! Ranked rows → files.

use std::sync::Arc;

use super::{Dataset, answered, ask_each, ask_first};
use crate::engine::{DataRequest, EngineError, Export, ExportRequest, Host, Reply};

/// Has the first shard write `rows` synthetic flows.
///
/// # Errors
/// [`EngineError`]
pub async fn generate<H: Host>(host: &H, rows: u64, seed: u64) -> Result<H::Written, EngineError> {
    Ok(ask_first(host, DataRequest::Generate { rows, seed }).await?.1)
}

/// Has the shards write the results file, and gives the pieces in order.
///
/// # Errors
/// [`EngineError`] if the file cannot be read any more, or somebody cancels.
pub async fn export<H: Host>(host: &H, export: Export) -> Result<Vec<H::Written>, EngineError> {
    let export = Arc::new(export);
    let replies =
        ask_each(host, |shard| ExportRequest::Results { export: Arc::clone(&export), header: shard == 0 }).await?;
    Ok(replies.into_iter().map(|(_, written)| written).collect())
}

/// Has the shards write the rows that were left out and the cells that were not understood, and gives the pieces in order.
///
/// # Errors
/// [`EngineError`] if the file cannot be read any more, or somebody cancels.
pub async fn export_rejected<H: Host>(host: &H, dataset: &Dataset) -> Result<Vec<H::Written>, EngineError> {
    let mut lines = Vec::with_capacity(host.shards());
    let mut line = dataset.header_lines;
    for reply in ask_each(host, |_| ExportRequest::CountLines).await? {
        lines.push(line);
        line += answered!(reply, Reply::Counted(count) => count)?;
    }
    let replies = ask_each(host, |shard| ExportRequest::Rejected { line: lines[shard], header: shard == 0 }).await?;
    Ok(replies.into_iter().map(|(_, written)| written).collect())
}
