//! Rows → what the network makes of them → errors.

use ndarray::{ArrayView2, Axis};

use super::{
    kernel::{ROWS, Weights, activate, product},
    network::Network,
};

/// What a network's units say of a block of rows.
pub(super) struct Activations {
    /// Per layer and the input, unit-major; rows that the block lacks are zero in the input.
    pub(super) units: Vec<Vec<f32>>,
}

impl Activations {
    pub(super) fn new(network: &Network) -> Self {
        Self { units: network.widths().iter().map(|width| vec![0.0; width * ROWS]).collect() }
    }

    /// Passes the input on to the output.
    pub(super) fn forwards(&mut self, network: &Network) {
        let values = network.values();
        let layers = network.layers();
        for (number, layer) in layers.iter().enumerate() {
            let (below, above) = self.units.split_at_mut(number + 1);
            let (below, above) = (&below[number], &mut above[0]);
            let weights = Weights::forwards(&values[layer.weights..layer.bias()], layer.inputs, layer.outputs);
            product(weights, Some(&values[layer.bias()..layer.end()]), below, above);
            if number + 1 < layers.len() {
                activate(network.activation(), above);
            }
        }
    }

    pub(super) fn input(&mut self) -> &mut [f32] {
        &mut self.units[0]
    }

    pub(super) fn output(&self) -> &[f32] {
        self.units.last().map_or(&[], Vec::as_slice)
    }

    /// Adds up the squared differences of input and output, per row.
    fn squares(&self) -> [f32; ROWS] {
        let mut sums = [0.0; ROWS];
        for (input, output) in self.units[0].chunks_exact(ROWS).zip(self.output().chunks_exact(ROWS)) {
            for ((sum, input), output) in sums.iter_mut().zip(input).zip(output) {
                let difference = output - input;
                *sum += difference * difference;
            }
        }
        sums
    }
}

impl Network {
    /// The mean squared error of each row of `x` (rows × features, any memory order; column-major is quickest); where a value is
    /// beyond its fence, what [`Calibration::lifted`](super::Calibration::lifted) makes of it.
    ///
    /// # Panics
    /// If `x` has another number of columns than the network has features.
    #[must_use]
    pub fn score(&self, x: ArrayView2<'_, f32>) -> Vec<f64> {
        assert_eq!(x.ncols(), self.features(), "columns of the matrix and features of the network");
        let features = self.features() as f64;
        let mut activations = Activations::new(self);
        let mut scores = Vec::with_capacity(x.nrows());
        let mut outside = [0.0; ROWS];
        for block in x.axis_chunks_iter(Axis(0), ROWS) {
            let rows = block.nrows();
            let input = activations.input();
            if rows < ROWS {
                input.fill(0.0);
            }
            for (to, from) in input.chunks_exact_mut(ROWS).zip(block.columns()) {
                match from.as_slice() {
                    Some(from) => to[..rows].copy_from_slice(from),
                    None => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
                }
            }
            self.limit(activations.input());
            activations.forwards(self);
            let errors = activations.squares().map(|sum| f64::from(sum) / features);
            if let Some(calibration) = self.calibration() {
                calibration.fences().outside(block, &mut outside[..rows]);
                scores.extend(
                    errors
                        .iter()
                        .zip(&outside[..rows])
                        .map(|(error, outside)| calibration.lifted(*error, (*outside).into())),
                );
            } else {
                scores.extend(&errors[..rows]);
            }
        }
        scores
    }

    /// The values of rows as the network is shown them.
    pub(super) fn limit(&self, values: &mut [f32]) {
        if let Some(calibration) = self.calibration() {
            // Not `clamp`, which would panic at a reach from elsewhere that is no number.
            let reach = calibration.reach();
            values.iter_mut().for_each(|value| *value = value.max(-reach).min(reach));
        }
    }

    /// One row as the network is shown it.
    #[must_use]
    pub fn shown(&self, row: &[f32]) -> Vec<f32> {
        let mut row = row.to_vec();
        self.limit(&mut row);
        row
    }

    /// What the network makes of one row: the features that it expects, the others being what they are.
    ///
    /// # Panics
    /// If `row` has another number of values than the network has features.
    #[must_use]
    pub fn reconstruct(&self, row: &[f32]) -> Vec<f32> {
        assert_eq!(row.len(), self.features(), "values of the row and features of the network");
        let mut activations = Activations::new(self);
        for (to, from) in activations.input().chunks_exact_mut(ROWS).zip(row) {
            to[0] = *from;
        }
        self.limit(activations.input());
        activations.forwards(self);
        activations.output().iter().step_by(ROWS).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};
    use proptest::prelude::*;

    use super::*;
    use crate::detect::autoencoder::params::Activation;

    /// The definition, in f64.
    fn plain(network: &Network, row: &[f32]) -> Vec<f64> {
        let layers = network.layers();
        let mut units: Vec<f64> = row.iter().map(|&value| f64::from(value)).collect();
        for (number, layer) in layers.iter().enumerate() {
            let weight =
                |from: usize, to: usize| f64::from(network.values()[layer.weights + from * layer.outputs + to]);
            let unit = |to: usize| {
                let sum: f64 = units.iter().enumerate().map(|(from, unit)| unit * weight(from, to)).sum();
                let sum = sum + f64::from(network.values()[layer.bias() + to]);
                match network.activation() {
                    _ if number + 1 == layers.len() => sum,
                    Activation::Relu => sum.max(0.0),
                    Activation::Tanh => sum.tanh(),
                }
            };
            units = (0..layer.outputs).map(unit).collect();
        }
        units
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn scores_are_those_of_the_definition_in_blocks_of_any_size(
            rows in 0usize..150, features in 1usize..20, hidden in prop::collection::vec(1usize..9, 1..4),
            tanh: bool, seed: u64,
        ) {
            let activation = if tanh { Activation::Tanh } else { Activation::Relu };
            let network = Network::initial(features, &hidden, activation, seed);
            let value = |(row, column): (usize, usize)| ((row * 31 + column * 17 + row * row) % 23) as f32 / 7.0 - 1.5;
            let by_row = Array2::from_shape_fn((rows, features), value);
            let by_column = Array2::from_shape_fn((rows, features).f(), value);
            let scores = network.score(by_column.view());
            prop_assert_eq!(&scores, &network.score(by_row.view()));
            prop_assert_eq!(scores.len(), rows);
            for (row, score) in by_row.rows().into_iter().zip(&scores) {
                let row = row.to_vec();
                let expected = plain(&network, &row);
                let error: f64 = expected.iter().zip(&row).map(|(y, x)| (y - f64::from(*x)).powi(2)).sum();
                prop_assert!((score - error / features as f64).abs() <= 1e-5 * (1.0 + score));
                for (is, expected) in network.reconstruct(&row).iter().zip(expected) {
                    prop_assert!((f64::from(*is) - expected).abs() <= 1e-5 * (1.0 + expected.abs()));
                }
            }
        }
    }

    #[test]
    fn a_value_that_is_none_gives_a_score_that_is_none() {
        let network = Network::initial(3, &[2], Activation::Relu, 1);
        let mut x = Array2::zeros((70, 3));
        x[[65, 1]] = f32::NAN;
        let scores = network.score(x.view());
        assert!(scores.iter().enumerate().all(|(row, score)| score.is_nan() == (row == 65)));
    }
}
