//! What came of a run.

use std::sync::Arc;

use super::Found;
use crate::{
    detect::{Model, autoencoder, threshold::Threshold},
    features::FeaturePlan,
    model::{Baselined, Drift, Normal, Options, Population},
    train::Device,
};

/// Rows that were scored and ranked, held by the shards.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it was run.
    pub options: Options,
    /// Which columns were compared, and how.
    pub plan: Arc<FeaturePlan>,
    /// The verdict that the rule gave.
    pub threshold: Threshold,
    /// Least score.
    pub low: f64,
    /// Greatest score.
    pub high: f64,
    /// How the autoencoder was trained, if it was one.
    pub trained: Option<Arc<Trained>>,
    /// Groups that stand out, the most notable first.
    pub groups: Arc<Vec<Found>>,
    /// Sets of alike flows that are about as common in the baseline, and no groups therefore.
    pub usual_groups: usize,
    /// The detector.
    pub model: Model,
    /// The flows that it was fitted on, where these are known to be normal.
    pub normal: Option<Normal>,
    /// What the flows were like that it was fitted on, where these are others.
    pub population: Option<Arc<Population>>,
    /// How far the rows are from those.
    pub drift: Option<Arc<Drift>>,
}

impl Outcome {
    /// The baseline that it was fitted on, if it was.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baselined> {
        self.normal.as_ref().map(|normal| &*normal.told)
    }
}

/// How an autoencoder was trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Losses by epoch.
    pub history: autoencoder::History,
    /// Units by layer.
    pub widths: Vec<usize>,
    /// What computed, in the end.
    pub device: Device,
    /// Why that.
    pub why: String,
    /// What went wrong on the way.
    pub warning: Option<String>,
}

impl Trained {
    /// Units of each hidden layer.
    #[must_use]
    pub fn hidden(&self) -> &[usize] {
        match self.widths.as_slice() {
            [_, hidden @ .., _] => hidden,
            _ => &[],
        }
    }
}
