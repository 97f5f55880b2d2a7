//! A run that was scored → groups of alike rows.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use super::{
    Dataset, answered, ask_each, ask_first,
    burst::{bursts, clock},
    crowd::{Crowd, Found, told},
    sample,
};
use crate::{
    context::{Bursts, Clock},
    detect::{
        Check as _,
        groups::{Groups, LEAST_FEATURES, Near, Params, Sampled, Share},
    },
    engine::{Among, Compared, EngineError, FitRequest, Host, Reply, ScoreRequest, query::unexpected},
    features::FeaturePlan,
    model::Normal,
    report::GroupFacts,
    table::FlowColumns,
};

/// Rows drawn by chance that are compared with each other, and the highest-scoring ones besides. (Of seven ways, in
/// `docs/ACCURACY.md`.)
const DRAWN: f64 = 4_096.0;
const HIGHEST: u32 = 4_096;
/// Features up to which so many are compared. Of more, fewer: comparing takes rows² × features.
const FEATURES: f64 = 96.0;

/// Finds groups, bursts and series in the run that is being made, those first that stand out, the most notable first; where normal flows are
/// known, groups that are rarer among them, and how many were not.
pub(super) async fn group<H: Host>(
    host: &H,
    dataset: &Dataset,
    plan: &Arc<FeaturePlan>,
    params: Params,
    normal: Option<&Normal>,
) -> Result<(Vec<Found>, usize), EngineError> {
    params.verify().map_err(|error| EngineError::Detector(error.to_string()))?;
    let compared = compared(dataset.profile.rows, plan.features.len());
    let groups = alike(host, dataset, (plan, compared), params, normal).await?;
    let most = (params.largest * dataset.profile.rows as f64) as u64;
    // With a baseline nothing was counted: it is its flows that tell what is routine.
    let clock = if normal.is_none() { clock(host, dataset).await? } else { None };
    let bursts = match &clock {
        Some(clock) => bursts(host, dataset, clock, most).await?,
        None => None,
    };
    let of = (Arc::clone(&groups), bursts.clone());
    let facts = assign(host, dataset, of, (compared, clock)).await?;
    let rows: Vec<(&[u8], u64)> = facts.iter().map(|(among, facts)| (among.bursts.as_slice(), facts.rows)).collect();
    let kept = bursts.as_ref().map(|bursts| bursts.disjoint(&rows)).unwrap_or_default();
    let bursts = bursts.map(|bursts| Arc::new(Arc::unwrap_or_clone(bursts).only(&kept)));
    let (facts, shared) = settled(facts, groups.groups.len(), &kept);
    let mut numbers = vec![0; facts.len()];
    let mut told = told(&groups, bursts.as_deref(), facts, &shared, (params.smallest as u64, most));
    for (number, (place, _)) in (1..).zip(&told) {
        numbers[*place] = number;
    }
    set_apart(host, dataset, plan, &mut told).await?;
    let usual = groups.usual;
    let settle = ScoreRequest::Settle { groups, bursts, kept, numbers };
    ask_each(host, |_| settle.clone()).await?;
    Ok((told.into_iter().map(|(_, found)| found).collect(), usual))
}

/// Groups of alike rows among those that are compared.
async fn alike<H: Host>(
    host: &H,
    dataset: &Dataset,
    (plan, compared): (&Arc<FeaturePlan>, Compared),
    params: Params,
    normal: Option<&Normal>,
) -> Result<Arc<Groups>, EngineError> {
    let space = match normal {
        Some(normal) => Arc::clone(&normal.space),
        None => {
            // Whoever uses a saved detector has fitted none here.
            sample::ensure(host, dataset).await?;
            let told = ask_first(host, FitRequest::Space { plan: Arc::clone(plan) }).await?;
            answered!(told, Reply::Space(space) => space)?
        }
    };
    let replies = ask_each(host, |_| ScoreRequest::Points { space: Arc::clone(&space), compared }).await?;
    // Those that were drawn by chance come first.
    let (mut points, mut highest) = (space.empty(), space.empty());
    // Along fewer features there are no groups: nothing is compared.
    let enough = space.features() >= LEAST_FEATURES;
    for reply in replies.into_iter().filter(|_| enough) {
        let more = answered!(reply, Reply::Points { drawn, highest } => [drawn, highest])?;
        points.extend(&more[0]);
        highest.extend(&more[1]);
    }
    let sampled = Sampled { drawn: points.rows(), rows: dataset.profile.rows };
    points.extend(&highest);
    let points = Arc::new(points);
    let share = |worker| Share { worker, workers: host.shards() };
    let compare = |shard| FitRequest::Compare { params, points: Arc::clone(&points), share: share(shard) };
    let mut near: Option<Near> = None;
    for reply in ask_each(host, compare).await? {
        let more = answered!(reply, Reply::Near(near) => near)?;
        match &mut near {
            Some(near) => near.merge(&more),
            None => near = Some(more),
        }
    }
    let cores = near.ok_or_else(unexpected)?.cores();
    let join = |shard| FitRequest::Join { points: Arc::clone(&points), cores: cores.clone(), share: share(shard) };
    let mut edges = Vec::new();
    for reply in ask_each(host, join).await? {
        edges.extend(answered!(reply, Reply::Joined(edges) => edges)?);
    }
    let reference = normal.map(|normal| (Arc::clone(&normal.reference), sampled));
    let grouped = ask_first(host, FitRequest::Group { params, space, points, cores, edges, reference }).await?;
    answered!(grouped, Reply::Grouped(groups) => groups)
}

