//! A filter and an order → the rows of a table.

use std::{collections::HashMap, ops::Range, sync::Arc};

use crate::{
    engine::{EngineError, Host, ListQuery, LookUp, RowsQuery, Sort, ask_all},
    learn::Learned,
    report::{Filter, RankedRow},
};

/// Rows `rows` (from 0) of those that a filter leaves, in some order. Rows of rank 1 to `anomalies` are the anomalies.
///
/// # Errors
/// [`EngineError`]
pub async fn table<H: Host>(
    host: &H,
    (filter, anomalies): (&Filter, u64),
    sort: Sort,
    rows: Range<usize>,
) -> Result<Vec<RankedRow>, EngineError> {
    table_by(host, (filter, anomalies), (sort, None), rows).await
}

/// The same, in an order that may be that of what was learned from marks.
///
/// # Errors
/// [`EngineError`]
pub async fn table_by<H: Host>(
    host: &H,
    (filter, anomalies): (&Filter, u64),
    (sort, learned): (Sort, Option<Arc<Learned>>),
    rows: Range<usize>,
) -> Result<Vec<RankedRow>, EngineError> {
    if filter.is_empty() && sort == Sort::default() {
        // Ranks are 32 bits wide in the engine.
        return ask_all(host, RowsQuery(rows.start as u32 + 1..rows.end as u32 + 1)).await;
    }
    let query = ListQuery { filter: filter.clone(), anomalies, sort, count: rows.end, learned };
    let listed = ask_all(host, query).await?.rows;
    let wanted = listed.get(rows.start.min(listed.len())..).unwrap_or_default().to_vec();
    let place: HashMap<u32, usize> = wanted.iter().enumerate().map(|(place, row)| (row.rank, place)).collect();
    let mut found = ask_all(host, LookUp(wanted)).await?;
    found.sort_unstable_by_key(|row| place.get(&row.rank).copied());
    Ok(found)
}
