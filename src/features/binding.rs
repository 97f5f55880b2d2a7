//! Which columns of one file are which of another.

use super::{Encoding, Feature, FeaturePlan, Omission};
use crate::table::{Field, Schema, Unit};

/// Per column of a file, the column of another one that means the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    columns: Vec<Option<Bound>>,
    /// Columns of the other file.
    width: usize,
}

/// What columns are bound by.
type Key = dyn Fn(&Field) -> Option<String>;

/// A column of the other file.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    column: usize,
    /// So many of its unit make one of the first column's.
    times: f64,
}

impl Binding {
    /// Binds the columns of a file to those of another: by name, then by name but for capitals and signs, then by what they mean.
    /// Only columns of one kind, numbers or texts, are bound.
    #[must_use]
    pub fn of(from: &Schema, to: &Schema) -> Self {
        let mut columns: Vec<Option<Bound>> = vec![None; from.width()];
        let mut free = vec![true; to.width()];
        let plain = |field: &Field| {
            let name = field.name.chars().filter(|letter| letter.is_alphanumeric());
            Some(name.flat_map(char::to_lowercase).collect::<String>()).filter(|name| !name.is_empty())
        };
        let by: [&Key; 3] = [&|field| Some(field.name.clone()), &plain, &|field| field.meaning.clone()];
        for key in by {
            for (bound, field) in columns.iter_mut().zip(&from.fields).filter(|(bound, _)| bound.is_none()) {
                let Some(wanted) = key(field) else { continue };
                let same = |column: &usize| free[*column] && key(&to.fields[*column]).as_ref() == Some(&wanted);
                let Some(column) = (0..to.width()).find(same) else { continue };
                let other = &to.fields[column];
                if let Some(times) = times(field.unit, other.unit).filter(|_| field.kind == other.kind) {
                    *bound = Some(Bound { column, times });
                    free[column] = false;
                }
            }
        }
        Self { columns, width: to.width() }
    }

    /// The other file's column that means the same as this one.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<usize> {
        self.columns[column].map(|bound| bound.column)
    }

    /// Columns of either file that mean nothing in the other one.
    #[must_use]
    pub fn unbound(&self) -> [Vec<usize>; 2] {
        let here = (0..self.columns.len()).filter(|&column| self.columns[column].is_none()).collect();
        let bound = |column: &usize| self.columns.iter().flatten().any(|bound| bound.column == *column);
        [here, (0..self.width).filter(|column| !bound(column)).collect()]
    }

    /// What one of a column's unit is in the other file's; `None` where no column means the same.
    pub(crate) fn times(&self, column: usize) -> Option<f64> {
        self.columns[column].map(|bound| bound.times)
    }

    /// The same feature of the other file.
    pub(super) fn feature(&self, feature: &Feature) -> Option<Feature> {
        let Bound { column, times } = self.columns[feature.column]?;
        let encoding = match feature.encoding.clone() {
            Encoding::SignedLog { parts, min, max, missing } => Encoding::SignedLog {
                parts: parts / times,
                min: min * times,
                max: max * times,
                missing: missing * times,
            },
            Encoding::MinMax { min, max, missing } => {
                Encoding::MinMax { min: min * times, max: max * times, missing: missing * times }
            }
            other => other,
        };
        Some(Feature { column, encoding, scaling: feature.scaling })
    }
}

/// How many of the second unit make one of the first; `None` where they count different things. What has no unit is taken to
/// have that of the other.
fn times(one: Option<Unit>, other: Option<Unit>) -> Option<f64> {
    let (Some(one), Some(other)) = (one, other) else { return Some(1.0) };
    // Rates of traffic are told in either.
    let base = |unit: Unit| if unit == Unit::BitsPerSecond { (Unit::BytesPerSecond, 8.0) } else { unit.base() };
    let ((one, of_one), (other, of_other)) = (base(one), base(other));
    (one == other).then_some(of_other / of_one)
}

