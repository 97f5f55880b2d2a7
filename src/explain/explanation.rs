//! Why a row scored as it did, by any detector.

use super::Explainer;
use crate::{
    detect::{
        Expected, Model,
        autoencoder::{Calibration, Network},
        nearest::{Alike, Nearest},
    },
    features::{Feature, FeaturePlan},
    table::Block,
};

/// A model prepared for explaining many rows.
pub struct Explanations<'a> {
    plan: &'a FeaturePlan,
    way: Way<'a>,
}

/// How a model's rows are explained.
enum Way<'a> {
    /// By the splits that each feature spared.
    IsolationForest(Explainer<'a>),
    /// By the error of each feature.
    Autoencoder(&'a Network),
    /// By what differs from the most alike reference.
    Nearest(&'a Nearest),
}

/// Why a row scored as it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Per feature; negative is a reason. Of a forest, splits; of any other, the feature's part of the score.
    pub contributions: Vec<f64>,
    /// What was expected of each feature's column, where anything was: given the whole row, or of the most alike reference.
    pub expected: Vec<Option<Expected>>,
}

impl<'a> Explanations<'a> {
    /// Takes about as long as explaining a row.
    #[must_use]
    pub fn new(plan: &'a FeaturePlan, model: &'a Model) -> Self {
        let way = match model {
            Model::IsolationForest(forest) => Way::IsolationForest(Explainer::new(forest)),
            Model::Autoencoder(network) => Way::Autoencoder(network),
            Model::Nearest(nearest) => Way::Nearest(nearest),
        };
        Self { plan, way }
    }

    /// Explains a row of a block.
    ///
    /// # Panics
    /// If the plan has another number of features than the model.
    #[must_use]
    pub fn of(&self, block: &Block, place: usize) -> Explanation {
        let row = || self.plan.row(block, place);
        let mut explanation = match &self.way {
            Way::IsolationForest(explainer) => {
                Explanation { contributions: explainer.contributions(&row()), expected: Vec::new() }
            }
            Way::Autoencoder(network) => {
                let (contributions, expected) = of_network(network, &row());
                let value = |(feature, &expected): (&Feature, &f32)| feature.value(expected).map(Expected::Amount);
                Explanation { contributions, expected: self.plan.features.iter().zip(&expected).map(value).collect() }
            }
            Way::Nearest(nearest) => {
                let Alike { apart, expected } = nearest.alike(block, place);
                Explanation { contributions: apart.into_iter().map(|apart| -apart).collect(), expected }
            }
        };
        // What stands in for a column is no reason.
        for (contribution, feature) in explanation.contributions.iter_mut().zip(&self.plan.features) {
            if feature.encoding.is_stand_in() {
                *contribution = 0.0;
            }
        }
        explanation
    }
}

/// Each feature's part of a row's error, and what the network expected of it.
fn of_network(network: &Network, row: &[f32]) -> (Vec<f64>, Vec<f32>) {
    let expected = network.reconstruct(row);
    let part = |(x, y): (&f32, &f32)| -f64::from((y - x) * (y - x)) / row.len() as f64;
    let mut contributions: Vec<f64> = network.shown(row).iter().zip(&expected).map(part).collect();
    if let Some(calibration) = network.calibration() {
        add_outside(calibration, row, &mut contributions);
    }
    (contributions, expected)
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
    use super::*;
    use crate::detect::autoencoder::{Activation, Calibrating};

    #[test]
    fn parts_of_an_autoencoders_score_add_up_to_it() {
        let network = Network::initial(5, &[3], Activation::Tanh, 2);
        let row = [0.5, -1.0, 2.0, 0.0, 9.0];
        let (contributions, expected) = of_network(&network, &row);
        let score = network.score(ndarray::ArrayView2::from_shape((1, 5), &row).unwrap())[0];
        assert!((contributions.iter().sum::<f64>() + score).abs() < 1e-5);
        assert_eq!(expected.len(), 5);
        assert_eq!(super::super::top_reasons(&contributions, 1)[0].0, 4);
    }

    #[test]
    fn a_value_beyond_its_fence_is_the_reason() {
        let sample =
            ndarray::Array2::from_shape_fn((500, 3), |(row, feature)| ((row * 7 + feature) % 31) as f32 / 10.0);
        let network = Network::initial(3, &[2], Activation::Tanh, 2);
        let mut calibrating = Calibrating::new(network, sample.view(), &[true; 3], 500, 5.0);
        while calibrating.score_some() {}
        let network = calibrating.finish();
        let row = [0.5, 90.0, 1.0];
        let (contributions, _) = of_network(&network, &row);
        let score = network.score(ndarray::ArrayView2::from_shape((1, 3), &row).unwrap())[0];
        assert!((contributions.iter().sum::<f64>() + score).abs() < 1e-4 * score);
        let [(feature, share), ..] = super::super::top_reasons(&contributions, 1)[..] else { panic!("a reason") };
        assert!(feature == 1 && share > 0.9, "{share}");
    }
}
