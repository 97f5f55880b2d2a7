//! The course of training: order, epochs, validation, when to stop. Written once for every device.

use std::ops::{ControlFlow, Range};

use ndarray::ArrayView2;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use serde::{Deserialize, Serialize};

use super::{
    error::TrainError,
    learner::{Batch, Learner},
    network::Network,
    params::CheckedParams,
};
use crate::detect::draw::below;

/// Multiplications between two looks at the loss: some tens of milliseconds.
const STRIDE: usize = 200_000_000;
/// Steps between two looks: a device works best without being asked, but small steps take a GPU as long as large ones.
const LOOKS: std::ops::RangeInclusive<usize> = 4..=128;
/// Rows that are validated at a time.
const VALIDATED: usize = 4_096;
/// How much better a loss must be to count as better.
const BETTER: f64 = 1e-5;

/// Streams of the seed: weights draw from the first, epochs' orders and noise from those after these.
const SPLIT: u64 = 1;
const FIRST_EPOCH: u64 = 16;

/// How an epoch went.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Mean squared error of the rows that were trained on, each before its step.
    pub training: f64,
    /// The same of the rows that only validate, after the epoch; nothing if there are none.
    pub validation: Option<f64>,
}

impl Epoch {
    /// What is watched for getting better.
    #[must_use]
    pub fn watched(self) -> f64 {
        self.validation.unwrap_or(self.training)
    }
}

/// Where training stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct At<'a> {
    /// Epochs that are over.
    pub epochs: &'a [Epoch],
    /// Rows of this one that were trained on.
    pub rows: usize,
    /// Rows of each epoch.
    pub epoch_rows: usize,
}

/// How training went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Every epoch.
    pub epochs: Vec<Epoch>,
    /// The epoch whose weights were kept, from 0.
    pub kept: usize,
    /// It ended before the last epoch, because nothing became better.
    pub early: bool,
    /// Rows to train on, of which each epoch leaves out those that are trimmed.
    pub trained_rows: usize,
    /// Rows that only validated.
    pub validation_rows: usize,
}

/// A training that can be carried on by one learner after the other.
pub struct Training {
    params: CheckedParams,
    features: usize,
    /// Row after row, those that validate behind those that train.
    values: Vec<f32>,
    /// After the last epoch.
    network: Network,
    best: Network,
    history: History,
}

impl Training {
    /// Draws weights and the rows to train on and to validate with. `x` is rows × features.
    ///
    /// The rows are shuffled; the first `train_share` of them are used, the last `validation_share` of which validate. A
    /// single row trains and nothing validates.
    ///
    /// # Errors
    /// [`TrainError`] if there is nothing to train on or a value is not finite.
    pub fn new(params: CheckedParams, x: ArrayView2<'_, f32>) -> Result<Self, TrainError> {
        let (rows, features) = x.dim();
        if rows == 0 {
            return Err(TrainError::NoRows);
        }
        if features == 0 {
            return Err(TrainError::NoFeatures);
        }
        let given = params.params();
        let mut order: Vec<usize> = (0..rows).collect();
        shuffle(&mut order, &mut stream(given.seed, SPLIT));
        order.truncate(((rows as f64 * given.train_share) as usize).max(1));
        let validation_rows = (order.len() as f64 * given.validation_share) as usize;
        let mut values = Vec::with_capacity(order.len() * features);
        for &row in &order {
            values.extend(x.row(row));
            if let Some(column) = values[values.len() - features..].iter().position(|value: &f32| !value.is_finite()) {
                return Err(TrainError::NotFinite { row, column });
            }
        }
        let network = Network::initial(features, &given.layers(features), given.activation, given.seed);
        let history = History { trained_rows: order.len() - validation_rows, validation_rows, ..History::default() };
        Ok(Self { features, values, best: network.clone(), network, history, params })
    }

    /// The weights after the last whole epoch: where another learner goes on.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// How it is to be trained.
    #[must_use]
    pub fn params(&self) -> &CheckedParams {
        &self.params
    }

    /// The weights to use, and how they came about.
    #[must_use]
    pub fn finish(self) -> (Network, History) {
        (self.best, self.history)
    }

    /// The first `rows` training rows, as they are before they are shuffled: for trying a device.
    #[must_use]
    pub fn first_rows(&self, rows: usize) -> Batch {
        let rows = rows.min(self.history.trained_rows);
        let values = self.values[..rows * self.features].to_vec();
        Batch { rows, target: values.clone(), input: values }
    }

