//! Questions about ranked rows: one way to ask all shards and to join their answers.

use super::{
    EngineError, Host, Outlet, Reply, Request, Shard,
    queries::{AnyAnswer, AnyQuery},
};
use crate::ingest::Source;

/// Answers of which each is about some of the file's rows, and which join to one about all of them.
pub trait Merge {
    /// Joins the answer about the rows that follow.
    fn merge(&mut self, next: Self);
}

/// Sums.
impl Merge for u64 {
    fn merge(&mut self, next: Self) {
        *self += next;
    }
}

/// A question about ranked rows. To add one: a file in `engine/queries`, and its name in the list there.
#[expect(async_fn_in_trait, reason = "shards answer where they are: no answer moves to another thread")]
pub trait Query: Sized {
    /// What shards answer.
    type Answer: Merge;

    /// What one shard says of its rows.
    ///
    /// # Errors
    /// [`EngineError`]
    async fn answer<S: Source + 'static>(
        self,
        shard: &mut Shard<S>,
        outlet: &impl Outlet,
    ) -> Result<Self::Answer, EngineError>;
}

/// A query that can be sent.
pub trait Sent: Query + Clone + Into<AnyQuery> {
    /// The answer, if it is one to this kind of question.
    fn answer_of(answer: AnyAnswer) -> Option<Self::Answer>;
}

/// Asks all shards, and joins their answers in the order of the file.
///
/// # Errors
/// [`EngineError`]
pub async fn ask_all<H: Host, Q: Sent>(host: &H, query: Q) -> Result<Q::Answer, EngineError> {
    let ask = |shard| host.ask(shard, Request::Ask(query.clone().into()));
    let replies = futures_util::future::try_join_all((0..host.shards()).map(ask)).await?;
    let mut merged: Option<Q::Answer> = None;
    for (reply, _) in replies {
        let Reply::Answer(answer) = reply else { return Err(unexpected()) };
        let answer = Q::answer_of(answer).ok_or_else(unexpected)?;
        match &mut merged {
            None => merged = Some(answer),
            Some(merged) => merged.merge(answer),
        }
    }
    merged.ok_or_else(|| EngineError::Protocol("there are no workers".into()))
}

pub(super) fn unexpected() -> EngineError {
    EngineError::Protocol("a worker answered something else than it was asked".into())
}
