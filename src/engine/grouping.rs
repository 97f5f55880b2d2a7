//! Rows of all shards → groups of alike ones. What shards do together, without what they hold.

use std::sync::Arc;

use super::{EngineError, Outlet, Progress, Reply, Stage};
use crate::{
    detect::{
        Checked,
        groups::{self, Against, Comparing, Cores, Edge, Joining, Params, Reference, Sampled, Share},
    },
    features::{Points, Space},
};

/// How far it is, of four steps: comparing, joining, looking for bursts, assigning.
pub(super) fn at(step: u64, done: f64) -> Progress {
    const STEPS: u64 = 4;
    /// Parts of a step that are told apart.
    const PARTS: f64 = 1_000.0;
    let parts = PARTS as u64;
    Progress { stage: Stage::Grouping, done: step * parts + (PARTS * done) as u64, total: STEPS * parts, rows: 0 }
}

/// How far the rows of all shards are from their neighbours, as far as a share of the pairs tells.
pub(super) async fn compare_points(
    params: Params,
    points: &Points,
    share: Share,
    outlet: &impl Outlet,
) -> Result<Reply, EngineError> {
    let mut comparing = Comparing::new(checked(params)?, points, share);
    while comparing.compare_some() {
        outlet.tick(at(0, comparing.done())).await?;
    }
    Ok(Reply::Near(comparing.finish()))
}

/// What joins the rows of all shards, of a share of the pairs.
pub(super) async fn join_points(
    points: &Points,
    cores: Cores,
    share: Share,
    outlet: &impl Outlet,
) -> Result<Reply, EngineError> {
    let mut joining = Joining::new(points, cores, share);
    while joining.join_some() {
        outlet.tick(at(1, joining.done())).await?;
    }
    Ok(Reply::Joined(joining.finish()))
}

/// Which sets of the rows of all shards are groups.
pub(super) fn choose_groups(
    params: Params,
    space: &Space,
    points: &Points,
    pairs: (&Cores, Vec<Edge>),
    reference: Option<&(Arc<Reference>, Sampled)>,
) -> Result<Reply, EngineError> {
    let against = reference.map(|(reference, sampled)| Against { reference, sampled: *sampled });
    Ok(Reply::Grouped(Arc::new(groups::stand_out(checked(params)?, space.clone(), points, pairs, against))))
}

fn checked(params: Params) -> Result<Checked<Params>, EngineError> {
    params.check().map_err(|error| EngineError::Detector(error.to_string()))
}
