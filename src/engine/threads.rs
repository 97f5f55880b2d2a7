//! Shards on threads: how the engine runs natively, in tests and in benchmarks.

use std::{
    cell::RefCell,
    io::{Read, Seek},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use futures_channel::oneshot;
use futures_util::FutureExt;

use super::{EngineError, Host, Outlet, Progress, Reply, Request, Shard};

type Answer = Result<(Reply, Vec<u8>), EngineError>;

/// A host whose shards are threads.
pub struct ThreadHost {
    shards: Vec<mpsc::Sender<(Request, oneshot::Sender<Answer>)>>,
    cancelled: Arc<AtomicBool>,
}

impl ThreadHost {
    /// Starts `shards` threads that each open the file by themselves. `on_progress` is called from them.
    pub fn new<S: Read + Seek + 'static>(
        shards: usize,
        open: impl Fn() -> S + Send + Sync + 'static,
        on_progress: impl Fn(usize, Progress) + Send + Sync + 'static,
    ) -> Self {
        let cancelled = Arc::new(AtomicBool::new(false));
        let (open, on_progress) = (Arc::new(open), Arc::new(on_progress));
        let start = |number| {
            let (sender, requests) = mpsc::channel::<(Request, oneshot::Sender<Answer>)>();
            let (open, on_progress, cancelled) = (Arc::clone(&open), Arc::clone(&on_progress), Arc::clone(&cancelled));
            thread::spawn(move || {
                let mut shard = Shard::default();
                shard.open(open());
                for (request, answer) in requests {
                    let outlet = ThreadOutlet {
                        written: RefCell::default(),
                        cancelled: &cancelled,
                        report: |progress| on_progress(number, progress),
                    };
                    let reply = shard.handle(request, &outlet).now_or_never();
                    let reply = reply.unwrap_or_else(|| Err(EngineError::Protocol("a thread waited".into())));
                    // Nobody waits for the answer to a question that was given up.
                    let _ = answer.send(reply.map(|reply| (reply, outlet.written.into_inner())));
                }
            });
            sender
        };
        Self { shards: (0..shards.max(1)).map(start).collect(), cancelled }
    }

    /// Ends what is going on, and whatever is asked later, with [`EngineError::Cancelled`].
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Host for ThreadHost {
    type Written = Vec<u8>;

    fn shards(&self) -> usize {
        self.shards.len()
    }

    async fn ask(&self, shard: usize, request: Request) -> Answer {
        let died = |_| EngineError::WorkerDied { reason: "its thread panicked".into() };
        let (sender, answer) = oneshot::channel();
        self.shards[shard].send((request, sender)).map_err(|_| died(oneshot::Canceled))?;
        answer.await.map_err(died)?
    }
}

struct ThreadOutlet<'a, F> {
    written: RefCell<Vec<u8>>,
    cancelled: &'a AtomicBool,
    report: F,
}

impl<F: Fn(Progress)> Outlet for ThreadOutlet<'_, F> {
    async fn tick(&self, progress: Progress) -> Result<(), EngineError> {
        (self.report)(progress);
        if self.cancelled.load(Ordering::Relaxed) { Err(EngineError::Cancelled) } else { Ok(()) }
    }

    fn write(&self, bytes: &[u8]) {
        self.written.borrow_mut().extend(bytes);
    }
}
