//! Flows that stand out by themselves.

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    ingest::Source,
    report::RankedRow,
    table::row_hash,
};

/// The highest-ranked anomalies that are in no group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SinglesQuery {
    /// Rows of rank 1 to this are the anomalies.
    pub anomalies: u64,
    /// How many at most.
    pub most: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Single {
    /// How far it is from the nearest flow that was compared, as a multiple of what chance does: what a group's severity is, of
    /// one row. `None` where no groups were looked for.
    pub severity: Option<f64>,
    /// The row.
    pub row: RankedRow,
}

/// They are in the order of their ranks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Singles {
    most: usize,
    /// The rows.
    pub rows: Vec<Single>,
}

impl Merge for Singles {
    fn merge(&mut self, next: Self) {
        self.rows.extend(next.rows);
        self.rows.sort_unstable_by_key(|single| single.row.rank);
        self.rows.truncate(self.most);
    }
}

impl Query for SinglesQuery {
    type Answer = Singles;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Singles, EngineError> {
        let run = shard.run()?;
        let wanted = |row: &usize| u64::from(run.ranks[*row]) <= self.anomalies && run.group_of(*row) == 0;
        let mut found: Vec<usize> = (0..run.ranks.len()).filter(wanted).collect();
        found.sort_unstable_by_key(|&row| run.ranks[row]);
        found.truncate(self.most);
        let seed = shard.sample_seed();
        let severity = |&row: &usize| {
            let (groups, compared) = run.crowds.as_ref().map(|crowds| (&crowds.groups, crowds.compared))?;
            let (block, place) = shard.table(run).locate(row);
            let itself = row_hash(seed, block.offsets[place]) <= compared.cutoff || run.ranks[row] <= compared.highest;
            Some(groups.severity_alone(block, place, itself.into()))
        };
        let severities: Vec<Option<f64>> = found.iter().map(severity).collect();
        let rows = shard.ranked_rows(&found, outlet).await?;
        let rows = severities.into_iter().zip(rows).map(|(severity, row)| Single { severity, row }).collect();
        Ok(Singles { most: self.most, rows })
    }
}
