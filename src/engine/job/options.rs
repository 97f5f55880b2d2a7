//! How a detector is run, and what came of it.

use std::sync::Arc;

use super::Found;
use crate::{
    detect::{
        Method, autoencoder, groups,
        isolation_forest::Params,
        nearest,
        threshold::{Rule, Threshold},
    },
    features::{FeaturePlan, Mode, Treatment},
    report::Scale,
    train::{Device, DevicePreference},
};

/// Which detector, with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum Detector {
    /// An isolation forest.
    IsolationForest(Params),
    /// An autoencoder, trained on the device that is wished for.
    Autoencoder(autoencoder::Params, DevicePreference),
    /// The distance to the nearest of some flows.
    Nearest(nearest::Params),
}

impl Default for Detector {
    fn default() -> Self {
        Self::IsolationForest(Params::default())
    }
}

impl Detector {
    /// Which algorithm it is.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::IsolationForest(_) => Method::IsolationForest,
            Self::Autoencoder(..) => Method::Autoencoder,
            Self::Nearest(_) => Method::Nearest,
        }
    }

    /// How its scores are laid out in a chart. Reconstruction errors spread over powers of ten: evenly laid out, nearly
    /// all would be in the first bin.
    #[must_use]
    pub fn scale(&self) -> Scale {
        match self {
            Self::IsolationForest(_) | Self::Nearest(_) => Scale::Linear,
            Self::Autoencoder(..) => Scale::Log,
        }
    }

    /// The parameters of an isolation forest, if it is one.
    #[must_use]
    pub fn forest(&self) -> Option<Params> {
        match self {
            Self::IsolationForest(params) => Some(*params),
            Self::Autoencoder(..) | Self::Nearest(_) => None,
        }
    }
}

impl From<Params> for Detector {
    fn from(params: Params) -> Self {
        Self::IsolationForest(params)
    }
}

/// How a detector is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How columns are treated.
    pub treatment: Treatment,
    /// The detector.
    pub detector: Detector,
    /// How the threshold is chosen; if `None`, as the mode has it.
    pub rule: Option<Rule>,
    /// What groups are looked for, if any. Classic has none.
    pub groups: Option<groups::Params>,
}

impl Default for Options {
    fn default() -> Self {
        let (treatment, detector) = (Treatment::default(), Detector::default());
        Self { treatment, detector, rule: None, groups: Some(groups::Params::default()) }
    }
}

impl Options {
    /// How the threshold is chosen: if nothing else is asked for, Classic takes the original's 5 %.
    pub fn rule(&self) -> Rule {
        self.rule.unwrap_or(match self.treatment.mode {
            Mode::Recommended => Rule::Recommended,
            Mode::Classic => Rule::Contamination(0.05),
        })
    }
}

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
    /// Sets of alike flows that are like some of the baseline, and no groups therefore.
    pub usual_groups: usize,
    /// The baseline that it was fitted on, if it was.
    pub baseline: Option<Arc<Baselined>>,
}

/// Which baseline a detector was fitted on.
#[derive(Debug, Clone, PartialEq)]
pub struct Baselined {
    /// Flows of it.
    pub rows: u64,
    /// Columns of the file that are compared with it.
    pub columns: usize,
    /// Columns of the baseline, and of the file, that mean nothing in the other one.
    pub unbound: [Vec<String>; 2],
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
