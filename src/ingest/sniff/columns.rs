//! What columns hold and mean.

use super::Evidence;
use crate::{
    ingest::{
        Choices, FindingKind,
        families::{self, Family},
        numeral, quantity,
        roles::{self, Asked, Beside},
        time,
    },
    table::{CHOSEN, Field, Kind, Role, TimeStyle},
};

/// A column as it is found: what is known of it, and what is odd.
pub(in crate::ingest) struct Found {
    pub field: Field,
    pub odd: Vec<FindingKind>,
}

/// Tells one column by its name, by what the file says of it, by its cells, and by what the user chose.
pub(in crate::ingest) fn column(
    place: usize,
    name: String,
    family: Option<&'static Family>,
    said: Option<Role>,
    evidence: &Evidence<'_>,
    beside: &Beside,
    choices: &Choices,
) -> Found {
    let known = families::column(family, &name);
    let verdict = roles::infer(&Asked { place, name: &name, known, said, evidence, beside });
    let chosen = choices.roles.get(&name).copied();
    let role = chosen.unwrap_or(verdict.role);
    let kind = match chosen {
        // Whoever measures by a column wants its numbers.
        Some(Role::Measure | Role::Duration) => Kind::Number,
        _ => evidence.kind(Some(role)),
    };
    let known = known.filter(|known| known.role == role);
    let told = Some(&verdict).filter(|verdict| verdict.role == role);
    let mut odd = Vec::new();
    if chosen.is_none()
        && known.is_none()
        && kind == Kind::Text
        && matches!(role, Role::Category | Role::Identifier)
        && evidence.looks_like_numbers()
    {
        odd.push(FindingKind::NumbersAsText);
    }
    let measured = kind == Kind::Number && matches!(role, Role::Measure | Role::Duration);
    let unit = if kind == Kind::Number && numeral::has_quantities(role) { evidence.unit(role) } else { None };
    let named = || quantity::unit_in_name(&name).or(told.and_then(|told| told.unit)).filter(|_| measured);
    let field = Field {
        meaning: known.map(|column| column.meaning).or(told.and_then(|told| told.meaning)).map(str::to_owned),
        // Where the tool's unit is of the same kind as that in the cells, they are turned into it.
        unit: known
            .and_then(|column| column.unit)
            .filter(|known| unit.is_none_or(|unit| known.base().0 == unit.base().0))
            .or(unit)
            .or_else(named),
        because: if chosen.is_some() { CHOSEN.to_owned() } else { verdict.because.to_owned() },
        time: (role == Role::Time).then(|| time_style(kind, family, evidence, &mut odd)).flatten(),
        minus_one_is_missing: choices.minus_one_is_missing.contains(&name),
        zero_is_missing: role == Role::Time && kind == Kind::Number && roles::counts_from_1970(evidence),
        ..Field::new(name, kind, role)
    };
    Found { field, odd }
}

fn time_style(
    kind: Kind,
    family: Option<&Family>,
    evidence: &Evidence<'_>,
    odd: &mut Vec<FindingKind>,
) -> Option<TimeStyle> {
    if kind == Kind::Number {
        return Some(time::style_of_numbers(evidence.numbers.iter().copied()));
    }
    let clock = evidence.clock()?;
    // CICFlowMeter writes Java's `dd/MM/yyyy hh:mm:ss`, which is day first, of a 12-hour clock. (Its Python twin does not.)
    let java = clock.style == TimeStyle::DayFirst && family.is_some_and(|family| family.name == "CICFlowMeter");
    if clock.either_order && !java {
        odd.push(FindingKind::AmbiguousDate);
    }
    if clock.twelve_hours && (java || clock.telling) {
        odd.push(FindingKind::TwelveHourClock);
    }
    Some(clock.style)
}
