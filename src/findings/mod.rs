//! Groups and single flows as one list of findings, in words.

mod common;
mod csv;
mod finding;
mod flow;
mod group;
#[cfg(test)]
mod tests;

pub use csv::csv;
pub use finding::{Apart, Finding, Reach, What, alike};
pub use flow::{neighbour, of_flow};

use crate::{
    engine::{Dataset, Outcome, Single},
    numeric::order::ordered,
    report::{Axis, Scale},
    table::{Host, MISSING_KEY, key_number},
    words::amount,
};

/// The most single flows that are listed.
pub const SINGLES: usize = 25;
/// Columns that are named for what sets a finding apart.
const TOLD: usize = 6;

/// How many findings stand out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Groups and bursts that do so more than chance would.
    pub groups: usize,
    /// Single flows that do.
    pub flows: usize,
    /// Groups that go on all through the file, and findings that chance would bring.
    pub others: usize,
}

impl Standing {
    /// Of these.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut standing = Self::default();
        for finding in findings {
            match finding.what {
                _ if !finding.stands_out() => standing.others += 1,
                What::Group(_) => standing.groups += 1,
                What::Flow(_) => standing.flows += 1,
            }
        }
        standing
    }
}

/// All findings of a run: those first that stand out, the most severe first. Flows of a group are not among the single ones.
pub fn findings(outcome: &Outcome, singles: &[Single], dataset: &Dataset) -> Vec<Finding> {
    let groups =
        outcome.groups.iter().enumerate().map(|(place, found)| group::of_group(place, found, outcome, dataset));
    let all: Vec<Finding> = groups.chain(singles.iter().map(|single| flow::of_flow(single, dataset))).collect();
    // Of equal ones, groups before flows, and each in their order.
    ordered(all, |a, b| {
        let severe = b.severity.unwrap_or(0.0).total_cmp(&a.severity.unwrap_or(0.0));
        b.stands_out().cmp(&a.stands_out()).then(severe)
    })
}
/// Where amounts from `own[0]` to `own[1]` lie. Points in time and values that are counted as names have no such place.
fn spread(own: [f64; 2], column: usize, dataset: &Dataset) -> Option<Reach> {
    let (field, profile) = (&dataset.layout.schema.fields[column], dataset.profile.columns.get(column)?);
    let typical = dataset.typical.get(column).filter(|typical| typical.commonest.is_none() && field.time.is_none())?;
    let axis = Axis::new(column, profile, typical).filter(|_| own[0] <= own[1])?;
    let place = |value| ((axis.scale.place(value) - axis.low) / (axis.high - axis.low)).clamp(0.0, 1.0);
    let [least, greatest] = [profile.min, profile.max].map(|value| amount(value, field));
    let scale = if axis.scale == Scale::Linear { "" } else { ", logarithmic" };
    Some(Reach {
        own: own.map(place),
        usual: typical.range?.map(place),
        axis: format!("{least} to {greatest} in the file{scale}"),
    })
}

/// A counted value by its key.
pub fn name_of(key: u32, column: usize, dataset: &Dataset) -> String {
    if key == MISSING_KEY {
        return "missing".into();
    }
    let counts = dataset.profile.columns[column].counts.as_ref();
    let known = counts.and_then(|counts| counts.iter().find(|value| value.key == key));
    known.map_or_else(|| key_number(key).to_string(), |value| value.name())
}
/// A host, as text.
pub fn host_name(host: Host, column: usize, dataset: &Dataset) -> String {
    match host {
        Host::Missing => "unknown".into(),
        Host::Address(address) => address.to_string(),
        Host::Name(_) => name_of(host.network(), column, dataset),
    }
}
