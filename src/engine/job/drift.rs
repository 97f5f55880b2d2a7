//! The flows that a detector was fitted on, and these → how far they are from those.

use std::sync::Arc;

use super::{Dataset, answered, ask_first, sample};
use crate::{
    detect::Model,
    engine::{EngineError, FitRequest, Host, Reply},
    features::FeaturePlan,
    model::{Drift, Population},
};

/// What a sample of the rows is like.
pub(super) async fn populate<H: Host>(
    host: &H,
    dataset: &Dataset,
    (plan, model): (&Arc<FeaturePlan>, &Model),
    known: Option<&Arc<Population>>,
) -> Result<Population, EngineError> {
    sample::ensure(host, dataset).await?;
    let (plan, profile) = (Arc::clone(plan), Arc::clone(&dataset.profile));
    let populate = FitRequest::Populate { plan, model: model.clone(), profile, known: known.cloned() };
    answered!(ask_first(host, populate).await?, Reply::Population(population) => *population)
}

/// How far the rows are from those that a detector was fitted on.
pub(super) async fn drift<H: Host>(
    host: &H,
    dataset: &Dataset,
    detector: (&Arc<FeaturePlan>, &Model),
    known: &Arc<Population>,
) -> Result<Drift, EngineError> {
    Ok(Drift::between(known, &populate(host, dataset, detector, Some(known)).await?))
}
