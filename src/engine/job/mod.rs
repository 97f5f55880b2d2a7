//! Jobs, a verb per file: what is asked of which shard, in which order, and how the answers are merged.
//!
//! | file | does |
//! |---|---|
//! | `open` | files as they were given → one text whose layout is known |
//! | `read` | that text → rows in the shards, described |
//! | `sample` | rows of all shards → one sample of them in the first |
//! | `fit` | a sample → a plan and a detector that were fitted on it |
//! | `apply` | a fitted plan and detector → scores, ranks and a threshold for all rows |
//! | `group` | a run that was scored → groups of alike rows, and bursts |
//! | `burst` | rows of all shards → bursts |
//! | `crowd` | groups and bursts with what was counted → those that are told of |
//! | `baseline` | flows known to be normal → a detector for others that was fitted on them |
//! | `first` | the first part of a file → flows known to be normal |
//! | `drift` | the flows that a detector was fitted on, and these → how far they are from those |
//! | `learn` | an analyst's marks → what they teach of a run's rows |
//! | `keep` | a fitted detector ⇄ its file |
//! | `judge` | scores → a threshold among them |
//! | `compare` | two runs on the same rows → how far they agree |
//! | `similar` | a flow → those that are most like it |
//! | `table` | a filter and an order → the rows of a table |
//! | `export` | ranked rows → files |

mod apply;
mod baseline;
mod burst;
mod compare;
mod crowd;
mod dataset;
mod drift;
mod export;
mod first;
mod fit;
mod group;
mod judge;
mod keep;
mod learn;
mod open;
mod outcome;
mod read;
mod sample;
mod similar;
mod table;

pub use apply::{apply, run};
pub use baseline::{Baseline, fit_on, open_baseline};
pub use compare::{agree, compare};
pub use crowd::{Crowd, Found};
pub use dataset::Dataset;
pub use export::{export, export_rejected, generate};
pub use first::{First, open_first};
pub use fit::{Fitted, fit, stability};
pub use judge::{judge, judge_all};
pub use keep::{bind, other_roles, read_model, save, without, write_model, write_model_for};
pub use learn::learn;
pub use open::{Limits, Opened, Outlook, open};
pub use outcome::{Outcome, Trained};
pub use read::{assign, load, read};
pub use similar::similar;
pub use table::{table, table_by};

use fit::fit_for;
use futures_util::future::try_join_all;

use super::{EngineError, Host, Reply, Request};

/// Takes one kind of reply apart; any other is an error.
macro_rules! answered {
    ($answer:expr, $pattern:pat => $value:expr) => {
        match $answer.0 {
            $pattern => Ok($value),
            _ => Err($crate::engine::query::unexpected()),
        }
    };
}

use answered;

/// Asks every shard and waits for all; the replies are in the order of the shards.
async fn ask_each<H: Host, R: Into<Request>>(
    host: &H,
    request: impl Fn(usize) -> R,
) -> Result<Vec<(Reply, H::Written)>, EngineError> {
    try_join_all((0..host.shards()).map(|shard| host.ask(shard, request(shard).into()))).await
}

/// Asks the shard that does what is done once.
async fn ask_first<H: Host>(host: &H, request: impl Into<Request>) -> Result<(Reply, H::Written), EngineError> {
    host.ask(0, request.into()).await
}
