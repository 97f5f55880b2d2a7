//! An autoencoder: a network that learns to give back what it is given, through a layer too narrow to pass everything on.
//! What it gives back badly is unlike what it learned. (Hawkins et al., *Outlier Detection Using Replicator Neural
//! Networks*, 2002.)
//!
//! | item | is |
//! |---|---|
//! | [`Params`], [`CheckedParams`] | layers, activation, epochs, batches, early stopping, noise, seed |
//! | [`Network`] | the weights as plain numbers; scores rows, gives back what it expects |
//! | [`Training`] | the course of a training, whoever computes: order, validation, best weights, history |
//! | [`Calibrating`] | how far rows err by chance: the recommended threshold |
//! | [`Learner`] | who computes: [`Cpu`] here; burn, on a GPU too, in `train` |
//!
//! A score is a row's mean squared error, over scaled features; that of a row with a value far out is above all others. Reasons are the features that err most.

mod calibrate;
mod cpu;
mod error;
mod kernel;
mod learner;
mod network;
mod params;
mod score;
mod train;

pub use calibrate::{Calibrating, Calibration};
pub use cpu::Cpu;
pub use error::{NetworkError, ParamsError, TrainError};
pub use learner::{Batch, Learner, adam};
pub use network::{Layer, Network, NetworkParts};
pub use params::{Activation, CheckedParams, Params};
pub use train::{At, Epoch, History, Training};
