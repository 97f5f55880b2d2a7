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
    data.to_vec().map_err(|error| failed(format!("{error:?}")))
}
