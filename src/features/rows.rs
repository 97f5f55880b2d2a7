//! Rows of numbers for tests, as everything that a detector is fitted on or scores.

use super::{Encoding, Feature, FeaturePlan, Treatment};
use crate::table::{Block, Column, Field, Kind, Role, RowSample, Schema};

/// Rows of three columns of amounts from 0 to 100.
pub struct Rows {
    /// Which columns are compared, and how.
    pub plan: FeaturePlan,
    /// Their columns.
    pub schema: Schema,
    /// All of them, as a sample.
    pub sample: RowSample,
    /// All of them, as a block.
    pub block: Block,
}

impl Rows {
    /// These rows.
    pub fn of(rows: &[[f32; 3]]) -> Self {
        let columns: Vec<Vec<f32>> = (0..3).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
        let field = |column: usize| Field::new(column.to_string(), Kind::Number, Role::Measure);
        let schema = Schema { fields: (0..3).map(field).collect() };
        let bits = |values: &Vec<f32>| values.iter().map(|value| value.to_bits()).collect();
        let sample = RowSample::new(rows.len(), columns.iter().map(bits).collect());
        let encoding = Encoding::MinMax { min: 0.0, max: 100.0, missing: 0.0 };
        let feature = |column| Feature { column, encoding: encoding.clone(), scaling: None };
        let plan = FeaturePlan {
            treatment: Treatment::default(),
            features: (0..3).map(feature).collect(),
            left_out: Vec::new(),
        };
        let block = Block {
            offsets: (0..rows.len() as u64).collect(),
            columns: columns.iter().map(|column| Column::of_numbers(column)).collect(),
        };
        Self { plan, schema, sample, block }
    }
}
