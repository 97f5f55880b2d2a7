//! Shards on threads: how the engine runs natively, in tests and in benchmarks.

use std::{
    cell::RefCell,
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use futures_channel::oneshot;
use futures_util::FutureExt;

use super::{EngineError, Host, Outlet, Piece, Progress, Reply, Request, Shard, train_on_cpu};
use crate::{
    ingest::Source,
    train::{TrainingJob, TrainingResult},
};

type Answer = Result<(Reply, Vec<u8>), EngineError>;
type Opened = Box<dyn Source>;

/// A file by its name, and how each thread opens it.
#[derive(Clone)]
pub struct Input {
    name: String,
    open: Arc<dyn Fn() -> Opened + Send + Sync>,
}

impl Input {
    /// A file that `open` opens.
    pub fn new<S: Source + 'static>(name: &str, open: impl Fn() -> S + Send + Sync + 'static) -> Self {
        Self { name: name.to_owned(), open: Arc::new(move || Box::new(open())) }
    }
}

enum Order {
    Join(Vec<Piece<Arc<[u8]>>>),
    Ask(Request, oneshot::Sender<Answer>),
}

/// A host whose shards are threads.
pub struct ThreadHost {
    shards: Vec<mpsc::Sender<Order>>,
    names: Vec<String>,
    cancelled: Arc<AtomicBool>,
    on_progress: Arc<dyn Fn(usize, Progress) + Send + Sync>,
}

impl ThreadHost {
    /// Starts `shards` threads that each open the file by themselves. `on_progress` is called from them.
    pub fn new<S: Source + 'static>(
        shards: usize,
        open: impl Fn() -> S + Send + Sync + 'static,
        on_progress: impl Fn(usize, Progress) + Send + Sync + 'static,
    ) -> Self {
        Self::of(shards, vec![Input::new("flows.csv", open)], on_progress)
    }

    /// The same for several files.
    pub fn of(
        shards: usize,
        inputs: Vec<Input>,
        on_progress: impl Fn(usize, Progress) + Send + Sync + 'static,
    ) -> Self {
        let shards = shards.max(1);
        let cancelled = Arc::new(AtomicBool::new(false));
        let on_progress: Arc<dyn Fn(usize, Progress) + Send + Sync> = Arc::new(on_progress);
        let names = inputs.iter().map(|input| input.name.clone()).collect();
        let start = |number| {
            let (sender, orders) = mpsc::channel::<Order>();
            let (inputs, on_progress, cancelled) = (inputs.clone(), Arc::clone(&on_progress), Arc::clone(&cancelled));
            thread::spawn(move || {
                let mut shard = Shard::default();
                shard.open(inputs.iter().map(|input| (input.open)()).collect());
                let mut joined = Ok(());
                for order in orders {
                    match order {
                        Order::Join(pieces) => {
                            let source = |piece| match piece {
                                Piece::Input(number) => Piece::Input(number),
                                Piece::Written(bytes) => Piece::Written(Box::new(Cursor::new(bytes)) as Opened),
                            };
                            joined = shard.join(pieces.into_iter().map(source).collect(), (number, shards));
                        }
                        Order::Ask(request, answer) => {
                            let outlet = ThreadOutlet {
                                written: RefCell::default(),
                                cancelled: &cancelled,
                                report: |progress| on_progress(number, progress),
                            };
                            let reply = match joined.clone() {
                                Ok(()) => shard.handle(request, &outlet).now_or_never(),
                                Err(error) => Some(Err(error)),
                            };
                            let reply = reply.unwrap_or_else(|| Err(EngineError::Protocol("a thread waited".into())));
                            // Nobody waits for the answer to a question that was given up.
                            let _ = answer.send(reply.map(|reply| (reply, outlet.written.into_inner())));
                        }
                    }
                }
            });
            sender
        };
        Self { shards: (0..shards).map(start).collect(), names, cancelled, on_progress }
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

    fn inputs(&self) -> Vec<String> {
        self.names.clone()
    }

    fn join(&self, pieces: Vec<Piece<Vec<u8>>>) {
        let share = |piece| match piece {
            Piece::Input(number) => Piece::Input(number),
            Piece::Written(bytes) => Piece::Written(Arc::from(bytes)),
        };
        let pieces: Vec<Piece<Arc<[u8]>>> = pieces.into_iter().map(share).collect();
        for shard in &self.shards {
            // A thread that is gone says so when it is asked.
            let _ = shard.send(Order::Join(pieces.clone()));
        }
    }

    async fn train(&self, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        let (cancelled, on_progress) = (Arc::clone(&self.cancelled), Arc::clone(&self.on_progress));
        let (sender, answer) = oneshot::channel();
        thread::spawn(move || {
            let report = |progress| on_progress(0, progress);
            let outlet = ThreadOutlet { written: RefCell::default(), cancelled: &cancelled, report };
            let reply = train_on_cpu(&job, "natively, there is nothing else", &outlet).now_or_never();
            // Nobody waits for a training that was given up.
            let _ = sender.send(reply.unwrap_or_else(|| Err(EngineError::Protocol("a thread waited".into()))));
        });
        match answer.await.map_err(died)?? {
            Reply::TrainingResult(result) => Ok(*result),
            _ => Err(EngineError::Protocol("it learned something else".into())),
        }
    }

    async fn ask(&self, shard: usize, request: Request) -> Answer {
        let (sender, answer) = oneshot::channel();
        self.shards[shard].send(Order::Ask(request, sender)).map_err(|_| died(oneshot::Canceled))?;
        answer.await.map_err(died)?
    }
}

fn died(_: oneshot::Canceled) -> EngineError {
    EngineError::WorkerDied { reason: "its thread panicked".into() }
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
