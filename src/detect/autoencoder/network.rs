//! A network as plain numbers.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use serde::{Deserialize, Serialize};

use super::{calibrate::Calibration, error::NetworkError, params::Activation};

/// A dense autoencoder: as many outputs as inputs, and fewer or other units in between.
///
/// All weights are in one run of numbers, layer after layer: first `inputs × outputs` weights, those of an input side by
/// side, then a bias per output. Of the layers, all but the last apply the activation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "NetworkParts", into = "NetworkParts")]
pub struct Network {
    widths: Vec<usize>,
    activation: Activation,
    values: Vec<f32>,
    calibration: Option<Calibration>,
}

/// A [`Network`] as it is stored, not checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkParts {
    /// Units of the input, of each hidden layer, and of the output.
    pub widths: Vec<usize>,
    /// What hidden units compute.
    pub activation: Activation,
    /// All weights and biases.
    #[serde(with = "crate::table::packed")]
    pub values: Vec<f32>,
    /// How far rows err by chance, where that is known.
    pub calibration: Option<Calibration>,
}

/// Where a layer's numbers lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Units below.
    pub inputs: usize,
    /// Units of this layer.
    pub outputs: usize,
    /// Place of the first weight.
    pub weights: usize,
}

impl Layer {
    /// Place of the first bias.
    #[must_use]
    pub fn bias(self) -> usize {
        self.weights + self.inputs * self.outputs
    }

    /// Place behind the last bias.
    #[must_use]
    pub fn end(self) -> usize {
        self.bias() + self.outputs
    }
}

/// The layers between units of these numbers.
fn layers(widths: &[usize]) -> Vec<Layer> {
    let mut weights = 0;
    let layer = |pair: &[usize]| {
        let layer = Layer { inputs: pair[0], outputs: pair[1], weights };
        weights = layer.end();
        layer
    };
    widths.windows(2).map(layer).collect()
}

impl Network {
    /// A network that was not trained: weights drawn evenly from ±√(6 / (inputs + outputs)) (Glorot & Bengio,
    /// *Understanding the Difficulty of Training Deep Feedforward Neural Networks*, 2010, equation 16; Keras' default),
    /// biases zero. The same on every platform.
    ///
    /// # Panics
    /// If there are no features or an empty layer.
    #[must_use]
    pub fn initial(features: usize, hidden: &[usize], activation: Activation, seed: u64) -> Self {
        let widths: Vec<usize> =
            std::iter::once(features).chain(hidden.iter().copied()).chain(std::iter::once(features)).collect();
        assert!(!widths.contains(&0) && !hidden.is_empty(), "layers with units");
        let layers = layers(&widths);
        let mut values = vec![0.0; layers.last().map_or(0, |layer| layer.end())];
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for layer in &layers {
            let limit = (6.0 / (layer.inputs + layer.outputs) as f32).sqrt();
            for weight in &mut values[layer.weights..layer.bias()] {
                // 24 random bits: as many as an f32 tells apart in [0, 1).
                let unit = (rng.next_u32() >> 8) as f32 / (1 << 24) as f32;
                *weight = (2.0 * unit - 1.0) * limit;
            }
        }
        Self { widths, activation, values, calibration: None }
    }

    /// Features of a row.
    #[must_use]
    pub fn features(&self) -> usize {
        self.widths[0]
    }

    /// Units of the input, of each hidden layer, and of the output.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// What hidden units compute.
    #[must_use]
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Where the layers' numbers lie in [`Self::values`].
    #[must_use]
    pub fn layers(&self) -> Vec<Layer> {
        layers(&self.widths)
    }

    /// All weights and biases.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The same, to be changed by who trains.
    pub(super) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The same layers with other weights.
    ///
    /// # Errors
    /// [`NetworkError`] if these are not as many, or not finite.
    pub fn with_values(&self, values: Vec<f32>) -> Result<Self, NetworkError> {
        NetworkParts {
            widths: self.widths.clone(),
            activation: self.activation,
            values,
            calibration: self.calibration.clone(),
        }
        .try_into()
    }

