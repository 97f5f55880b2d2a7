//! One worker as the page sees it: what it was asked, and who waits for the answers.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::{Rc, Weak},
};

use futures_channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker};

use super::{Pool, guard};
use crate::{
    engine::{EngineError, Reply, Request},
    web::wire::{FromWorker, ToWorker, build_id, pack, unpack, words_of},
};

pub type Answer = Result<(Reply, Blob), EngineError>;

/// What a worker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
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
    pub fn name(self, number: usize) -> String {
        match self {
            Self::Shard => format!("flowsift-{number}"),
            Self::Trainer => "flowsift-cpu-trainer".to_owned(),
            Self::GpuTrainer => "flowsift-trainer".to_owned(),
            Self::Unpacker => "flowsift-unpacker".to_owned(),
        }
    }
}

/// One worker and who waits for it. It ends with the last handle.
pub struct WorkerHandle {
    pub number: usize,
    pub program: Program,
    /// Looks of the watch since it was heard.
    pub silent: Cell<u32>,
    /// Nobody would notice if the browser ended it.
    pub unguarded: Cell<bool>,
    /// Bytes of its memory, which never shrinks.
    pub memory: Cell<f64>,
    /// Its folder in the private storage.
    pub folder: RefCell<Option<String>>,
    worker: Worker,
    waiting: RefCell<HashMap<u32, Question>>,
    ready: RefCell<Option<oneshot::Sender<Result<(), EngineError>>>>,
    /// Why it cannot be asked any more.
    dead: RefCell<Option<EngineError>>,
    /// Called by the browser for as long as the worker lives.
    listeners: RefCell<Vec<JsValue>>,
}

struct Question {
    job: u32,
    answer: oneshot::Sender<Answer>,
}

impl WorkerHandle {
    /// A handle, and what is ready once the worker listens.
    pub fn new(
        pool: Weak<Pool>,
        (number, program): (usize, Program),
        worker: Worker,
    ) -> (Rc<Self>, oneshot::Receiver<Result<(), EngineError>>) {
        let (sender, ready) = oneshot::channel();
        let handle = Rc::new(Self {
            number,
            program,
            silent: Cell::new(0),
            unguarded: Cell::new(false),
            memory: Cell::new(0.0),
            folder: RefCell::default(),
            worker,
            waiting: RefCell::default(),
            ready: RefCell::new(Some(sender)),
            dead: RefCell::default(),
            listeners: RefCell::default(),
        });
        handle.listen(pool);
        (handle, ready)
    }

    fn listen(self: &Rc<Self>, pool: Weak<Pool>) {
        let handle = Rc::downgrade(self);
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(handle), Some(pool)) = (handle.upgrade(), pool.upgrade()) {
                handle.hear(event.data(), &pool);
            }
        });
        self.worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let handle = Rc::downgrade(self);
        let fail = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            if let Some(handle) = handle.upgrade() {
                event.prevent_default();
                handle.die(event.message());
            }
        });
        self.worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        self.listeners.borrow_mut().extend([hear.into_js_value(), fail.into_js_value()]);
    }

    fn hear(self: &Rc<Self>, data: JsValue, pool: &Rc<Pool>) {
        self.silent.set(0);
        match unpack(data) {
            Ok((FromWorker::Ready { build, folder }, _)) => {
                guard::guard(pool, self, folder);
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
            // What is still said of a job that was given up counts no more.
            Ok((FromWorker::Progress { id, progress }, _)) if self.is_for(id, pool.job.get()) => {
                pool.report(self.number, progress);
            }
            Ok((FromWorker::News { id, news }, _)) if self.is_for(id, pool.job.get()) => (pool.listeners.news)(news),
            Ok((FromWorker::Progress { .. } | FromWorker::News { .. }, _)) => {}
            Ok((FromWorker::Answer { id, answer, memory }, written)) => {
                self.memory.set(memory);
                let written = written.dyn_into().unwrap_or_else(|_| pool.nothing.clone());
                let answer = answer.map(|reply| (reply, written));
                let question = self.waiting.borrow_mut().remove(&id);
                if let Some(question) = question {
                    // The job may have ended over another shard's error.
                    let _ = question.answer.send(answer);
                }
            }
            Ok((FromWorker::Died(reason), _)) => self.die(reason),
            Err(error) => self.die(error.to_string()),
        }
    }

    fn is_for(&self, id: u32, job: u32) -> bool {
        self.waiting.borrow().get(&id).is_some_and(|question| question.job == job)
    }

    /// Asks for a job; ready when it answers or is ended.
    pub async fn ask(&self, id: u32, job: u32, request: Request) -> Answer {
        if let Some(error) = &*self.dead.borrow() {
            return Err(error.clone());
        }
        let (sender, answer) = oneshot::channel();
        self.silent.set(0);
        self.waiting.borrow_mut().insert(id, Question { job, answer: sender });
        self.post(&ToWorker::Ask { id, request }, &JsValue::UNDEFINED);
        answer.await.map_err(|_| self.lost("it is gone".into()))?
    }

    pub fn post(&self, message: &ToWorker, attachment: &JsValue) {
        let sent = pack(message, attachment).map_err(|error| error.to_string()).and_then(|packet| {
            let posted = self.worker.post_message_with_transfer(&packet.message, &packet.transfer);
            posted.map_err(|error| words_of(&error))
        });
        if let Err(reason) = sent {
            self.die(reason);
        }
    }

    /// It has not answered something that was asked before `id`.
    pub fn is_busy(&self, id: u32) -> bool {
        self.waiting.borrow().keys().any(|&asked| asked < id)
    }

    pub fn is_dead(&self) -> bool {
        self.dead.borrow().is_some()
    }

    /// It stopped by itself.
    pub fn die(&self, reason: String) {
        let reason = reason.lines().next().unwrap_or("no reason given").to_owned();
        self.end(&self.lost(reason));
    }

    /// What is lost with it.
    fn lost(&self, reason: String) -> EngineError {
        match self.program {
            Program::Shard => EngineError::RowsLost { reason },
            Program::Trainer | Program::GpuTrainer | Program::Unpacker => EngineError::WorkerDied { reason },
        }
    }

    /// Terminates the worker and gives everybody who waits for it this answer.
    pub fn end(&self, error: &EngineError) {
        self.worker.terminate();
        self.dead.borrow_mut().get_or_insert_with(|| error.clone());
        let waiting = self.waiting.take();
        for question in waiting.into_values() {
            let _ = question.answer.send(Err(error.clone()));
        }
        if let Some(ready) = self.ready.take() {
            let _ = ready.send(Err(error.clone()));
        }
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
