//! An analyst's marks → what they teach of a run's rows.

use std::{collections::BTreeMap, sync::Arc};

use super::{Dataset, Outcome, sample};
use crate::{
    engine::{EngineError, GroupFlows, Host, PlacesQuery, ask_all},
    learn::{self, FLOWS_OF_GROUP, Learned, Taught},
    report::Marks,
};

/// What marks teach of the rows of the run that is shown; nothing where none of them teaches. Whether groups were looked for does not matter.
///
/// # Errors
/// [`EngineError`]
pub async fn learn<H: Host>(
    host: &H,
    dataset: &Dataset,
    outcome: &Outcome,
    marks: &Marks,
) -> Result<Option<Arc<Learned>>, EngineError> {
    /// Marked flows of a group that others speak for it beside, at most.
    const OWN: usize = 64;
    // A flow of a group may have a mark of its own; then another one speaks for the group.
    let own = marks.flows.len().min(OWN);
    let known = match marks.groups.is_empty() {
        true => BTreeMap::new(),
        false => ask_all(host, GroupFlows(FLOWS_OF_GROUP + own)).await?.groups,
    };
    let offsets =
        |(group, flows): (u8, Vec<(u32, u64)>)| (group, flows.into_iter().map(|(_, offset)| offset).collect());
    let lessons = learn::lessons(marks, &known.into_iter().map(offsets).collect());
    if lessons.is_empty() {
        return Ok(None);
    }
    let space = sample::space(host, dataset, outcome).await?;
    let offsets = lessons.iter().map(|lesson| lesson.offset).collect();
    let places = ask_all(host, PlacesQuery { space: Arc::clone(&space), offsets, sample: learn::SAMPLE }).await?;
    // Marks may be of another file's rows, which are not here.
    let row = |offset: u64| places.rows.binary_search_by_key(&offset, |placed| placed.offset).ok();
    let here: Vec<(usize, Taught)> = lessons
        .into_iter()
        .filter_map(|lesson| {
            let row = row(lesson.offset)?;
            let placed = places.rows[row];
            Some((row, Taught { lesson, rank: placed.rank, group: placed.group }))
        })
        .collect();
    let (rows, taught): (Vec<usize>, Vec<Taught>) = here.into_iter().unzip();
    let points = places.points.pick(&rows);
    let marked = marks.flows.iter().filter(|(_, marked)| marked.mark.is_some()).map(|(&offset, _)| offset).collect();
    let learned = Learned::of(space, &taught, &points, &places.sample, dataset.profile.rows);
    Ok(learned.map(|learned| Arc::new(learned.with_marked(marked))))
}
