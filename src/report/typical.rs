//! What is usual in a column.

use serde::{Deserialize, Serialize};

use super::Scale;
use crate::{
    numeric::quantile::nearest,
    table::{ColumnProfile, Field, MISSING_WHOLE, RowSample, Storage},
};

/// Bars of a column's small chart.
const BARS: usize = 24;

/// What is usual in a column: for numbers the sample's median and its 5 %–95 % range, for categories the commonest; how
/// many different values there are, and how they are spread.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Typical {
    /// Median of the finite values of a measure; of two in the middle, the greater.
    pub median: Option<f64>,
    /// 5 % and 95 % quantiles.
    pub range: Option<[f64; 2]>,
    /// The commonest value of a counted column.
    pub commonest: Option<String>,
    /// Different values: of all rows where these are counted, else of the sample's. `None` for text that is not stored.
    pub distinct: Option<u64>,
    /// Heights of the column's small chart: rows of the sample per stretch between the least and the greatest value (on
    /// the scale that [`Self::scale`] gives), or rows per value from the commonest on.
    pub shape: Vec<u32>,
}

impl Typical {
    /// Tells what is usual in a column.
    pub fn of(column: usize, field: &Field, profile: &ColumnProfile, sample: &RowSample) -> Self {
        let counted = profile.counts.as_ref().filter(|counts| !counts.is_crowded());
        let mut typical = Self::default();
        if profile.has_numbers() {
            let values = sorted(sample.numbers(column));
            // Values that are there: no count has a fraction.
            let at = |level: f64| nearest(&values, level).map(f64::from);
            typical.median = at(0.5);
            typical.range = at(0.05).zip(at(0.95)).map(|(low, high)| [low, high]);
            typical.distinct = Some(values.chunk_by(|a, b| a == b).count() as u64);
            if let Storage::Time { per } = field.storage() {
                typical.tell_times(sample.times(column), per);
            }
            let scale = typical.scale(profile);
            typical.shape = bars(&values, profile, scale);
        }
        if let Some(counts) = counted {
            let mut rows: Vec<u64> = counts.iter().map(|value| value.rows).collect();
            rows.sort_unstable();
            rows.reverse();
            typical.distinct = Some(rows.len() as u64);
            typical.shape = rows.iter().take(BARS).map(|&rows| u32::try_from(rows).unwrap_or(u32::MAX)).collect();
            typical.commonest = counts.commonest().map(|value| value.name());
        }
        typical
    }

    /// Points in time are too far from 1970 for 32-bit floats.
    fn tell_times(&mut self, nanoseconds: &[i64], per: i64) {
        // Counted from the least, as whole numbers without a sign are sorted by a function that is there in any case.
        let present = nanoseconds.iter().filter(|&&time| time != MISSING_WHOLE);
        let mut times: Vec<u64> = present.map(|&time| time.abs_diff(MISSING_WHOLE)).collect();
        times.sort_unstable();
        let number = |time: u64| MISSING_WHOLE.wrapping_add_unsigned(time) as f64 / per as f64;
        let at = |hundredths: usize| times.get(times.len() * hundredths / 100).map(|&time| number(time));
        self.median = at(50);
        self.range = at(5).zip(at(95)).map(|(low, high)| [low, high]);
        times.dedup();
        self.distinct = Some(times.len() as u64);
    }

    /// The usual value, as text; the commonest where values are counted, else the median.
    pub fn text(&self) -> Option<String> {
        self.commonest.clone().or_else(|| self.median.map(|median| format!("{}", median as f32)))
    }

    /// The scale on which the column is drawn: logarithmic where the bulk of the values, or the way from the bulk to the
    /// extremes, spans more than a factor of 50.
    pub fn scale(&self, profile: &ColumnProfile) -> Scale {
        let (min, max) = (profile.min, profile.max);
        let factor = |high: f64, low: f64| (high.abs() + 1.0) / (low.abs() + 1.0);
        let wide = self
            .range
            .is_some_and(|[low, high]| factor(high, low) > 50.0 || factor(max, high) > 50.0 || factor(min, low) > 50.0);
        if wide { Scale::SignedLog } else { Scale::Linear }
    }
}

/// The finite values, ascending.
fn sorted(values: impl Iterator<Item = f32>) -> Vec<f32> {
    // As integers in the same order they are sorted in half the time.
    const SIGN: u32 = 1 << 31;
    let finite = values.filter(|value| value.is_finite()).map(f32::to_bits);
    let mut keys: Vec<u32> = finite.map(|bits| if bits < SIGN { bits | SIGN } else { !bits }).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| f32::from_bits(if key < SIGN { !key } else { key ^ SIGN })).collect()
}

fn bars(values: &[f32], profile: &ColumnProfile, scale: Scale) -> Vec<u32> {
    let (low, high) = (scale.place(profile.min), scale.place(profile.max));
    let mut bars = vec![0; BARS];
    for run in values.chunk_by(|a, b| a == b) {
        let share = (scale.place(f64::from(run[0])) - low) / (high - low);
        // A column of one value has no width, and all of it is in the first bar.
        bars[((share * BARS as f64) as usize).min(BARS - 1)] += run.len() as u32;
    }
    bars
}
