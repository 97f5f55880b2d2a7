//! Rows of all shards → one sample of them in the first.

use std::sync::Arc;

use super::{Dataset, Outcome, answered, ask_each, ask_first};
use crate::{
    engine::{DataRequest, EngineError, FitRequest, Host, Reply},
    features::Space,
    table::{Hashes, Schema, Storage},
};

/// Rows of the sample that detectors are fitted on. A file with no more rows is fitted on as a whole, unless it is so wide
/// that it has more cells than the sample may have.
const SAMPLE_ROWS: usize = 65_536;
/// Cells of that sample, of 4 bytes each: all rows of 256 columns, and 4,096 rows of the widest files.
const SAMPLE_CELLS: usize = SAMPLE_ROWS * 256;
/// The samples' own seed: which rows are drawn does not change with the detector's.
pub(super) const SAMPLE_SEED: u64 = 42;

/// The most rows of a sample of such a file.
pub(super) fn sample_rows(schema: &Schema) -> usize {
    let stored = schema.fields.iter().filter(|field| field.storage() != Storage::None).count();
    (SAMPLE_CELLS / stored.max(1)).min(SAMPLE_ROWS)
}

/// Has the first shard hold the sample that detectors are fitted on; after reading, it holds that which columns are described by.
pub(super) async fn ensure<H: Host>(host: &H, dataset: &Dataset) -> Result<(), EngineError> {
    let sampled = answered!(ask_first(host, DataRequest::CountSample).await?, Reply::Counted(rows) => rows)?;
    if sampled == dataset.sample_rows() { Ok(()) } else { gather(host, dataset.sample_rows() as usize).await }
}

/// Where the rows of a run lie: in the baseline's space if it has one, else in that of the file's sample.
pub(super) async fn space<H: Host>(host: &H, dataset: &Dataset, outcome: &Outcome) -> Result<Arc<Space>, EngineError> {
    if let Some(normal) = &outcome.normal {
        return Ok(Arc::clone(&normal.space));
    }
    ensure(host, dataset).await?;
    let told = ask_first(host, FitRequest::Space { plan: Arc::clone(&outcome.plan) }).await?;
    answered!(told, Reply::Space(space) => space)
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Field, Kind, Role};

    #[test]
    fn a_sample_of_many_columns_has_fewer_rows() {
        let rows = |numbers: usize, texts: usize| {
            let field = |number: usize| {
                let (kind, role) =
                    if number < numbers { (Kind::Number, Role::Measure) } else { (Kind::Text, Role::Identifier) };
                Field::new(number.to_string(), kind, role)
            };
            sample_rows(&Schema { fields: (0..numbers + texts).map(field).collect() })
        };
        assert_eq!([rows(1, 0), rows(84, 0), rows(256, 0)], [65_536; 3]);
        assert_eq!((rows(2_000, 0), rows(4_096, 0)), (8_388, 4_096));
        // Text that is not stored is not sampled.
        assert_eq!(rows(256, 3_840), 65_536);
        assert!(rows(0, 3) > 0);
    }
}
