//! The space in which alike rows are near each other: a coordinate per feature, and distances between rows.
//!
//! Along a feature of amounts, the distance of two rows is the share of the file's rows between them, plus what they differ in
//! deviations (as [`Scaling`](super::Scaling) counts them, cut off at ±5), of which ten count as two. The one tells apart what is dense, the other
//! what is far out. Where values are told apart rather than measured (ports, protocols, categories), two different ones add 1;
//! infrequent ones are one. The sum over the features is a Manhattan distance, in the manner of
//! Gower (1971), *A general coefficient of similarity and some of its properties*, section 3.
//!
//! All of it is whole numbers, so it is the same in whatever order and wherever it is added up.

mod axis;
mod steps;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(crate) use self::axis::Axis;
use self::{
    axis::{MOST, key_of},
    steps::Steps,
};
use super::{
    Binding, Encoding, FeaturePlan, Points,
    points::{FARTHEST_APART, UNIT},
};
use crate::table::{Block, Kind, RowSample, Schema};

/// Where rows lie, by the features of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Space {
    /// In an order that does not depend on that of the file's columns, so that nothing that is told of rows does.
    axes: Vec<Axis>,
}

impl Space {
    /// The space of a plan's features, by the rows of a sample. What stands in for a column parts no rows.
    pub fn of(plan: &FeaturePlan, sample: &RowSample, schema: &Schema) -> Self {
        let told = plan.features.iter().enumerate().filter(|feature| !feature.1.encoding.is_stand_in());
        let mut axes: Vec<Axis> = told.map(|feature| Axis::of(feature, sample, schema)).collect();
        // By what they say first: of two columns that are equal, either may be the feature.
        axes.sort_by_cached_key(|axis| {
            let knots: Vec<u32> = axis.knots.iter().map(|knot| knot.to_bits()).collect();
            let name = schema.fields[axis.feature.column].name.clone();
            (axis.places.clone(), knots, axis.frequent.clone(), name, axis.feature.encoding.aspect())
        });
        Self { axes }
    }

    /// The same space for another file, all of whose features must be of columns that are bound.
    #[must_use]
    pub fn bound(&self, binding: &Binding) -> Option<Self> {
        Some(Self { axes: self.axes.iter().map(|axis| axis.bound(binding)).collect::<Option<_>>()? })
    }

