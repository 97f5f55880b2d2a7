//! Which flows are most like one.

use crate::engine::{Alike, EngineError, Host, PlaceOf, SimilarQuery, ask_all};

/// At most so many flows that are most like the one whose record begins at this byte, the nearest first; none where no groups were
/// looked for.
///
/// # Errors
/// [`EngineError`]
pub async fn similar(host: &impl Host, offset: u64, most: usize) -> Result<Vec<Alike>, EngineError> {
    let Some(place) = ask_all(host, PlaceOf(offset)).await?.0 else { return Ok(Vec::new()) };
    Ok(ask_all(host, SimilarQuery { place, but: offset, most }).await?.rows)
}
