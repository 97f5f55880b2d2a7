//! A stretch of a `Blob` that the browser hands over while the worker does other things.
//!
//! A stream gives the first bytes at once, and all of them in half the time that `arrayBuffer()` takes; into buffers that are
//! used again, where the browser can do that, in a third.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::poll_fn,
    ops::Range,
    rc::{Rc, Weak},
    task::{Poll, Waker},
};

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ReadableStream, ReadableStreamReadResult};

/// Bytes that are held ahead of the reader; what is there at that moment comes on top.
const AHEAD: u64 = 16 << 20;
/// Bytes that are kept behind the reader: some go back to the record that they last read in part.
const BEHIND: u64 = 256 << 10;
/// Bytes of a buffer, and how many at least are worth one: fewer are copied, so that buffers that are mostly empty do not
/// pile up.
const BUFFER: u32 = 512 << 10;
const WORTH_ONE: u32 = 128 << 10;

#[wasm_bindgen]
extern "C" {
    /// What reads a stream, into buffers of ours or not: with one name for both, so that one loop serves them.
    type StreamReader;
    /// Fills a part of `into`, or gives bytes of its own.
    #[wasm_bindgen(method)]
    fn read(this: &StreamReader, into: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &StreamReader) -> Promise;

    #[wasm_bindgen(extends = ReadableStream)]
    type ByteStream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    fn reader_into(this: &ByteStream, options: &JsValue) -> Result<StreamReader, JsValue>;
}

/// A reader, and whether it fills buffers of ours. (Safari's cannot yet.)
fn reader_of(stream: ReadableStream) -> (StreamReader, bool) {
    let options = Object::new();
    // A plain object takes every key.
    let _ = Reflect::set(&options, &"mode".into(), &"byob".into());
    match stream.unchecked_ref::<ByteStream>().reader_into(&options) {
        Ok(reader) => (reader, true),
        Err(_) => (stream.get_reader().unchecked_into(), false),
    }
}

/// What has arrived of a stretch, and what is still to come. The stream ends with it.
pub struct Ahead {
    /// Where the stretch ends.
    end: u64,
    state: Rc<RefCell<State>>,
}

struct State {
    /// One behind the other, each with its first byte.
    chunks: VecDeque<(u64, Uint8Array)>,
    /// Buffers that can be filled again.
    free: Vec<Uint8Array>,
    /// Where the first chunk begins, and the last one ends.
    held: Range<u64>,
    /// How far the reader is.
    position: u64,
    /// No more will come: all is there, or it could not be read. Whoever misses it reads it and is told the error.
    ended: bool,
    /// Who waits for a change.
    waiting: Vec<Waker>,
}

impl Ahead {
    /// Begins to read the bytes `range` of `blob`.
    pub fn new(blob: &Blob, range: Range<u64>) -> Result<Self, JsValue> {
        // Sizes of files are exact in an f64.
        let slice = blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)?;
        let state = State {
            chunks: VecDeque::new(),
            free: Vec::new(),
            held: range.start..range.start,
            position: range.start,
            ended: false,
            waiting: Vec::new(),
        };
        let state = Rc::new(RefCell::new(state));
        spawn_local(pump(reader_of(slice.stream()), Rc::downgrade(&state)));
        Ok(Self { end: range.end, state })
    }

    /// These bytes are there or will come.
    pub fn covers(&self, range: &Range<u64>) -> bool {
        let state = self.state.borrow();
        state.held.start <= range.start && range.end <= if state.ended { state.held.end } else { self.end }
    }

    /// What is there of the bytes from `at` on, at most `most` of them.
    pub fn at(&self, at: u64, most: u64) -> Option<Uint8Array> {
        let state = self.state.borrow();
        let next = state.chunks.partition_point(|(start, _)| *start <= at);
        let (start, bytes) = state.chunks.get(next.checked_sub(1)?)?;
        let from = at - start;
        let until = u64::from(bytes.length()).min(from + most);
        (from < until).then(|| bytes.subarray(from as u32, until as u32))
    }

    /// The reader is at byte `at`, which makes room for more.
    pub fn pass(&self, at: u64) {
        let mut state = self.state.borrow_mut();
        let passed = |(start, bytes): &mut (u64, Uint8Array)| *start + u64::from(bytes.length()) + BEHIND <= at;
        while let Some((start, bytes)) = state.chunks.pop_front_if(passed) {
            state.held.start = start + u64::from(bytes.length());
            if bytes.buffer().byte_length() == BUFFER {
                state.free.push(bytes);
            }
        }
        state.position = at;
        state.wake();
    }

    /// If the bytes up to `until`, or to the end, are still to come, what is ready once they are there.
    pub fn arrival(&self, until: u64) -> Option<impl Future<Output = ()> + use<>> {
        let until = until.min(self.end);
        let there = move |state: &State| state.ended || state.held.end >= until;
        (!there(&self.state.borrow())).then(|| {
            let state = Rc::clone(&self.state);
            poll_fn(move |context| state.borrow_mut().poll(there, context.waker()))
        })
    }
}

impl State {
    fn poll(&mut self, ready: impl Fn(&Self) -> bool, waker: &Waker) -> Poll<()> {
        if ready(self) {
            return Poll::Ready(());
        }
        self.waiting.push(waker.clone());
        Poll::Pending
    }

    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}

/// Takes in what the stream gives, as long as anybody wants it.
///
/// A stream that no script can reach any more may be collected as garbage while it is being waited for, and then nothing
/// ever comes: so the reader is kept here.
async fn pump((reader, into_ours): (StreamReader, bool), state: Weak<RefCell<State>>) {
    loop {
        let wanted = |state: &State| state.held.end < state.position + AHEAD;
        let room = poll_fn(|context| match state.upgrade() {
            Some(state) => state.borrow_mut().poll(wanted, context.waker()),
            None => Poll::Ready(()),
        });
        room.await;
        let used = state.upgrade().and_then(|state| state.borrow_mut().free.pop());
        let into = match used {
            _ if !into_ours => JsValue::UNDEFINED,
            Some(used) => Uint8Array::new(&used.buffer()).into(),
            None => Uint8Array::new_with_length(BUFFER).into(),
        };
        let chunk = JsFuture::from(reader.read(&into)).await.ok();
        let Some(state) = state.upgrade() else {
            // Whatever it says, nobody listens any more.
            drop(reader.cancel());
            return;
        };
        let mut state = state.borrow_mut();
        let bytes =
            chunk.and_then(|chunk| chunk.unchecked_into::<ReadableStreamReadResult>().get_value().dyn_into().ok());
        match bytes.filter(|bytes: &Uint8Array| bytes.length() > 0) {
            Some(mut bytes) => {
                if into_ours && bytes.length() < WORTH_ONE {
                    let few = bytes.slice(0, bytes.length());
                    state.free.push(std::mem::replace(&mut bytes, few));
                }
                let start = state.held.end;
                state.held.end += u64::from(bytes.length());
                state.chunks.push_back((start, bytes));
                state.wake();
            }
            None => {
                state.ended = true;
                state.wake();
                return;
            }
        }
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        // The stream is told on its next turn; what waits for it would wait for ever.
        let mut state = self.state.borrow_mut();
        state.ended = true;
        state.wake();
    }
}
