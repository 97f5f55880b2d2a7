//! What is kept of a fitted detector.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Normal, Options, Population, Texts, population::Sampled, texts_of};
use crate::{
    detect::Model,
    features::FeaturePlan,
    report::Suppressions,
    table::{Kind, MISSING_KEY, RowSample, Schema},
};

/// A fitted detector with all that it takes to use it on another file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// What it is.
    pub about: About,
    /// The columns of the file that it was used on first.
    pub schema: Arc<Schema>,
    /// How it was run there.
    pub options: Options,
    /// Which of these columns are compared, and how.
    pub plan: Arc<FeaturePlan>,
    /// The detector.
    pub model: Model,
    /// What is known of normal flows, where it was fitted on some.
    pub normal: Option<Normal>,
    /// From which score on a row was an anomaly.
    pub threshold: f64,
    /// What rows were like.
    pub learned: Learned,
    /// Rules on which findings were left out of their list, and are where it is used.
    pub suppressions: Suppressions,
}

/// Where a saved detector comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// What the user calls it.
    pub name: String,
    /// When it was saved, as ISO 8601 tells.
    pub created: String,
    /// The version of Flowsift that saved it.
    pub version: String,
    /// Rows of the file that it was fitted on.
    pub rows: u64,
}

/// What rows were like that a saved detector scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// By column, the texts that keys stand for.
    pub(super) texts: Texts,
    /// Some rows, and their scores, which whoever opens the file must find again.
    pub(super) rows: RowSample,
    pub(super) scores: Vec<f64>,
    /// What they were like: those that the detector was fitted on.
    pub population: Population,
}

/// Rows that a file is checked by.
const ROWS: usize = 16;
/// How far a score may be off that is found again.
const CLOSE: f64 = 1e-9;

impl Learned {
    /// What a detector makes of rows of a sample.
    #[must_use]
    pub fn of((plan, model): (&FeaturePlan, &Model), sampled: Sampled<'_>) -> Self {
        let (sample, schema, profile) = sampled;
        let mut texts = texts_of(schema, profile);
        texts.retain(|column, _| plan.compares(*column));
        let even: Vec<usize> = (0..sample.rows).step_by(sample.rows.div_ceil(ROWS).max(1)).collect();
        let rows = sample.pick(&even, |column| plan.compares(column));
        let scores = model.score(plan, &rows.block(schema));
        Self { texts, rows, scores, population: Population::of((plan, model), sampled, None) }
    }
}

/// Why a detector cannot be written as a graph.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SaveError {
    /// No operator has planes.
    #[error(
        "its trees split along hyperplanes, which no ONNX operator does; a forest with 1 feature per split can be saved"
    )]
    Planes,
    /// More than is read again.
    #[error("its file would have more than 64 MB; with fewer flows that others are compared with, it can be saved")]
    TooLarge,
    /// Networks are cut out of addresses.
    #[error(
        "it compares the networks of “{0}”, which no ONNX operator cuts out of addresses; without that feature it can be saved"
    )]
    Networks(String),
    /// Two inputs of the graph for older runtimes would have one name.
    #[error(
        "a column is called “{0}”, as the class of another one’s addresses is for older runtimes; it can be saved for current ones"
    )]
    Called(String),
    /// A value is too long, or is no text.
    #[error("“{0}” has values of more than 64 characters, of which the file has no room")]
    Unnamed(String),
    /// It does not fit together.
    #[error("it cannot be written down ({0})")]
    Broken(String),
}

/// Why a file is no saved detector that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unsound {
    /// More than any saved detector has.
    #[error("it has more than 64 MB")]
    TooLarge,
    /// Something else.
    #[error("it is no ONNX file")]
    NoFile,
    /// By another program.
    #[error("Flowsift did not write it")]
    Foreign,
    /// By another version.
    #[error("it is of format {0}, and this is Flowsift for format {1}")]
    Format(String, u32),
    /// The metadata cannot be read.
    #[error("what it says of itself cannot be read")]
    Garbled,
    /// Somebody changed one or the other.
    #[error("its graph is not that of the detector that it says it is")]
    Graph,
    /// It computes something else here.
    #[error("flows that came with it do not have the scores that it says they have")]
    Scores,
    /// Its parts do not fit together.
    #[error("its parts do not fit together ({0})")]
    Parts(&'static str),
}

