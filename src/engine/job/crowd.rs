//! Groups, bursts and series with what was counted → those that are told of, in their order.

use crate::{
    context::{Burst, Bursts, is_steady},
    detect::groups::{Group, Groups, MOST},
    report::GroupFacts,
};

/// A group or a burst, and what is true of all of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What makes it one.
    pub what: Crowd,
    /// How far it is from everything else, how short, or how even, as a multiple of what chance does. It may be below 1 where some of a group's
    /// flows are a burst's.
    pub severity: f64,
    /// It goes on all through the file, as routine does.
    pub steady: bool,
    /// What was counted over its rows.
    pub facts: GroupFacts,
}

impl Found {
    /// It does so more than chance would, and is no routine.
    #[must_use]
    pub fn stands_out(&self) -> bool {
        self.severity >= 1.0 && !self.steady
    }
}

/// Flows that belong together.
#[derive(Debug, Clone, PartialEq)]
pub enum Crowd {
    /// They are alike, and nothing else is like them.
    Alike(Box<Group>),
    /// They are of one host, service or pair of hosts, within a short time or at even intervals.
    Burst(Burst),
}

/// Those that are told of, with their places among groups and then bursts: first what stands out, the most severe first. None has more
/// rows than `most`, and a group has `smallest` left that are no burst's.
pub(super) fn told(
    groups: &Groups,
    bursts: Option<&Bursts>,
    facts: Vec<GroupFacts>,
    shared: &[u64],
    (smallest, most): (u64, u64),
) -> Vec<(usize, Found)> {
    let alike =
        groups.groups.iter().zip(shared).map(|(group, &shared)| (Crowd::Alike(Box::new(group.clone())), shared));
    let bursts = bursts.into_iter().flat_map(|bursts| &bursts.bursts).map(|burst| (Crowd::Burst(burst.clone()), 0));
    let mut told: Vec<(usize, Found)> = Vec::new();
    for (place, ((what, shared), facts)) in alike.chain(bursts).zip(facts).enumerate() {
        let rows = facts.rows + shared;
        // Only now is known how many there are: among those that are compared, the highest-scoring are more than elsewhere.
        let is_rare = facts.rows > 0 && rows <= most && (shared == 0 || facts.rows >= smallest);
        let severity = match &what {
            Crowd::Alike(group) => group.severity * (facts.rows as f64 / rows.max(1) as f64).sqrt(),
            Crowd::Burst(burst) => burst.severity,
        };
        if is_rare {
            let steady = is_steady(&facts.stretches);
            told.push((place, Found { what, severity, steady, facts }));
        }
    }
    told.sort_by(|(_, a), (_, b)| b.stands_out().cmp(&a.stands_out()).then_with(|| b.severity.total_cmp(&a.severity)));
    told.truncate(MOST);
    told
}
