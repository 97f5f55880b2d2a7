//! A worker's life: hear, do, answer.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::{Array, ArrayBuffer, WebAssembly};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

use super::{
    file::FileSource,
    outlet::WorkerOutlet,
    rehearsal::rehearse,
    spool::{Need, Spool},
    storage::{hold, sweep},
    wire::{FromWorker, ToWorker, build_id, pack, unpack, words_of},
};
use crate::{
    detect::autoencoder::{Cpu, Learner, Network},
    engine::{self, DataRequest, EngineError, FitRequest, Piece, Request, Shard},
    train::DevicePreference,
};

/// What came from the page and was not looked at yet.
enum Task {
    Open(JsValue),
    Join(JsValue, (usize, usize)),
    Ask(u32, Request),
    Rehearse,
}

struct Worker<G> {
    /// Makes a learner on the GPU.
    gpu: G,
    tasks: RefCell<VecDeque<Task>>,
    busy: Cell<bool>,
    cancelled: Cell<bool>,
    /// What is being done does not count.
    rehearsing: Cell<bool>,
    shard: RefCell<Shard<FileSource>>,
    channel: MessageChannel,
    spool: Spool,
    /// How many share the file.
    workers: Cell<usize>,
}

/// Listens to the page for as long as the worker lives.
///
/// # Errors
/// What the browser says if this is not a dedicated worker.
pub fn serve() -> Result<(), JsValue> {
    serve_with(async |_: DevicePreference, _: &Network, _: f64| {
        Err::<Cpu, _>("this browser offers no WebGPU".to_owned())
    })
}

/// The same with a GPU to train on: `gpu` makes a learner from weights and a learning rate.
///
/// # Errors
/// As [`serve`].
pub fn serve_with<G, L>(gpu: G) -> Result<(), JsValue>
where
    G: AsyncFn(DevicePreference, &Network, f64) -> Result<L, String> + 'static,
    L: Learner,
{
    std::panic::set_hook(Box::new(|panic| {
        // Where it happened is for the console, not for the visitor.
        let words = panic.payload_as_str().unwrap_or("no reason is known");
        post(&FromWorker::Died(words.to_owned()), &JsValue::UNDEFINED);
        console_error_panic_hook::hook(panic);
    }));
    let worker = Rc::new(Worker {
        gpu,
        tasks: RefCell::default(),
        busy: Cell::new(false),
        cancelled: Cell::new(false),
        rehearsing: Cell::new(false),
        shard: RefCell::default(),
        channel: MessageChannel::new()?,
        spool: Spool::new(),
        workers: Cell::new(1),
    });
    let folder = worker.spool.name().to_owned();
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| worker.hear(event.data()));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    spawn_local(async move {
        // Not all browsers have locks, and pages that came over plain HTTP have none.
        drop(hold(&folder).await);
        post(&FromWorker::Ready { build: build_id(), folder }, &JsValue::UNDEFINED);
        // There may be nothing, or no such storage.
        drop(sweep().await);
    });
    Ok(())
}

