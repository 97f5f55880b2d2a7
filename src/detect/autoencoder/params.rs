//! What a network looks like and how it is trained.

use serde::{Deserialize, Serialize};

use super::error::ParamsError;
use crate::detect::{Check, Checked};

/// Most units of a hidden layer.
const MAX_UNITS: usize = 1_024;
/// Most hidden layers.
const MAX_LAYERS: usize = 8;
/// Most rows of a batch.
const MAX_BATCH: usize = 65_536;

/// What a hidden unit makes of its sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activation {
    /// `max(0, x)`.
    #[default]
    Relu,
    /// The hyperbolic tangent.
    Tanh,
}

/// How an autoencoder is built and trained. The output is linear, the loss the mean squared error over rows and
/// features, the optimiser Adam.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// Units of each hidden layer, from the input to the output.
    pub hidden: Vec<usize>,
    /// The code, which is the narrowest of these layers, has at most half as many units as there are features, whatever
    /// `hidden` says: one that is as wide as the input can learn to copy whatever it is given, anomalies too
    /// (undercomplete autoencoders: Goodfellow, Bengio & Courville, *Deep Learning*, 2016, section 14.1).
    pub undercomplete: bool,
    /// What hidden units compute.
    pub activation: Activation,
    /// Most passes over the training rows.
    pub epochs: usize,
    /// Rows of a step.
    pub batch_size: usize,
    /// Adam's step size.
    pub learning_rate: f64,
    /// Epochs without a better validation loss before training ends, with the best weights; `None` trains to the end and
    /// keeps the last weights.
    pub patience: Option<usize>,
    /// Share of the rows that are used at all, in (0, 1].
    pub train_share: f64,
    /// Share of those that only validate, in [0, 0.5].
    pub validation_share: f64,
    /// Share of the input values that are set to zero in each step, in [0, 0.9]: the network must tell them from the others
    /// (masking noise: Vincent et al., *Extracting and Composing Robust Features with Denoising Autoencoders*, ICML 2008).
    pub noise: f64,
    /// Share of the rows that an epoch leaves out, in [0, 0.5]: those that err most when it begins. The network then never
    /// learns what is far from the rest, however alike that may be (least trimmed squares, by the concentration steps of
    /// Rousseeuw & Van Driessen, *Computing LTS Regression for Large Data Sets*, 2006).
    pub trim: f64,
    /// Seed of weights, order and noise.
    pub seed: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self::recommended()
    }
}

impl Params {
    /// The original application's: 16-8-16 relu, 50 epochs of batches of 32 over 80 % of the rows, a tenth of which validates.
    #[must_use]
    pub fn classic() -> Self {
        Self {
            hidden: vec![16, 8, 16],
            undercomplete: false,
            activation: Activation::Relu,
            epochs: 50,
            batch_size: 32,
            learning_rate: 1e-3,
            patience: None,
            train_share: 0.8,
            validation_share: 0.1,
            noise: 0.0,
            trim: 0.0,
            seed: 42,
        }
    }

    /// What measured best at reasonable time: see `docs/ACCURACY.md`.
    #[must_use]
    pub fn recommended() -> Self {
        Self {
            hidden: vec![16, 8, 16],
            undercomplete: true,
            activation: Activation::Tanh,
            epochs: 10,
            batch_size: 64,
            learning_rate: 1e-3,
            patience: Some(5),
            train_share: 1.0,
            validation_share: 0.1,
            noise: 0.0,
            trim: 0.15,
            seed: 42,
        }
    }

    /// Units of each hidden layer of the network for a table of so many features: [`Self::hidden`], with the code no wider
    /// than [`Self::undercomplete`] allows. Half of an odd number is rounded up, so the code of one feature has one unit.
    #[must_use]
    pub fn layers(&self, features: usize) -> Vec<usize> {
        let code = self.code();
        let most = if self.undercomplete { code.min(features.div_ceil(2)) } else { code };
        self.hidden.iter().map(|&units| if units == code { most } else { units }).collect()
    }

