//! What flows were like, column by column and in their scores: what those of a later file are compared with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Texts;
use crate::{
    detect::Model,
    features::{Binding, FeaturePlan},
    table::{ColumnProfile, Field, Kind, MISSING_KEY, Profile, RowSample, Schema, number_key},
};

/// Rows of the sample that tell of all.
const ROWS: usize = 8_192;
/// Amounts are told by so many of their quantiles.
const STEPS: usize = 100;
/// Counted values that are told one by one; all others are told together.
const VALUES: usize = 256;
/// Of these, those that so many rows have are told by name.
pub(super) const NAMED: f64 = 0.01;

/// What flows were like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Rows that tell of it.
    pub rows: u64,
    /// Per column that is compared.
    pub columns: BTreeMap<usize, Shape>,
    /// Texts of their frequent values.
    pub(super) names: Texts,
    /// Their scores.
    pub scores: Shape,
}

/// How the values of rows are distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// Of what is measured.
    Amounts {
        /// Some values, ascending.
        edges: Vec<f64>,
        /// Rows with at most these.
        below: Vec<u64>,
        /// Rows with a value.
        known: u64,
        /// Rows without one.
        missing: u64,
        /// The middle one.
        median: Option<f64>,
    },
    /// Of what is counted.
    Values {
        /// Rows by key.
        counts: BTreeMap<u32, u64>,
        /// Rows with another value.
        others: u64,
        /// Rows without one.
        missing: u64,
    },
}

/// Rows of a sample, and the file that it is of.
pub type Sampled<'a> = (&'a RowSample, &'a Schema, &'a Profile);

impl Population {
    /// What rows are like, and what a detector makes of them. Amounts are told by the same values as those of `known`, so that
    /// the two can be compared; without it, by their own quantiles.
    #[must_use]
    pub fn of(
        (plan, model): (&FeaturePlan, &Model),
        (sample, schema, profile): Sampled<'_>,
        known: Option<&Self>,
    ) -> Self {
        let even: Vec<usize> = (0..sample.rows).step_by(sample.rows.div_ceil(ROWS).max(1)).collect();
        let rows = sample.pick(&even, |column| plan.compares(column));
        let mut columns = BTreeMap::new();
        let mut names = Texts::new();
        for column in plan.features.iter().map(|feature| feature.column) {
            let edges = known.and_then(|known| known.columns.get(&column)).and_then(Shape::edges);
            let shape = Shape::of_column(&schema.fields[column], &rows, column, edges);
            if schema.fields[column].kind == Kind::Text {
                names.insert(column, shape.names(&profile.columns[column]));
            }
            columns.insert(column, shape);
        }
        let scores = model.score(plan, &rows.block(schema));
        let scores = Shape::of_amounts(scores, known.and_then(|known| known.scores.edges()));
        Self { rows: rows.rows as u64, columns, names, scores }
    }

    /// The same of the columns of another file; what means nothing there is left out.
    #[must_use]
    pub fn bound(&self, binding: &Binding) -> Self {
        let bound =
            |(&column, shape): (&usize, &Shape)| Some((binding.column(column)?, shape.times(binding.times(column)?)));
        let named = |(&column, names): (&usize, &BTreeMap<u32, String>)| Some((binding.column(column)?, names.clone()));
        Self {
            rows: self.rows,
            columns: self.columns.iter().filter_map(bound).collect(),
            names: self.names.iter().filter_map(named).collect(),
            scores: self.scores.clone(),
        }
    }

    /// It can be one of a table of so many columns.
    pub(super) fn fits(&self, width: usize) -> bool {
        let shapes = self.columns.values().chain([&self.scores]);
        self.columns.keys().all(|&column| column < width) && shapes.into_iter().all(Shape::is_sound)
    }
}

impl Shape {
    fn of_column(field: &Field, rows: &RowSample, column: usize, edges: Option<&[f64]>) -> Self {
        match field.kind {
            Kind::Number if !field.role.is_counted() => {
                Self::of_amounts(rows.numbers(column).map(f64::from).collect(), edges)
            }
            Kind::Number => Self::of_keys(
                rows.numbers(column).map(|value| if value.is_nan() { MISSING_KEY } else { number_key(value) }),
            ),
            Kind::Text => Self::of_keys(rows.bits(column).iter().copied()),
        }
    }