impl FeaturePlan {
    /// The same plan for another file: of its columns that mean the same. What is usual stands in for a column that it lacks;
    /// `None` if it lacks all of them.
    #[must_use]
    pub fn bound(&self, binding: &Binding) -> Option<Self> {
        let column = self.features.iter().find_map(|feature| binding.column(feature.column))?;
        let usual = |feature: &Feature| Feature {
            column,
            encoding: Encoding::always(feature.encoding.usual()),
            scaling: feature.scaling,
        };
        let bound = |feature| binding.feature(feature).unwrap_or_else(|| usual(feature));
        let features: Vec<Feature> = self.features.iter().map(bound).collect();
        let omission = |column: usize| {
            let here = binding.columns.iter().position(|bound| bound.is_some_and(|bound| bound.column == column));
            let Some(here) = here else { return Omission::NotInBaseline };
            match self.left_out.iter().find(|left| left.0 == here).map(|left| left.1) {
                Some(Omission::DuplicateOf(twin)) => {
                    binding.column(twin).map_or(Omission::Constant, Omission::DuplicateOf)
                }
                Some(omission) => omission,
                None => Omission::NotInBaseline,
            }
        };
        let compared = |column: &usize| features.iter().any(|feature: &Feature| feature.column == *column);
        let left_out = (0..binding.width).filter(|column| !compared(column)).map(|column| (column, omission(column)));
        Some(Self { treatment: self.treatment, left_out: left_out.collect(), features })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        features::Treatment,
        table::{Kind, Role},
    };

    fn field(name: &str, kind: Kind, meaning: Option<&str>, unit: Option<Unit>) -> Field {
        Field { meaning: meaning.map(str::to_owned), unit, ..Field::new(name, kind, Role::Measure) }
    }

    fn schemas() -> [Schema; 2] {
        let from = [
            field("Flow Duration", Kind::Number, Some("duration"), Some(Unit::Seconds)),
            field("bytes", Kind::Number, None, Some(Unit::Bytes)),
            field("Src IP", Kind::Text, Some("src_ip"), None),
            field("only here", Kind::Number, None, None),
            field("mixed", Kind::Number, None, None),
        ];
        let to = [
            field("mixed", Kind::Text, None, None),
            field("id.orig_h", Kind::Text, Some("src_ip"), None),
            field("BYTES", Kind::Number, None, Some(Unit::Bytes)),
            field("flow_duration", Kind::Number, Some("duration"), Some(Unit::Milliseconds)),
            field("only there", Kind::Number, None, None),
        ];
        [from, to].map(|fields| Schema { fields: fields.to_vec() })
    }

    #[test]
    fn columns_are_bound_by_name_and_meaning_and_units_are_converted() {
        let [from, to] = schemas();
        let binding = Binding::of(&from, &to);
        assert_eq!(
            (0..5).map(|column| binding.column(column)).collect::<Vec<_>>(),
            [Some(3), Some(2), Some(1), None, None]
        );
        assert_eq!(binding.unbound(), [vec![3, 4], vec![0, 4]]);
        assert_eq!([0, 1].map(|column| binding.times(column)), [Some(1_000.0), Some(1.0)]);
        let itself = Binding::of(&from, &from);
        assert!((0..5).all(|column| itself.column(column) == Some(column)));
    }

    #[test]
    fn a_plan_says_the_same_of_the_same_amounts_in_another_unit() {
        let [from, to] = schemas();
        let binding = Binding::of(&from, &to);
        let encoding = Encoding::SignedLog { parts: 1e6, min: 0.0, max: 60.0, missing: 2.0 };
        let feature = |column, encoding: &Encoding| Feature { column, encoding: encoding.clone(), scaling: None };
        let plan = FeaturePlan {
            treatment: Treatment::default(),
            features: vec![feature(0, &encoding)],
            left_out: vec![(1, Omission::DuplicateOf(0)), (2, Omission::Crowded), (3, Omission::Empty)],
        };
        let bound = plan.bound(&binding).expect("its column is bound");
        assert_eq!(bound.features[0].column, 3);
        for seconds in [0.0f32, 0.5, 2.0, 60.0, 1e4, f32::NAN, f32::INFINITY] {
            assert_eq!(bound.features[0].encoding.number(seconds * 1e3), encoding.number(seconds), "{seconds}");
        }
        let left_out = [
            (0, Omission::NotInBaseline),
            (1, Omission::Crowded),
            (2, Omission::DuplicateOf(3)),
            (4, Omission::NotInBaseline),
        ];
        assert_eq!(bound.left_out, left_out);
        let part = FeaturePlan { features: vec![feature(3, &encoding), feature(0, &encoding)], ..plan.clone() };
        let bound = part.bound(&binding).expect("one of its columns is bound");
        assert_eq!([0, 1].map(|feature| bound.features[feature].column), [3, 3]);
        assert_eq!([0, 1].map(|feature| bound.features[feature].encoding.is_stand_in()), [true, false]);
        assert_eq!(bound.features[0].encoding.number(1e9), encoding.number(f32::NAN), "the usual amount");
        let unbound = FeaturePlan { features: vec![feature(3, &encoding)], ..plan };
        assert_eq!(unbound.bound(&binding), None);
    }
}
