//! The space in which alike rows are near each other: a coordinate per feature, and distances between rows.
//!
//! Along a feature of amounts, the distance of two rows is the share of the file's rows between them, plus what they differ in
//! deviations (as [`Scaling`] counts them, cut off at ±5), of which ten count as two. The one tells apart what is dense, the other
//! what is far out. Where values are told apart rather than measured (ports, protocols, categories), two different ones add 1;
//! infrequent ones are one. The sum over the features is a Manhattan distance, in the manner of
//! Gower (1971), *A general coefficient of similarity and some of its properties*, section 3.
//!
//! All of it is whole numbers, so it is the same in whatever order and wherever it is added up.

use serde::{Deserialize, Serialize};

use super::{
    Binding, Encoding, Feature, FeaturePlan, Points, Scaling,
    points::{FARTHEST_APART, UNIT},
};
use crate::table::{Block, Column, Kind, MISSING_KEY, RowSample, Schema, number_key};

/// Rows of the sample by which coordinates are told.
const ROWS: usize = 8_192;
/// Steps of a coordinate that are kept; between them it is interpolated.
const KNOTS: f64 = 256.0;
/// Deviations beyond which nothing is farther out.
const FARTHEST: f32 = 5.0;
/// Values that so many of a thousand rows have are told apart from all others.
const FREQUENT: f64 = 0.001;
/// And at least so many of the sample.
const FREQUENT_ROWS: usize = 8;
/// An axis has no more knots than this, nor more values that are told apart: three knots for each of [`KNOTS`] shares of the rows and one at
/// either end; a value for every [`FREQUENT_ROWS`] of [`ROWS`].
const MOST: usize = 1_024;

/// Where rows lie, by the features of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Space {
    /// In an order that does not depend on that of the file's columns, so that nothing that is told of rows does.
    axes: Vec<Axis>,
}

/// One feature's coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Axis {
    /// Which of the plan's features it is.
    number: u32,
    pub feature: Feature,
    /// Values in ascending order, cells' own of amounts, features' of all others, and their coordinates.
    #[serde(with = "crate::table::packed")]
    pub knots: Vec<f32>,
    #[serde(with = "crate::table::packed")]
    pub places: Vec<i16>,
    /// Where a missing amount lies.
    pub missing: i16,
    /// Keys of the values that are told apart, if that is done; ascending.
    pub frequent: Option<Vec<u32>>,
}

impl Axis {
    fn of((number_of, feature): (usize, &Feature), sample: &RowSample, schema: &Schema) -> Self {
        let number = schema.fields[feature.column].kind == Kind::Number;
        let stride = sample.rows.div_ceil(ROWS).max(1);
        let bits = sample.bits(feature.column).iter().step_by(stride).copied();
        let mut axis = Self {
            number: number_of as u32,
            feature: feature.clone(),
            knots: Vec::new(),
            places: Vec::new(),
            missing: 0,
            frequent: None,
        };
        if let Encoding::Is { .. } = feature.encoding {
            (axis.knots, axis.places) = (vec![0.0, 1.0], vec![0, UNIT]);
            return axis;
        }
        let keys: Vec<u32> = bits.map(|bits| if number { key_of(f32::from_bits(bits)) } else { bits }).collect();
        let mut values: Vec<f32> = match feature.encoding {
            Encoding::Rarity { of, .. } => {
                axis.frequent = Some(frequent(keys.iter().map(|&key| of.key(key)).collect()));
                keys.iter().map(|&key| feature.encoding.key(key)).collect()
            }
            _ => sample
                .numbers(feature.column)
                .step_by(stride)
                .map(|value| if value.is_finite() { value } else { f32::NAN })
                .collect(),
        };
        values.retain(|value| !value.is_nan());
        values.sort_unstable_by(f32::total_cmp);
        axis.tell(&values);
        axis.missing = match feature.encoding {
            Encoding::SignedLog { missing, .. } | Encoding::MinMax { missing, .. } => axis.place(missing as f32),
            _ => 0,
        };
        axis
    }

