//! Rows of all shards → bursts: many of one host, service or pair of hosts within a short time, or at even intervals.

use std::sync::Arc;

use super::{Dataset, answered, ask_each, ask_first};
use crate::{
    context::{Bursts, Clock, Ends, Sieve, Traces},
    engine::{EngineError, FitRequest, Host, Reply, ScoreRequest},
    table::FlowColumns,
};

/// What cuts the time of a file into parts with equal shares of its flows; `None` where it does not say when they were.
pub(super) async fn clock<H: Host>(host: &H, dataset: &Dataset) -> Result<Option<Arc<Clock>>, EngineError> {
    let Some(column) = FlowColumns::of(&dataset.layout.schema).time else { return Ok(None) };
    let told = ask_first(host, FitRequest::Clock { column }).await?;
    Ok(answered!(told, Reply::Clock(clock) => clock)?.map(Arc::new))
}

/// The bursts and series that stand out, none of more rows than `most`, which may share rows; `None` where rows do not say whose they are.
pub(super) async fn bursts<H: Host>(
    host: &H,
    dataset: &Dataset,
    clock: &Arc<Clock>,
    most: u64,
) -> Result<Option<Arc<Bursts>>, EngineError> {
    let rows = dataset.profile.rows;
    let Some(ends) = Ends::of(&dataset.layout.schema) else { return Ok(None) };
    let mut sieve = Sieve::new(rows);
    for reply in ask_each(host, |_| ScoreRequest::Sift).await? {
        sieve.merge(&answered!(reply, Reply::Sifted(sieve) => sieve)?);
    }
    let frequent = Arc::new(sieve.frequent());
    let trace = ScoreRequest::Trace { ends: ends.clone(), clock: Arc::clone(clock), frequent };
    let mut traces = Traces::default();
    for reply in ask_each(host, |_| trace.clone()).await? {
        traces.merge(answered!(reply, Reply::Traced(traces) => traces)?);
    }
    Ok(Some(Arc::new(Bursts::of((ends, Clock::clone(clock)), &traces, rows, most))))
}
