//! What references hold, feature by feature: to be shown beside a row that is unlike them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    detect::Expected,
    features::{Binding, FeaturePlan},
    table::{Kind, Profile, RowSample, Schema},
};

/// The cells of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Values {
    Numbers(#[serde(with = "crate::table::packed")] Vec<f32>),
    /// Keys, and the texts of those that were counted.
    Texts(#[serde(with = "crate::table::packed")] Vec<u32>, BTreeMap<u32, String>),
}

impl Values {
    /// What these rows of the sample hold, of each of the plan's features.
    pub fn of(
        plan: &FeaturePlan,
        rows: &[usize],
        sample: &RowSample,
        (schema, profile): (&Schema, &Profile),
    ) -> Vec<Self> {
        let of = |column: usize| {
            let keys: Vec<u32> = rows.iter().map(|&row| sample.bits(column)[row]).collect();
            if schema.fields[column].kind == Kind::Number {
                return Self::Numbers(keys.into_iter().map(f32::from_bits).collect());
            }
            let counts = profile.columns[column].counts.iter().flat_map(|counts| counts.iter());
            let named = counts.filter(|value| !value.text.is_empty()).map(|value| (value.key, value.text.to_owned()));
            let mut texts: BTreeMap<u32, String> = named.collect();
            texts.retain(|key, _| keys.contains(key));
            Self::Texts(keys, texts)
        };
        plan.features.iter().map(|feature| of(feature.column)).collect()
    }

    /// Of how many references it is told.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(keys, _) => keys.len(),
        }
    }

    /// What a reference holds, where that can be said.
    pub fn expected(&self, row: usize) -> Option<Expected> {
        match self {
            Self::Numbers(numbers) => {
                Some(f64::from(numbers[row])).filter(|number| number.is_finite()).map(Expected::Amount)
            }
            Self::Texts(keys, texts) => texts.get(&keys[row]).cloned().map(Expected::Text),
        }
    }

    /// The same in the units of another file.
    pub fn bound(&self, times: f64) -> Self {
        match self {
            Self::Numbers(numbers) => {
                Self::Numbers(numbers.iter().map(|&number| (f64::from(number) * times) as f32).collect())
            }
            texts @ Self::Texts(..) => texts.clone(),
        }
    }
}

/// What one of a feature's unit is in the other file's.
pub(super) fn times(plan: &FeaturePlan, binding: &Binding) -> Option<Vec<f64>> {
    plan.features.iter().map(|feature| binding.times(feature.column)).collect()
}
