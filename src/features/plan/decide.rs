//! Which columns are compared, and how.

use super::{Feature, FeaturePlan, Omission, Treatment};
use crate::{
    features::{Encoding, Grouping},
    table::{ColumnProfile, Counts, Field, Kind, Profile, Role, RowSample, Schema, Unit},
};

/// Shares of missing cells of which it is compared whether a cell is missing: of fewer, each would be an anomaly by that
/// alone, of more, each that is not.
const TELLING: std::ops::RangeInclusive<f64> = 0.001..=0.999;

/// Categories of at most this many values can be one-hot encoded.
const FEW: usize = 8;

impl FeaturePlan {
    pub(super) fn recommended(
        &self,
        schema: &Schema,
        profile: &Profile,
        sample: &RowSample,
        column: usize,
    ) -> Result<Vec<Encoding>, Omission> {
        let (field, stats) = (&schema.fields[column], &profile.columns[column]);
        if matches!(field.role, Role::Identifier | Role::Time | Role::Label | Role::Ignored) {
            return Err(Omission::Role(field.role));
        }
        if stats.missing == profile.rows {
            return Err(Omission::Empty);
        }
        let twin = |feature: &&Feature| {
            schema.fields[feature.column].role.is_counted() == field.role.is_counted()
                && profile.columns[feature.column].fingerprint == stats.fingerprint
        };
        if stats.is_constant() {
            return Err(Omission::Constant);
        }
        if let Some(twin) = self.features.iter().find(twin) {
            return Err(Omission::DuplicateOf(twin.column));
        }
        match &stats.counts {
            Some(counts) if counts.is_crowded() => Err(Omission::Crowded),
            Some(counts) => {
                let mut encodings = counted(field, stats, counts, self.treatment, profile.rows);
                encodings.retain(Encoding::tells_apart);
                if encodings.is_empty() { Err(Omission::Constant) } else { Ok(encodings) }
            }
            None if !stats.has_numbers() => Err(Omission::Empty),
            None => {
                let Extent { min, max, median } = extent(stats, sample, column);
                let parts = field.unit.map_or(1.0, parts);
                let value = (min < max).then_some(Encoding::SignedLog { parts, min, max, missing: median });
                let share = stats.missing as f64 / profile.rows as f64;
                let missing = TELLING.contains(&share).then(Encoding::is_missing);
                let encodings: Vec<Encoding> = value.into_iter().chain(missing).collect();
                if encodings.is_empty() { Err(Omission::Constant) } else { Ok(encodings) }
            }
        }
    }
}

/// How many of the unit that its kind is compared in make one of a unit: lengths of time are compared in microseconds, as
/// CICFlowMeter writes them, shares in percent, rates by the byte.
fn parts(unit: Unit) -> f64 {
    match unit {
        Unit::Nanoseconds => 1e-3,
        Unit::Milliseconds => 1e3,
        Unit::Seconds => 1e6,
        Unit::Share => 100.0,
        Unit::BitsPerSecond => 0.125,
        Unit::Microseconds
        | Unit::Bytes
        | Unit::Packets
        | Unit::Flows
        | Unit::BytesPerSecond
        | Unit::PacketsPerSecond
        | Unit::Percent => 1.0,
    }
}

/// How a column of counted values is compared. By default, categories and ports by how rare the value is, addresses by how
/// rare their class is. (Area under ROC on the synthetic sample, mean of 5 seeds: 0.968 without addresses, 0.971 with
/// their classes, 0.968 with their networks as well; with one-hot categories instead of rarity 0.962. On NSL-KDD with 5 %
/// attacks: by rarity 0.975, one-hot 0.974.)
fn counted(field: &Field, stats: &ColumnProfile, counts: &Counts, treatment: Treatment, rows: u64) -> Vec<Encoding> {
    let rarity = |of| Encoding::rarity(of, counts, stats, field.role, rows);
    match field.role {
        Role::Ip if treatment.networks => vec![rarity(Grouping::Values), rarity(Grouping::AddressClasses)],
        Role::Ip => vec![rarity(Grouping::AddressClasses)],
        Role::Category | Role::Protocol if treatment.one_hot && counts.len() <= FEW => Encoding::one_hot(counts),
        _ => vec![rarity(Grouping::Values)],
    }
}

/// The original application: `select_dtypes(number)`, then `MinMaxScaler` fitted on the whole file.
pub(super) fn classic(
    schema: &Schema,
    profile: &Profile,
    sample: &RowSample,
    column: usize,
) -> Result<Encoding, Omission> {
    let (field, stats) = (&schema.fields[column], &profile.columns[column]);
    match field.role {
        role @ (Role::Label | Role::Ignored) => Err(Omission::Role(role)),
        _ if field.kind == Kind::Text => Err(Omission::Text),
        _ if !stats.has_numbers() => Err(Omission::Empty),
        _ => {
            let Extent { min, max, median } = extent(stats, sample, column);
            Ok(Encoding::MinMax { min, max, missing: median })
        }
    }
}

/// Where a number column's finite values lie.
struct Extent {
    min: f64,
    max: f64,
    median: f64,
}

fn extent(stats: &ColumnProfile, sample: &RowSample, column: usize) -> Extent {
    // As cells are compared: as 32-bit floats.
    let (min, max) = (f64::from(stats.min as f32), f64::from(stats.max as f32));
    let median = sample.median(column).map_or(min, f64::from);
    Extent { min, max, median }
}
