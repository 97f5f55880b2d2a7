//! The first part of a file, in workers of its own → flows known to be normal.

use std::sync::Arc;

use super::{Baseline, Dataset, Limits, answered, ask_each, open, read};
use crate::{
    engine::{DataRequest, EngineError, Host, Reply},
    ingest::{Choices, IngestError, Layout},
    report::point_in_time,
    table::FlowColumns,
};

/// Which part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum First {
    /// So many rows.
    Rows(u64),
    /// The rows of before this point in time, wherever they stand; written as the file writes it, or year first.
    Until(String),
}

/// Reads the first part of a file as a baseline for all of it: `normal` were given the same files as `here`, who have read them as
/// `dataset`.
///
/// # Errors
/// [`EngineError::Baseline`] where there is no such part, or it is the whole file; and as [`open()`] and [`read()`].
pub async fn open_first<H: Host>(
    normal: &H,
    here: &H,
    dataset: &Dataset,
    (first, choices): (&First, &Choices),
    limits: Limits,
) -> Result<Baseline, EngineError> {
    let refused = |why: &str| EngineError::Baseline(why.to_owned());
    let empty = || refused("no flow is in that part of the file");
    let whole = || refused("that part is the whole file");
    let rows = dataset.profile.rows;
    let mut layout = Layout::clone(&dataset.layout);
    match first {
        First::Rows(0) => return Err(empty()),
        First::Rows(first) if *first >= rows => return Err(whole()),
        // What begins before the next row is the part, as if the file ended there.
        First::Rows(first) => layout.file_bytes = find(here, *first).await?,
        First::Until(text) => {
            let schema = &layout.schema;
            let column = FlowColumns::of(schema).time.ok_or_else(|| refused("the file has no column of times"))?;
            let unread =
                || EngineError::Baseline(format!("“{text}” is no time as “{}” has them", schema.fields[column].name));
            layout.until = Some((column, point_in_time(text.trim(), column, schema).ok_or_else(unread)?));
        }
    }
    let mut opened = open(normal, choices, limits).await?;
    // What all rows tell of the columns holds for some of them.
    opened.layout = Arc::new(layout);
    let part = match read(normal, &opened).await {
        Err(EngineError::Ingest(IngestError::NoUsableRows { .. })) => return Err(empty()),
        part => part?,
    };
    if part.profile.rows >= rows { Err(whole()) } else { Ok(Baseline::of(part, &dataset.layout.schema)) }
}

/// The byte at which a row of the file begins.
async fn find<H: Host>(host: &H, row: u64) -> Result<u64, EngineError> {
    let mut left = row;
    for (shard, reply) in ask_each(host, |_| DataRequest::CountRows).await?.into_iter().enumerate() {
        let rows = answered!(reply, Reply::Counted(rows) => rows)?;
        if left < rows {
            let found = host.ask(shard, DataRequest::FindRow { row: left }.into()).await?;
            return answered!(found, Reply::Counted(byte) => byte);
        }
        left -= rows;
    }
    Err(EngineError::Protocol("the file has no such row".into()))
}
