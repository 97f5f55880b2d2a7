//! Which rows a table shows: those that a filter leaves, in the order of a column.

use std::{cmp::Ordering, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Passing, Query, Shard, Stage},
    ingest::{Layout, Record, Source},
    learn::Learned,
    report::Filter,
    table::{Column, MISSING_WHOLE, Storage},
};

/// Characters by which texts are ordered.
const ORDERED_TEXT: usize = 100;

/// By what rows are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortBy {
    /// The rank, and so the score.
    #[default]
    Rank,
    /// What was learned from marks; the rank where nothing was.
    Learned,
    /// The same, but rows come last of which marks tell already: whoever marks row by row marks the first.
    Untold,
    /// A column's numbers, or its text where it has none; rows without a value come last.
    Column(usize),
}

impl SortBy {
    /// Of what was learned from marks.
    #[must_use]
    pub fn is_learned(self) -> bool {
        matches!(self, Self::Learned | Self::Untold)
    }
}

/// An order of rows. Equal rows are in the order of their ranks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The greatest first.
    pub descending: bool,
}

/// The first rows in some order of those that a filter leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListQuery {
    /// The filter.
    pub filter: Filter,
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// The order.
    pub sort: Sort,
    /// How many rows.
    pub count: usize,
    /// What was learned from marks.
    pub learned: Option<Arc<Learned>>,
}

/// What a row is ordered by.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum SortKey {
    /// A number.
    Number(f64),
    /// A point in time, in nanoseconds.
    Time(i64),
    /// Text.
    Text(String),
    /// No value.
    Missing,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListedRow {
    /// What it is ordered by.
    pub key: SortKey,
    /// Its rank.
    pub rank: u32,
    /// Its score.
    pub score: f64,
    /// The byte at which its record begins.
    pub offset: u64,
}

/// Rows in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    sort: Sort,
    count: usize,
    /// The first rows.
    pub rows: Vec<ListedRow>,
}

impl Sort {
    fn compare(self, a: &ListedRow, b: &ListedRow) -> Ordering {
        let by_key = match (&a.key, &b.key) {
            (SortKey::Missing, SortKey::Missing) => Ordering::Equal,
            (SortKey::Missing, _) => Ordering::Greater,
            (_, SortKey::Missing) => Ordering::Less,
            (a, b) => {
                let order = a.partial_cmp(b).unwrap_or(Ordering::Equal);
                if self.descending { order.reverse() } else { order }
            }
        };
        let by_rank = a.rank.cmp(&b.rank);
        match self.by {
            SortBy::Rank if self.descending => by_rank.reverse(),
            SortBy::Rank => by_rank,
            SortBy::Learned | SortBy::Untold | SortBy::Column(_) => by_key.then(by_rank),
        }
    }
}

impl Listed {
    fn new(query: &ListQuery) -> Self {
        // The highest values come first, as the first ranks do.
        let sort = match query.sort {
            Sort { by, descending } if by.is_learned() && query.learned.is_none() => {
                Sort { by: SortBy::Rank, descending: !descending }
            }
            sort => sort,
        };
        Self { sort, count: query.count, rows: Vec::new() }
    }

    /// Takes a row in. Memory does not grow with the rows taken.
    fn push(&mut self, row: ListedRow) {
        self.rows.push(row);
        if self.rows.len() > 2 * self.count + 1_024 {
            self.prune();
        }
    }

    /// Drops what is not among the first, and puts these in order.
    fn prune(&mut self) {
        let sort = self.sort;
        self.rows.sort_unstable_by(|a, b| sort.compare(a, b));
        self.rows.truncate(self.count);
    }
}

impl Merge for Listed {
    fn merge(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.prune();
    }
}

impl Query for ListQuery {
    type Answer = Listed;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Listed, EngineError> {
        let mut listed = Listed::new(&self);
        let layout = shard.file_layout()?;
        let ListQuery { filter, anomalies, sort, learned, .. } = self;
        match (sort.by, &learned) {
            (by @ (SortBy::Learned | SortBy::Untold), Some(learned)) => {
                let mut order = learned.order();
                let mut list = |row: Passing<'_>, _: Option<&Record<'_>>| {
                    let (block, place, known) = (row.block, row.place, (row.rank, row.group));
                    let value = match by {
                        SortBy::Untold => order.untold_value(block, place, known),
                        _ => Some(order.value(block, place, known)),
                    };
                    listed.push(listed_row(row, value.map_or(SortKey::Missing, SortKey::Number)));
                };
                shard.sift((&filter, anomalies), (Stage::Sorting, false), &mut list, outlet).await?;
            }
            (SortBy::Rank | SortBy::Learned | SortBy::Untold, _) => {
                let mut list =
                    |row: Passing<'_>, _: Option<&Record<'_>>| listed.push(listed_row(row, SortKey::Missing));
                shard.sift_ranked((&filter, anomalies), &mut list, outlet).await?;
            }
            (SortBy::Column(column), _) if is_stored(&layout, column) => {
                let mut list =
                    |row: Passing<'_>, _: Option<&Record<'_>>| listed.push(listed_row(row, number(row, column)));
                shard.sift((&filter, anomalies), (Stage::Sorting, false), &mut list, outlet).await?;
            }
            (SortBy::Column(column), _) => {
                let mut list = |row: Passing<'_>, record: Option<&Record<'_>>| {
                    let key = record.map_or(SortKey::Missing, |record| text(record, column, &layout));
                    listed.push(listed_row(row, key));
                };
                shard.sift((&filter, anomalies), (Stage::Sorting, true), &mut list, outlet).await?;
            }
        }
        listed.prune();
        Ok(listed)
    }
}

fn listed_row(row: Passing<'_>, key: SortKey) -> ListedRow {
    ListedRow { key, rank: row.rank, score: row.score, offset: row.offset() }
}

fn is_stored(layout: &Layout, column: usize) -> bool {
    let storage = layout.schema.fields.get(column).map(|field| field.storage());
    matches!(storage, Some(Storage::Number | Storage::Time { .. }))
}

fn number(row: Passing<'_>, column: usize) -> SortKey {
    let key = match row.block.columns.get(column) {
        Some(Column::Number(cells)) => SortKey::Number(f32::from_bits(cells.at(row.place)).into()),
        Some(Column::Whole(cells)) if cells.at(row.place) != MISSING_WHOLE => {
            SortKey::Number(cells.at(row.place) as f64)
        }
        Some(Column::Time { cells, .. }) if cells.at(row.place) != MISSING_WHOLE => SortKey::Time(cells.at(row.place)),
        _ => SortKey::Missing,
    };
    if matches!(key, SortKey::Number(number) if number.is_nan()) { SortKey::Missing } else { key }
}

fn text(record: &Record<'_>, column: usize, layout: &Layout) -> SortKey {
    let text = layout.text(record, column);
    if text.trim().is_empty() { SortKey::Missing } else { SortKey::Text(text.chars().take(ORDERED_TEXT).collect()) }
}
