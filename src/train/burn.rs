//! Training with burn: automatic differentiation and Adam on any device that burn knows. The only module that names it.
//!
//! Nothing here waits but where it is awaited: a blocking read would panic in a browser.

use burn::{
    module::{Module, Param},
    nn::Linear,
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, TensorData, activation},
};

use crate::detect::autoencoder::{Activation, Batch, Learner, Network, TrainError, adam};

/// The layers as burn's modules.
#[derive(Module, Debug)]
struct Dense {
    layers: Vec<Linear>,
}

impl Dense {
    fn new(network: &Network, device: &Device) -> Self {
        let values = network.values();
        let linear = |layer: crate::detect::autoencoder::Layer| {
            let weights = TensorData::new(values[layer.weights..layer.bias()].to_vec(), [layer.inputs, layer.outputs]);
            let bias = TensorData::new(values[layer.bias()..layer.end()].to_vec(), [layer.outputs]);
            Linear { weight: Param::from_data(weights, device), bias: Some(Param::from_data(bias, device)) }
        };
        Self { layers: network.layers().into_iter().map(linear).collect() }
    }

    fn forward(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        let last = self.layers.len() - 1;
        self.layers.iter().enumerate().fold(x, |x, (number, layer)| match activation {
            _ if number == last => layer.forward(x),
            Activation::Relu => activation::relu(layer.forward(x)),
            Activation::Tanh => activation::tanh(layer.forward(x)),
        })
    }
}

/// A network that learns with burn.
pub struct Burn {
    /// What the weights are shaped like.
    shape: Network,
    layers: Dense,
    optimiser: ModuleOptimizer,
    learning_rate: f64,
    device: Device,
    /// The sum of the losses since they were last asked for, still on the device.
    loss: Option<Tensor<1>>,
}

impl Burn {
    /// Goes on from `network` on `device`.
    #[must_use]
    pub fn new(network: &Network, learning_rate: f64, device: &Device) -> Self {
        let optimiser =
            AdamConfig::new().with_beta_1(adam::MEAN).with_beta_2(adam::SQUARE).with_epsilon(adam::EPSILON).init();
        let device = device.clone().autodiff();
        let layers = Dense::new(network, &device);
        Self { shape: network.clone(), layers, optimiser, learning_rate, device, loss: None }
    }

    fn tensor(&self, values: &[f32], rows: usize, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [rows, self.shape.features()]), device)
    }
}

impl Learner for Burn {
    fn step(&mut self, batch: &Batch) -> Result<(), TrainError> {
        let input = self.tensor(&batch.input, batch.rows, &self.device);
        let target = self.tensor(&batch.target, batch.rows, &self.device);
        let difference = self.layers.forward(input, self.shape.activation()) - target;
        let mean = (difference.clone() * difference).mean();
        let sum = mean.clone().detach().inner() * batch.rows as f32;
        self.loss = Some(match self.loss.take() {
            Some(before) => before + sum,
            None => sum,
        });
        let gradients = GradientsParams::from_grads(mean.backward(), &self.layers);
        self.layers = self.optimiser.step(self.learning_rate, self.layers.clone(), gradients);
        Ok(())
    }

    async fn loss(&mut self) -> Result<f64, TrainError> {
        match self.loss.take() {
            Some(sum) => Ok(read(sum).await?.iter().map(|loss| f64::from(*loss)).sum()),
            None => Ok(0.0),
        }
    }

    async fn evaluate(&mut self, batch: &Batch) -> Result<f64, TrainError> {
        let device = self.device.clone().inner();
        let input = self.tensor(&batch.input, batch.rows, &device);
        let target = self.tensor(&batch.target, batch.rows, &device);
        let difference = self.layers.valid().forward(input, self.shape.activation()) - target;
        let mean = (difference.clone() * difference).mean() * batch.rows as f32;
        Ok(read(mean).await?.iter().map(|loss| f64::from(*loss)).sum())
    }

    async fn network(&mut self) -> Result<Network, TrainError> {
        let mut values = Vec::with_capacity(self.shape.values().len());
        for layer in self.layers.valid().layers {
            values.extend(read(layer.weight.val()).await?);
            if let Some(bias) = layer.bias {
                values.extend(read(bias.val()).await?);
            }
        }
        self.shape.with_values(values).map_err(|_| TrainError::Diverged)
    }
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, TrainError> {
    let failed = |error: String| TrainError::Device(error.lines().next().unwrap_or("no reason given").to_owned());
    let data = tensor.into_data_async().await.map_err(|error| failed(error.to_string()))?;
    data.try_to_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
}

#[cfg(all(test, feature = "trainer-flex"))]
mod tests {
    use std::ops::ControlFlow;

