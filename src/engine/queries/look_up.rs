//! Rows by where they are in the file.

use serde::{Deserialize, Serialize};

use super::ListedRow;
use crate::{
    engine::{EngineError, Outlet, Query, Shard},
    ingest::Source,
    report::RankedRow,
};

/// These rows, in any order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookUp(pub Vec<ListedRow>);

impl Query for LookUp {
    type Answer = Vec<RankedRow>;

    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Vec<RankedRow>, EngineError> {
        shard.rows_at(&self.0, outlet).await
    }
}
