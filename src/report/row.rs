//! One row of the results, and what is usual in its columns.

use serde::{Deserialize, Serialize};

use crate::table::{ColumnProfile, RowSample, key_number};

/// What is usual in a column: for numbers the sample's median and its 5 %–95 % range, for categories the commonest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Typical {
    /// Median of the finite values of a measure.
    pub median: Option<f64>,
    /// 5 % and 95 % quantiles.
    pub range: Option<[f64; 2]>,
    /// The commonest value of a counted column.
    pub commonest: Option<String>,
}

impl Typical {
    /// Tells what is usual in a column.
    pub fn of(column: usize, profile: &ColumnProfile, sample: &RowSample) -> Self {
        let quantiles = sample.quantiles(column, &[0.05, 0.5, 0.95]).filter(|_| profile.has_numbers());
        let counts = profile.counts.as_ref();
        let commonest = counts.and_then(|counts| counts.values.iter().max_by_key(|(_, value)| value.rows));
        Self {
            median: quantiles.as_ref().map(|found| f64::from(found[1])),
            range: quantiles.as_ref().map(|found| [f64::from(found[0]), f64::from(found[2])]),
            commonest: commonest.map(|(key, value)| {
                if value.text.is_empty() { key_number(*key).to_string() } else { value.text.clone() }
            }),
        }
    }

    /// The usual value, as text; the commonest where values are counted, else the median.
    pub fn text(&self) -> Option<String> {
        self.commonest.clone().or_else(|| self.median.map(|median| format!("{}", median as f32)))
    }
}

/// One reason why a row scored as it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The table's column.
    pub column: usize,
    /// Its share of all that made the row easy to isolate, in 0..=1.
    pub share: f64,
}

/// One row of the results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedRow {
    /// 1 is the most anomalous.
    pub rank: u32,
    /// Anomaly score.
    pub score: f64,
    /// Byte offset of its record.
    pub offset: u64,
    /// Its cells as they stand in the file.
    pub cells: Vec<String>,
    /// What weighs most, heaviest first.
    pub reasons: Vec<Reason>,
}
