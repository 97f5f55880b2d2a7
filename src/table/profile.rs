//! Statistics of every column over all rows: exact, and mergeable in any split of the rows.
//!
//! Only integers, minima and maxima are kept here: sums of floating-point numbers would depend on how the rows were
//! split. Quantiles come from the row sample, which does not depend on it either.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Counts, Field, Repeats, Schema, TimeStyle};

/// One column over all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Cells without a value, unreadable ones among them.
    pub missing: u64,
    /// Cells of a number column that hold something else; they count as missing.
    pub unreadable: u64,
    /// Cells with a positive or negative infinity.
    pub infinite: u64,
    /// Least finite value; +∞ where there is none. Exact up to 2⁵³ where it is whole, else as 32 bits hold it.
    pub min: f64,
    /// Greatest finite value; −∞ where there is none.
    pub max: f64,
    /// The least and the greatest of the values that are kept exactly: of whole numbers those beyond 2²⁴, and all points in
    /// time, in nanoseconds. The first is above the second where there is none.
    pub exact: [i64; 2],
    /// Cells below zero.
    pub negative: u64,
    /// Cells of −1.
    pub minus_ones: u64,
    /// Dates that make sense with the day before the month only.
    pub day_first: u64,
    /// Dates that make sense with the month before the day only.
    pub month_first: u64,
    /// Equal for two columns that hold the same bits in every row (and, but for an accident of 64 bits, only then).
    pub fingerprint: u64,
    /// For counted roles.
    pub counts: Option<Counts>,
}

/// Of a column without exact values.
const NONE_EXACT: [i64; 2] = [i64::MAX, i64::MIN];

impl ColumnProfile {
    fn new(field: &Field) -> Self {
        Self {
            missing: 0,
            unreadable: 0,
            infinite: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            exact: NONE_EXACT,
            negative: 0,
            minus_ones: 0,
            day_first: 0,
            month_first: 0,
            fingerprint: 0,
            counts: field.role.is_counted().then(Counts::default),
        }
    }

    /// Some row has a finite number here.
    pub fn has_numbers(&self) -> bool {
        self.min <= self.max
    }

    /// Every row holds the same value, so that the column cannot tell rows apart. A missing cell differs from any value.
    pub fn is_constant(&self) -> bool {
        match &self.counts {
            Some(counts) => counts.len() == 1 && self.missing == 0,
            None => self.is_constant_number(),
        }
    }

    /// Two rows hold different values; of counted columns, missing cells aside. Only such a column can be compared with
    /// another one.
    pub fn varies(&self) -> bool {
        match &self.counts {
            Some(counts) => counts.is_crowded() || counts.len() > 1,
            None => self.has_numbers() && !self.is_constant_number(),
        }
    }

    /// The order of days and months that its dates prove; that of most, should they disagree.
    pub fn day_order(&self) -> Option<TimeStyle> {
        match self.day_first.cmp(&self.month_first) {
            Ordering::Greater => Some(TimeStyle::DayFirst),
            Ordering::Less => Some(TimeStyle::MonthFirst),
            Ordering::Equal => None,
        }
    }

    fn is_constant_number(&self) -> bool {
        // Where 64-bit floats round alike, whole numbers may still differ.
        let same = self.exact == NONE_EXACT || self.exact[0] == self.exact[1];
        self.missing == 0 && self.infinite == 0 && self.min == self.max && same
    }

    fn merge(&mut self, other: Self) {
        self.missing += other.missing;
        self.unreadable += other.unreadable;
        self.infinite += other.infinite;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.exact = [self.exact[0].min(other.exact[0]), self.exact[1].max(other.exact[1])];
        self.negative += other.negative;
        self.minus_ones += other.minus_ones;
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.fingerprint = self.fingerprint.wrapping_add(other.fingerprint);
        if let (Some(mine), Some(theirs)) = (&mut self.counts, other.counts) {
            mine.merge(theirs);
        }
    }
}

