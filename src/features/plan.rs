//! The plan: fitted once, applied to every block.

mod decide;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use ndarray::{Array2, ShapeBuilder};
use serde::{Deserialize, Serialize};

use super::{Encoding, FeatureError, Scaling, scaling::LIMIT};
use crate::table::{Block, Column, Kind, Profile, Role, RowSample, Schema};

/// The two ways to treat columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Roles decide; heavy tails are tamed; categories and ports count by how rare they are.
    #[default]
    Recommended,
    /// Every number column but labels, min–max scaled: the original application's procedure.
    Classic,
}

/// How columns are to be treated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treatment {
    /// Which of the two ways.
    pub mode: Mode,
    /// Recommended: small categories are one-hot encoded instead of compared by how rare the value is.
    pub one_hot: bool,
    /// Recommended: addresses are also compared by how rare their network is.
    pub networks: bool,
    /// Of sampled rows that are equal in every feature, the detector is trained on one, so that repeated flows do not count
    /// as more usual than others.
    pub deduplicate_training_rows: bool,
    /// Recommended: all features are put on one scale, for detectors that add up the errors of features.
    pub scaled: bool,
}

impl From<Mode> for Treatment {
    fn from(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }
}

/// Why a column is no feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Omission {
    /// Its role is never compared.
    Role(Role),
    /// Classic compares number columns only.
    Text,
    /// It holds no usable value.
    Empty,
    /// It holds one value only.
    Constant,
    /// It equals that column in every row.
    DuplicateOf(usize),
    /// It has too many distinct values to be a category.
    Crowded,
    /// The flows that the plan was fitted on have no such column.
    NotInBaseline,
}

/// One column of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// The column of the table that it is made from.
    pub column: usize,
    /// How.
    pub encoding: Encoding,
    /// On which scale, if not on that of the encoding.
    pub scaling: Option<Scaling>,
}

impl Feature {
    fn number(&self, value: f32) -> f32 {
        self.scale(self.encoding.number(value))
    }

    fn key(&self, key: u32) -> f32 {
        self.scale(self.encoding.key(key))
    }

    fn scale(&self, number: f32) -> f32 {
        self.scaling.map_or(number, |scaling| scaling.apply(number))
    }

    /// The value in the column's own units whose feature this is, where there is one.
    #[must_use]
    pub fn value(&self, feature: f32) -> Option<f64> {
        self.encoding.value(self.scaling.map_or(feature, |scaling| scaling.undo(feature)))
    }
}

/// Which columns of a table become which features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeaturePlan {
    /// The treatment that it was fitted for.
    pub treatment: Treatment,
    /// One per column of the matrix.
    pub features: Vec<Feature>,
    /// The other columns of the table.
    pub left_out: Vec<(usize, Omission)>,
}

impl FeaturePlan {
    /// Decides on every column of `schema` by what `profile` and `sample` say about it.
    ///
    /// # Errors
    /// [`FeatureError::NoFeatures`] if no column is left.
    pub fn fit(
        treatment: Treatment,
        schema: &Schema,
        profile: &Profile,
        sample: &RowSample,
    ) -> Result<Self, FeatureError> {
        let mut plan = Self::empty(treatment);
        (0..schema.width()).for_each(|column| plan.decide(schema, profile, sample, column));
        plan.finish(schema, sample)
    }

    /// A plan that has decided on no column yet. For those who do other things in between: [`Self::decide`] on each column
    /// in turn, then [`Self::finish`].
    pub fn empty(treatment: Treatment) -> Self {
        Self { treatment, features: Vec::new(), left_out: Vec::new() }
    }

    /// Decides on the next column.
    pub fn decide(&mut self, schema: &Schema, profile: &Profile, sample: &RowSample, column: usize) {
        let verdict = match self.treatment.mode {
            Mode::Classic => decide::classic(schema, profile, sample, column).map(|encoding| vec![encoding]),
            Mode::Recommended => self.recommended(schema, profile, sample, column),
        };
        match verdict {
            Ok(encodings) => {
                let feature = |encoding| Feature { column, encoding, scaling: None };
                self.features.extend(encodings.into_iter().map(feature));
            }
            Err(omission) => self.left_out.push((column, omission)),
        }
    }