    /// Of amounts, by these of them, or by their own quantiles; NaN is a missing one.
    pub(super) fn of_amounts(mut values: Vec<f64>, edges: Option<&[f64]>) -> Self {
        let rows = values.len() as u64;
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f64::total_cmp);
        let quantile = |step: usize| values.get(step * values.len().saturating_sub(1) / STEPS).copied();
        let own = || {
            let mut edges: Vec<f64> = (0..=STEPS).filter_map(quantile).collect();
            edges.dedup();
            edges
        };
        let edges = edges.map_or_else(own, <[f64]>::to_vec);
        let below = edges.iter().map(|&edge| values.partition_point(|&value| value <= edge) as u64).collect();
        let (known, median) = (values.len() as u64, values.get(values.len() / 2).copied());
        Self::Amounts { edges, below, known, missing: rows - known, median }
    }

    pub(super) fn of_keys(keys: impl Iterator<Item = u32>) -> Self {
        let (mut counts, mut missing) = (BTreeMap::<u32, u64>::new(), 0);
        for key in keys {
            if key == MISSING_KEY {
                missing += 1;
            } else {
                *counts.entry(key).or_default() += 1;
            }
        }
        let mut by_rows: Vec<(u64, u32)> = counts.iter().map(|(&key, &rows)| (rows, key)).collect();
        by_rows.sort_unstable_by_key(|&(rows, key)| (std::cmp::Reverse(rows), key));
        let rare = by_rows.iter().skip(VALUES);
        let others = rare.clone().map(|value| value.0).sum();
        rare.for_each(|(_, key)| _ = counts.remove(key));
        Self::Values { counts, others, missing }
    }

    /// The texts of its frequent values.
    fn names(&self, profile: &ColumnProfile) -> BTreeMap<u32, String> {
        let (Self::Values { counts, .. }, Some(texts)) = (self, &profile.counts) else { return BTreeMap::new() };
        let least = NAMED * self.rows() as f64;
        let frequent = |key: &u32| counts.get(key).is_some_and(|rows| *rows as f64 >= least);
        texts.iter().filter(|value| frequent(&value.key)).map(|value| (value.key, value.name())).collect()
    }

    /// Rows in all.
    pub(super) fn rows(&self) -> u64 {
        match self {
            Self::Amounts { known, missing, .. } => known + missing,
            Self::Values { counts, others, missing } => counts.values().sum::<u64>() + others + missing,
        }
    }

    /// The values that amounts are told by.
    pub(super) fn edges(&self) -> Option<&[f64]> {
        match self {
            Self::Amounts { edges, .. } => Some(edges),
            Self::Values { .. } => None,
        }
    }

    /// The same amounts in another unit, of which so many make one of theirs.
    fn times(&self, times: f64) -> Self {
        let mut shape = self.clone();
        if let Self::Amounts { edges, median, .. } = &mut shape {
            // As the other file's cells are held.
            edges.iter_mut().chain(median).for_each(|edge| *edge = f64::from((*edge * times) as f32));
        }
        shape
    }

    /// The median of amounts.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        match self {
            Self::Amounts { median, .. } => *median,
            Self::Values { .. } => None,
        }
    }

    /// Rows without a value, as a share.
    #[must_use]
    pub fn missing(&self) -> f64 {
        let (Self::Amounts { missing, .. } | Self::Values { missing, .. }) = self;
        *missing as f64 / self.rows().max(1) as f64
    }

    fn is_sound(&self) -> bool {
        /// Far more than any sample has, and no sum overflows.
        const MOST: u64 = 1 << 40;
        match self {
            Self::Amounts { edges, below, known, missing, .. } => {
                edges.len() == below.len()
                    && edges.len() <= STEPS + 1
                    && below.is_sorted()
                    && edges.is_sorted()
                    && below.last().is_none_or(|last| last <= known)
                    && [known, missing].into_iter().all(|rows| *rows < MOST)
            }
            Self::Values { counts, others, missing } => {
                counts.len() <= VALUES && counts.values().chain([others, missing]).all(|rows| *rows < MOST)
            }
        }
    }
}