    /// Units of the narrowest hidden layer, as [`Self::hidden`] has it; 0 if there is none.
    #[must_use]
    pub fn code(&self) -> usize {
        self.hidden.iter().copied().min().unwrap_or(0)
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamsError`] for the first that cannot be.
    pub fn check(self) -> Result<CheckedParams, ParamsError> {
        Checked::new(self)
    }
}

/// Parameters that an autoencoder can be trained with.
pub type CheckedParams = Checked<Params>;

impl Check for Params {
    type Error = ParamsError;

    fn verify(&self) -> Result<(), ParamsError> {
        if self.hidden.is_empty() || self.hidden.len() > MAX_LAYERS {
            return Err(ParamsError::Layers(self.hidden.len()));
        }
        if let Some(&units) = self.hidden.iter().find(|units| !(1..=MAX_UNITS).contains(units)) {
            return Err(ParamsError::Units(units));
        }
        if self.epochs == 0 {
            return Err(ParamsError::NoEpochs);
        }
        if !(1..=MAX_BATCH).contains(&self.batch_size) {
            return Err(ParamsError::Batch(self.batch_size));
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= 1.0) {
            return Err(ParamsError::LearningRate(self.learning_rate));
        }
        if self.patience == Some(0) {
            return Err(ParamsError::NoPatience);
        }
        if !(self.train_share > 0.0 && self.train_share <= 1.0) {
            return Err(ParamsError::TrainShare(self.train_share));
        }
        if !(0.0..=0.5).contains(&self.validation_share) {
            return Err(ParamsError::ValidationShare(self.validation_share));
        }
        if !(0.0..=0.9).contains(&self.noise) {
            return Err(ParamsError::Noise(self.noise));
        }
        if !(0.0..=0.5).contains(&self.trim) {
            return Err(ParamsError::Trim(self.trim));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_run_can_be_trained() {
        for params in [Params::classic(), Params::recommended()] {
            assert_eq!(params.clone().check().unwrap().params(), &params);
        }
    }

    #[test]
    fn a_recommended_code_has_at_most_half_as_many_units_as_there_are_features() {
        let code = |features| Params::recommended().layers(features)[1];
        assert_eq!([1, 2, 3, 6, 9, 14, 15, 80].map(code), [1, 1, 2, 3, 5, 7, 8, 8]);
        assert!((1..100).all(|features| code(features) >= 1 && code(features) <= features.div_ceil(2)));
        // The other layers stay what they are, also where they are wider than the input.
        assert_eq!(Params::recommended().layers(3), [16, 2, 16]);
        let flat = Params { hidden: vec![8, 8], ..Params::recommended() };
        assert_eq!(flat.layers(6), [3, 3]);
    }

    #[test]
    fn chosen_layers_stay_as_they_are_chosen() {
        let chosen = Params { hidden: vec![12, 9, 12], undercomplete: false, ..Params::recommended() };
        for params in [chosen, Params::classic()] {
            assert!([1, 3, 80].iter().all(|&features| params.layers(features) == params.hidden));
        }
    }

    #[test]
    fn what_cannot_be_trained_is_refused() {
        type Change = fn(&mut Params);
        let changes: [(Change, ParamsError); 13] = [
            (|params| params.hidden.clear(), ParamsError::Layers(0)),
            (|params| params.hidden = vec![1; 9], ParamsError::Layers(9)),
            (|params| params.hidden[1] = 0, ParamsError::Units(0)),
            (|params| params.hidden[0] = 2_000, ParamsError::Units(2_000)),
            (|params| params.epochs = 0, ParamsError::NoEpochs),
            (|params| params.batch_size = 0, ParamsError::Batch(0)),
            (|params| params.learning_rate = 0.0, ParamsError::LearningRate(0.0)),
            (|params| params.learning_rate = 1.5, ParamsError::LearningRate(1.5)),
            (|params| params.patience = Some(0), ParamsError::NoPatience),
            (|params| params.train_share = 0.0, ParamsError::TrainShare(0.0)),
            (|params| params.validation_share = 0.6, ParamsError::ValidationShare(0.6)),
            (|params| params.noise = 1.0, ParamsError::Noise(1.0)),
            (|params| params.trim = 0.6, ParamsError::Trim(0.6)),
        ];
        for (change, expected) in changes {
            let mut params = Params::classic();
            change(&mut params);
            assert_eq!(params.check(), Err(expected));
        }
        let nan = Params { learning_rate: f64::NAN, ..Params::classic() };
        assert!(matches!(nan.check(), Err(ParamsError::LearningRate(_))));
    }
}
