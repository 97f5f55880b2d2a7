//! Why a row scored as it did, by any detector.

use super::Explainer;
use crate::detect::{
    Model,
    autoencoder::{Calibration, Network},
};

/// A model prepared for explaining many rows.
pub enum Explanations<'a> {
    /// By the splits that each feature spared.
    IsolationForest(Explainer<'a>),
    /// By the error of each feature.
    Autoencoder(&'a Network),
}

/// Why a row scored as it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Per feature; negative is a reason. Of a forest, splits; of an autoencoder, the feature's part of the score.
    pub contributions: Vec<f64>,
    /// What the autoencoder expected of each feature, given the whole row.
    pub expected: Option<Vec<f32>>,
}

impl<'a> Explanations<'a> {
    /// Takes about as long as explaining a row.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        match model {
            Model::IsolationForest(forest) => Self::IsolationForest(Explainer::new(forest)),
            Model::Autoencoder(network) => Self::Autoencoder(network),
        }
    }

    /// Explains a row.
    ///
    /// # Panics
    /// If `row` has another number of values than the model has features.
    #[must_use]
    pub fn of(&self, row: &[f32]) -> Explanation {
        match self {
            Self::IsolationForest(explainer) => {
                Explanation { contributions: explainer.contributions(row), expected: None }
            }
            Self::Autoencoder(network) => {
                let expected = network.reconstruct(row);
                let part = |(x, y): (&f32, &f32)| -f64::from((y - x) * (y - x)) / row.len() as f64;
                let mut contributions: Vec<f64> = network.shown(row).iter().zip(&expected).map(part).collect();
                if let Some(calibration) = network.calibration() {
                    add_outside(calibration, row, &mut contributions);
                }
                Explanation { contributions, expected: Some(expected) }
            }
        }
    }
}

/// Values beyond their fences are reasons, each for its part of what they add to the error.
fn add_outside(calibration: &Calibration, row: &[f32], contributions: &mut [f64]) {
    let outside: f64 = calibration.fences().of_row(row).map(|(_, outside)| outside).sum();
    let error = -contributions.iter().sum::<f64>();
    let added = calibration.lifted(error, outside) - error;
    for (feature, part) in calibration.fences().of_row(row) {
        contributions[feature] -= added * part / outside;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::detect::autoencoder::{Activation, Calibrating};

    #[test]
    fn parts_of_an_autoencoders_score_add_up_to_it() {
        let network = Network::initial(5, &[3], Activation::Tanh, 2);
        let row = [0.5, -1.0, 2.0, 0.0, 9.0];
        let model = Model::Autoencoder(Arc::new(network));
        let Explanation { contributions, expected } = Explanations::new(&model).of(&row);
        let score = model.score(ndarray::ArrayView2::from_shape((1, 5), &row).unwrap())[0];
        assert!((contributions.iter().sum::<f64>() + score).abs() < 1e-5);
        assert_eq!(expected.map(|expected| expected.len()), Some(5));
        assert_eq!(super::super::top_reasons(&contributions, 1)[0].0, 4);
    }

    #[test]
    fn a_value_beyond_its_fence_is_the_reason() {
        let sample =
            ndarray::Array2::from_shape_fn((500, 3), |(row, feature)| ((row * 7 + feature) % 31) as f32 / 10.0);
        let network = Network::initial(3, &[2], Activation::Tanh, 2);
        let mut calibrating = Calibrating::new(network, sample.view(), &[true; 3], 500, 5.0);
        while calibrating.score_some() {}
        let model = Model::Autoencoder(Arc::new(calibrating.finish()));
        let row = [0.5, 90.0, 1.0];
        let Explanation { contributions, .. } = Explanations::new(&model).of(&row);
        let score = model.score(ndarray::ArrayView2::from_shape((1, 3), &row).unwrap())[0];
        assert!((contributions.iter().sum::<f64>() + score).abs() < 1e-4 * score);
        let [(feature, share), ..] = super::super::top_reasons(&contributions, 1)[..] else { panic!("a reason") };
        assert!(feature == 1 && share > 0.9, "{share}");
    }
}
