//! What a shard in a worker has of the world.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageChannel};

use super::spool::{Need, Spool, SpoolFile};
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
    report: fn(Progress),
    tell: fn(News),
    reported: Cell<f64>,
    cancelled: &'a Cell<bool>,
    channel: &'a MessageChannel,
    spool: (&'a Spool, Need),
    piece: RefCell<Vec<u8>>,
    pieces: Array,
    /// Bytes of the pieces.
    held: Cell<usize>,
    disk: RefCell<Disk>,
    /// The browser did not take a piece.
    lost: Cell<bool>,
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
        report: fn(Progress),
        tell: fn(News),
        cancelled: &'a Cell<bool>,
        channel: &'a MessageChannel,
        spool: (&'a Spool, Need),
    ) -> Self {
        Self {
            report,
            tell,
            reported: Cell::new(0.0),
            cancelled,
            channel,
            spool,
            piece: RefCell::default(),
            pieces: Array::new(),
            held: Cell::new(0),
            disk: RefCell::default(),
            lost: Cell::new(false),
        }
    }

    /// What was written; `undefined` if nothing was.
    pub async fn into_blob(self) -> Result<JsValue, EngineError> {
        let refused = |error: JsValue| EngineError::Protocol(super::wire::words_of(&error));
        self.flush();
        if let Disk::Open(file, place) | Disk::Full(file, place) = self.disk.take() {
            let file = file.finish().await.map_err(refused)?;
            self.pieces.splice(place, 0, &file);
        }
        if self.lost.get() {
            return Err(EngineError::WorkerDied { reason: "the browser has no room for the results".into() });
        }
        if self.pieces.length() == 0 {
            return Ok(JsValue::UNDEFINED);
        }
        let kind = BlobPropertyBag::new();
        kind.set_type("text/csv");
        Blob::new_with_blob_sequence_and_options(&self.pieces, &kind).map(JsValue::from).map_err(refused)
    }

    fn flush(&self) {
        let piece = self.piece.take();
        if !piece.is_empty() && !self.store(&piece) {
            self.held.set(self.held.get() + piece.len());
            let bytes = Array::of1(&Uint8Array::from(piece.as_slice()));
            match Blob::new_with_u8_array_sequence(&bytes) {
                Ok(blob) => {
                    self.pieces.push(&blob);
                }
                Err(_) => self.lost.set(true),
            }
        }
    }

    /// Writes the piece to disk, if there is one.
    fn store(&self, piece: &[u8]) -> bool {
        let mut disk = self.disk.borrow_mut();
        let stored = matches!(&*disk, Disk::Open(file, _) if file.append(piece));
        if !stored {
            *disk = match std::mem::take(&mut *disk) {
                Disk::Open(file, place) => Disk::Full(file, place),
                other => other,
            };
        }
        stored
    }

    async fn open_disk(&self) {
        let (spool, need) = self.spool;
        let opened = match spool.create(need).await {
            Ok(file) => Disk::Open(file, self.pieces.length()),
            // It stays in memory, as far as that reaches.
            Err(_) => Disk::Refused,
        };
        self.disk.replace(opened);
    }
}

impl Outlet for WorkerOutlet<'_> {
    async fn tick(&self, progress: Progress) -> Result<(), EngineError> {
        let now = js_sys::Date::now();
        if now - self.reported.get() >= REPORT {
            self.reported.set(now);
            (self.report)(progress);
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
        if turned && !self.cancelled.get() { Ok(()) } else { Err(EngineError::Cancelled) }
    }

    fn tell(&self, news: News) {
        (self.tell)(news);
    }

    fn write(&self, bytes: &[u8]) {
        self.piece.borrow_mut().extend(bytes);
        if self.piece.borrow().len() >= PIECE {
            self.flush();
        }
    }
}
