//! The page's side of the shard workers.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    pin::pin,
    rc::{Rc, Weak},
};

use futures_channel::oneshot;
use futures_util::future::{Either, FutureExt, LocalBoxFuture, Shared, join_all, select};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::{
    gpu::has_webgpu,
    page::{now, sleep, worker_count},
    wire::{FromWorker, ToWorker, build_id, pack, unpack, words_of},
};
use crate::{
    engine::{DataRequest, EngineError, FitRequest, Host, Meter, Piece, Progress, Reply, Request},
    ingest::{Container, IngestError},
    train::{DevicePreference, News, TrainingJob, TrainingResult},
};

/// Milliseconds that a worker may take to give up before it is terminated.
const PATIENCE: i32 = 700;
/// A worker with something to do that says nothing for so many looks, this many milliseconds apart, is taken for dead.
const SILENT_LOOKS: u32 = 4;
const LOOK: i32 = 5_000;
/// Milliseconds that a worker may take to start.
const START: i32 = 30_000;
/// The same where it has much to load that not every visit loads.
const START_LARGE: i32 = 180_000;
/// Milliseconds after which workers rehearse: the page itself comes first.
const SETTLED: i32 = 500;
/// Milliseconds between two reports of progress.
const REPORT: f64 = 60.0;

type Answer = Result<(Reply, Blob), EngineError>;
/// A worker that may still be starting.
type Hired = Shared<LocalBoxFuture<'static, Result<Rc<Member>, EngineError>>>;

/// Carries requests to workers. Cheap to clone. A handle serves one job: once it was renewed, older ones are told that
/// they were cancelled, so that a job which was given up between two questions asks nothing more.
#[derive(Clone)]
pub struct WebHost {
    pool: Rc<Pool>,
    job: u32,
}

struct Pool {
    crew: RefCell<Vec<Rc<Member>>>,
    /// Trains autoencoders beside the others; started when it is needed.
    trainer: RefCell<Option<Rc<Member>>>,
    /// Unpacks Parquet files; started when one is opened. What it has written on disk lasts as long as it lives.
    unpacker: RefCell<Option<Hired>>,
    on_progress: Box<dyn Fn(Progress)>,
    on_news: Box<dyn Fn(News)>,
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
}

/// What a worker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Shard,
    /// The same, to train on the processor.
    Trainer,
    /// The one that can use a GPU.
    GpuTrainer,
    /// The one that knows Parquet.
    Unpacker,
}

impl Program {
    /// `worker-boot.js` loads a program by the worker's name.
    fn name(self, number: usize) -> String {
        match self {
            Self::Shard => format!("flowsift-{number}"),
            Self::Trainer => "flowsift-cpu-trainer".to_owned(),
            Self::GpuTrainer => "flowsift-trainer".to_owned(),
            Self::Unpacker => "flowsift-unpacker".to_owned(),
        }
    }
}

/// One worker and who waits for it.
struct Member {
    number: usize,
    program: Program,
    worker: Worker,
    waiting: RefCell<HashMap<u32, oneshot::Sender<Answer>>>,
    ready: RefCell<Option<oneshot::Sender<Result<(), EngineError>>>>,
    /// Why it cannot be asked any more.
    dead: RefCell<Option<EngineError>>,
    silence: Cell<u32>,
    /// Called by the browser for as long as the worker lives.
    listeners: RefCell<Vec<JsValue>>,
}

