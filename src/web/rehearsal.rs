//! Doing everything once before it counts.
//!
//! Browsers compile wasm in haste first and well only what proves to be busy, which costs the first file a second. A few
//! thousand synthetic flows make the same code busy while the visitor still looks for the file.

use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::{file::FileSource, wire::words_of};
use crate::{
    detect::{
        groups::{self, Share},
        isolation_forest::Params,
    },
    engine::{Compared, DataRequest, EngineError, FitRequest, Outlet, Piece, Reply, ScoreRequest, Shard},
    features::{FeaturePlan, Treatment},
    ingest::Choices,
    sample::Flows,
};

/// Flows that are enough.
const ROWS: u64 = 6_000;

/// Reads, describes and scores synthetic flows; leaves an empty shard.
///
/// # Errors
/// [`EngineError::Cancelled`] if something came that counts.
pub async fn rehearse(shard: &mut Shard<FileSource>, outlet: &impl Outlet) -> Result<(), EngineError> {
    let result = play(shard, outlet).await;
    shard.open(Vec::new());
    result
}

async fn play(shard: &mut Shard<FileSource>, outlet: &impl Outlet) -> Result<(), EngineError> {
    let mut text = Vec::new();
    Flows::new(ROWS, 0).write(&mut text, usize::MAX);
    let parts = Array::of1(&Uint8Array::from(text.as_slice()));
    let source = Blob::new_with_u8_array_sequence(&parts).and_then(FileSource::new);
    shard.open(vec![source.map_err(|error| EngineError::Protocol(words_of(&error)))?]);
    shard.join(vec![Piece::Input(0)], (0, 1))?;

    let sniff = DataRequest::Sniff { choices: Choices::default(), names: vec![String::new()] };
    let Reply::Sniffed { layout, .. } = shard.handle(sniff.into(), outlet).await? else { return Ok(()) };
    let parse = DataRequest::Parse {
        range: layout.data_start..layout.file_bytes,
        layout,
        begin: None,
        budget: u64::MAX,
        sample: (ROWS as usize, 0),
    };
    let Reply::Parsed { profile, .. } = shard.handle(parse.into(), outlet).await? else { return Ok(()) };
    let Reply::Sampled(part) = shard.handle(DataRequest::Sample { cutoff: u64::MAX }.into(), outlet).await? else {
        return Ok(());
    };
    shard.handle(DataRequest::KeepSample { part, first: true }.into(), outlet).await?;
    let profile = Arc::new(profile);
    shard.handle(DataRequest::Describe { profile: Arc::clone(&profile) }.into(), outlet).await?;
    let fit = FitRequest::Forest { treatment: Treatment::default(), params: Params::default(), profile };
    let Reply::Fitted(plan, model) = shard.handle(fit.into(), outlet).await? else { return Ok(()) };
    let score = ScoreRequest::Score { plan: Arc::clone(&plan), model, count: None };
    let Reply::Scored(scores) = shard.handle(score.into(), outlet).await? else { return Ok(()) };
    let ranked = shard.handle(ScoreRequest::Rank(vec![scores]).into(), outlet).await?;
    if let Reply::Ranked { ranks, .. } = ranked {
        for ranks in ranks {
            shard.handle(ScoreRequest::KeepRanks(ranks).into(), outlet).await?;
        }
    }
    group(shard, plan, outlet).await
}

/// Looks for groups among all flows.
async fn group(shard: &mut Shard<FileSource>, plan: Arc<FeaturePlan>, outlet: &impl Outlet) -> Result<(), EngineError> {
    let (params, share) = (groups::Params::default(), Share::ALL);
    let compared = Compared { cutoff: u64::MAX, highest: 0 };
    let Reply::Space(space) = shard.handle(FitRequest::Space { plan }.into(), outlet).await? else { return Ok(()) };
    let points = ScoreRequest::Points { space: Arc::clone(&space), compared };
    let Reply::Points { drawn, .. } = shard.handle(points.into(), outlet).await? else { return Ok(()) };
    let points = Arc::new(drawn);
    let compare = FitRequest::Compare { params, points: Arc::clone(&points), share };
    let Reply::Near(near) = shard.handle(compare.into(), outlet).await? else { return Ok(()) };
    let join = FitRequest::Join { points: Arc::clone(&points), cores: near.cores(), share };
    let Reply::Joined(edges) = shard.handle(join.into(), outlet).await? else { return Ok(()) };
    let choose = FitRequest::Group { params, space, points, cores: near.cores(), edges, reference: None };
    let Reply::Grouped(groups) = shard.handle(choose.into(), outlet).await? else { return Ok(()) };
    shard
        .handle(ScoreRequest::Assign { groups, bursts: None, compared, clock: None, span: [0; 2] }.into(), outlet)
        .await?;
    Ok(())
}
