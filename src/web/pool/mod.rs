//! The page's side of the workers: who is asked what, and what becomes of those that stop.

mod cancel;
mod guard;
mod start;
mod trainer;
mod unpacker;
mod worker;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File};

use self::{
    start::start_shards,
    unpacker::Starting,
    worker::{Answer, WorkerHandle},
};
use super::{
    page::{memory_limits, now, sleep, worker_count},
    wire::{ToWorker, words_of},
};
use crate::{
    engine::{DataRequest, EngineError, Host, Meter, Piece, Progress, Request},
    ingest::Container,
    train::{News, TrainingJob, TrainingResult},
};

/// Milliseconds after which workers rehearse: the page itself comes first.
const SETTLED: i32 = 500;
/// Milliseconds between two reports of progress.
const REPORT: f64 = 60.0;
/// Bytes of a worker's memory beyond what a file needs, with which it is started anew for that file: memory of wasm never
/// shrinks.
const GROWN: f64 = 256.0 * 1024.0 * 1024.0;

/// Carries requests to workers. Cheap to clone. A handle serves one job: once it was renewed, older ones are told that
/// they were cancelled, so that a job which was given up between two questions asks nothing more.
#[derive(Clone)]
pub struct WebHost {
    pool: Rc<Pool>,
    job: u32,
}

/// Who hears of what goes on in the workers.
pub struct Listeners {
    /// Where the whole job stands, some 16 times a second.
    pub progress: Box<dyn Fn(Progress)>,
    /// How each epoch of a training went.
    pub news: Box<dyn Fn(News)>,
    /// For how many seconds a worker with something to do has said nothing; nothing once all speak again.
    pub silence: Box<dyn Fn(Option<u32>)>,
}

struct Pool {
    /// One per shard.
    workers: RefCell<Vec<Rc<WorkerHandle>>>,
    /// Trains autoencoders beside the others; started when it is needed.
    trainer: RefCell<Option<Rc<WorkerHandle>>>,
    /// Unpacks Parquet files; started when one is opened.
    unpacker: RefCell<Option<Starting>>,
    listeners: Listeners,
    meter: RefCell<Meter>,
    reported: Cell<f64>,
    asked: Cell<u32>,
    /// The newest handle's.
    job: Cell<u32>,
    /// Names of the files that were given, and the files.
    inputs: RefCell<Vec<String>>,
    files: RefCell<Array>,
    /// What most answers wrote. Made once: a new blob waits for the browser's own process, which may be busy reading.
    nothing: Blob,
    /// Folders in the private storage of all workers that were ever started, and of those that are gone.
    folders: RefCell<Vec<String>>,
    left: RefCell<Vec<String>>,
}

impl WebHost {
    /// Starts a worker per core (at most eight) and waits until they listen.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] if the browser refuses, or the workers' files are of another build than the page.
    pub async fn start(listeners: Listeners) -> Result<Self, EngineError> {
        let nothing = Blob::new().map_err(|error| EngineError::Protocol(words_of(&error)))?;
        let pool = Rc::new(Pool {
            workers: RefCell::default(),
            trainer: RefCell::default(),
            unpacker: RefCell::default(),
            listeners,
            meter: RefCell::default(),
            reported: Cell::new(0.0),
            asked: Cell::new(0),
            job: Cell::new(0),
            inputs: RefCell::default(),
            files: RefCell::default(),
            nothing,
            folders: RefCell::default(),
            left: RefCell::default(),
        });
        let shards = start_shards(&pool, worker_count()).await?;
        pool.workers.replace(shards);
        spawn_local(guard::watch(Rc::downgrade(&pool)));
        spawn_local(guard::remove_when_left(Rc::downgrade(&pool)));
        spawn_local(rehearse(Rc::downgrade(&pool)));
        Ok(Self { pool, job: 0 })
    }

    /// A handle for the next job; the one before may ask nothing more.
    #[must_use]
    pub fn renew(&self) -> Self {
        let job = self.pool.job.get().wrapping_add(1);
        self.pool.job.set(job);
        Self { pool: Rc::clone(&self.pool), job }
    }

