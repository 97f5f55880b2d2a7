//! Flows by which groups are known again in another run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Merge, Outlet, Query, Shard},
    ingest::Source,
};

/// The highest-ranked flows of each group, at most so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFlows(pub usize);

/// Of each group, ranks and the bytes at which records begin, by rank.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowsOfGroups {
    most: usize,
    /// By the group's number.
    pub groups: BTreeMap<u8, Vec<(u32, u64)>>,
}

impl Merge for FlowsOfGroups {
    fn merge(&mut self, next: Self) {
        for (group, flows) in next.groups {
            let known = self.groups.entry(group).or_default();
            known.extend(flows);
            known.sort_unstable();
            known.truncate(self.most);
        }
    }
}

impl Query for GroupFlows {
    type Answer = FlowsOfGroups;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        _: &impl Outlet,
    ) -> Result<FlowsOfGroups, EngineError> {
        let run = shard.run()?;
        let mut flows: BTreeMap<u8, Vec<(u32, usize)>> = BTreeMap::new();
        for (row, &group) in run.assigned.iter().enumerate().filter(|(_, group)| **group > 0) {
            flows.entry(group).or_default().push((run.ranks[row], row));
        }
        let table = shard.table(run);
        let offset = |row: usize| {
            let (block, place) = table.locate(row);
            block.offsets[place]
        };
        let first = |mut rows: Vec<(u32, usize)>| {
            rows.sort_unstable();
            rows.into_iter().take(self.0).map(|(rank, row)| (rank, offset(row))).collect()
        };
        Ok(FlowsOfGroups {
            most: self.0,
            groups: flows.into_iter().map(|(group, rows)| (group, first(rows))).collect(),
        })
    }
}

/// The groups that the flows are in whose records begin at these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsOf(pub Vec<u64>);

impl Merge for BTreeMap<u64, u8> {
    fn merge(&mut self, next: Self) {
        self.extend(next);
    }
}

impl Query for GroupsOf {
    type Answer = BTreeMap<u64, u8>;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        _: &impl Outlet,
    ) -> Result<BTreeMap<u64, u8>, EngineError> {
        let mut groups = BTreeMap::new();
        for offset in self.0 {
            if let Some(group) = shard.group_at(offset)? {
                groups.insert(offset, group);
            }
        }
        Ok(groups)
    }
}