    /// Trains until the end or until nothing becomes better. The learner begins with [`Self::network`]. `tick` is awaited
    /// every few tens of milliseconds and after each epoch.
    ///
    /// # Errors
    /// [`TrainError`] if the learner fails, the loss is no number, or `tick` answers [`ControlFlow::Break`]. Then what the
    /// epochs before gave still stands, and training can go on with another learner.
    pub async fn run(
        &mut self,
        learner: &mut impl Learner,
        mut tick: impl AsyncFnMut(At<'_>) -> ControlFlow<()>,
    ) -> Result<(), TrainError> {
        let params = self.params.params().clone();
        let steps = (STRIDE / (self.network.products() * 3 * params.batch_size)).clamp(*LOOKS.start(), *LOOKS.end());
        let mut batch = Batch::default();
        while self.history.epochs.len() < params.epochs && !self.history.early {
            let mut rng = stream(params.seed, FIRST_EPOCH + self.history.epochs.len() as u64);
            let mut order = self.trimmed(0..self.history.trained_rows);
            shuffle(&mut order, &mut rng);
            let (mut loss, mut rows) = (0.0, 0);
            for (step, some) in order.chunks(params.batch_size).enumerate() {
                self.gather(some, &mut batch);
                mask(&mut batch.input, params.noise, &mut rng);
                learner.step(&batch)?;
                rows += some.len();
                if (step + 1) % steps == 0 && rows < order.len() {
                    loss += finite(learner.loss().await?)?;
                    let at = At { epochs: &self.history.epochs, rows, epoch_rows: order.len() };
                    if tick(at).await.is_break() {
                        return Err(TrainError::Cancelled);
                    }
                }
            }
            loss += finite(learner.loss().await?)?;
            self.network = learner.network().await?;
            let validation = self.validate(learner).await?;
            self.keep(Epoch { training: loss / order.len() as f64, validation }, params.patience);
            let at = At { epochs: &self.history.epochs, rows: 0, epoch_rows: order.len() };
            if tick(at).await.is_break() {
                return Err(TrainError::Cancelled);
            }
        }
        Ok(())
    }

    /// These rows but for the share to be left out, which are those that err most.
    fn trimmed(&self, rows: Range<usize>) -> Vec<usize> {
        let left_out = (rows.len() as f64 * self.params.params().trim) as usize;
        if left_out == 0 {
            return rows.collect();
        }
        let values = &self.values[rows.start * self.features..rows.end * self.features];
        let x = ArrayView2::from_shape((rows.len(), self.features), values).expect("rows of as many features");
        let errors = self.network.score(x);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|&a, &b| errors[a].total_cmp(&errors[b]));
        order.truncate(rows.len() - left_out);
        order.sort_unstable();
        order.iter_mut().for_each(|row| *row += rows.start);
        order
    }

    fn gather(&self, rows: &[usize], batch: &mut Batch) {
        batch.rows = rows.len();
        batch.target.clear();
        rows.iter().for_each(|row| batch.target.extend(&self.values[row * self.features..][..self.features]));
        batch.input.clone_from(&batch.target);
    }

    async fn validate(&self, learner: &mut impl Learner) -> Result<Option<f64>, TrainError> {
        let History { trained_rows, validation_rows, .. } = self.history;
        if validation_rows == 0 {
            return Ok(None);
        }
        let rows = self.trimmed(trained_rows..trained_rows + validation_rows);
        let (mut loss, mut batch) = (0.0, Batch::default());
        for some in rows.chunks(VALIDATED) {
            self.gather(some, &mut batch);
            loss += finite(learner.evaluate(&batch).await?)?;
        }
        Ok(Some(loss / rows.len() as f64))
    }

    /// Counts an epoch and decides whether its weights are kept and whether it was the last.
    fn keep(&mut self, epoch: Epoch, patience: Option<usize>) {
        let history = &mut self.history;
        let best = history.epochs.get(history.kept).map_or(f64::INFINITY, |best| best.watched());
        history.epochs.push(epoch);
        let last = history.epochs.len() - 1;
        if patience.is_none() || epoch.watched() < best * (1.0 - BETTER) {
            history.kept = last;
            self.best.clone_from(&self.network);
        }
        history.early = patience.is_some_and(|patience| last - history.kept >= patience);
    }
}

fn finite(loss: f64) -> Result<f64, TrainError> {
    if loss.is_finite() { Ok(loss) } else { Err(TrainError::Diverged) }
}

fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// Any order is as likely as any other (Fisher & Yates).
fn shuffle(order: &mut [usize], rng: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        order.swap(last, below(last as u64 + 1, rng) as usize);
    }
}

/// Sets this share of the values to zero.
fn mask(values: &mut [f32], share: f64, rng: &mut ChaCha8Rng) {
    if share > 0.0 {
        let limit = (share * f64::from(u32::MAX)) as u32;
        values.iter_mut().filter(|_| rng.next_u32() < limit).for_each(|value| *value = 0.0);
    }
}
