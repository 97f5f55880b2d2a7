//! A profile and a sample → what is usual in each column, and what is noteworthy.

use super::Shard;
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::Source,
    lint,
    report::Typical,
    table::Profile,
};

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn describe(&self, profile: &Profile, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let columns = profile.columns.len();
        let schema = &self.layout()?.schema;
        let mut typical = Vec::with_capacity(columns);
        for (column, (field, stats)) in schema.fields.iter().zip(&profile.columns).enumerate() {
            if column % 8 == 0 {
                outlet.tick(Progress::of(Stage::Describing, column, columns)).await?;
            }
            typical.push(Typical::of(column, field, stats, &self.sample));
        }
        outlet.tick(Progress::of(Stage::Describing, columns, columns)).await?;
        let lints = lint::lint(schema, profile, &self.sample);
        Ok(Reply::Described(typical, lints))
    }
}
