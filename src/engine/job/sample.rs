//! Rows of all shards → one sample of them in the first.

use super::{answered, ask_each, ask_first};
use crate::{
    engine::{DataRequest, EngineError, Host, Reply},
    table::Hashes,
};

/// Rows of the sample that detectors are fitted on. A file with no more rows is fitted on as a whole.
pub(super) const SAMPLE_ROWS: usize = 65_536;
/// The samples' own seed: which rows are drawn does not change with the detector's.
pub(super) const SAMPLE_SEED: u64 = 42;

/// Has the first shard gather a sample of up to `rows` rows.
pub(super) async fn gather<H: Host>(host: &H, rows: usize) -> Result<(), EngineError> {
    let mut hashes = Hashes::default();
    for reply in ask_each(host, |_| DataRequest::Draw { rows }).await? {
        hashes.0.extend(answered!(reply, Reply::Drawn(drawn) => drawn.0)?);
    }
    let cutoff = hashes.cutoff(rows);
    let parts = ask_each(host, |_| DataRequest::Sample { cutoff }).await?;
    // One after the other: together they may be tens of megabytes, and the page must not stall while it passes them on.
    for (shard, reply) in parts.into_iter().enumerate() {
        let part = answered!(reply, Reply::Sampled(part) => part)?;
        ask_first(host, DataRequest::KeepSample { part, first: shard == 0 }).await?;
    }
    Ok(())
}