    /// Coordinates by values in ascending order.
    fn tell(&mut self, values: &[f32]) {
        let feature = |value: f32| if self.frequent.is_some() { value } else { self.feature.encoding.number(value) };
        let scaling = Scaling::robust(&values.iter().map(|&value| feature(value)).collect::<Vec<_>>());
        let rows = values.len() as f64;
        let (mut below, mut last, mut before) = (0, f64::NEG_INFINITY, None);
        for run in values.chunk_by(|a, b| a == b) {
            let share = (below as f64 + run.len() as f64 / 2.0) / rows;
            below += run.len();
            let out = f64::from(scaling.apply(feature(run[0])).clamp(-FARTHEST, FARTHEST) / FARTHEST);
            let place = ((1.0 + share + out) * f64::from(UNIT)) as i16;
            let knot = (run[0], place.clamp(0, FARTHEST_APART));
            let far = share - last >= 1.0 / KNOTS;
            if far || below == values.len() || run.len() as f64 >= rows / KNOTS {
                // Both sides of a step are kept, so that nothing is interpolated across it.
                for (value, place) in before.take().filter(|_| far).into_iter().chain([knot]) {
                    self.knots.push(value);
                    self.places.push(place);
                }
                last = share;
            } else {
                before = Some(knot);
            }
        }
        self.go_on(scaling);
    }

    /// Beyond the least and the greatest of the sample, coordinates go on to where rows are farthest out: another file's values, or
    /// rare ones, may be there.
    fn go_on(&mut self, scaling: Scaling) {
        let value = |out: f32| {
            let number = scaling.undo(out);
            if self.frequent.is_some() {
                Some(number)
            } else {
                self.feature.encoding.undo(number).map(|value| value as f32)
            }
        };
        let [low, high] = [-FARTHEST, FARTHEST].map(|out| value(out).filter(|value| value.is_finite()));
        if let Some(low) = low.filter(|low| self.knots.first().is_some_and(|first| low < first)) {
            self.knots.insert(0, low);
            self.places.insert(0, 0);
        }
        if let Some(high) = high.filter(|high| self.knots.last().is_some_and(|last| high > last)) {
            self.knots.push(high);
            self.places.push(FARTHEST_APART);
        }
    }

    fn place(&self, value: f32) -> i16 {
        self.between(self.knots.partition_point(|&knot| knot <= value), value)
    }

    /// The coordinate of a value that so many knots are not above.
    fn between(&self, above: usize, value: f32) -> i16 {
        match (above.checked_sub(1), self.knots.get(above)) {
            (None, _) => self.places.first().copied().unwrap_or(0),
            (Some(below), None) => self.places[below],
            (Some(below), Some(&next)) => {
                let (from, to) = (f32::from(self.places[below]), f32::from(self.places[above]));
                let share = (value - self.knots[below]) / (next - self.knots[below]);
                // An infinite way has no middle.
                if share.is_finite() { (from + share * (to - from)) as i16 } else { self.places[below] }
            }
        }
    }

    fn number(&self, value: f32) -> (i16, u16) {
        match self.feature.encoding {
            Encoding::Rarity { .. } | Encoding::Is { .. } => self.key(key_of(value)),
            _ => (if value.is_nan() { self.missing } else { self.place(value) }, 0),
        }
    }

    fn key(&self, key: u32) -> (i16, u16) {
        (self.place(self.feature.encoding.key(key)), self.code(key))
    }

    /// Which of the values that are told apart this is; 0 for any other.
    fn code(&self, key: u32) -> u16 {
        match (&self.feature.encoding, &self.frequent) {
            (Encoding::Rarity { of, .. }, Some(frequent)) => {
                frequent.binary_search(&of.key(key)).map_or(0, |place| place as u16 + 1)
            }
            _ => 0,
        }
    }

    /// The same axis for another file.
    fn bound(&self, binding: &Binding) -> Option<Self> {
        let times = binding.times(self.feature.column)?;
        let amounts = matches!(self.feature.encoding, Encoding::SignedLog { .. } | Encoding::MinMax { .. });
        let knot = |&knot: &f32| if amounts { (f64::from(knot) * times) as f32 } else { knot };
        let knots = self.knots.iter().map(knot).collect();
        Some(Self { feature: binding.feature(&self.feature)?, knots, ..self.clone() })
    }

    fn of_cell(&self, block: &Block, row: usize) -> (i16, u16) {
        let column = &block.columns[self.feature.column];
        let bits = column.bits_at(row).unwrap_or_default();
        match column {
            Column::Category(_) | Column::Address(_) => self.key(bits),
            Column::Number(_) | Column::Whole(_) | Column::Time { .. } | Column::Unstored => {
                self.number(f32::from_bits(bits))
            }
        }
    }
}

fn key_of(value: f32) -> u32 {
    if value.is_nan() { MISSING_KEY } else { number_key(value) }
}

/// The keys that are frequent among these, ascending.
fn frequent(mut keys: Vec<u32>) -> Vec<u32> {
    let least = (FREQUENT * keys.len() as f64).max(FREQUENT_ROWS as f64) as usize;
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).filter(|run| run.len() >= least).map(|run| run[0]).collect()
}