impl<G, L> Worker<G>
where
    G: AsyncFn(DevicePreference, &Network, f64) -> Result<L, String> + 'static,
    L: Learner,
{
    fn hear(self: &Rc<Self>, data: JsValue) {
        if self.rehearsing.get() {
            self.cancelled.set(true);
        }
        match unpack(data) {
            Ok((ToWorker::Rehearse, _)) if self.busy.get() => {}
            Ok((ToWorker::Rehearse, _)) => self.tasks.borrow_mut().push_back(Task::Rehearse),
            Ok((ToWorker::Cancel, _)) => self.cancel(),
            Ok((ToWorker::Open, files)) => self.tasks.borrow_mut().push_back(Task::Open(files)),
            Ok((ToWorker::Join { shard, shards }, pieces)) => {
                self.tasks.borrow_mut().push_back(Task::Join(pieces, (shard, shards)));
            }
            Ok((ToWorker::Ask { id, request }, _)) => self.tasks.borrow_mut().push_back(Task::Ask(id, request)),
            Err(error) => post(&FromWorker::Died(error.to_string()), &JsValue::UNDEFINED),
        }
        if !self.busy.replace(true) {
            let worker = Rc::clone(self);
            spawn_local(async move {
                worker.work().await;
                worker.busy.set(false);
            });
        }
    }

    /// Gives up the task at hand at its next tick, and those in the queue at once.
    fn cancel(&self) {
        self.cancelled.set(self.busy.get());
        self.tasks.borrow_mut().retain(|task| match task {
            Task::Open(_) | Task::Join(..) | Task::Rehearse => true,
            Task::Ask(id, _) => {
                answer(*id, Err(EngineError::Cancelled), &JsValue::UNDEFINED);
                false
            }
        });
    }

    fn outlet(&self, question: Option<u32>, need: Need) -> WorkerOutlet<'_> {
        WorkerOutlet::new(question, &self.cancelled, &self.channel, (&self.spool, need), self.workers.get())
    }

    /// Does one task after the other until none is left.
    // Only one `work` runs at a time, so nobody else borrows the shard meanwhile.
    #[expect(clippy::await_holding_refcell_ref)]
    async fn work(&self) {
        loop {
            let Some(task) = self.tasks.borrow_mut().pop_front() else { return };
            self.cancelled.set(false);
            let mut shard = self.shard.borrow_mut();
            match task {
                Task::Open(files) => {
                    match list(files).and_then(|files| files.into_iter().map(source).collect()) {
                        Ok(sources) => shard.open(sources),
                        Err(error) => post(&FromWorker::Died(words_of(&error)), &JsValue::UNDEFINED),
                    }
                    // What cannot be removed now is by the next visit.
                    drop(self.spool.remove_inputs().await);
                }
                Task::Join(pieces, share) => {
                    match list(pieces).and_then(|pieces| pieces.into_iter().map(piece).collect()) {
                        // What cannot be joined cannot be read either, and that is answered when it is asked for.
                        Ok(pieces) => {
                            self.workers.set(share.1);
                            drop(shard.join(pieces, share));
                        }
                        Err(error) => post(&FromWorker::Died(words_of(&error)), &JsValue::UNDEFINED),
                    }
                }
                Task::Rehearse => {
                    self.rehearsing.set(true);
                    let outlet = self.outlet(None, Need::Input);
                    // What comes of it does not count, and it may well be given up.
                    drop(rehearse(&mut shard, &outlet).await);
                    self.rehearsing.set(false);
                }
                Task::Ask(id, request) => {
                    let need = if matches!(request, Request::Data(DataRequest::Unpack { .. })) {
                        Need::Input
                    } else {
                        Need::Download
                    };
                    let outlet = self.outlet(Some(id), need);
                    let reply = match request {
                        Request::Fit(FitRequest::Train(job)) => {
                            let gpu =
                                async |network: &Network, rate: f64| (self.gpu)(job.preference, network, rate).await;
                            engine::train(&job, gpu, clock, &outlet).await
                        }
                        request => shard.handle(request, &outlet).await,
                    };
                    let written = outlet.into_blob().await;
                    match (reply, written) {
                        (Ok(reply), Ok(written)) => answer(id, Ok(reply), &written),
                        (Err(error), _) | (_, Err(error)) => answer(id, Err(error), &JsValue::UNDEFINED),
                    }
                }
            }
        }
    }
}

fn list(attached: JsValue) -> Result<Vec<JsValue>, JsValue> {
    Ok(attached.dyn_into::<Array>()?.to_vec())
}

fn source(file: JsValue) -> Result<FileSource, JsValue> {
    FileSource::new(file.dyn_into::<Blob>()?)
}

fn piece(piece: JsValue) -> Result<Piece<FileSource>, JsValue> {
    match piece.as_f64() {
        Some(number) => Ok(Piece::Input(number as usize)),
        None => source(piece).map(Piece::Written),
    }
}

fn answer(id: u32, answer: Result<crate::engine::Reply, EngineError>, written: &JsValue) {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let memory = f64::from(memory.buffer().unchecked_into::<ArrayBuffer>().byte_length());
    post(&FromWorker::Answer { id, answer, memory }, written);
}

/// Milliseconds since the worker began.
fn clock() -> f64 {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or(0.0, |performance| performance.now())
}

/// Says something to the page.
pub fn post(message: &FromWorker, attachment: &JsValue) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let sent = pack(message, attachment)
        .map_err(|error| JsValue::from(error.to_string()))
        .and_then(|packet| scope.post_message_with_transfer(&packet.message, &packet.transfer));
    if let Err(error) = sent {
        // The page cannot be told; its watch over silent workers will notice.
        web_sys::console::error_1(&error);
    }
}