    /// The same network, which knows how far rows err by chance.
    pub(super) fn with_calibration(self, calibration: Calibration) -> Self {
        Self { calibration: Some(calibration), ..self }
    }

    /// How far rows err by chance, where that is known.
    #[must_use]
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// Multiplications that a row takes on the way to the output.
    #[must_use]
    pub fn products(&self) -> usize {
        self.widths.windows(2).map(|pair| pair[0] * pair[1]).sum()
    }
}

impl TryFrom<NetworkParts> for Network {
    type Error = NetworkError;

    fn try_from(parts: NetworkParts) -> Result<Self, NetworkError> {
        let NetworkParts { widths, activation, values, calibration } = parts;
        // A product of widths that overflows would pass for a small one.
        const MOST: usize = 1 << 14;
        let sound = widths.len() >= 3
            && widths.len() <= 10
            && widths.first() == widths.last()
            && widths.iter().all(|width| (1..=MOST).contains(width));
        if !sound {
            return Err(NetworkError::Layers);
        }
        let needed = layers(&widths).last().map_or(0, |layer| layer.end());
        if values.len() != needed {
            return Err(NetworkError::Weights { needed, found: values.len() });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(place) => Err(NetworkError::NotFinite(place)),
            None if calibration.as_ref().is_some_and(|calibration| !calibration.fits(widths[0])) => {
                Err(NetworkError::Calibration)
            }
            None => Ok(Self { widths, activation, values, calibration }),
        }
    }
}

impl From<Network> for NetworkParts {
    fn from(Network { widths, activation, values, calibration }: Network) -> Self {
        Self { widths, activation, values, calibration }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_lie_one_behind_the_other() {
        let network = Network::initial(5, &[3, 2], Activation::Relu, 1);
        let layers = network.layers();
        assert_eq!(
            layers.iter().map(|layer| (layer.inputs, layer.outputs)).collect::<Vec<_>>(),
            [(5, 3), (3, 2), (2, 5)]
        );
        assert_eq!(layers.iter().map(|layer| layer.weights).collect::<Vec<_>>(), [0, 18, 26]);
        assert_eq!(network.values().len(), 41);
        assert_eq!(network.products(), 31);
    }

    #[test]
    fn initial_weights_are_even_within_glorots_limits_and_follow_the_seed() {
        let network = Network::initial(100, &[50], Activation::Relu, 7);
        let limit = (6.0_f32 / 150.0).sqrt();
        let weights = &network.values()[..5_000];
        assert!(weights.iter().all(|weight| weight.abs() <= limit));
        let mean = weights.iter().sum::<f32>() / 5_000.0;
        let square = weights.iter().map(|weight| weight * weight).sum::<f32>() / 5_000.0;
        // Standard errors 0.0016 and 0.00017.
        assert!(mean.abs() < 0.008 && (square - limit * limit / 3.0).abs() < 0.0009, "{mean} {square}");
        assert!(network.values()[5_000..5_050].iter().all(|bias| *bias == 0.0));
        assert_eq!(network, Network::initial(100, &[50], Activation::Relu, 7));
        assert_ne!(network, Network::initial(100, &[50], Activation::Relu, 8));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let good: NetworkParts = Network::initial(2, &[1], Activation::Relu, 1).into();
        assert!(Network::try_from(good.clone()).is_ok());
        let with = |change: fn(&mut NetworkParts)| {
            let mut parts = good.clone();
            change(&mut parts);
            Network::try_from(parts).unwrap_err()
        };
        assert_eq!(with(|parts| parts.widths = vec![2, 2]), NetworkError::Layers);
        assert_eq!(with(|parts| parts.widths = vec![2, 0, 2]), NetworkError::Layers);
        assert_eq!(with(|parts| parts.widths = vec![2, 1, 3]), NetworkError::Layers);
        assert_eq!(with(|parts| parts.widths[1] = usize::MAX), NetworkError::Layers);
        assert_eq!(with(|parts| parts.values.truncate(6)), NetworkError::Weights { needed: 7, found: 6 });
        assert_eq!(with(|parts| parts.values[3] = f32::NAN), NetworkError::NotFinite(3));
    }
}