impl Saved {
    /// Whether its parts fit together, and rows have the scores that they should have.
    ///
    /// # Errors
    /// [`Unsound`]
    pub fn check(&self) -> Result<(), Unsound> {
        let (plan, width) = (&self.plan, self.schema.width());
        let columns = |plan: &FeaturePlan| plan.features.iter().all(|feature| feature.column < width);
        if plan.features.is_empty() || !columns(plan) {
            return Err(Unsound::Parts("columns"));
        }
        let features = match &self.model {
            Model::IsolationForest(forest) => forest.features(),
            Model::Autoencoder(network) => network.features(),
            Model::Nearest(nearest) if nearest.fits(plan, width) => plan.features.len(),
            Model::Nearest(_) => return Err(Unsound::Parts("the detector")),
        };
        if features != plan.features.len() {
            return Err(Unsound::Parts("features"));
        }
        if !self.learned.rows.fits(&self.schema, |column| plan.compares(column))
            || self.learned.rows.rows != self.learned.scores.len()
        {
            return Err(Unsound::Parts("rows"));
        }
        let fits = |normal: &Normal| {
            normal.space.fits(width, plan.features.len()) && normal.space.holds(normal.reference.points())
        };
        if !self.normal.as_ref().is_none_or(fits) {
            return Err(Unsound::Parts("normal flows"));
        }
        if !self.learned.population.fits(width) {
            return Err(Unsound::Parts("what flows were like"));
        }
        if !self.suppressions.is_sound() {
            return Err(Unsound::Parts("rules"));
        }
        let found = self.model.score(plan, &self.learned.rows.block(&self.schema));
        let close = |(found, told): (&f64, &f64)| (found - told).abs() <= CLOSE * told.abs().max(1.0);
        if found.iter().zip(&self.learned.scores).all(close) { Ok(()) } else { Err(Unsound::Scores) }
    }

    /// Adds the texts of the flows that it was fitted on, where these are others.
    #[must_use]
    pub fn with_texts(mut self, texts: &Texts) -> Self {
        for (column, texts) in texts {
            if self.plan.compares(*column) {
                self.learned.texts.entry(*column).or_default().extend(texts.clone());
            }
        }
        self
    }

    /// What flows were like that it was fitted on.
    #[must_use]
    pub fn population(&self) -> &Population {
        &self.learned.population
    }

    /// The text of a key of a column, if that is known.
    pub(super) fn texts(&self) -> &Texts {
        &self.learned.texts
    }

    /// Rows that it is checked by: cells as text, and their scores.
    pub(super) fn told_rows(&self) -> (Vec<String>, Vec<Vec<Option<String>>>, Vec<f64>) {
        let mut columns: Vec<usize> = self.plan.features.iter().map(|feature| feature.column).collect();
        columns.sort_unstable();
        columns.dedup();
        let cell = |column: usize, row: usize| {
            let bits = *self.learned.rows.bits(column).get(row)?;
            if self.schema.fields[column].kind == Kind::Number {
                return Some(f32::from_bits(bits)).filter(|value| !value.is_nan()).map(|value| value.to_string());
            }
            if bits == MISSING_KEY { Some(String::new()) } else { self.texts().get(&column)?.get(&bits).cloned() }
        };
        let rows = (0..self.learned.rows.rows).map(|row| columns.iter().map(|&column| cell(column, row)).collect());
        let names = columns.iter().map(|&column| self.schema.fields[column].name.clone()).collect();
        (names, rows.collect(), self.learned.scores.clone())
    }
}
