//! The sample → a plan, and a detector that is fitted here.

use std::{ops::ControlFlow, sync::Arc};

use super::Shard;
use crate::{
    detect::isolation_forest::{Params, Stability},
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    features::{FeaturePlan, Treatment},
    ingest::Source,
    table::Profile,
};

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn fit_forest(
        &mut self,
        treatment: Treatment,
        params: Params,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = self.sample.rows as u64;
        let at = |done| Progress { stage: Stage::Fitting, done, total: rows, rows: done };
        outlet.tick(at(0)).await?;
        let schema = &self.layout()?.schema;
        let plan = FeaturePlan::fit(treatment, schema, profile, &self.sample)?;
        let matrix = plan.training_matrix(&self.sample, schema);
        outlet.tick(at(rows / 2)).await?;
        let params = params.check().map_err(|error| EngineError::Detector(error.to_string()))?;
        let forest = params
            .fit(matrix.view(), &mut |_| ControlFlow::Continue(()))
            .map_err(|error| EngineError::Detector(error.to_string()))?;
        outlet.tick(at(rows)).await?;
        Ok(Reply::Fitted(Arc::new(plan), Arc::new(forest)))
    }

    /// Fits the plan alone, for a detector that is trained elsewhere.
    pub(super) async fn prepare(
        &mut self,
        treatment: Treatment,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let rows = self.sample.rows;
        let at = |done| Progress { stage: Stage::Fitting, done, total: rows as u64, rows: done };
        outlet.tick(at(0)).await?;
        let schema = &self.layout()?.schema;
        let plan = FeaturePlan::fit(treatment, schema, profile, &self.sample)?;
        let matrix = plan.training_matrix(&self.sample, schema);
        outlet.tick(at(rows as u64)).await?;
        let (rows, values) = (matrix.nrows(), matrix.into_raw_vec_and_offset().0);
        Ok(Reply::Prepared { plan: Arc::new(plan), rows, values })
    }

    /// Whether the sample's highest-scoring rows are the same with other seeds.
    pub(super) async fn refit(
        &self,
        params: Params,
        top: usize,
        others: usize,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let refused = |error: &dyn std::error::Error| EngineError::Detector(error.to_string());
        let matrix = self.run()?.plan.training_matrix(&self.sample, &self.layout()?.schema);
        let params = params.check().map_err(|error| refused(&error))?;
        let total = (others + 1) * matrix.nrows();
        let mut highest = Vec::with_capacity(others + 1);
        for other in 0..=others {
            let done = (other * matrix.nrows()) as u64;
            outlet.tick(Progress { stage: Stage::Refitting, done, total: total as u64, rows: done }).await?;
            let params = params.with_seed(params.params().seed.wrapping_add(other as u64));
            let rows = params.highest(matrix.view(), top, &mut |_| ControlFlow::Continue(()));
            highest.push(rows.map_err(|error| refused(&error))?);
        }
        Ok(Reply::Refitted(Stability::of(&highest)))
    }
}
