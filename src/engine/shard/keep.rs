//! What a filter leaves of the ranked rows. Kept until another filter is asked for: text may have to be read to tell.

use std::collections::BTreeMap;

use super::{
    Shard,
    pass::{Passing, Visitor},
    score::TOPS,
};
use crate::{
    detect::summary::Bins,
    engine::{EngineError, Outlet, Stage},
    ingest::{Layout, Record, Source},
    report::{Filter, RankedCells},
    table::{SmallestKeys, Table, row_hash},
};

/// The rows that a filter leaves.
pub(in crate::engine) struct Kept {
    filter: Filter,
    /// Rows of rank 1 to this were taken for anomalies.
    anomalies: u64,
    /// Rows that are left, and those of them that are anomalies.
    pub rows: u64,
    pub flagged: u64,
    pub part: KeptRows,
}

/// The rows themselves.
pub(in crate::engine) enum KeptRows {
    /// Their numbers in the shard's table, ascending.
    Held(Vec<u32>),
    /// Where rows are not held: the highest-ranked, how the others score, and those that are in the file's sample.
    Streamed { table: Table, scores: Vec<f64>, ranks: Vec<u32>, groups: Vec<u8>, rest: Bins, sampled: Table },
}

impl<S: Source + 'static> Shard<S> {
    /// What the filter leaves of the shown run's rows; found out if it is not known yet.
    pub(in crate::engine) async fn kept(
        &mut self,
        filter: &Filter,
        anomalies: u64,
        outlet: &impl Outlet,
    ) -> Result<&Kept, EngineError> {
        let known = self.kept.take().filter(|kept| kept.filter == *filter && kept.anomalies == anomalies);
        self.kept = Some(match known {
            Some(kept) => kept,
            None if self.held => self.keep_held(filter, anomalies, outlet).await?,
            None => self.keep_streamed(filter, anomalies, outlet).await?,
        });
        self.kept.as_ref().ok_or_else(|| EngineError::Protocol("nothing was filtered".into()))
    }

    /// What the last filter left.
    pub(in crate::engine) fn last_kept(&self) -> Option<&Kept> {
        self.kept.as_ref()
    }

    async fn keep_held(&mut self, filter: &Filter, anomalies: u64, outlet: &impl Outlet) -> Result<Kept, EngineError> {
        let layout = self.layout()?.clone();
        let (mut rows, mut flagged) = (Vec::new(), 0);
        let mut take = |row: Passing<'_>, _: Option<&Record<'_>>| {
            // A shard's rows are fewer than 2³²: ranks of the whole file are 32 bits wide.
            rows.push(row.row as u32);
            flagged += u64::from(u64::from(row.rank) <= anomalies);
        };
        let mut sift = Sift { filter, anomalies, layout: &layout, text: false, take: &mut take };
        self.pass_table(Stage::Filtering, &mut sift, outlet).await?;
        let filter = filter.clone();
        Ok(Kept { filter, anomalies, rows: rows.len() as u64, flagged, part: KeptRows::Held(rows) })
    }

    async fn keep_streamed(
        &mut self,
        filter: &Filter,
        anomalies: u64,
        outlet: &impl Outlet,
    ) -> Result<Kept, EngineError> {
        let layout = self.layout()?.clone();
        let (cutoff, seed) = (self.cutoff, self.sampling.1);
        let mut tops: SmallestKeys<u64> = SmallestKeys::new(TOPS, layout.schema.width());
        let mut sampled = SmallestKeys::up_to(cutoff, layout.schema.width());
        let (mut bins, mut rows, mut flagged) = (Bins::default(), 0, 0);
        let mut judged = BTreeMap::new();
        let mut take = |row: Passing<'_>, _: Option<&Record<'_>>| {
            tops.offer_row(row.block, row.place, u64::from(row.rank));
            sampled.offer_row(row.block, row.place, row_hash(seed, row.offset()));
            bins.add(row.score);
            judged.insert(row.rank, (row.score, row.group));
            if judged.len() > TOPS {
                judged.pop_last();
            }
            rows += 1;
            flagged += u64::from(u64::from(row.rank) <= anomalies);
        };
        let mut sift = Sift { filter, anomalies, layout: &layout, text: false, take: &mut take };
        self.pass_all(Stage::Filtering, &mut sift, outlet).await?;
        tops.prune();
        let ranks: Vec<u32> = tops.keys().iter().map(|&rank| rank as u32).collect();
        let (scores, groups): (Vec<f64>, Vec<u8>) =
            ranks.iter().map(|rank| judged.get(rank).copied().unwrap_or_default()).unzip();
        scores.iter().for_each(|&score| bins.remove(score));
        let (table, sampled) = (tops.table(&layout.schema), sampled.table(&layout.schema));
        let part = KeptRows::Streamed { table, scores, ranks, groups, rest: bins, sampled };
        Ok(Kept { filter: filter.clone(), anomalies, rows, flagged, part })
    }
}

