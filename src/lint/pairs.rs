//! What two columns have in common.

use std::collections::HashMap;

use super::{Amount, Kind, Lint, Remedy};
use crate::{
    numeric::signed_log::signed_ln,
    table::{Counts, Profile, Role, RowSample, Schema, Storage},
};

/// Sampled rows that are compared. Two columns that agree in all of them agree nearly everywhere.
const ROWS: usize = 1_024;
/// Two columns with at least this correlation are near duplicates.
const SAME: f64 = 0.9999;
/// Categories with more values than this are not compared with others.
const VALUES: usize = 1_000;

pub(super) fn pairs(schema: &Schema, profile: &Profile, sample: &RowSample) -> Vec<Lint> {
    let mut found = duplicates(schema, profile);
    let equal: Vec<usize> = found.iter().filter_map(|lint| lint.column).collect();
    found.extend(renamed(schema, profile, sample, &equal));
    found.extend(near_duplicates(schema, profile, sample, &equal));
    found
}

/// Columns of this storage that vary and were not left out.
fn varying<'a>(schema: &'a Schema, profile: &'a Profile, storage: Storage) -> impl Iterator<Item = usize> + 'a {
    schema.fields.iter().enumerate().filter_map(move |(column, field)| {
        let varies = profile.columns[column].varies();
        (field.storage() == storage && field.role != Role::Ignored && varies).then_some(column)
    })
}

fn duplicates(schema: &Schema, profile: &Profile) -> Vec<Lint> {
    let mut first: HashMap<u64, usize> = HashMap::new();
    let kept = |column: &usize| {
        let field = &schema.fields[*column];
        field.storage() != Storage::None && field.role != Role::Ignored && profile.columns[*column].varies()
    };
    let columns = (0..schema.width()).filter(kept);
    let twin = |column: usize| {
        let earlier = *first.entry(profile.columns[column].fingerprint).or_insert(column);
        (earlier != column).then_some(Lint {
            kind: Kind::Duplicate,
            column: Some(column),
            other: Some(earlier),
            amount: Amount::Rows(profile.rows),
            remedy: Remedy::LeaveOut,
        })
    };
    columns.filter_map(twin).collect()
}

/// Counted columns whose values match those of an earlier one, one to one.
fn renamed(schema: &Schema, profile: &Profile, sample: &RowSample, equal: &[usize]) -> Vec<Lint> {
    let few = |column: &usize| {
        let counts = profile.columns[*column].counts.as_ref();
        counts.is_some_and(|counts| (2..=VALUES).contains(&counts.len()))
    };
    let counted: Vec<usize> = (0..schema.width())
        .filter(few)
        .filter(|column| schema.fields[*column].role != Role::Ignored && !equal.contains(column))
        .collect();
    let values = |column: usize| profile.columns[column].counts.as_ref().map_or(0, Counts::len);
    let mut found: Vec<Lint> = Vec::new();
    for (place, &b) in counted.iter().enumerate() {
        let partner = counted[..place].iter().find(|&&a| {
            // Two values match two others by chance; three hardly do.
            let enough = values(a) == values(b) && (values(a) > 2 || is_label(schema, a) || is_label(schema, b));
            enough && one_to_one(sample.bits(a), sample.bits(b))
        });
        let Some(&a) = partner else { continue };
        // Of a label and another column, the other one is reported.
        let (column, other) = if is_label(schema, b) { (a, b) } else { (b, a) };
        let kind = if is_label(schema, other) { Kind::LabelInDisguise } else { Kind::Renamed };
        if is_label(schema, column) {
            continue;
        }
        let amount = Amount::Rows(profile.rows);
        found.push(Lint { kind, column: Some(column), other: Some(other), amount, remedy: Remedy::LeaveOut });
    }
    found
}

fn is_label(schema: &Schema, column: usize) -> bool {
    schema.fields[column].role == Role::Label
}

fn one_to_one(a: &[u32], b: &[u32]) -> bool {
    let (mut there, mut back) = (HashMap::new(), HashMap::new());
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| there.entry(a).or_insert(b) == &b && back.entry(b).or_insert(a) == &a)
}

/// Quantities that are nearly multiples of an earlier one.
fn near_duplicates(schema: &Schema, profile: &Profile, sample: &RowSample, equal: &[usize]) -> Vec<Lint> {
    let quantity = |column: &usize| {
        matches!(schema.fields[*column].role, Role::Measure | Role::Duration) && !equal.contains(column)
    };
    let columns: Vec<(usize, Vec<f32>)> = varying(schema, profile, Storage::Number)
        .filter(quantity)
        .filter_map(|column| Some((column, normalised(sample, column)?)))
        .collect();
    let mut found = Vec::new();
    for (place, (column, values)) in columns.iter().enumerate() {
        let near = columns[..place].iter().find(|(_, other)| f64::from(product(values, other).abs()) > SAME);
        if let Some(&(other, _)) = near {
            found.push(Lint {
                kind: Kind::NearDuplicate,
                column: Some(*column),
                other: Some(other),
                amount: Amount::Share(1.0),
                remedy: Remedy::LeaveOut,
            });
        }
    }
    found
}

/// The inner product, summed in eight lanes so that it can be vectorised.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum()
}

/// Some of a column's sampled values, centred on their mean and scaled to length 1, so that the inner product of two columns
/// is their correlation. Missing values count as the mean. `None` where the values do not vary, or most are missing.
fn normalised(sample: &RowSample, column: usize) -> Option<Vec<f32>> {
    // On a logarithmic scale, so that a single huge value does not decide.
    let tame = |value: f32| signed_ln(f64::from(value));
    let values: Vec<f32> = sample.numbers(column).step_by((sample.rows / ROWS).max(1)).collect();
    let finite: Vec<f64> = values.iter().filter(|value| value.is_finite()).map(|&value| tame(value)).collect();
    let mean = finite.iter().sum::<f64>() / finite.len().max(1) as f64;
    let length = libm::sqrt(finite.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>());
    let gaps = values.len() - finite.len();
    (length > 1e-9 && gaps * 2 < values.len()).then(|| {
        let place = |value: &f32| if value.is_finite() { ((tame(*value) - mean) / length) as f32 } else { 0.0 };
        values.iter().map(place).collect()
    })
}
