//! The sample → a plan, and a detector that is fitted here.

use std::sync::Arc;

use ndarray::Axis;

use super::Shard;
use crate::{
    detect::{
        Model,
        autoencoder::{self, Network},
        isolation_forest::{self, Calibrating, Params, Stability},
        nearest::{self, Fitting, Known},
    },
    engine::{EngineError, Outlet, Progress, Reply, Stage},
    features::{FeaturePlan, SCALED_LIMIT, Treatment},
    ingest::Source,
    model::{Learned, Population},
    table::Profile,
};

/// Columns that are decided on between two ticks.
const COLUMNS: usize = 4;
/// Rows that are scored between two ticks.
const SCORED: usize = 8_192;

impl<S: Source + 'static> Shard<S> {
    pub(super) async fn fit_forest(
        &mut self,
        treatment: Treatment,
        params: Params,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let params = params.check().map_err(refused)?;
        let plan = self.plan(treatment, profile, outlet).await?;
        let matrix = plan.training_matrix(&self.sample, &self.layout()?.schema);
        let rows = matrix.nrows();
        // The plan was half of the way; growing and calibrating are a quarter each.
        let at = |done: f64| Progress::of(Stage::Fitting, (rows as f64 * (2.0 + done) / 4.0) as usize, rows);
        let mut growing = params.growing(matrix.view()).map_err(refused)?;
        while growing.grow(growing.some()) {
            outlet.tick(at(growing.done())).await?;
        }
        let forest = growing.finish();
        let sample = plan.apply_to_sample(&self.sample, &self.layout()?.schema);
        let mut calibrating =
            Calibrating::new(forest, sample.view(), &plan.measures(), profile.rows, params.params().seed);
        while calibrating.score_some() {
            outlet.tick(at(1.0 + calibrating.done())).await?;
        }
        Ok(Reply::Fitted(Arc::new(plan), Model::IsolationForest(Arc::new(calibrating.finish()))))
    }

    /// Keeps rows of the sample that others are compared with.
    pub(super) async fn fit_nearest(
        &mut self,
        treatment: Treatment,
        params: nearest::Params,
        (profile, normal): (&Profile, bool),
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let params = params.check().map_err(refused)?;
        let plan = self.plan(treatment, profile, outlet).await?;
        let rows = self.sample.rows;
        let known = Known { sample: &self.sample, schema: &self.layout()?.schema, profile, normal };
        let mut fitting = Fitting::new(params, &plan, known);
        while fitting.compare_some() {
            outlet
                .tick(Progress::of(Stage::Fitting, (rows as f64 * (1.0 + fitting.done()) / 2.0) as usize, rows))
                .await?;
        }
        Ok(Reply::Fitted(Arc::new(plan), Model::Nearest(Arc::new(fitting.finish()))))
    }

    /// Fits the plan alone, for a detector that is trained elsewhere.
    pub(super) async fn prepare(
        &mut self,
        treatment: Treatment,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let plan = self.plan(treatment, profile, outlet).await?;
        let matrix = plan.training_matrix(&self.sample, &self.layout()?.schema);
        let (rows, values) = (matrix.nrows(), matrix.into_raw_vec_and_offset().0);
        outlet.tick(Progress::of(Stage::Fitting, rows, rows)).await?;
        Ok(Reply::Prepared { plan: Arc::new(plan), rows, values })
    }

    /// Tells a trained network how far rows of the sample err by chance.
    pub(super) async fn calibrate(
        &self,
        plan: &FeaturePlan,
        network: Network,
        rows: u64,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let sample = plan.apply_to_sample(&self.sample, &self.layout()?.schema);
        let judged = plan.measures();
        let mut calibrating = autoencoder::Calibrating::new(network, sample.view(), &judged, rows, SCALED_LIMIT);
        while calibrating.score_some() {
            outlet.tick(Progress::of(Stage::Fitting, calibrating.done(), sample.nrows())).await?;
        }
        Ok(Reply::Calibrated(Arc::new(calibrating.finish())))
    }

    /// Decides on one column after the other: half of the way.
    async fn plan(
        &self,
        treatment: Treatment,
        profile: &Profile,
        outlet: &impl Outlet,
    ) -> Result<FeaturePlan, EngineError> {
        let schema = &self.layout()?.schema;
        let (rows, columns) = (self.sample.rows, schema.width());
        let mut plan = FeaturePlan::empty(treatment);
        for column in 0..columns {
            if column % COLUMNS == 0 {
                outlet.tick(Progress::of(Stage::Fitting, rows * column / columns / 2, rows)).await?;
            }
            plan.decide(schema, profile, &self.sample, column);
        }
        outlet.tick(Progress::of(Stage::Fitting, rows / 2, rows)).await?;
        Ok(plan.finish(schema, &self.sample)?)
    }

    /// What a detector makes of rows of the sample.
    pub(super) fn learn(&self, plan: &FeaturePlan, model: &Model, profile: &Profile) -> Result<Reply, EngineError> {
        let schema = &self.layout()?.schema;
        Ok(Reply::Learned(Box::new(Learned::of((plan, model), (&self.sample, schema, profile)))))
    }

    /// What rows of the sample are like.
    pub(super) fn populate(
        &self,
        (plan, model): (&FeaturePlan, &Model),
        profile: &Profile,
        known: Option<&Population>,
    ) -> Result<Reply, EngineError> {
        let sampled = (&self.sample, &*self.layout()?.schema, profile);
        Ok(Reply::Population(Box::new(Population::of((plan, model), sampled, known))))
    }

    /// Whether the sample's highest-scoring rows are the same with other seeds.
    pub(super) async fn refit(
        &self,
        params: Params,
        top: usize,
        others: usize,
        outlet: &impl Outlet,
    ) -> Result<Reply, EngineError> {
        let matrix = self.run()?.plan.training_matrix(&self.sample, &self.layout()?.schema);
        let params = params.check().map_err(refused)?;
        let rows = matrix.nrows();
        let at = |done: usize| Progress::of(Stage::Refitting, done, (others + 1) * rows);
        let mut highest = Vec::with_capacity(others + 1);
        for other in 0..=others {
            let before = other * rows;
            outlet.tick(at(before)).await?;
            let params = params.with_seed(params.params().seed.wrapping_add(other as u64));
            let mut growing = params.growing(matrix.view()).map_err(refused)?;
            while growing.grow(growing.some()) {
                outlet.tick(at(before + (rows as f64 * growing.done() / 2.0) as usize)).await?;
            }
            let forest = growing.finish();
            let mut scores = Vec::with_capacity(rows);
            for some in matrix.axis_chunks_iter(Axis(0), SCORED) {
                scores.extend(forest.score(some));
                outlet.tick(at(before + (rows + scores.len()) / 2)).await?;
            }
            highest.push(isolation_forest::highest(&scores, top));
        }
        Ok(Reply::Refitted(Stability::of(&highest)))
    }
}

fn refused(error: impl std::error::Error) -> EngineError {
    EngineError::Detector(error.to_string())
}