/// All columns over all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Rows seen.
    pub rows: u64,
    /// One per column of the schema.
    pub columns: Vec<ColumnProfile>,
    /// How many of the rows are alike in all columns that could tell them apart.
    pub repeats: Repeats,
}

impl Profile {
    /// The profile of no rows.
    pub fn new(schema: &Schema) -> Self {
        let columns = schema.fields.iter().map(ColumnProfile::new).collect();
        Self { rows: 0, columns, repeats: Repeats::default() }
    }

    /// Joins the profile of other rows of the same file to this one.
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            mine.merge(theirs);
        }
        self.repeats.merge(other.repeats);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::{Kind, Profiler, Role};

    fn schema() -> Schema {
        let field = |name: &str, kind, role| Field::new(name, kind, role);
        Schema {
            fields: vec![
                field("bytes", Kind::Number, Role::Measure),
                field("port", Kind::Number, Role::Port),
                field("bytes again", Kind::Number, Role::Measure),
                field("state", Kind::Text, Role::Category),
            ],
        }
    }

    fn profile(rows: &[(u64, f32, u16, u32)]) -> Profile {
        let mut profiler = Profiler::new(&schema());
        let bytes: Vec<f32> = rows.iter().map(|row| row.1).collect();
        profiler.begin_block(&rows.iter().map(|row| row.0).collect::<Vec<_>>());
        profiler.add_numbers(0, bytes.as_slice().into());
        let ports: Vec<f32> = rows.iter().map(|row| f32::from(row.2)).collect();
        profiler.add_numbers(1, ports.as_slice().into());
        profiler.add_numbers(2, bytes.as_slice().into());
        profiler.add_keys(3, &rows.iter().map(|row| row.3).collect::<Vec<_>>());
        rows.iter().for_each(|row| profiler.count_text(3, row.3, || row.3.to_string()));
        profiler.finish()
    }

    fn rows() -> impl Strategy<Value = Vec<(u64, f32, u16, u32)>> {
        let number = prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(0.0), -1e9f32..1e9];
        prop::collection::vec((number, 0u16..50, 0u32..5), 0..60).prop_map(|rows| {
            rows.into_iter().enumerate().map(|(place, (a, b, c))| (place as u64 * 97, a, b, c)).collect()
        })
    }

    proptest! {
        #[test]
        fn merging_any_split_equals_the_whole(rows in rows(), cut in 0usize..60, second in 0usize..60) {
            let (a, b) = (cut.min(second).min(rows.len()), cut.max(second).min(rows.len()));
            let mut merged = profile(&rows[..a]);
            merged.merge(profile(&rows[a..b]));
            merged.merge(profile(&rows[b..]));
            prop_assert_eq!(merged, profile(&rows));
        }

        #[test]
        fn a_column_varies_or_is_constant_by_its_values(rows in rows()) {
            let profile = profile(&rows);
            let bytes: Vec<f32> = rows.iter().map(|row| row.1).collect();
            let same = bytes.first().is_some_and(|first| first.is_finite() && bytes.iter().all(|value| value == first));
            prop_assert_eq!(profile.columns[0].is_constant(), same);
            let states: std::collections::BTreeSet<u32> = rows.iter().map(|row| row.3).collect();
            prop_assert_eq!(profile.columns[3].is_constant(), states.len() == 1);
            prop_assert_eq!(profile.columns[3].varies(), states.len() > 1);
            prop_assert!(!(profile.columns[0].varies() && profile.columns[0].is_constant()));
        }

        #[test]
        fn equal_columns_share_a_fingerprint_and_others_do_not(rows in rows()) {
            let profile = profile(&rows);
            prop_assert_eq!(profile.columns[0].fingerprint, profile.columns[2].fingerprint);
            if rows.iter().any(|row| row.1 != f32::from(row.2)) {
                prop_assert_ne!(profile.columns[0].fingerprint, profile.columns[1].fingerprint);
            }
        }
    }
}