    /// The same space for another file, without the features whose columns that lacks, and these rows in it.
    #[must_use]
    pub fn bound_in_part(&self, binding: &Binding, points: &Points) -> (Self, Points) {
        let (mut axes, mut places, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        let mut kind = 0;
        for (place, axis) in self.axes.iter().enumerate() {
            let bound = axis.bound(binding);
            if bound.is_some() {
                places.push(place);
                codes.extend(axis.frequent.is_some().then_some(kind));
            }
            kind += usize::from(axis.frequent.is_some());
            axes.extend(bound);
        }
        (Self { axes }, points.along(&places, &codes))
    }

    /// At most so many rows of the sample, evenly from all of it.
    #[must_use]
    pub fn of_sample(&self, sample: &RowSample, schema: &Schema, most: usize) -> Points {
        let mut points = self.empty();
        for row in (0..sample.rows).step_by(sample.rows.div_ceil(most).max(1)) {
            points.push(self.axes.iter().map(|axis| {
                let column = axis.feature.column;
                let bits = sample.bits(column)[row];
                let number = schema.fields[column].kind == Kind::Number;
                let (place, code) = if number { axis.number(f32::from_bits(bits)) } else { axis.key(bits) };
                (place, axis.frequent.is_some().then_some(code))
            }));
        }
        points
    }

    /// Which of the plan's features a coordinate is.
    pub fn feature(&self, axis: usize) -> u32 {
        self.axes[axis].number
    }

    /// Its coordinates.
    pub(crate) fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// It has the features of a plan, each once.
    pub(crate) fn is_of(&self, plan: &FeaturePlan) -> bool {
        let mut numbers: Vec<u32> = self.axes.iter().map(|axis| axis.number).collect();
        numbers.sort_unstable();
        numbers.into_iter().eq(0..plan.features.len() as u32)
            && self.axes.iter().all(|axis| plan.features.get(axis.number as usize) == Some(&axis.feature))
    }

    /// It can be one of a table of so many columns and a plan of so many features.
    pub fn fits(&self, columns: usize, features: usize) -> bool {
        let fits = |axis: &Axis| {
            axis.feature.column < columns
                && (axis.number as usize) < features
                && axis.knots.len() == axis.places.len()
                && axis.knots.len() <= MOST
                && axis.knots.is_sorted_by(|a, b| a.total_cmp(b).is_le())
                && !axis.knots.iter().any(|knot| knot.is_nan())
                && matches!(axis.feature.encoding, Encoding::Rarity { .. }) == axis.frequent.is_some()
                && axis.frequent.iter().all(|keys| keys.len() <= MOST && keys.is_sorted_by(|a, b| a < b))
                // The sum of two coordinates' difference must stay within 16 bits.
                && axis.places.iter().chain([&axis.missing]).all(|place| (0..=FARTHEST_APART).contains(place))
        };
        self.axes.iter().all(fits)
    }

    /// These rows can lie in it.
    pub fn holds(&self, points: &Points) -> bool {
        let kinds: Vec<usize> = self.axes.iter().filter_map(|axis| axis.frequent.as_ref().map(Vec::len)).collect();
        let known = |row| points.codes(row).iter().zip(&kinds).all(|(&code, &most)| usize::from(code) <= most);
        points.fit(self.axes.len(), kinds.len()) && (0..points.rows()).all(known)
    }

    /// Features.
    pub fn features(&self) -> usize {
        self.axes.len()
    }

    /// How far two rows are from each other along each coordinate.
    pub fn apart(&self, one: (&Points, usize), other: (&Points, usize)) -> Vec<u32> {
        let along = |(place, different)| place + if different { UNIT as u32 } else { 0 };
        self.differences(one, other).into_iter().map(along).collect()
    }

    /// Along each coordinate, how far two rows are from each other, and whether they have different ones of the values that are told
    /// apart.
    pub fn differences(&self, (one, row): (&Points, usize), (others, other): (&Points, usize)) -> Vec<(u32, bool)> {
        let mut codes = one.codes(row).iter().zip(others.codes(other));
        let mut along = |(axis, (a, b)): (&Axis, (&i16, &i16))| {
            let different = axis.frequent.is_some() && codes.next().is_some_and(|(a, b)| a != b);
            (u32::from(a.abs_diff(*b)), different)
        };
        let places = one.places(row).iter().zip(others.places(other));
        self.axes.iter().zip(places).map(&mut along).collect()
    }

    /// No rows.
    pub fn empty(&self) -> Points {
        let kinds = self.axes.iter().filter(|axis| axis.frequent.is_some()).count();
        Points::none(self.axes.len(), kinds)
    }

    /// Appends a row of a block.
    pub fn push(&self, points: &mut Points, block: &Block, row: usize) {
        points.push(self.axes.iter().map(|axis| {
            let (place, code) = axis.of_cell(block, row);
            (place, axis.frequent.is_some().then_some(code))
        }));
    }

    /// All rows of a block.
    pub fn of_block(&self, block: &Block) -> Points {
        let (mut places, mut codes) = (Vec::with_capacity(self.axes.len()), Vec::new());
        for (number, axis) in self.axes.iter().enumerate() {
            let mut along = Vec::with_capacity(block.rows());
            self.along(number, block, &mut along);
            places.push(along);
            if axis.frequent.is_some() {
                let code = |key: u32| axis.code(key);
                let mut kinds = Vec::with_capacity(block.rows());
                block.columns[axis.feature.column].map(|value| code(key_of(value)), code, &mut kinds);
                kinds.resize(block.rows(), 0);
                codes.push(kinds);
            }
        }
        Points::of_columns(block.rows(), &places, &codes)
    }

    /// Where the rows of a block lie along one coordinate, which must be one of the space's.
    pub fn along(&self, axis: usize, block: &Block, places: &mut Vec<i16>) {
        places.clear();
        let axis = &self.axes[axis];
        let steps = Steps::of(&axis.knots);
        let place = |value: f32| axis.between(steps.above(&axis.knots, value), value);
        let encoding = &axis.feature.encoding;
        let kind = |key: u32| place(encoding.key(key));
        let number = |value: f32| match encoding {
            Encoding::Rarity { .. } | Encoding::Is { .. } => kind(key_of(value)),
            _ if value.is_nan() => axis.missing,
            _ => place(value),
        };
        block.columns[axis.feature.column].map(number, kind, places);
        places.resize(block.rows(), 0);
    }
}
