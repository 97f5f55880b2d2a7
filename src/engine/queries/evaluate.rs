//! A label column as the judge of the scores, which never saw it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Passing, Query, Shard, Stage, Visitor},
    evaluate::{Judged, Judgement, Judging},
    ingest::{Record, Source},
    learn::{Learned, Order},
    report::Marks,
    table::{Column, FlowColumns, MISSING_KEY, MISSING_WHOLE, number_key},
};

/// What labels say of all ranked rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluateQuery {
    /// The label column.
    pub column: usize,
    /// Keys of its values that stand for normal traffic, ascending.
    pub normal: Vec<u32>,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// What is said of rows.
    pub marks: Arc<Marks>,
    /// What was learned from marks: then its values are judged, in place of the scores. Which rows are anomalies stays.
    pub learned: Option<Arc<Learned>>,
}

impl Merge for Judgement {
    fn merge(&mut self, next: Self) {
        Judgement::merge(self, next);
    }
}

impl Query for EvaluateQuery {
    type Answer = Judgement;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Judgement, EngineError> {
        let time = FlowColumns::of(&shard.file_layout()?.schema).time;
        let learned = self.learned.clone();
        let order = learned.as_ref().map(|learned| learned.order());
        let mut judge = Judge { query: self, time, order, judging: Judging::default() };
        shard.pass_all(Stage::Filtering, &mut judge, outlet).await?;
        Ok(judge.judging.finish())
    }
}

/// Has each row judged.
struct Judge<'a> {
    query: EvaluateQuery,
    /// The column of times.
    time: Option<usize>,
    order: Option<Order<'a>>,
    judging: Judging,
}

impl Visitor for Judge<'_> {
    fn needs_text(&self, _: Passing<'_>) -> bool {
        false
    }

    fn visit(&mut self, row: Passing<'_>, _: Option<&Record<'_>>) -> Result<(), EngineError> {
        let EvaluateQuery { column, normal, anomalies, marks, .. } = &self.query;
        let Some(class) = row.block.columns.get(*column).and_then(|column| key(column, row.place)) else {
            self.judging.pass_over();
            return Ok(());
        };
        let score = match &mut self.order {
            Some(order) => order.value(row.block, row.place, (row.rank, row.group)),
            None => row.score,
        };
        let row = Judged {
            score,
            rank: row.rank,
            group: row.group,
            flagged: u64::from(row.rank) <= *anomalies,
            class,
            normal: normal.binary_search(&class).is_ok(),
            mark: marks.of(row.offset(), row.group).mark,
            time: self.time.and_then(|column| time(row.block.columns.get(column)?, row.place)),
        };
        self.judging.add(row).map_err(|error| EngineError::Protocol(error.to_string()))
    }
}

/// A point in time, in nanoseconds.
fn time(column: &Column, place: usize) -> Option<i64> {
    let Column::Time { cells, .. } = column else { return None };
    Some(cells.at(place)).filter(|&time| time != MISSING_WHOLE)
}

/// A cell as the key by which its column's values are counted; nothing where it is missing.
fn key(column: &Column, place: usize) -> Option<u32> {
    let bits = column.bits_at(place)?;
    match column {
        Column::Category(_) | Column::Address(_) => Some(bits).filter(|&key| key != MISSING_KEY),
        _ => Some(f32::from_bits(bits)).filter(|value| !value.is_nan()).map(number_key),
    }
}