/// Where to begin to look for a value among knots: of many values, searching for each from the middle took most of the time.
struct Steps {
    least: u32,
    shift: u32,
    /// Knots below each stretch of values.
    below: Vec<u16>,
}

/// Stretches that the values between the least and the greatest knot are cut into, at most.
const STRETCHES: u32 = 1_024;

/// Bits that are in the order of the numbers.
fn ordered(value: f32) -> u32 {
    const SIGN: u32 = 1 << 31;
    let bits = value.to_bits();
    if bits < SIGN { bits | SIGN } else { !bits }
}

impl Steps {
    fn of(knots: &[f32]) -> Self {
        let least = knots.first().map_or(0, |&knot| ordered(knot));
        let range = knots.last().map_or(0, |&knot| ordered(knot)) - least;
        let shift = (u32::BITS - range.leading_zeros()).saturating_sub(STRETCHES.trailing_zeros());
        let mut below = Vec::with_capacity(STRETCHES as usize + 1);
        let mut passed = 0;
        for stretch in 0..=range >> shift {
            while knots.get(passed).is_some_and(|&knot| (ordered(knot) - least) >> shift < stretch) {
                passed += 1;
            }
            // A space has some hundred knots an axis.
            below.push(passed as u16);
        }
        Self { least, shift, below }
    }

    /// How many knots are not above a value: what `partition_point` says.
    fn above(&self, knots: &[f32], value: f32) -> usize {
        let stretch = (ordered(value).saturating_sub(self.least) >> self.shift) as usize;
        let mut above = usize::from(self.below[stretch.min(self.below.len() - 1)]);
        while knots.get(above).is_some_and(|&knot| knot <= value) {
            above += 1;
        }
        above
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::{Grouping, rows::Rows};

    #[test]
    fn spaces_that_nothing_here_makes_are_told() {
        let rows = Rows::of(&(0..500).map(|row| [row as f32, (row % 7) as f32, 1.0]).collect::<Vec<_>>());
        let mut space = Space::of(&rows.plan, &rows.sample, &rows.schema);
        let ports = Encoding::Rarity { of: Grouping::Values, bits: vec![(5, 1.0)], classes: Vec::new(), unseen: 2.0 };
        space.axes[0].feature.encoding = ports;
        space.axes[0].frequent = Some(vec![5, 9]);
        let fits = |change: &dyn Fn(&mut Axis)| {
            let mut other = space.clone();
            change(&mut other.axes[0]);
            other.fits(3, 3)
        };
        assert!(fits(&|_| {}) && !space.fits(2, 3) && !space.is_of(&rows.plan));
        assert!(!fits(&|axis| axis.places[0] = 30_001) && !fits(&|axis| axis.missing = -1));
        assert!(!fits(&|axis| axis.knots.reverse()) && !fits(&|axis| axis.knots = vec![1.0]));
        let two = |axis: &mut Axis, knots: [f32; 2]| (axis.knots, axis.places) = (knots.to_vec(), vec![0; 2]);
        assert!(fits(&|axis| two(axis, [-0.0, 0.0])) && !fits(&|axis| two(axis, [0.0, -0.0])));
        assert!(!fits(&|axis| two(axis, [1.0, f32::NAN])));
        let many = |axis: &mut Axis, knots| (axis.knots, axis.places) = (vec![1.0; knots], vec![0; knots]);
        assert!(fits(&|axis| many(axis, MOST)) && !fits(&|axis| many(axis, MOST + 1)));
        assert!(!fits(&|axis| axis.frequent = None) && !fits(&|axis| axis.frequent = Some(vec![9, 5])));
        assert!(!fits(&|axis| axis.frequent = Some((0..=MOST as u32).collect())));
        let point = |code| Points::of_columns(1, &[vec![1], vec![1], vec![1]], &[vec![code]]);
        assert!(space.holds(&point(2)) && !space.holds(&point(3)));
    }

    proptest! {
        #[test]
        fn steps_lead_to_what_searching_finds(
            mut knots in prop::collection::vec(prop_oneof![any::<f32>(), -9f32..9.0, Just(0.0), Just(-0.0), 0f32..1e9], 0..300),
            values in prop::collection::vec(prop_oneof![any::<f32>(), -9f32..9.0, Just(0.0), Just(-0.0), 0f32..1e9], 1..60),
        ) {
            knots.retain(|knot| !knot.is_nan());
            knots.sort_unstable_by(f32::total_cmp);
            let steps = Steps::of(&knots);
            let known = knots.clone();
            for value in values.into_iter().filter(|value| !value.is_nan()).chain(known) {
                prop_assert_eq!(steps.above(&knots, value), knots.partition_point(|&knot| knot <= value), "{}", value);
            }
        }
    }
}