    /// Gives files to every worker; what they had before is dropped. Workers that grew large with an earlier file are started
    /// anew.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] if the browser starts no more.
    pub async fn open(&self, files: &[File]) -> Result<(), EngineError> {
        let names = files.iter().map(File::name).collect();
        let bytes = files.iter().map(|file| file.size()).sum::<f64>().min(memory_limits().rows as f64);
        let needed = bytes / self.shards() as f64;
        let grown = |worker: &Rc<WorkerHandle>| worker.memory.get() > needed + GROWN;
        if self.pool.workers.borrow().iter().any(grown) {
            self.pool.start_anew().await?;
        }
        self.pool.open(names, files.iter().collect());
        Ok(())
    }

    async fn ask_worker(&self, worker: &Rc<WorkerHandle>, request: Request) -> Answer {
        let id = self.pool.asked.get();
        self.pool.asked.set(id.wrapping_add(1));
        worker.ask(id, self.job, request).await
    }
}

impl Host for WebHost {
    type Written = Blob;

    fn shards(&self) -> usize {
        self.pool.workers.borrow().len()
    }

    fn inputs(&self) -> Vec<String> {
        self.pool.inputs.borrow().clone()
    }

    fn join(&self, pieces: Vec<Piece<Blob>>) {
        if self.job != self.pool.job.get() {
            return;
        }
        let attached = |piece: Piece<Blob>| match piece {
            Piece::Input(number) => JsValue::from(number as f64),
            Piece::Written(blob) => blob.into(),
        };
        let pieces: Array = pieces.into_iter().map(attached).collect();
        let workers = self.pool.workers.borrow();
        for (shard, worker) in workers.iter().enumerate() {
            worker.post(&ToWorker::Join { shard, shards: workers.len() }, &pieces);
        }
    }

    async fn ask(&self, shard: usize, request: Request) -> Answer {
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        if let Request::Data(DataRequest::Unpack { container: Container::Parquet, .. }) = request {
            return self.unpack_table(request).await;
        }
        let worker = self.pool.workers.borrow().get(shard).cloned();
        let worker = worker.ok_or_else(|| EngineError::RowsLost { reason: "it is gone".into() })?;
        self.ask_worker(&worker, request).await
    }

    async fn train(&self, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        self.train_beside(job).await
    }
}

impl Pool {
    /// The shards' workers, and those beside them.
    fn everybody(&self) -> Vec<Rc<WorkerHandle>> {
        let unpacker = self.unpacker.borrow().as_ref().and_then(|starting| starting.peek()?.clone().ok());
        self.workers.borrow().iter().chain(self.trainer.borrow().iter()).cloned().chain(unpacker).collect()
    }

    fn open(&self, names: Vec<String>, files: Array) {
        for worker in self.workers.borrow().iter() {
            worker.post(&ToWorker::Open, &files);
        }
        self.inputs.replace(names);
        self.files.replace(files);
        self.dismiss_unpacker();
    }

    /// Has new workers in place of the shards', without a file.
    async fn start_anew(self: &Rc<Self>) -> Result<(), EngineError> {
        let count = self.workers.borrow().len();
        let shards = start_shards(self, count).await?;
        for worker in self.workers.replace(shards) {
            worker.end(&EngineError::Cancelled);
        }
        Ok(())
    }

    fn report(&self, shard: usize, progress: Progress) {
        let sum = self.meter.borrow_mut().report(shard, progress);
        let now = now();
        if now - self.reported.get() >= REPORT {
            self.reported.set(now);
            (self.listeners.progress)(sum);
        }
    }
}

/// Has workers that have nothing to do rehearse.
async fn rehearse(pool: Weak<Pool>) {
    sleep(SETTLED).await;
    let Some(pool) = pool.upgrade() else { return };
    // Whoever opened a file goes first.
    if pool.inputs.borrow().is_empty() && pool.asked.get() == 0 {
        pool.workers.borrow().iter().for_each(|worker| worker.post(&ToWorker::Rehearse, &JsValue::UNDEFINED));
    }
}