/// What is true of the rows that are among the same groups and bursts.
async fn assign<H: Host>(
    host: &H,
    dataset: &Dataset,
    (groups, bursts): (Arc<Groups>, Option<Arc<Bursts>>),
    (compared, clock): (Compared, Option<Arc<Clock>>),
) -> Result<BTreeMap<Among, GroupFacts>, EngineError> {
    let time = FlowColumns::of(&dataset.layout.schema).time;
    let span = time.map_or([0; 2], |column| dataset.profile.columns[column].exact);
    let assign = ScoreRequest::Assign { groups, bursts, compared, clock, span };
    let mut all: BTreeMap<Among, GroupFacts> = BTreeMap::new();
    for reply in ask_each(host, |_| assign.clone()).await? {
        for (among, facts) in answered!(reply, Reply::Assigned(facts) => facts)? {
            match all.entry(among) {
                Entry::Occupied(mut known) => known.get_mut().merge(facts),
                Entry::Vacant(place) => _ = place.insert(facts),
            }
        }
    }
    Ok(all)
}

/// What is true of the rows of each of so many groups and then of each burst that was kept, and how many rows of each group are a burst's.
fn settled(all: BTreeMap<Among, GroupFacts>, groups: usize, kept: &[u8]) -> (Vec<GroupFacts>, Vec<u64>) {
    let mut facts: Vec<Option<GroupFacts>> = vec![None; groups + kept.len()];
    let mut shared = vec![0; groups];
    for (among, more) in all {
        let place = among.place(groups, kept);
        if let Some(group) = usize::from(among.group).checked_sub(1).filter(|_| place > groups) {
            shared[group] += more.rows;
        }
        // Others are of bursts that were not kept.
        if let Some(place) = place.checked_sub(1) {
            match &mut facts[place] {
                Some(facts) => facts.merge(more),
                none => *none = Some(more),
            }
        }
    }
    (facts.into_iter().map(Option::unwrap_or_default).collect(), shared)
}

/// Says which columns set the bursts apart that are told of.
async fn set_apart<H: Host>(
    host: &H,
    dataset: &Dataset,
    plan: &Arc<FeaturePlan>,
    told: &mut [(usize, Found)],
) -> Result<(), EngineError> {
    let (mut distinct, mut facts) = (Vec::new(), Vec::new());
    for (_, found) in told {
        if let Crowd::Burst(burst) = &mut found.what {
            distinct.push(&mut burst.distinct);
            facts.push(found.facts.clone());
        }
    }
    if facts.is_empty() {
        return Ok(());
    }
    let (plan, rows) = (Arc::clone(plan), dataset.profile.rows);
    let reply = ask_first(host, FitRequest::Apart { plan, bursts: facts, rows }).await?;
    let shares = answered!(reply, Reply::Apart(shares) => shares)?;
    distinct.into_iter().zip(shares).for_each(|(distinct, shares)| *distinct = shares);
    Ok(())
}

/// Which of so many rows are compared.
fn compared(rows: u64, features: usize) -> Compared {
    let fewer = (FEATURES / features as f64).sqrt().min(1.0);
    let drawn = DRAWN * fewer;
    let highest = (f64::from(HIGHEST) * fewer) as u32;
    if rows as f64 <= drawn + f64::from(highest) {
        return Compared { cutoff: u64::MAX, highest: 0 };
    }
    Compared { cutoff: (drawn / rows as f64 * u64::MAX as f64) as u64, highest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_are_compared_as_a_whole_and_wide_ones_in_part() {
        assert_eq!(compared(8_192, 80), Compared { cutoff: u64::MAX, highest: 0 });
        let large = compared(1_000_000, 80);
        assert_eq!((large.highest, large.cutoff >> 52), (HIGHEST, (4_096 * 4_096) / 1_000_000));
        assert_eq!(compared(1_000_000, 4_096).highest, 627);
    }
}
