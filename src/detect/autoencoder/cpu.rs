//! Training on the processor: the gradient and Adam in plain loops, the same bits natively and in wasm.

use super::{
    error::TrainError,
    kernel::{ROWS, Weights, add_gradient, product, slope},
    learner::{Batch, Learner, adam},
    network::Network,
    score::Activations,
};

/// A network that learns on the processor.
pub struct Cpu {
    network: Network,
    learning_rate: f64,
    /// Powers of Adam's decays: what its means lack so far.
    powers: (f64, f64),
    means: Vec<f32>,
    squares: Vec<f32>,
    gradient: Vec<f32>,
    activations: Activations,
    /// Derivatives of the loss by the units, of a layer and of the one below.
    deltas: [Vec<f32>; 2],
    loss: f64,
}

impl Cpu {
    /// Goes on from `network`.
    #[must_use]
    pub fn new(network: Network, learning_rate: f64) -> Self {
        let zeros = vec![0.0; network.values().len()];
        let widest = network.widths().iter().copied().max().unwrap_or(0) * ROWS;
        Self {
            learning_rate,
            powers: (1.0, 1.0),
            means: zeros.clone(),
            squares: zeros.clone(),
            gradient: zeros,
            activations: Activations::new(&network),
            deltas: [vec![0.0; widest], vec![0.0; widest]],
            loss: 0.0,
            network,
        }
    }

    /// The gradient of the mean squared error of a batch in the order of [`Network::values`], and the sum of the rows' mean
    /// squared errors.
    pub fn gradient(&mut self, batch: &Batch) -> (&[f32], f64) {
        let features = self.network.features();
        self.gradient.fill(0.0);
        let mut loss = 0.0;
        let blocks = batch.input.chunks(ROWS * features).zip(batch.target.chunks(ROWS * features));
        for (input, target) in blocks {
            loss += self.add_block(input, target, batch.rows);
        }
        (&self.gradient, loss)
    }

    fn add_block(&mut self, input: &[f32], target: &[f32], batch_rows: usize) -> f64 {
        let network = &self.network;
        let features = network.features();
        let rows = input.len() / features;
        transpose(input, features, self.activations.input());
        self.activations.forwards(network);

        // Rows that are not there differ by nothing, so they add nothing to any gradient.
        let [delta, below] = &mut self.deltas;
        transpose(target, features, delta);
        let scale = 2.0 / (batch_rows * features) as f32;
        let mut sums = [0.0_f32; ROWS];
        for (delta, output) in delta.chunks_exact_mut(ROWS).zip(self.activations.output().chunks_exact(ROWS)) {
            for (row, ((delta, output), sum)) in delta.iter_mut().zip(output).zip(&mut sums).enumerate() {
                let difference = if row < rows { output - *delta } else { 0.0 };
                *sum += difference * difference;
                *delta = scale * difference;
            }
        }
        let (mut delta, mut below) = (delta, below);
        for (number, layer) in network.layers().into_iter().enumerate().rev() {
            let x = &self.activations.units[number];
            let (weights, bias) = self.gradient[layer.weights..layer.end()].split_at_mut(layer.bias() - layer.weights);
            add_gradient(x, &delta[..layer.outputs * ROWS], (layer.inputs, layer.outputs), weights, bias);
            if number > 0 {
                let values = &network.values()[layer.weights..layer.bias()];
                let below_here = &mut below[..layer.inputs * ROWS];
                product(Weights::backwards(values, layer.inputs, layer.outputs), None, delta, below_here);
                slope(network.activation(), x, below_here);
                std::mem::swap(&mut delta, &mut below);
            }
        }
        sums[..rows].iter().map(|sum| f64::from(*sum)).sum::<f64>() / features as f64
    }

    fn descend(&mut self) {
        self.powers.0 *= f64::from(adam::MEAN);
        self.powers.1 *= f64::from(adam::SQUARE);
        let lacking = (1.0 - self.powers.1).sqrt();
        let rate = (self.learning_rate * lacking / (1.0 - self.powers.0)) as f32;
        let epsilon = (f64::from(adam::EPSILON) * lacking) as f32;
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((value, gradient), (mean, square)) in self.network.values_mut().iter_mut().zip(&self.gradient).zip(moments)
        {
            *mean = adam::MEAN * *mean + (1.0 - adam::MEAN) * gradient;
            *square = adam::SQUARE * *square + (1.0 - adam::SQUARE) * (gradient * gradient);
            *value -= rate * *mean / (square.sqrt() + epsilon);
        }
    }
}

