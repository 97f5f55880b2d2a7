//! A profile and a sample → what is usual in each column, and what is noteworthy.

use super::Shard;
use crate::{
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    ingest::Source,
    lint::Linting,
    report::Typical,
    table::Profile,
};

/// Columns that are looked at between two ticks.
const STRIDE: usize = 8;

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn describe(&self, profile: &Profile, outlet: &impl Outlet) -> Result<Reply, EngineError> {
        let schema = &self.layout()?.schema;
        let mut linting = Linting::new(schema, profile, &self.sample);
        let columns = profile.columns.len();
        let steps = columns + linting.steps();
        let at = |done| Progress::of(Stage::Describing, done, steps);
        let mut typical = Vec::with_capacity(columns);
        for (column, (field, stats)) in schema.fields.iter().zip(&profile.columns).enumerate() {
            if column % STRIDE == 0 {
                outlet.tick(at(column)).await?;
            }
            typical.push(Typical::of(column, field, stats, &self.sample));
        }
        for done in columns.. {
            if done % STRIDE == 0 {
                outlet.tick(at(done)).await?;
            }
            if !linting.look() {
                break;
            }
        }
        outlet.tick(at(steps)).await?;
        Ok(Reply::Described(typical, linting.finish()))
    }
}