impl WebHost {
    /// Starts a worker per core (at most eight) and waits until they listen. `on_progress` hears where the whole job
    /// stands, some 16 times a second; `on_news`, how each epoch of a training went.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] if the browser refuses, or the workers' files are of another build than the page.
    pub async fn start(
        on_progress: impl Fn(Progress) + 'static,
        on_news: impl Fn(News) + 'static,
    ) -> Result<Self, EngineError> {
        let nothing = Blob::new().map_err(|error| EngineError::Protocol(words_of(&error)))?;
        let pool = Rc::new(Pool {
            crew: RefCell::default(),
            trainer: RefCell::default(),
            unpacker: RefCell::default(),
            on_progress: Box::new(on_progress),
            on_news: Box::new(on_news),
            meter: RefCell::default(),
            reported: Cell::new(0.0),
            asked: Cell::new(0),
            job: Cell::new(0),
            inputs: RefCell::default(),
            files: RefCell::default(),
            nothing,
        });
        let hired = join_all((0..worker_count()).map(|number| hire(&pool, number, Program::Shard))).await;
        if let Some(error) = hired.iter().find_map(|hired| hired.as_ref().err()) {
            hired.iter().flatten().for_each(|member| member.end(error));
            return Err(error.clone());
        }
        pool.crew.borrow_mut().extend(hired.into_iter().flatten());
        spawn_local(watch(Rc::downgrade(&pool)));
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

    /// Gives files to every worker; what they had before is dropped.
    pub fn open(&self, files: &[File]) {
        self.pool.inputs.replace(files.iter().map(File::name).collect());
        let files: Array = files.iter().collect();
        for member in self.pool.crew.borrow().iter() {
            member.post(&ToWorker::Open, &files);
        }
        self.pool.files.replace(files);
        self.pool.dismiss_unpacker();
    }

    /// Ends what is going on: everything asked so far is answered with [`EngineError::Cancelled`]. A worker that does
    /// not give up in time is terminated and replaced. Says whether the workers still hold what they held.
    ///
    /// # Errors
    /// [`EngineError::WorkerDied`] if a worker cannot be replaced.
    pub async fn cancel(&self) -> Result<bool, EngineError> {
        let crew = self.pool.everybody();
        // What is asked from now on is not meant, and may well take its time.
        let asked = self.pool.asked.get();
        let busy = |member: &&Rc<Member>| member.waiting.borrow().keys().any(|&id| id < asked);
        crew.iter().filter(busy).for_each(|member| member.post(&ToWorker::Cancel, &JsValue::UNDEFINED));
        for _ in 0..PATIENCE / 20 {
            if !crew.iter().any(|member| busy(&member)) {
                break;
            }
            sleep(20).await;
        }
        let mut kept = true;
        for (number, member) in crew.iter().enumerate() {
            if busy(&member) || member.dead.borrow().is_some() {
                member.end(&EngineError::Cancelled);
                // These hold nothing, and others are started when they are needed.
                match member.program {
                    Program::Shard => {}
                    Program::Unpacker => {
                        self.pool.dismiss_unpacker();
                        continue;
                    }
                    Program::Trainer | Program::GpuTrainer => {
                        self.pool.trainer.take();
                        continue;
                    }
                }
                kept = false;
                let replacement = hire(&self.pool, number, Program::Shard).await?;
                self.pool.crew.borrow_mut()[number] = replacement;
            }
        }
        Ok(kept)
    }
}

impl Host for WebHost {
    type Written = Blob;

    fn shards(&self) -> usize {
        self.pool.crew.borrow().len()
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
        let crew = self.pool.crew.borrow();
        for (shard, member) in crew.iter().enumerate() {
            member.post(&ToWorker::Join { shard, shards: crew.len() }, &pieces);
        }
    }

    async fn ask(&self, shard: usize, request: Request) -> Answer {
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        if let Request::Data(DataRequest::Unpack { container: Container::Parquet, .. }) = request {
            return self.unpack_table(request).await;
        }
        let member = self.pool.crew.borrow().get(shard).cloned().ok_or_else(gone)?;
        self.pool.ask(&member, request).await
    }

    async fn train(&self, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        let program = if job.preference != DevicePreference::Cpu && has_webgpu() {
            Program::GpuTrainer
        } else {
            Program::Trainer
        };
        match self.train_by(program, job.clone()).await {
            Err(EngineError::WorkerDied { reason }) if program == Program::GpuTrainer => {
                let mut result =
                    self.train_by(Program::Trainer, TrainingJob { preference: DevicePreference::Cpu, ..job }).await?;
                result.why = "the GPU's worker stopped".into();
                result.warning = Some(format!(
                    "The worker that uses the GPU stopped ({reason}). The processor trained from the beginning."
                ));
                Ok(result)
            }
            // The shards still hold the file: not all is lost.
            Err(EngineError::WorkerDied { reason }) => {
                Err(EngineError::Detector(format!("the worker that trains stopped ({reason}); run it again")))
            }
            result => result,
        }
    }
}

impl WebHost {
    async fn unpack_table(&self, request: Request) -> Answer {
        let unpacker = self.pool.hire_unpacker(self.shards()).await?;
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        match self.pool.ask(&unpacker, request).await {
            // The decoder panics on some damaged files; the shards are as they were.
            Err(EngineError::WorkerDied { reason }) => {
                let reason = format!("the worker that reads Parquet stopped ({reason})");
                Err(IngestError::Packed { reason }.into())
            }
            answer => answer,
        }
    }

