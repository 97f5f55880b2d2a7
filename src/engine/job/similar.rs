//! Which flows are most like one.

use super::{Dataset, Outcome, sample};
use crate::engine::{Alike, EngineError, Host, PlacesQuery, SimilarQuery, ask_all};

/// At most so many flows that are most like the one whose record begins at this byte, the nearest first.
///
/// # Errors
/// [`EngineError`]
pub async fn similar<H: Host>(
    host: &H,
    (dataset, outcome): (&Dataset, &Outcome),
    offset: u64,
    most: usize,
) -> Result<Vec<Alike>, EngineError> {
    let space = sample::space(host, dataset, outcome).await?;
    let place = PlacesQuery { space: space.clone(), offsets: vec![offset], sample: 0 };
    let place = ask_all(host, place).await?.points;
    Ok(ask_all(host, SimilarQuery { space, place, but: offset, most }).await?.rows)
}
