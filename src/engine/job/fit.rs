//! A sample → a plan and a detector that were fitted on it.

use std::sync::Arc;

use super::{Dataset, Trained, answered, ask_first, sample};
use crate::{
    detect::{
        Model, autoencoder,
        isolation_forest::{Params, Stability},
    },
    engine::{EngineError, FitRequest, Host, Reply},
    features::{FeaturePlan, Treatment},
    model::{Detector, Normal, Options, Population},
    train::{DevicePreference, TrainingJob, TrainingResult},
};

/// A plan and a detector that were fitted: all that it takes to score a table with the plan's columns.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Which columns are compared, and how.
    pub plan: Arc<FeaturePlan>,
    /// The detector.
    pub model: Model,
    /// How it was trained, if it was.
    pub trained: Option<Arc<Trained>>,
    /// What is known of normal flows, where it was fitted on some.
    pub normal: Option<Normal>,
    /// What the flows were like that it was fitted on, where those to be scored are others.
    pub population: Option<Arc<Population>>,
}

/// Fits a plan and a detector on a sample of the rows.
///
/// # Errors
/// [`EngineError`] if no column can be compared, the parameters are refused, or somebody cancels.
pub async fn fit<H: Host>(host: &H, dataset: &Dataset, options: &Options) -> Result<Fitted, EngineError> {
    fit_for(host, dataset, options, false).await
}

/// The same, of rows that are `normal` where others are to be scored.
pub(super) async fn fit_for<H: Host>(
    host: &H,
    dataset: &Dataset,
    options: &Options,
    normal: bool,
) -> Result<Fitted, EngineError> {
    sample::ensure(host, dataset).await?;
    let profile = Arc::clone(&dataset.profile);
    match &options.detector {
        Detector::IsolationForest(params) => {
            by_first(host, FitRequest::Forest { treatment: options.treatment, params: *params, profile }).await
        }
        Detector::Nearest(params) => {
            by_first(host, FitRequest::Nearest { treatment: options.treatment, params: *params, profile, normal }).await
        }
        Detector::Autoencoder(params, preference) => train(host, dataset, options.treatment, params, *preference).await,
    }
}

/// Has the first shard fit a plan and a detector.
async fn by_first<H: Host>(host: &H, fit: FitRequest) -> Result<Fitted, EngineError> {
    let (plan, model) = answered!(ask_first(host, fit).await?, Reply::Fitted(plan, model) => (plan, model))?;
    Ok(Fitted { plan, model, trained: None, normal: None, population: None })
}

/// Fits the plan and trains an autoencoder on the sample.
async fn train<H: Host>(
    host: &H,
    dataset: &Dataset,
    treatment: Treatment,
    params: &autoencoder::Params,
    preference: DevicePreference,
) -> Result<Fitted, EngineError> {
    let params = params.clone().check().map_err(|error| EngineError::Detector(error.to_string()))?;
    let treatment = Treatment { scaled: true, ..treatment };
    let prepare = FitRequest::Prepare { treatment, profile: Arc::clone(&dataset.profile) };
    let (plan, rows, values) = answered!(ask_first(host, prepare).await?,
        Reply::Prepared { plan, rows, values } => (plan, rows, values))?;
    let TrainingResult { network, history, device, why, warning } =
        host.train(TrainingJob { params, preference, rows, values }).await?;
    let trained = Trained { history, widths: network.widths().to_vec(), device, why, warning };
    let network = if plan.is_scaled() {
        let rows = dataset.profile.rows;
        let calibrate = FitRequest::Calibrate { plan: Arc::clone(&plan), network: Box::new(network), rows };
        answered!(ask_first(host, calibrate).await?, Reply::Calibrated(network) => network)?
    } else {
        Arc::new(network)
    };
    let model = Model::Autoencoder(network);
    Ok(Fitted { plan, model, trained: Some(Arc::new(trained)), normal: None, population: None })
}

/// Fits the detector of a run again with `others` other seeds, and says how many of the `top` highest-scoring rows stay;
/// of the sample, where that is not the whole file, and as many of it in proportion.
///
/// # Errors
/// [`EngineError`]
pub async fn stability<H: Host>(
    host: &H,
    dataset: &Dataset,
    params: Params,
    top: u64,
    others: usize,
) -> Result<Stability, EngineError> {
    let sampled = dataset.sample_rows() as f64 / dataset.profile.rows.max(1) as f64;
    let top = (top as f64 * sampled).ceil() as usize;
    answered!(ask_first(host, FitRequest::Refit { params, top, others }).await?, Reply::Refitted(stability) => stability)
}