    async fn train_by(&self, program: Program, job: TrainingJob) -> Result<TrainingResult, EngineError> {
        let old = self.pool.trainer.take();
        let fits = |member: &Rc<Member>| member.program == program && member.dead.borrow().is_none();
        let trainer = match old.filter(fits) {
            Some(trainer) => trainer,
            None => hire(&self.pool, self.shards(), program).await?,
        };
        self.pool.trainer.replace(Some(Rc::clone(&trainer)));
        // While it started, the job may have been given up.
        if self.job != self.pool.job.get() {
            return Err(EngineError::Cancelled);
        }
        match self.pool.ask(&trainer, FitRequest::Train(Box::new(job)).into()).await?.0 {
            Reply::TrainingResult(result) => Ok(*result),
            _ => Err(EngineError::Protocol("it learned something else".into())),
        }
    }
}

fn gone() -> EngineError {
    EngineError::WorkerDied { reason: "it is gone".into() }
}

/// Starts a worker and waits until it listens.
async fn hire(pool: &Rc<Pool>, number: usize, program: Program) -> Result<Rc<Member>, EngineError> {
    let refused = |error: JsValue| EngineError::WorkerDied { reason: words_of(&error) };
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(&program.name(number));
    // The build in the address keeps a cache from mixing versions.
    let address = format!("worker-boot.js?{}", build_id());
    let worker = Worker::new_with_options(&address, &options).map_err(refused)?;
    let (sender, ready) = oneshot::channel();
    let member = Rc::new(Member {
        number,
        program,
        worker,
        waiting: RefCell::default(),
        ready: RefCell::new(Some(sender)),
        dead: RefCell::default(),
        silence: Cell::new(0),
        listeners: RefCell::default(),
    });
    member.listen(Rc::downgrade(pool));
    let never = || EngineError::WorkerDied { reason: "it never started".into() };
    let patience = match program {
        Program::GpuTrainer | Program::Unpacker => START_LARGE,
        Program::Shard | Program::Trainer => START,
    };
    let started = match select(ready, pin!(sleep(patience))).await {
        Either::Left((answer, _)) => answer.unwrap_or_else(|_| Err(never())),
        Either::Right(_) => Err(never()),
    };
    if let Err(error) = &started {
        member.end(error);
    }
    started.map(|()| member)
}

impl Member {
    fn listen(self: &Rc<Self>, pool: Weak<Pool>) {
        let member = Rc::downgrade(self);
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(member), Some(pool)) = (member.upgrade(), pool.upgrade()) {
                member.hear(event.data(), &pool);
            }
        });
        self.worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let member = Rc::downgrade(self);
        let fail = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            if let Some(member) = member.upgrade() {
                event.prevent_default();
                member.die(event.message());
            }
        });
        self.worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        self.listeners.borrow_mut().extend([hear.into_js_value(), fail.into_js_value()]);
    }

    fn hear(&self, data: JsValue, pool: &Pool) {
        self.silence.set(0);
        match unpack(data) {
            Ok((FromWorker::Ready { build }, _)) => {
                let answer = if build == build_id() {
                    Ok(())
                } else {
                    Err(EngineError::WorkerDied { reason: "the site was updated; reload the page".into() })
                };
                if let Some(ready) = self.ready.take() {
                    // Nobody waits any more for a worker that was given up.
                    let _ = ready.send(answer);
                }
            }
            Ok((FromWorker::Progress(progress), _)) => pool.report(self.number, progress),
            Ok((FromWorker::News(news), _)) => (pool.on_news)(news),
            Ok((FromWorker::Answer { id, answer }, written)) => {
                let written = written.dyn_into().unwrap_or_else(|_| pool.nothing.clone());
                let answer = answer.map(|reply| (reply, written));
                if let Some(waiting) = self.waiting.borrow_mut().remove(&id) {
                    // The job may have ended over another shard's error.
                    let _ = waiting.send(answer);
                }
            }
            Ok((FromWorker::Died(reason), _)) => self.die(reason),
            Err(error) => self.die(error.to_string()),
        }
    }

    fn post(&self, message: &ToWorker, attachment: &JsValue) {
        let sent = pack(message, attachment).map_err(|error| error.to_string()).and_then(|packet| {
            let posted = self.worker.post_message_with_transfer(&packet.message, &packet.transfer);
            posted.map_err(|error| words_of(&error))
        });
        if let Err(reason) = sent {
            self.die(reason);
        }
    }

    fn die(&self, reason: String) {
        let reason = reason.lines().next().unwrap_or("no reason given").to_owned();
        self.end(&EngineError::WorkerDied { reason });
    }

    /// Terminates the worker and gives everybody who waits for it this answer.
    fn end(&self, error: &EngineError) {
        self.worker.terminate();
        self.dead.borrow_mut().get_or_insert_with(|| error.clone());
        let waiting = self.waiting.take();
        for sender in waiting.into_values() {
            let _ = sender.send(Err(error.clone()));
        }
        if let Some(ready) = self.ready.take() {
            let _ = ready.send(Err(error.clone()));
        }
    }
}