impl<S: Source + 'static> Shard<S> {
    /// Hands on every row of the shard that a filter leaves, with its text if that is wanted, in file order.
    pub(in crate::engine) async fn sift(
        &mut self,
        (filter, anomalies): (&Filter, u64),
        (stage, text): (Stage, bool),
        take: &mut Take<'_>,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        let layout = self.layout()?.clone();
        if !self.held || filter.is_empty() {
            let mut sift = Sift { filter, anomalies, layout: &layout, text, take };
            return self.pass_all(stage, &mut sift, outlet).await;
        }
        self.kept(filter, anomalies, outlet).await?;
        let kept = self.kept.take();
        let passed = match &kept {
            Some(Kept { part: KeptRows::Held(rows), .. }) => {
                let mut chosen = Chosen { rows, text, take };
                self.pass_table(stage, &mut chosen, outlet).await
            }
            _ => Ok(()),
        };
        self.kept = kept;
        passed
    }

    /// Hands on the rows that a filter leaves, without their text; where rows are not held, the highest-ranked of them.
    pub(in crate::engine) async fn sift_ranked(
        &mut self,
        (filter, anomalies): (&Filter, u64),
        take: &mut Take<'_>,
        outlet: &impl Outlet,
    ) -> Result<(), EngineError> {
        if self.held {
            return self.sift((filter, anomalies), (Stage::Sorting, false), take, outlet).await;
        }
        let kept = self.kept(filter, anomalies, outlet).await?;
        if let KeptRows::Streamed { table, scores, ranks, groups, .. } = &kept.part {
            for row in 0..table.rows() {
                let (block, place) = table.locate(row);
                let (score, rank, group) = (scores[row], ranks[row], groups[row]);
                take(Passing { block, place, row, score, rank, group, both: None }, None);
            }
        }
        Ok(())
    }
}

/// Takes a row, with its record if that was read.
pub(in crate::engine) type Take<'a> = dyn FnMut(Passing<'_>, Option<&Record<'_>>) + 'a;

/// Hands on the rows with these numbers, which are ascending.
struct Chosen<'a, 'b> {
    rows: &'a [u32],
    text: bool,
    take: &'a mut Take<'b>,
}

impl Visitor for Chosen<'_, '_> {
    fn needs_text(&self, row: Passing<'_>) -> bool {
        self.text && self.rows.first() == Some(&(row.row as u32))
    }

    fn visit(&mut self, row: Passing<'_>, record: Option<&Record<'_>>) -> Result<(), EngineError> {
        if let Some((_, rest)) = self.rows.split_first().filter(|(first, _)| **first == row.row as u32) {
            self.rows = rest;
            (self.take)(row, record);
        }
        Ok(())
    }
}

/// Hands on the rows that a filter leaves.
pub(in crate::engine) struct Sift<'a, 'b> {
    pub filter: &'a Filter,
    pub anomalies: u64,
    pub layout: &'a Layout,
    /// Those rows are wanted with their text.
    pub text: bool,
    pub take: &'a mut Take<'b>,
}

impl Sift<'_, '_> {
    fn cells<'a>(&self, row: Passing<'a>) -> RankedCells<'a> {
        row.cells(self.anomalies)
    }
}

impl Visitor for Sift<'_, '_> {
    fn needs_text(&self, row: Passing<'_>) -> bool {
        self.filter.passes(self.cells(row)).is_none_or(|passes| passes && self.text)
    }

    fn visit(&mut self, row: Passing<'_>, record: Option<&Record<'_>>) -> Result<(), EngineError> {
        let cells = self.cells(row);
        let passes = match record {
            Some(record) => self.filter.passes_as_text(cells, record, self.layout),
            None => self.filter.passes(cells) == Some(true),
        };
        if passes {
            (self.take)(row, record);
        }
        Ok(())
    }
}