    /// The plan, once every column was decided on.
    ///
    /// # Errors
    /// [`FeatureError::NoFeatures`] if no column is left.
    pub fn finish(mut self, schema: &Schema, sample: &RowSample) -> Result<Self, FeatureError> {
        if self.features.is_empty() {
            return Err(FeatureError::NoFeatures { columns: schema.width() });
        }
        if self.treatment.scaled && self.treatment.mode == Mode::Recommended {
            let matrix = self.apply_to_sample(sample, schema);
            for (feature, values) in self.features.iter_mut().zip(matrix.columns()) {
                feature.scaling = Some(Scaling::robust(&values.to_vec()));
            }
        }
        Ok(self)
    }

    /// Whether some feature is of this column.
    #[must_use]
    pub fn compares(&self, column: usize) -> bool {
        self.compared().any(|feature| feature.column == column)
    }

    /// The features of columns that the file has: none of those that only stand in for others.
    pub fn compared(&self) -> impl Iterator<Item = &Feature> {
        self.features.iter().filter(|feature| !feature.encoding.is_stand_in())
    }

    /// Nothing stands in for a column that the file lacks.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.features.iter().any(|feature| feature.encoding.is_stand_in())
    }

    /// All features are on one scale.
    #[must_use]
    pub fn is_scaled(&self) -> bool {
        self.features.iter().all(|feature| feature.scaling.is_some())
    }

    /// Which features say how much rather than how rare, on a scale where values can be far out.
    #[must_use]
    pub fn measures(&self) -> Vec<bool> {
        self.features.iter().map(|feature| matches!(feature.encoding, Encoding::SignedLog { .. })).collect()
    }

    /// The matrix of a block's rows: rows × features, column-major.
    pub fn apply(&self, block: &Block) -> Array2<f32> {
        self.matrix(block.rows(), |feature, out| {
            block.columns[feature.column].map(|number| feature.number(number), |key| feature.key(key), out);
        })
    }

    /// The features of one row of a block.
    pub fn row(&self, block: &Block, row: usize) -> Vec<f32> {
        let feature = |feature: &Feature| {
            let column = &block.columns[feature.column];
            let cell = column.bits_at(row).unwrap_or_default();
            match column {
                Column::Category(_) | Column::Address(_) => feature.key(cell),
                Column::Unstored => 0.0,
                Column::Number(_) | Column::Whole(_) | Column::Time { .. } => feature.number(f32::from_bits(cell)),
            }
        };
        self.features.iter().map(feature).collect()
    }

    /// The matrix of the sampled rows: rows × features, column-major.
    pub fn apply_to_sample(&self, sample: &RowSample, schema: &Schema) -> Array2<f32> {
        self.matrix(sample.rows, |feature, out| match schema.fields[feature.column].kind {
            Kind::Number => {
                out.extend(sample.numbers(feature.column).map(|value| feature.number(value)));
            }
            Kind::Text => {
                out.extend(sample.bits(feature.column).iter().map(|&key| feature.key(key)));
            }
        })
    }

    /// The matrix that a detector is trained on: the sampled rows, without repeated ones where the treatment says so.
    pub fn training_matrix(&self, sample: &RowSample, schema: &Schema) -> Array2<f32> {
        let mut matrix = self.apply_to_sample(sample, schema);
        if self.is_scaled() {
            // What is far out is not to be learned.
            matrix.mapv_inplace(|value| value.clamp(-LIMIT, LIMIT));
        }
        if !self.treatment.deduplicate_training_rows {
            return matrix;
        }
        let mut seen = HashSet::new();
        let different: Vec<usize> = (0..matrix.nrows())
            .filter(|&row| seen.insert(matrix.row(row).iter().map(|value| value.to_bits()).collect::<Vec<_>>()))
            .collect();
        let values = matrix.columns().into_iter().flat_map(|column| different.iter().map(move |&row| column[row]));
        Array2::from_shape_vec((different.len(), matrix.ncols()).f(), values.collect())
            .expect("every feature has as many values as there are different rows")
    }

    fn matrix(&self, rows: usize, mut encode: impl FnMut(&Feature, &mut Vec<f32>)) -> Array2<f32> {
        let mut values = Vec::with_capacity(rows * self.features.len());
        for (done, feature) in self.features.iter().enumerate() {
            encode(feature, &mut values);
            values.resize((done + 1) * rows, 0.0);
        }
        Array2::from_shape_vec((rows, self.features.len()).f(), values).expect("every feature wrote one value a row")
    }
}