    use futures_executor::block_on;
    use ndarray::ArrayView2;

    use super::*;
    use crate::{
        detect::autoencoder::{Cpu, Params},
        train::{Device as Chosen, DevicePreference, Note, TrainingJob, train},
    };

    fn batch(rows: usize, features: usize) -> Batch {
        let number = |place: usize| ((place * 7919 + 13) % 101) as f32 / 50.0 - 1.0;
        let values: Vec<f32> = (0..rows * features).map(number).collect();
        Batch { rows, target: values.clone(), input: values }
    }

    #[test]
    fn our_scores_are_those_of_burns_forward_pass() {
        for activation in [Activation::Relu, Activation::Tanh] {
            let network = Network::initial(81, &[16, 8, 16], activation, 5);
            let batch = batch(200, 81);
            let mut burn = Burn::new(&network, 1e-3, &Device::flex());
            let theirs = block_on(burn.evaluate(&batch)).unwrap();
            let x = ArrayView2::from_shape((200, 81), &batch.input).unwrap();
            let ours: f64 = network.score(x).into_iter().sum();
            assert!((ours - theirs).abs() < 1e-5 * theirs, "{activation:?}: {ours} {theirs}");
            // Row by row, and the output itself.
            let output = burn.layers.valid().forward(burn.tensor(&batch.input, 200, &Device::flex()), activation);
            let output = block_on(read(output)).unwrap();
            for (row, theirs) in batch.input.chunks(81).zip(output.chunks(81)) {
                for (ours, theirs) in network.reconstruct(row).iter().zip(theirs) {
                    assert!((ours - theirs).abs() < 1e-5 * theirs.abs().max(1.0), "{ours} {theirs}");
                }
            }
        }
    }

    #[test]
    fn our_steps_are_those_of_burns_automatic_differentiation_and_adam() {
        for activation in [Activation::Relu, Activation::Tanh] {
            let network = Network::initial(12, &[8, 3, 8], activation, 9);
            let (mut ours, mut theirs) = (Cpu::new(network.clone(), 1e-3), Burn::new(&network, 1e-3, &Device::flex()));
            for step in 0..50 {
                let batch = batch(32 + step, 12);
                ours.step(&batch).unwrap();
                theirs.step(&batch).unwrap();
                let (is, expected) = block_on(async { (ours.loss().await, theirs.loss().await) });
                let (is, expected) = (is.unwrap(), expected.unwrap());
                assert!((is - expected).abs() < 1e-4 * expected, "step {step}: {is} {expected}");
            }
            let (is, expected) = block_on(async { (ours.network().await.unwrap(), theirs.network().await.unwrap()) });
            for (is, expected) in is.values().iter().zip(expected.values()) {
                assert!((is - expected).abs() < 2e-3, "{is} {expected}");
            }
        }
    }

    #[test]
    fn a_lesson_is_taught_by_burn_and_ours_alike() {
        let params = Params { epochs: 5, hidden: vec![6, 2, 6], patience: None, ..Params::recommended() };
        let values = batch(800, 10).input;
        let job = |preference| TrainingJob {
            params: params.clone().check().unwrap(),
            preference,
            rows: 800,
            values: values.clone(),
        };
        let result = |preference| {
            let flex = async |network: &Network, rate: f64| Ok(Burn::new(network, rate, &Device::flex()));
            block_on(train(&job(preference), flex, || 0.0, async |_: Note<'_>| ControlFlow::Continue(()))).unwrap()
        };
        // Flex stands in for a GPU.
        let (theirs, ours) = (result(DevicePreference::Gpu), result(DevicePreference::Cpu));
        assert_eq!((theirs.device, ours.device), (Chosen::WebGpu, Chosen::Cpu));
        for (is, expected) in ours.history.epochs.iter().zip(&theirs.history.epochs) {
            assert!((is.training - expected.training).abs() < 1e-3 * expected.training, "{is:?} {expected:?}");
        }
        assert_eq!(theirs.network, result(DevicePreference::Gpu).network);
    }

    #[test]
    fn a_loss_that_is_no_number_shows() {
        let network = Network::initial(3, &[2], Activation::Tanh, 1);
        let mut burn = Burn::new(&network, 1e-3, &Device::flex());
        let mut odd = batch(8, 3);
        odd.target[4] = f32::INFINITY;
        burn.step(&odd).unwrap();
        assert!(!block_on(burn.loss()).unwrap().is_finite());
        assert_eq!(block_on(burn.network()).unwrap_err(), TrainError::Diverged);
    }
}
