//! Rows of all shards → bursts: many of one host, service or pair of hosts within a short time.

use std::sync::Arc;

use super::{Dataset, answered, ask_each, ask_first};
use crate::{
    context::{Bursts, Clock, Ends, Sieve, Traces},
    engine::{EngineError, FitRequest, Host, Reply, ScoreRequest},
};

/// What cuts the time of a file into parts with equal shares of its flows, and where its rows say whose they are; `None` where
/// they do not.
pub(super) async fn clock<H: Host>(host: &H, dataset: &Dataset) -> Result<Option<(Ends, Arc<Clock>)>, EngineError> {
    let Some(ends) = Ends::of(&dataset.layout.schema) else { return Ok(None) };
    let told = ask_first(host, FitRequest::Clock { column: ends.time() }).await?;
    let clock = answered!(told, Reply::Clock(clock) => clock)?;
    Ok(clock.map(|clock| (ends, Arc::new(clock))))
}

/// The bursts that stand out, none of more rows than `most`.
pub(super) async fn bursts<H: Host>(
    host: &H,
    rows: u64,
    (ends, clock): (Ends, &Arc<Clock>),
    most: u64,
) -> Result<Bursts, EngineError> {
    let mut sieve = Sieve::new(rows);
    for reply in ask_each(host, |_| ScoreRequest::Sift { ends: ends.clone(), rows }).await? {
        sieve.merge(&answered!(reply, Reply::Sifted(sieve) => sieve)?);
    }
    let frequent = Arc::new(sieve.frequent());
    let trace = ScoreRequest::Trace { ends: ends.clone(), clock: Arc::clone(clock), frequent };
    let mut traces = Traces::default();
    for reply in ask_each(host, |_| trace.clone()).await? {
        traces.merge(answered!(reply, Reply::Traced(traces) => traces)?);
    }
    Ok(Bursts::of(ends, Clock::clone(clock), &traces, most))
}
