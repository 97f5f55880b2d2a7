//! What jobs ask and shards answer.
//!
//! Requests come in five families: about the file's data, about fitting, about scores, about files to write, and
//! questions about ranked rows, each of which has a file of its own in [`queries`](super::queries).

mod data;
mod export;
mod fit;
mod reply;
mod score;

pub use data::DataRequest;
pub use export::{Export, ExportRequest};
pub use fit::FitRequest;
pub use reply::Reply;
pub use score::{Among, Compared, Ranks, ScoreRequest, Scores, WhichRun};

use serde::{Deserialize, Serialize};

use super::queries::AnyQuery;

/// What a job asks a shard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Open, read, sample and describe files.
    Data(DataRequest),
    /// Fit plans and detectors.
    Fit(FitRequest),
    /// Score, rank and judge rows.
    Score(ScoreRequest),
    /// Write files.
    Export(ExportRequest),
    /// Tell something of ranked rows.
    Ask(AnyQuery),
}

impl From<DataRequest> for Request {
    fn from(request: DataRequest) -> Self {
        Self::Data(request)
    }
}

impl From<FitRequest> for Request {
    fn from(request: FitRequest) -> Self {
        Self::Fit(request)
    }
}

impl From<ScoreRequest> for Request {
    fn from(request: ScoreRequest) -> Self {
        Self::Score(request)
    }
}

impl From<ExportRequest> for Request {
    fn from(request: ExportRequest) -> Self {
        Self::Export(request)
    }
}

impl From<AnyQuery> for Request {
    fn from(query: AnyQuery) -> Self {
        Self::Ask(query)
    }
}