impl Pool {
    /// The shards' workers and the trainer's.
    fn everybody(&self) -> Vec<Rc<Member>> {
        let unpacker = self.unpacker.borrow().as_ref().and_then(|hired| hired.peek()?.clone().ok());
        self.crew.borrow().iter().chain(self.trainer.borrow().iter()).cloned().chain(unpacker).collect()
    }

    /// The worker that knows Parquet, with the files that were given. Several files share one.
    fn hire_unpacker(self: &Rc<Self>, number: usize) -> Hired {
        let is_gone = |hired: &Hired| match hired.peek() {
            Some(Ok(member)) => member.dead.borrow().is_some(),
            Some(Err(_)) => true,
            None => false,
        };
        let mut slot = self.unpacker.borrow_mut();
        slot.take_if(|hired| is_gone(hired));
        let begin = || {
            let pool = Rc::clone(self);
            let files = self.files.borrow().clone();
            let hiring = async move {
                let member = hire(&pool, number, Program::Unpacker).await?;
                member.post(&ToWorker::Open, &files);
                Ok(member)
            };
            hiring.boxed_local().shared()
        };
        slot.get_or_insert_with(begin).clone()
    }

    /// Ends the worker that knows Parquet, if there is one.
    fn dismiss_unpacker(&self) {
        if let Some(Ok(member)) = self.unpacker.take().and_then(|hired| hired.peek().cloned()) {
            member.end(&EngineError::Cancelled);
        }
    }

    async fn ask(&self, member: &Rc<Member>, request: Request) -> Answer {
        if let Some(error) = &*member.dead.borrow() {
            return Err(error.clone());
        }
        let id = self.asked.get();
        self.asked.set(id.wrapping_add(1));
        let (sender, answer) = oneshot::channel();
        member.silence.set(0);
        member.waiting.borrow_mut().insert(id, sender);
        member.post(&ToWorker::Ask { id, request }, &JsValue::UNDEFINED);
        answer.await.map_err(|_| gone())?
    }

    fn report(&self, shard: usize, progress: Progress) {
        let sum = self.meter.borrow_mut().report(shard, progress);
        let now = now();
        if now - self.reported.get() >= REPORT {
            self.reported.set(now);
            (self.on_progress)(sum);
        }
    }
}

/// Has workers that have nothing to do rehearse.
async fn rehearse(pool: Weak<Pool>) {
    sleep(SETTLED).await;
    let Some(pool) = pool.upgrade() else { return };
    // Whoever opened a file goes first.
    if pool.inputs.borrow().is_empty() && pool.asked.get() == 0 {
        pool.crew.borrow().iter().for_each(|member| member.post(&ToWorker::Rehearse, &JsValue::UNDEFINED));
    }
}

/// Browsers end workers without a word when memory is short. Counting looks, not time, survives a laptop's sleep.
async fn watch(pool: Weak<Pool>) {
    loop {
        sleep(LOOK).await;
        let Some(pool) = pool.upgrade() else { return };
        let crew = pool.everybody();
        for member in crew.iter().filter(|member| !member.waiting.borrow().is_empty()) {
            member.silence.set(member.silence.get() + 1);
            if member.silence.get() > SILENT_LOOKS {
                let seconds = SILENT_LOOKS as i32 * LOOK / 1_000;
                member.die(format!("it said nothing for {seconds} seconds; memory may be short"));
            }
        }
    }
}
