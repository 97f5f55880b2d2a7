//! Who trains an autoencoder: the device is chosen by trying, and a failing one is left for the processor.
//!
//! | item | is |
//! |---|---|
//! | [`TrainingJob`] | what is to be learned: parameters, rows, the preferred device |
//! | [`train()`] | tries the devices, trains on one, carries on with the processor if it fails |
//! | [`TrainingResult`] | the network, how it came about, and who computed |
//! | `burn` | training with burn, the only module that knows it (feature `trainer`) |

#[cfg(feature = "trainer")]
pub mod burn;
mod choose;
mod run;

pub use choose::Choice;
pub use run::{Note, train};

use serde::{Deserialize, Serialize};

use crate::detect::autoencoder::{CheckedParams, Epoch, History, Network};

/// Which device is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DevicePreference {
    /// Whichever is faster, as long as it computes right.
    #[default]
    Fastest,
    /// The processor.
    Cpu,
    /// The GPU, even a slow one, as long as it computes right.
    Gpu,
}

/// What computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The GPU, through WebGPU.
    WebGpu,
}

impl Device {
    /// The device's name for scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }
}

/// What is to be learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingJob {
    /// How.
    pub params: CheckedParams,
    /// Where.
    pub preference: DevicePreference,
    /// Rows.
    pub rows: usize,
    /// Their features, feature by feature.
    #[serde(with = "crate::table::packed")]
    pub values: Vec<f32>,
}

/// What is told of an epoch as soon as it is over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// The epoch, from 0.
    pub number: usize,
    /// How it went.
    pub epoch: Epoch,
    /// What computed.
    pub device: Device,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingResult {
    /// The network.
    pub network: Network,
    /// How it came about.
    pub history: History,
    /// What computed, in the end.
    pub device: Device,
    /// Why that device, in a sentence.
    pub why: String,
    /// What went wrong on the way, in a sentence.
    pub warning: Option<String>,
}
