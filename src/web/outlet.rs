//! What a shard in a worker has of the world.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, MessageChannel};

use crate::{
    engine::{EngineError, Outlet, Progress},
    train::News,
};

/// Bytes that are gathered before the browser takes them over, to disk if it likes.
const PIECE: usize = 4 << 20;
/// Milliseconds between two reports of progress.
const REPORT: f64 = 50.0;

/// Reports progress to the page, hears of cancellation and writes into a `Blob`.
pub struct WorkerOutlet<'a, F, N> {
    report: F,
    tell: N,
    reported: Cell<f64>,
    cancelled: &'a Cell<bool>,
    channel: &'a MessageChannel,
    piece: RefCell<Vec<u8>>,
    pieces: Array,
    /// The browser did not take a piece.
    lost: Cell<bool>,
}

impl<'a, F: Fn(Progress), N: Fn(News)> WorkerOutlet<'a, F, N> {
    pub fn new(report: F, tell: N, cancelled: &'a Cell<bool>, channel: &'a MessageChannel) -> Self {
        Self {
            report,
            tell,
            reported: Cell::new(0.0),
            cancelled,
            channel,
            piece: RefCell::default(),
            pieces: Array::new(),
            lost: Cell::new(false),
        }
    }

    /// What was written; `undefined` if nothing was.
    pub fn into_blob(self) -> Result<JsValue, EngineError> {
        self.flush();
        if self.lost.get() {
            return Err(EngineError::WorkerDied { reason: "the browser has no room for the results".into() });
        }
        if self.pieces.length() == 0 {
            return Ok(JsValue::UNDEFINED);
        }
        let kind = BlobPropertyBag::new();
        kind.set_type("text/csv");
        Blob::new_with_blob_sequence_and_options(&self.pieces, &kind)
            .map(JsValue::from)
            .map_err(|error| EngineError::Protocol(super::wire::words_of(&error)))
    }

    fn flush(&self) {
        let piece = self.piece.take();
        if !piece.is_empty() {
            let bytes = Array::of1(&Uint8Array::from(piece.as_slice()));
            match Blob::new_with_u8_array_sequence(&bytes) {
                Ok(blob) => {
                    self.pieces.push(&blob);
                }
                Err(_) => self.lost.set(true),
            }
        }
    }
}

impl<F: Fn(Progress), N: Fn(News)> Outlet for WorkerOutlet<'_, F, N> {
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
