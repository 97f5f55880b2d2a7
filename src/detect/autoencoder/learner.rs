//! Who computes: what training asks of a device.

use super::{error::TrainError, network::Network};

/// Rows of one step.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Number of rows.
    pub rows: usize,
    /// What the network sees, row after row.
    pub input: Vec<f32>,
    /// What it is to give.
    pub target: Vec<f32>,
}

/// A network on a device, with what its optimiser remembers.
///
/// Steps may be put off until a number is asked for, which is why that is awaited, and why nothing else is.
pub trait Learner {
    /// Takes one step of Adam ([`adam`]) against the gradient of the mean squared error of the batch.
    ///
    /// # Errors
    /// [`TrainError::Device`]
    fn step(&mut self, batch: &Batch) -> Result<(), TrainError>;

    /// Waits for all steps so far and gives the sum, over the rows since it was last asked, of each row's mean squared
    /// error before its step.
    ///
    /// # Errors
    /// [`TrainError::Device`]
    fn loss(&mut self) -> impl Future<Output = Result<f64, TrainError>>;

    /// The sum of the mean squared errors of the rows of a batch.
    ///
    /// # Errors
    /// [`TrainError::Device`]
    fn evaluate(&mut self, batch: &Batch) -> impl Future<Output = Result<f64, TrainError>>;

    /// The network as it is now.
    ///
    /// # Errors
    /// [`TrainError::Device`], [`TrainError::Diverged`] if a weight is no number.
    fn network(&mut self) -> impl Future<Output = Result<Network, TrainError>>;
}

/// Constants of Adam (Kingma & Ba, *Adam: A Method for Stochastic Optimization*, 2015, algorithm 1) as Keras has them.
pub mod adam {
    /// Decay of the mean of gradients (β₁).
    pub const MEAN: f32 = 0.9;
    /// Decay of the mean of their squares (β₂).
    pub const SQUARE: f32 = 0.999;
    /// Added to the root of the latter (ε).
    pub const EPSILON: f32 = 1e-7;
}
