//! What is noteworthy about single columns, and about repeated rows.

use super::{Amount, Described, Kind, Lint, Remedy};
use crate::{
    numeric::quantile::above_percent,
    table::{Profile, Role, Storage},
};

/// A value this many times the 95 % quantile is far larger than the others.
const FAR: f64 = 1_000.0;
/// Orders of magnitude between two units: milliseconds and microseconds, seconds and milliseconds, …
const UNIT_STEP: f64 = 3.0;

pub(super) fn column(table: Described, column: usize, found: &mut Vec<Lint>) {
    let (field, stats) = (&table.schema.fields[column], &table.profile.columns[column]);
    let mut note = |kind, amount, remedy| {
        found.push(Lint { kind, column: Some(column), other: None, amount, relation: None, remedy });
    };
    if field.role == Role::Ignored || field.storage() == Storage::None {
        return;
    }
    if stats.is_constant() {
        note(Kind::Constant, Amount::Rows(table.profile.rows), Remedy::LeaveOut);
        return;
    }
    if stats.infinite > 0 {
        note(Kind::Infinite, Amount::Rows(stats.infinite), Remedy::LeaveOut);
    }
    if field.storage() != Storage::Number || !stats.has_numbers() || field.role.is_counted() {
        return;
    }
    if stats.minus_ones > 0 && stats.negative == stats.minus_ones {
        note(Kind::MinusOne, Amount::Rows(stats.minus_ones), Remedy::MinusOneIsMissing);
    }
    let values: Vec<f32> = table.sample.numbers(column).collect();
    let mut sizes: Vec<f32> = values.iter().map(|value| value.abs()).filter(|size| size.is_finite()).collect();
    let Some(usual) = above_percent(&mut sizes, 95).map(f64::from) else { return };
    let far = sizes.iter().filter(|&&size| f64::from(size) > FAR * usual.max(1.0)).count();
    let extreme = stats.max.abs().max(stats.min.abs());
    if extreme > FAR * usual.max(1.0) && matches!(field.role, Role::Measure | Role::Duration) {
        note(Kind::Skewed, table.amount(far.max(1)), Remedy::LogarithmicScale);
    }
    // Where the unit is known, long and short durations are no sign of mixed units.
    if matches!(field.role, Role::Duration | Role::Time)
        && field.unit.is_none()
        && let Some(rows) = in_another_unit(&values)
    {
        note(Kind::MixedUnits, table.amount(rows), Remedy::LeaveOut);
    }
}

/// The size of the smaller of two groups of positive values that a factor of 1,000 or more separates, with nothing between;
/// `None` if there is no such gap, or the smaller group is less than one in a hundred.
fn in_another_unit(values: &[f32]) -> Option<usize> {
    let mut sizes: Vec<f64> = values
        .iter()
        .filter(|&&value| value > 0.0 && value.is_finite())
        .map(|&value| libm::log10(f64::from(value)))
        .collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let gap = sizes.windows(2).position(|pair| pair[1] - pair[0] >= UNIT_STEP)?;
    let (below, above) = (gap + 1, sizes.len() - gap - 1);
    let fewer = below.min(above);
    (fewer * 100 >= sizes.len()).then_some(fewer)
}

/// Rows that equal an earlier one in every stored column but times and identifiers.
pub(super) fn repeated_rows(profile: &Profile) -> Option<Lint> {
    let (repeated, exact) = profile.repeats.count(profile.rows);
    let amount = if exact { Amount::Rows(repeated) } else { Amount::Share(repeated as f64 / profile.rows as f64) };
    (repeated > 0).then_some(Lint {
        kind: Kind::RepeatedRows,
        column: None,
        other: None,
        amount,
        relation: None,
        remedy: Remedy::DeduplicateTrainingRows,
    })
}