/// Rows of `features` values → unit-major, zero where there are no rows.
fn transpose(rows: &[f32], features: usize, out: &mut [f32]) {
    if rows.len() < ROWS * features {
        out[..features * ROWS].fill(0.0);
    }
    for (row, values) in rows.chunks_exact(features).enumerate() {
        for (unit, value) in out.chunks_exact_mut(ROWS).zip(values) {
            unit[row] = *value;
        }
    }
}

impl Learner for Cpu {
    fn step(&mut self, batch: &Batch) -> Result<(), TrainError> {
        let (_, loss) = self.gradient(batch);
        self.loss += loss;
        self.descend();
        Ok(())
    }

    async fn loss(&mut self) -> Result<f64, TrainError> {
        Ok(std::mem::take(&mut self.loss))
    }

    async fn evaluate(&mut self, batch: &Batch) -> Result<f64, TrainError> {
        let shape = (batch.rows, self.network.features());
        let rows = ndarray::ArrayView2::from_shape(shape, &batch.input)
            .map_err(|error| TrainError::Device(error.to_string()))?;
        Ok(self.network.score(rows).into_iter().sum())
    }

    async fn network(&mut self) -> Result<Network, TrainError> {
        self.network.with_values(self.network.values().to_vec()).map_err(|_| TrainError::Diverged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::autoencoder::params::Activation;

    fn batch(rows: usize, features: usize) -> Batch {
        let number = |place: usize| ((place * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        Batch {
            rows,
            input: (0..rows * features).map(number).collect(),
            target: (0..rows * features).map(|place| number(place + 3)).collect(),
        }
    }

    /// The loss by its definition, in f64.
    fn loss(network: &Network, values: &[f64], batch: &Batch) -> f64 {
        let features = network.features();
        let mut sum = 0.0;
        for (row, target) in batch.input.chunks(features).zip(batch.target.chunks(features)) {
            let mut units: Vec<f64> = row.iter().map(|x| f64::from(*x)).collect();
            let layers = network.layers();
            for (number, layer) in layers.iter().enumerate() {
                let unit = |to: usize| {
                    let weight = |from: usize| values[layer.weights + from * layer.outputs + to];
                    let sum =
                        values[layer.bias() + to] + units.iter().enumerate().map(|(f, u)| u * weight(f)).sum::<f64>();
                    match network.activation() {
                        _ if number + 1 == layers.len() => sum,
                        Activation::Relu => sum.max(0.0),
                        Activation::Tanh => sum.tanh(),
                    }
                };
                units = (0..layer.outputs).map(unit).collect();
            }
            sum += units.iter().zip(target).map(|(y, t)| (y - f64::from(*t)).powi(2)).sum::<f64>();
        }
        sum / (batch.rows * features) as f64
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        for activation in [Activation::Relu, Activation::Tanh] {
            for rows in [1, ROWS, ROWS + 9] {
                // With biases: at zero sums, relu has no slope to compare with.
                let network = Network::initial(7, &[5, 3, 6], activation, 3);
                let biased =
                    network.values().iter().enumerate().map(|(place, value)| value + (place % 7 + 1) as f32 / 99.0);
                let network = network.with_values(biased.collect()).unwrap();
                let batch = batch(rows, 7);
                let mut cpu = Cpu::new(network.clone(), 1e-3);
                let (gradient, sum) = cpu.gradient(&batch);
                let mut values: Vec<f64> = network.values().iter().map(|value| f64::from(*value)).collect();
                assert!((sum / rows as f64 - loss(&network, &values, &batch)).abs() < 1e-6);
                let largest = gradient.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
                assert!(largest > 1e-2);
                for (place, gradient) in gradient.iter().enumerate() {
                    let step = 1e-6;
                    let here = values[place];
                    values[place] = here + step;
                    let above = loss(&network, &values, &batch);
                    values[place] = here - step;
                    let below = loss(&network, &values, &batch);
                    values[place] = here;
                    let expected = (above - below) / (2.0 * step);
                    let difference = (f64::from(*gradient) - expected).abs();
                    assert!(difference < 1e-5 * f64::from(largest).max(0.1), "{place}: {gradient} is not {expected}");
                }
            }
        }
    }

    #[test]
    fn the_first_step_of_adam_is_the_learning_rate() {
        let network = Network::initial(4, &[3], Activation::Tanh, 1);
        let mut cpu = Cpu::new(network.clone(), 0.01);
        let batch = batch(10, 4);
        let gradient = cpu.gradient(&batch).0.to_vec();
        cpu.step(&batch).unwrap();
        for ((before, after), gradient) in network.values().iter().zip(cpu.network.values()).zip(gradient) {
            // m / √v is the gradient's sign at first, but for epsilon.
            if gradient.abs() > 1e-3 {
                assert!((before - after - 0.01 * gradient.signum()).abs() < 1e-5);
            }
        }
    }
}
