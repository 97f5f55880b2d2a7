//! One feature's coordinate: what values are told apart, and where amounts lie.

use serde::{Deserialize, Serialize};

use crate::{
    features::{
        Binding, Encoding, Feature, Scaling,
        points::{FARTHEST_APART, UNIT},
    },
    table::{Block, Column, Kind, MISSING_KEY, RowSample, Schema, number_key},
};

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
pub(super) const MOST: usize = 1_024;
/// One feature's coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Axis {
    /// Which of the plan's features it is.
    pub(super) number: u32,
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
    pub(super) fn of((number_of, feature): (usize, &Feature), sample: &RowSample, schema: &Schema) -> Self {
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
    pub(super) fn between(&self, above: usize, value: f32) -> i16 {
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

    pub(super) fn number(&self, value: f32) -> (i16, u16) {
        match self.feature.encoding {
            Encoding::Rarity { .. } | Encoding::Is { .. } => self.key(key_of(value)),
            _ => (if value.is_nan() { self.missing } else { self.place(value) }, 0),
        }
    }

    pub(super) fn key(&self, key: u32) -> (i16, u16) {
        (self.place(self.feature.encoding.key(key)), self.code(key))
    }

    /// Which of the values that are told apart this is; 0 for any other.
    pub(super) fn code(&self, key: u32) -> u16 {
        match (&self.feature.encoding, &self.frequent) {
            (Encoding::Rarity { of, .. }, Some(frequent)) => {
                frequent.binary_search(&of.key(key)).map_or(0, |place| place as u16 + 1)
            }
            _ => 0,
        }
    }

    /// The same axis for another file.
    pub(super) fn bound(&self, binding: &Binding) -> Option<Self> {
        let times = binding.times(self.feature.column)?;
        let amounts = matches!(self.feature.encoding, Encoding::SignedLog { .. } | Encoding::MinMax { .. });
        let knot = |&knot: &f32| if amounts { (f64::from(knot) * times) as f32 } else { knot };
        let knots = self.knots.iter().map(knot).collect();
        Some(Self { feature: binding.feature(&self.feature)?, knots, ..self.clone() })
    }

    pub(super) fn of_cell(&self, block: &Block, row: usize) -> (i16, u16) {
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

pub(super) fn key_of(value: f32) -> u32 {
    if value.is_nan() { MISSING_KEY } else { number_key(value) }
}

/// The keys that are frequent among these, ascending.
fn frequent(mut keys: Vec<u32>) -> Vec<u32> {
    let least = (FREQUENT * keys.len() as f64).max(FREQUENT_ROWS as f64) as usize;
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).filter(|run| run.len() >= least).map(|run| run[0]).collect()
}
