//! What a shard in a worker has of the world.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageChannel};

use super::{
    serve::post,
    spool::{MOST_IN_MEMORY, Need, Spool, SpoolFile},
    storage,
    wire::FromWorker,
};
use crate::{
    engine::{EngineError, Outlet, Progress},
    train::News,
};

/// Bytes that are gathered before the browser takes them over.
const PIECE: usize = 4 << 20;
/// Bytes in memory before the rest is written to disk.
const MOST_HELD: usize = 64 << 20;
/// Milliseconds between two reports of progress.
const REPORT: f64 = 50.0;

/// Reports progress to the page, hears of cancellation and writes into a `Blob`.
///
/// It is one type whoever listens, so that there is one copy of what a shard does, and that is what rehearsals make busy.
pub struct WorkerOutlet<'a> {
    /// Which question it serves; none if nobody is to hear of it.
    question: Option<u32>,
    reported: Cell<f64>,
    cancelled: &'a Cell<bool>,
    channel: &'a MessageChannel,
    spool: (&'a Spool, Need),
    /// Bytes that may lie in memory.
    most: usize,
    piece: RefCell<Vec<u8>>,
    pieces: Array,
    /// Bytes of the pieces.
    held: Cell<usize>,
    disk: RefCell<Disk>,
    /// Why the rest of what is written is not kept.
    lost: RefCell<Option<EngineError>>,
}

/// The part of what is written that lies on disk.
#[derive(Default)]
enum Disk {
    /// None yet.
    #[default]
    Untried,
    /// It comes before the piece with this number, and grows.
    Open(SpoolFile, u32),
    /// It comes before the piece with this number, and its disk is full.
    Full(SpoolFile, u32),
    /// It could not be had.
    Refused,
}

impl<'a> WorkerOutlet<'a> {
    pub fn new(
        question: Option<u32>,
        cancelled: &'a Cell<bool>,
        channel: &'a MessageChannel,
        spool: (&'a Spool, Need),
        workers: usize,
    ) -> Self {
        Self {
            question,
            reported: Cell::new(0.0),
            cancelled,
            channel,
            spool,
            most: (MOST_IN_MEMORY / workers.max(1)).saturating_sub(spool.0.in_memory(spool.1)),
            piece: RefCell::default(),
            pieces: Array::new(),
            held: Cell::new(0),
            disk: RefCell::default(),
            lost: RefCell::default(),
        }
    }

    /// What was written; `undefined` if nothing was.
    ///
    /// # Errors
    /// [`EngineError::NoRoom`] if a part of it could not be kept.
    pub async fn into_blob(self) -> Result<JsValue, EngineError> {
        self.flush();
        if let Some(error) = self.lost.take() {
            return Err(error);
        }
        if let Disk::Open(file, place) | Disk::Full(file, place) = self.disk.take() {
            let file = file.finish().await.map_err(|error| storage::refused(&error))?;
            self.pieces.splice(place, 0, &file);
        }
        let (spool, need) = self.spool;
        spool.keep_in_memory(need, self.held.get());
        if self.pieces.length() == 0 {
            return Ok(JsValue::UNDEFINED);
        }
        let kind = BlobPropertyBag::new();
        kind.set_type("text/csv");
        let joined = Blob::new_with_blob_sequence_and_options(&self.pieces, &kind);
        joined.map(JsValue::from).map_err(|error| storage::refused(&error))
    }

    fn flush(&self) {
        let piece = self.piece.take();
        if piece.is_empty() || self.lost.borrow().is_some() {
            return;
        }
        match self.store(&piece) {
            Ok(true) => {}
            Ok(false) => self.hold(&piece),
            Err(error) => drop(self.lost.replace(Some(storage::refused(&error)))),
        }
    }

    /// Keeps the piece in memory, as far as that may reach.
    fn hold(&self, piece: &[u8]) {
        let held = self.held.get() + piece.len();
        let bytes = Array::of1(&Uint8Array::from(piece));
        let kept = if held > self.most {
            let why = match &*self.disk.borrow() {
                Disk::Full(..) => "the browser's storage for this site is full",
                _ => "this browser keeps it in memory, where no more is taken",
            };
            Err(EngineError::NoRoom { reason: why.into() })
        } else {
            Blob::new_with_u8_array_sequence(&bytes).map_err(|error| storage::refused(&error))
        };
        match kept {
            Ok(blob) => {
                self.pieces.push(&blob);
                self.held.set(held);
            }
            Err(error) => drop(self.lost.replace(Some(error))),
        }
    }

    /// Writes the piece to disk, if there is one.
    fn store(&self, piece: &[u8]) -> Result<bool, JsValue> {
        let mut disk = self.disk.borrow_mut();
        let Disk::Open(file, _) = &*disk else { return Ok(false) };
        let stored = file.append(piece)?;
        if !stored {
            *disk = match std::mem::take(&mut *disk) {
                Disk::Open(file, place) => Disk::Full(file, place),
                other => other,
            };
        }
        Ok(stored)
    }

    async fn open_disk(&self) {
        let (spool, need) = self.spool;
        let there_is_room = storage::room().await.is_none_or(|room| room > MOST_HELD as f64);
        let opened = match if there_is_room { spool.create(need).await.ok() } else { None } {
            Some(file) => Disk::Open(file, self.pieces.length()),
            // It stays in memory, as far as that may reach.
            None => Disk::Refused,
        };
        self.disk.replace(opened);
    }
}

impl Outlet for WorkerOutlet<'_> {
    async fn tick(&self, progress: Progress) -> Result<(), EngineError> {
        let now = js_sys::Date::now();
        if now - self.reported.get() >= REPORT {
            self.reported.set(now);
            if let Some(id) = self.question {
                post(&FromWorker::Progress { id, progress }, &JsValue::UNDEFINED);
            }
        }
        // A message to ourselves queues up behind what the page sent. (A timer would cost 4 ms each time.)
        let turn = Promise::new(&mut |resolve, _| {
            self.channel.port1().set_onmessage(Some(&resolve));
            // Posting nothing to an open port does not fail.
            let _ = self.channel.port2().post_message(&JsValue::UNDEFINED);
        });
        let turned = JsFuture::from(turn).await.is_ok();
        if self.held.get() >= MOST_HELD && matches!(*self.disk.borrow(), Disk::Untried) {
            self.open_disk().await;
        }
        if let Some(error) = self.lost.borrow().clone() {
            return Err(error);
        }
        if turned && !self.cancelled.get() { Ok(()) } else { Err(EngineError::Cancelled) }
    }

    fn tell(&self, news: News) {
        if let Some(id) = self.question {
            post(&FromWorker::News { id, news }, &JsValue::UNDEFINED);
        }
    }

    fn write(&self, bytes: &[u8]) {
        self.piece.borrow_mut().extend(bytes);
        if self.piece.borrow().len() >= PIECE {
            self.flush();
        }
    }
}
