//! How a detector is run.

use serde::{Deserialize, Serialize};

use crate::{
    detect::{Method, autoencoder, groups, isolation_forest::Params, nearest, threshold::Rule},
    features::{Mode, Treatment},
    report::Scale,
    train::DevicePreference,
};

/// Which detector, with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
