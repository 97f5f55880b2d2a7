//! The worker that reads Parquet files, beside the shards. What it has written lasts until it is dismissed.

use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};

use super::{
    Pool, WebHost,
    start::start,
    worker::{Answer, Program, WorkerHandle},
};
use crate::{
    engine::{EngineError, Host, Request},
    ingest::IngestError,
    web::wire::ToWorker,
};

/// A worker that may still be starting.
pub type Starting = Shared<LocalBoxFuture<'static, Result<Rc<WorkerHandle>, EngineError>>>;

impl WebHost {
    pub(super) async fn unpack_table(&self, request: Request) -> Answer {
        let unpacker = self.pool.unpacker(self.shards()).await?;
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        match self.ask_worker(&unpacker, request).await {
            // The decoder panics on some damaged files; the shards are as they were.
            Err(EngineError::WorkerDied { reason }) => {
                let reason = format!("the worker that reads Parquet stopped ({reason})");
                Err(IngestError::Packed { reason }.into())
            }
            answer => answer,
        }
    }
}

impl Pool {
    /// The worker that knows Parquet, with the files that were given. Several files share one.
    fn unpacker(self: &Rc<Self>, number: usize) -> Starting {
        let is_gone = |starting: &Starting| match starting.peek() {
            Some(Ok(worker)) => worker.is_dead(),
            Some(Err(_)) => true,
            None => false,
        };
        let mut slot = self.unpacker.borrow_mut();
        slot.take_if(|starting| is_gone(starting));
        let begin = || {
            let pool = Rc::clone(self);
            let files = self.files.borrow().clone();
            let starting = async move {
                let worker = start(&pool, number, Program::Unpacker).await?;
                worker.post(&ToWorker::Open, &files);
                Ok(worker)
            };
            starting.boxed_local().shared()
        };
        slot.get_or_insert_with(begin).clone()
    }

    /// Ends the worker that knows Parquet, if there is one.
    pub(super) fn dismiss_unpacker(&self) {
        // One that is still starting ends when nobody waits for it any more.
        if let Some(Ok(worker)) = self.unpacker.take().and_then(|starting| starting.peek().cloned()) {
            worker.end(&EngineError::Cancelled);
        }
    }
}
